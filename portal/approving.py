"""The customer's answer to a quotation, by link: three taps, the second of which is harmless."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from core import actor as actors
from core.forms import Form
from core.prepared import Slot, prepared
from core.views import Done, SeeOther, page, submit
from orders import basis
from orders.forms.order import AnswerForm, DeclineForm
from orders.models import Order, Quotation, QuotationState
from orders.services import decisions, ledger, quotations
from orders.services.decisions import ApprovalAnswer
from portal.access import OrderRequest, form_token, order_page
from records.models import ApprovalMethod


@order_page
def approve(request: OrderRequest) -> HttpResponseBase:
    """What is offered or what changed, a name, a tick, one button."""
    order = request.order
    quotation = _decided_on(order)
    if quotation is None:
        return SeeOther(reverse("portal:order", args=[order.public_code]))
    if quotation.state == QuotationState.SENT and quotation.opened_at is None and request.method == "GET":
        quotations.opened(request.actor, quotation.pk)
    form = AnswerForm(request.POST or None, initial={"seen_hash": quotation.content_hash})

    def save() -> Done:
        answer = _answer(request, form.values["name"], form.values["seen_hash"])
        decisions.approve(actors.customer(answer.name, order.branch_id), quotation.pk, answer)
        return Done(reverse("portal:approve", args=[order.public_code]))

    return submit(request, form, save) or _show(request, quotation, form)


def _show(request: OrderRequest, quotation: Quotation, form: Form) -> HttpResponse:
    return page(request, "portal/approve.html", _context(request, quotation, form))


@order_page
def decline(request: OrderRequest) -> HttpResponseBase:
    """Not like this: the reason goes to the shop."""
    order = request.order
    quotation = _decided_on(order)
    if quotation is None or quotation.state == QuotationState.APPROVED:
        return SeeOther(reverse("portal:order", args=[order.public_code]))
    form = DeclineForm(request.POST or None, initial={"seen_hash": quotation.content_hash})

    def save() -> Done:
        answer = _answer(request, order.customer.full_name, form.values["seen_hash"])
        decisions.decline(request.actor, quotation.pk, answer, form.values["reason"])
        return Done(reverse("portal:approve", args=[order.public_code]))

    return submit(request, form, save) or page(request, "portal/decline.html", _context(request, quotation, form))


def called(order: Order) -> str:
    """First name and an initial: enough for the right person, too little for another."""
    initial = f" {order.customer.family_name[:1]}." if order.customer.family_name else ""
    return f"{order.customer.first_name}{initial}"


def _decided_on(order: Order) -> Quotation | None:
    """The newest version that was put before the customer; a replaced one shows its successor."""
    return _shown_to_customer().row(order=order.pk)


@prepared
def _shown_to_customer() -> QuerySet[Quotation]:
    versions = Quotation.objects.filter(order=Slot("order")).exclude(
        state__in=[QuotationState.REPLACED, QuotationState.LAPSED]
    )
    return versions.order_by("-version").prefetch_related("lines")[:1]


def _answer(request: OrderRequest, name: str, seen_hash: str) -> ApprovalAnswer:
    return ApprovalAnswer(
        method=ApprovalMethod.LINK,
        name=name,
        seen_hash=seen_hash,
        device=request.headers.get("User-Agent", ""),
        ip=request.META.get("REMOTE_ADDR"),
    )


def _context(request: OrderRequest, quotation: Quotation, form: Form) -> dict[str, Any]:
    """The offer; of a later version first what is different, in words without clinical values."""
    order, paid = request.order, ledger.money_of(request.order).paid
    agreed = _agreed_before().row(order=order.pk, version=quotation.version) if quotation.version > 1 else None
    return {
        "order": order,
        "called": called(order),
        "public_branch": order.collect_branch,
        "form": form,
        "form_token": form_token(request.link),
        "missing": form.missing,
        "quotation": quotation,
        "lines": quotation.lines.all(),
        "earlier": agreed,
        "changed": _changed(agreed, quotation) if agreed else [],
        "rest": quotation.total - quotation.deposit_required,
        "paid": paid,
        "to_pay": max(quotation.deposit_required - paid, quotation.total * 0),
    }


@prepared
def _agreed_before() -> QuerySet[Quotation]:
    decided = Quotation.objects.filter(order=Slot("order"), version__lt=Slot("version"), decided_at__isnull=False)
    return decided.exclude(state=QuotationState.DECLINED).order_by("-version")[:1]


def _changed(earlier: Quotation, quotation: Quotation) -> list[tuple[str, str]]:
    """(what, how) of every kind of input that moved between two versions."""
    words = {
        "prescriptions.prescription": (_("Prescription"), _("corrected")),
        "orders.framechoice": (_("Frame"), _("changed")),
        "orders.lensspecification": (_("Lenses"), _("changed")),
        "orders.measurement": (_("Measurements"), _("taken again")),
    }
    moved = basis.differences(basis.read(earlier.inputs), basis.read(quotation.inputs))
    return [words[kind] for kind in dict.fromkeys(change.field for change in moved) if kind in words]
