"""What comes next while an order is with selling: choose, quote, get the answer, take the money."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.roles import Can
from core.formats import day
from core.money import money as shown
from core.prepared import Slot, prepared
from core.states import Words
from orders import pricing
from orders.models import EntryKind, Order, OrderState, Quotation, QuotationState
from orders.next_actions import Button, NextAction, register
from orders.services import decisions, ledger, orders, payments
from orders.viewer import Viewer
from records.models import Review
from records.services import reviews

RANK = 50


def provide(order: Order, viewer: Viewer) -> NextAction | None:
    """Selling's answer, or None while the laboratory and the counter have the order."""
    reopened = reviews.open_decision(order.pk, decisions.REVIEW)
    if reopened is not None:
        return _approve_again(order, viewer, reopened)
    by_state = {
        OrderState.DRAFT: _choose_or_quote,
        OrderState.QUOTED: _get_answer,
        OrderState.APPROVED: _confirm,
        OrderState.CONFIRMED: _take_deposit,
        OrderState.COLLECTED: _settle,
        OrderState.CANCELLED: _refund,
    }
    step = by_state.get(OrderState(order.state))
    return step(order, viewer) if step else None


def _owner(order: Order) -> Words:
    person = order.owner or order.seller
    return person.full_name if person else _("nobody yet")


def _url(name: str, order: Order) -> str:
    return reverse(f"orders:{name}", args=[order.number])


def _choose_or_quote(order: Order, viewer: Viewer) -> NextAction:
    lines = pricing.has_items(order)
    choose = Button(_("Choose frame and lenses"), _url("dispense", order), primary=not lines, key="" if lines else "n")
    if not lines:
        why = _("Nothing has been chosen yet.")
        return NextAction(_("Choose frame and lenses"), _owner(order), why, buttons=[choose])
    quote = Button(_("Make the quotation"), _url("quote", order), primary=True, key="n")
    return NextAction(_("Make the quotation"), _owner(order), "", buttons=[choose, quote])


def _get_answer(order: Order, viewer: Viewer) -> NextAction | None:
    quotation = _waiting().row(order=order.pk)
    if quotation is None:
        return None
    valid = _("Valid to %(day)s.") % {"day": day(quotation.valid_until, today=timezone.localdate())}
    name = order.customer.first_name
    if quotation.state == QuotationState.SENT:
        seen = (
            _("The link has been opened, no answer yet.") if quotation.opened_at else _("The link is not opened yet.")
        )
        verb = _("Wait for %(name)s's answer, or ask in the shop") % {"name": name}
        return NextAction(verb, _owner(order), f"{seen} {valid}", "", "hourglass", _ask(order, viewer, sent=True))
    verb = _("Get %(name)s's approval of version %(version)s") % {"name": name, "version": quotation.version}
    return NextAction(verb, _owner(order), valid, buttons=_ask(order, viewer, sent=False))


@prepared
def _waiting() -> QuerySet[Quotation]:
    return Quotation.objects.filter(order=Slot("order"), state__in=[QuotationState.DRAFT, QuotationState.SENT])


def _ask(order: Order, viewer: Viewer, sent: bool) -> list[Button]:
    """The two ways to an answer; the link is first unless it has gone out already."""
    if not viewer.may(Can.APPROVE_ORDERS, order):
        return []
    tablet = Button(_("Approve on tablet"), _url("kiosk", order), post=True, primary=sent, key="n" if sent else "t")
    label = _("Send the link again") if sent else _("Send approval link")
    link = Button(label, _url("send", order), primary=not sent, key="" if sent else "n")
    return [link, tablet] if sent else [tablet, link]


def _approve_again(order: Order, viewer: Viewer, review: Review) -> NextAction:
    """The customer's approval rests on values that moved: a new version is needed, then the answer to it."""
    waiting = _waiting().row(order=order.pk)
    why = _("The customer's approval is out of date: %(what)s") % {"what": review.what_changed}
    owner = review.owner.full_name if review.owner else _owner(order)
    if waiting is not None:
        words = {"version": waiting.version, "name": order.customer.first_name}
        verb = _("Send version %(version)s to %(name)s for approval") % words
        return NextAction(verb, owner, why, "review", "review", _ask(order, viewer, sent=waiting.state == "sent"))
    latest = order.quotations.order_by("-version").values_list("version", flat=True).first() or 0
    buttons = [Button(_("Make version %(n)s") % {"n": latest + 1}, _url("quote", order), primary=True, key="n")]
    verb = _("Make version %(n)s of the quotation") % {"n": latest + 1}
    return NextAction(verb, owner, why, "review", "review", buttons)


def _confirm(order: Order, viewer: Viewer) -> NextAction:
    missing = orders.confirmation_missing(order)
    why = " ".join(one.message for one in missing)
    buttons = [Button(_("Choose frame and lenses"), _url("dispense", order))]
    if viewer.may(Can.APPROVE_ORDERS, order):
        buttons.append(Button(_("Confirm the order"), _url("confirm", order), post=True, primary=True, key="n"))
    tone = "warning" if missing else ""
    return NextAction(_("Confirm the order"), _owner(order), why, tone, "alert" if missing else "", buttons, missing)


def _take_deposit(order: Order, viewer: Viewer) -> NextAction | None:
    missing = payments.deposit_missing(order)
    if not missing:
        return None
    verb = _("Take the deposit of %(amount)s") % {"amount": shown(missing)}
    buttons = [Button(_("Take payment"), _url("pay", order), primary=True, key="n")]
    if not viewer.may(Can.TAKE_PAYMENTS, order):
        buttons = []
    return NextAction(verb, _owner(order), _("The laboratory starts when it is paid."), buttons=buttons)


def _settle(order: Order, viewer: Viewer) -> NextAction:
    known = ledger.money_of(order)
    balance = known.balance
    if balance > 0 and not known.share:
        verb = _("Wait for %(amount)s from the insurer") % {"amount": shown(balance)}
        return NextAction(verb, _owner(order), _("The order closes when it is paid."), "", "hourglass")
    if balance > 0:
        pay = [Button(_("Take payment"), _url("pay", order), primary=True, key="n")]
        verb = _("Take the balance of %(amount)s") % {"amount": shown(balance)}
        return NextAction(verb, _owner(order), _("The order closes when it is paid."), buttons=pay)
    if balance < 0:
        return _refund(order, viewer) or NextAction(_("Refund the credit"))
    close = [Button(_("Close the order"), _url("close", order), post=True, primary=True, key="n")]
    return NextAction(_("Close the order"), _owner(order), _("Collected and paid in full."), buttons=close)


def _refund(order: Order, viewer: Viewer) -> NextAction | None:
    credit = -ledger.money_of(order).balance
    if credit <= 0:
        return None
    verb = _("Refund %(amount)s") % {"amount": shown(credit)}
    buttons = [Button(_("Refund"), _url("refund", order), primary=True, key="n")]
    if not viewer.may(Can.REFUND_PAYMENTS, order):
        buttons = []
    why = _("More has been paid than is owed. Somebody who may refund has to do it.")
    return NextAction(verb, _("Branch manager or accountant"), why, "warning", "money", buttons)


def has_invoice(order: Order) -> bool:
    return order.ledger.filter(kind=EntryKind.CHARGE).exists()


def connect() -> None:
    """At start-up."""
    register("selling", RANK, provide)
