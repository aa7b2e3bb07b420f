"""Claims on an insurer: submit, keep the answer, post the payment, withdraw."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import NotVisible
from core.forms import Form
from core.views import Done, page
from core.views import submit as send
from orders import states
from orders.forms.money import ClaimAnswerForm, ClaimForm, ClaimPaidForm, ClaimWithdrawForm
from orders.models import Claim, ClaimState, Order
from orders.selectors import claims as reading
from orders.selectors.finding import order_of
from orders.services import claims, ledger
from orders.services.claims import Answer
from orders.views.page import back
from orders.views.till import money_context


@staff_page(Can.VIEW_ORDERS)
def submit(request: StaffRequest, number: str) -> HttpResponse:
    """Prefilled with the customer's insurer and what is owed and not claimed yet."""
    order = order_of(request.scope, number)
    free = ledger.money_of(order).share
    known = {"insurer": order.customer.insurer, "member_number": order.customer.insurer_number}
    form = ClaimForm(request.POST or None, initial={**known, "amount": f"{free:.2f}" if free else ""})

    def save() -> Done:
        claims.submit(request.actor, form.data_for(order.pk))
        return Done(back(order, "pay"), _("Claim kept"))

    explained = _("What the insurer does not pay stays with the customer. Its answer is kept on the claim.")
    context = {**money_context(order), "form": form, "title": _("Claim from the insurer"), "verb": _("Keep the claim")}
    return send(request, form, save) or page(request, "orders/till_verb.html", {**context, "explained": explained})


@staff_page(Can.VIEW_ORDERS)
def show(request: StaffRequest, number: str, pk: int) -> HttpResponse:
    """The claim, its history, and the one thing that comes next."""
    order, claim = _found(request, number, pk)
    form = _form_for(request, claim)

    def save() -> Done:
        return Done(reverse("orders:claim", args=[order.number, claim.pk]), _step(request, claim, form))

    context = {
        **money_context(order),
        "claim": claim,
        "badge": reading.badge(claim),
        "form": form,
        "verb": _("Keep the answer") if claim.state == ClaimState.SUBMITTED else _("Post the payment"),
        "history": reading.history(claim),
        "may_withdraw": states.CLAIM.allows("withdraw", claim.state),
    }
    answer = send(request, form, save) if form else None
    return answer or page(request, "orders/claim.html", context)


def _form_for(request: StaffRequest, claim: Claim) -> Form | None:
    if claim.state == ClaimState.SUBMITTED:
        return ClaimAnswerForm(request.POST or None, version=claim.version, initial={"approved": f"{claim.amount:.2f}"})
    if claim.state in (ClaimState.APPROVED, ClaimState.PART_APPROVED):
        return ClaimPaidForm(request.POST or None, version=claim.version, initial={"amount": f"{claim.approved:.2f}"})
    return None


def _step(request: StaffRequest, claim: Claim, form: Form | None) -> str:
    """What the form of the claim's state does; the words of the toast."""
    values: dict[str, Any] = form.values if form else {}
    version = form.version if form else None
    if claim.state == ClaimState.SUBMITTED:
        claims.answer(request.actor, Answer(claim.pk, **values, version=version))
        return _("Answer kept")
    claims.pay(request.actor, claim.pk, values["amount"], values["reference"], version)
    return _("Payment posted")


@staff_page(Can.VIEW_ORDERS)
def withdraw(request: StaffRequest, number: str, pk: int) -> HttpResponse:
    order, claim = _found(request, number, pk)
    form = ClaimWithdrawForm(request.POST or None, version=claim.version)

    def save() -> Done:
        claims.withdraw(request.actor, claim.pk, form.values["reason"], form.version)
        return Done(back(order, "pay"), _("Claim withdrawn"))

    context = {**money_context(order), "form": form, "title": _("Withdraw the claim"), "verb": _("Withdraw the claim")}
    return send(request, form, save) or page(request, "orders/till_verb.html", context)


def _found(request: StaffRequest, number: str, pk: int) -> tuple[Order, Claim]:
    """A claim of this very order. Raises NotVisible."""
    order = order_of(request.scope, number)
    claim = order.claims.select_related("entry", "recorded_by").filter(pk=pk).first()
    if claim is None:
        raise NotVisible(_("Not found."), code="not_visible")
    claim.order = order
    return order, claim
