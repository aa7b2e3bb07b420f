"""Privacy: what is kept how long, wishes that wait, and one customer's rights: a copy, silence, to be forgotten."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import NotAllowed
from core.forms import Form
from core.views import Done, act, page, submit
from customers import selectors
from customers.models import Customer
from reports.models import Erasure, ErasureState
from reports.privacy import erasing, exporting, retention, seen


class ReasonForm(Form):
    """Why: how the customer told us."""

    reason = forms.CharField(
        label=gettext_lazy("How we know"),
        max_length=200,
        help_text=gettext_lazy("By letter, at the counter, by e-mail of …"),
    )


@staff_page(Can.ERASE_CUSTOMERS)
def index(request: StaffRequest) -> HttpResponse:
    """Wishes that wait, restricted customers, and the table of what is kept how long."""
    waiting = Erasure.objects.filter(state=ErasureState.ASKED).select_related("customer", "asked_by").order_by("pk")
    context = {
        "waiting": waiting[:50],
        "restricted": Customer.objects.filter(restricted_at__isnull=False, erased_at=None).order_by("-restricted_at")[
            :50
        ],
        "clinical": settings.RETENTION_CLINICAL_YEARS,
        "child": settings.RETENTION_CHILD_UNTIL_AGE,
        "financial": settings.RETENTION_FINANCIAL_YEARS,
        "days": settings.RETENTION_MESSAGE_DAYS,
        "months": settings.RETENTION_LOOK_MONTHS,
        "exports": settings.EXPORT_KEPT_DAYS,
        "messages_due": len(retention.messages_due()),
        "customers_due": Customer.objects.filter(pk__in=retention.customers_due()[:50]).order_by("sort_key"),
    }
    return page(request, "reporting/privacy.html", context)


@staff_page(Can.ERASE_CUSTOMERS)
def show(request: StaffRequest, number: str) -> HttpResponse:
    """One customer. A POST lays the wish to be forgotten before a second person."""
    customer = selectors.customer(request.scope, number)
    form = ReasonForm(request.POST or None)

    def ask() -> Done:
        erasing.ask(request.actor, customer.pk, form.values["reason"])
        return Done(_url(customer), _("A second person has to agree."))

    answer = submit(request, form, ask) if request.method == "POST" else None
    return answer or page(request, "reporting/privacy_customer.html", _context(request, customer, form))


def _context(request: StaffRequest, customer: Customer, form: ReasonForm) -> dict[str, Any]:
    wishes = Erasure.objects.filter(customer=customer).select_related("asked_by", "decided_by").order_by("-pk")
    last = wishes.first()
    return {
        "customer": customer,
        "form": form,
        "kept": retention.kept(customer),
        "wish": last,
        "until": [(one["label"], date.fromisoformat(one["until"])) for one in last.kept] if last else [],
        "may_decide": last is not None and last.state == ErasureState.ASKED and last.asked_by_id != request.user.pk,
        "may_copy": _may_copy(request),
        "seen": seen.by_person(request.actor, customer),
        "seen_url": seen.report_url(customer),
    }


def _may_copy(request: StaffRequest) -> bool:
    try:
        exporting.require(request.actor)
    except NotAllowed:
        return False
    return access.allowed(request.actor, Can.EXPORT_DATA, request.actor.branch_id)


def _url(customer: Customer) -> str:
    return reverse("reporting:privacy_customer", args=[customer.number])


@require_POST
@staff_page(Can.EXPORT_PERSONAL)
def copy(request: StaffRequest, number: str) -> HttpResponse:
    """All data of the customer as an archive."""
    customer = selectors.customer(request.scope, number)

    def ask() -> Done:
        export = exporting.ask(request.actor, customer.pk)
        return Done(reverse("reporting:export", args=[export.public_id]), _("Under way. You can leave this page."))

    return act(request, ask)


@require_POST
@staff_page(Can.ERASE_CUSTOMERS)
def restrict(request: StaffRequest, number: str) -> HttpResponse:
    """Send nothing more; or, sent again, write to the customer again."""
    customer = selectors.customer(request.scope, number)

    def turn() -> Done:
        reason = request.POST.get("reason", "")
        if customer.restricted_at is None:
            erasing.restrict(request.actor, customer.pk, reason)
            return Done(_url(customer), _("Nothing is sent to this customer any more."))
        erasing.unrestrict(request.actor, customer.pk, reason)
        return Done(_url(customer), _("Messages go out again."))

    return act(request, turn)


@require_POST
@staff_page(Can.ERASE_CUSTOMERS)
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """The second person's answer."""

    def answer() -> Done:
        agreed = request.POST.get("answer") == "agree"
        made = erasing.decide(request.actor, pk, agreed, request.POST.get("reason", ""))
        return Done(_url(made.customer), _("Carried out.") if agreed else _("Refused"))

    return act(request, answer)
