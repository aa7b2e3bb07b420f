"""Fitting and collection: the last two steps at the counter."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import DomainError
from core.views import Done, page, submit
from customers.page import identity
from labjobs.forms.board import ScanForm
from labjobs.forms.handover import CollectForm, FittingForm
from labjobs.models import Job
from labjobs.selectors import finding
from labjobs.services import collection, fittings
from labjobs.services.collection import CollectionData
from orders.models import Order
from orders.selectors.finding import order_of
from orders.services import ledger, payments_due
from orders.services.payments import PaymentData


@staff_page(Can.RECORD_FITTINGS)
def fitting(request: StaffRequest, number: str) -> HttpResponse:
    job = finding.job_of(request.scope, number)
    form = FittingForm(request.POST or None)

    def save() -> Done:
        made = fittings.record(request.actor, form.data_for(job.pk))
        if made.outcome == fittings.FAILED:
            return Done(reverse("labjobs:job", args=[job.number]), _("Kept; a case is open"))
        return Done(reverse("labjobs:collect", args=[job.order.number]), _("Fitting kept"))

    context = {
        "job": job,
        "form": form,
        "banner": identity(job.order.customer),
        "last": fittings.last_of(job),
        "causes": fittings.CAUSES.values(),
    }
    return submit(request, form, save) or page(request, "labjobs/fitting.html", context)


@staff_page(Can.COLLECT_ORDERS)
def find(request: StaffRequest) -> HttpResponse:
    """The scan target of the counter: the customer's code or slip, a tray, an order."""
    form = ScanForm(request.POST or None)

    def save() -> Done:
        job = finding.scanned(request.scope, form.values["code"])
        if job is None:
            message = _("“%(code)s” is not an order code that is open here.") % {"code": form.values["code"]}
            raise DomainError(message, fields={"code": message}, code="unknown_code")
        return Done(reverse("labjobs:collect", args=[job.order.number]))

    waiting = finding.ready_for(request.scope, request.branch)
    return submit(request, form, save) or page(request, "labjobs/find.html", {"form": form, "waiting": waiting})


@staff_page(Can.COLLECT_ORDERS)
def collect(request: StaffRequest, number: str) -> HttpResponse:
    """Identity, balance, fitting, hand-over: one page, one step."""
    order = order_of(request.scope, number)
    job = finding.open_job_of(order)
    due = payments_due.still_due(order, payments_due.Before.COLLECTION)
    wants_fitting = job is not None and fittings.needs_fitting(job)
    form = CollectForm(
        request.POST or None,
        fitting=wants_fitting,
        payment=due > 0,
        version=job.version if job else None,
        initial={"amount": due, "method": "card", "outcome": "passed", "received_by": ""},
    )

    def save() -> Done:
        if job and form.has_fitting and form.values["outcome"] == fittings.FAILED:
            # A pair that does not fit stays: the failure is kept by itself, nothing is paid or handed over.
            fittings.record(request.actor, form.data_for(job.pk))
            return Done(reverse("labjobs:job", args=[job.number]), _("Kept; a case is open"))
        done = collection.collect(request.actor, _data(form, order, job))
        return Done(
            reverse("orders:page", args=[order.number]), _("Handed over: %(order)s") % {"order": done.order.number}
        )

    done = submit(request, form, save) if job else None
    if done:
        return done
    context: dict[str, Any] = {
        "order": order,
        "job": job,
        "form": form,
        "banner": identity(order.customer),
        "balance": due,
        "paid": ledger.money_of(order).paid,
        "fitting": fittings.last_of(job) if job else None,
        "wants_fitting": wants_fitting,
        "missing": form.missing or _in_the_way(order, job),
        "proofs": _proofs(order),
        "scan": ScanForm(auto_id="scan_%s"),
    }
    return page(request, "labjobs/collect.html", context)


def _in_the_way(order: Order, job: Job | None) -> list[Any]:
    """What this page itself cannot mend."""
    missing = collection.missing_for(order, job, with_fitting=False)
    return [one for one in missing if one.code != "balance"]


def _proofs(order: Order) -> dict[str, Any]:
    """What the person should answer, beside the box to tick."""
    customer = order.customer
    return {"name": customer.full_name, "birth_date": customer.birth_date, "phone": customer.phone}


def _data(form: CollectForm, order: Order, job: Job | None) -> CollectionData:
    values = form.values
    job_id = job.pk if job else 0
    payment = None
    if form.has_payment and values["amount"]:
        payment = PaymentData(
            order.pk,
            values["amount"],
            values["method"],
            values["reference"],
            values["tendered"] if values["method"] == "cash" else None,
            form.idempotency_key,
        )
    return CollectionData(
        job_id,
        frozenset(values["proofs"]),
        values["received_by"],
        values["signature"],
        payment,
        form.data_for(job_id) if form.has_fitting else None,
        form.version,
    )
