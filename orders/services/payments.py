"""Payments, refunds and corrections: append-only entries, each with a number, each posted once for its form."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, Problems
from core.money import money
from orders import rules, states
from orders.models import (
    DrawerSession,
    EntryKind,
    GatewayRefund,
    LedgerEntry,
    Order,
    OrderState,
    PaymentMethod,
    Quotation,
    QuotationState,
    RefundState,
)
from orders.services import common, ledger
from orders.services.common import Said
from orders.services.ledger import Entry
from records.services import changes, reviews
from records.services.changes import Change, FieldChange

DEPOSIT_REVIEW = "deposit"

# Methods whose money can be found again only by a number. A card's slip number is kept when it is typed: the terminal's
# own day sum finds it, too.
_REFERENCE_OF = {PaymentMethod.TRANSFER, PaymentMethod.INSURER, PaymentMethod.VOUCHER}
_AT_THE_TILL = set(PaymentMethod) - {PaymentMethod.ONLINE, PaymentMethod.CREDIT}
# By these money goes back over the counter; what came in online goes back over its gateway (`paying_back`).
_GIVEN_BACK_BY = {PaymentMethod.CASH, PaymentMethod.CARD, PaymentMethod.TRANSFER, PaymentMethod.INSURER}


@dataclass(frozen=True)
class PaymentData:
    """One payment as taken. `tendered` is the cash handed over; `as_credit` keeps what is paid above the balance."""

    order_id: int
    amount: Decimal
    method: str
    reference: str = ""
    tendered: Decimal | None = None
    key: UUID | None = None
    as_credit: bool = False
    split_of_id: int | None = None


@dataclass(frozen=True)
class RefundData:
    """Money that goes back. `second_person_id` agreed to it above the limit one person may refund alone."""

    order_id: int
    amount: Decimal
    method: str
    reason: str
    reference: str = ""
    key: UUID | None = None
    second_person_id: int | None = None


@dataclass(frozen=True)
class AdjustmentData:
    """A correction of what is owed: negative in the customer's favour."""

    order_id: int
    amount: Decimal
    reason: str
    key: UUID | None = None
    second_person_id: int | None = None


@transaction.atomic
def take(actor: Actor, data: PaymentData) -> LedgerEntry:
    """Post a payment. The same key returns the first entry. Raises DomainError at the field, or `overpaid`."""
    order = common.open_for(actor, Can.TAKE_PAYMENTS, data.order_id)
    earlier = ledger.earlier(data.key)
    if earlier is not None:
        return _same(earlier, order, EntryKind.PAYMENT, -data.amount)
    payable(order)
    _check_payment(order, data)
    entry = Entry(
        EntryKind.PAYMENT,
        -rules.to_cents(data.amount),
        data.method,
        data.reference.strip(),
        tendered=data.tendered if data.method == PaymentMethod.CASH else None,
        drawer=_drawer(order, data.method),
        key=data.key,
        split_of_id=data.split_of_id,
    )
    return post_payment(order, entry, actor)


def post_payment(order: Order, entry: Entry, actor: Actor) -> LedgerEntry:
    """For verbs that hold the order's lock and have checked the payment."""
    posted = ledger.post(order, entry, actor)
    common.tell("payment.taken", actor, order, _said(posted), posted)
    if order.state == OrderState.IN_PRODUCTION and not deposit_missing(order):
        reviews.settle(order, DEPOSIT_REVIEW, actor, _("The deposit is paid again."))
    return posted


@transaction.atomic
def take_split(actor: Actor, rows: Sequence[PaymentData]) -> list[LedgerEntry]:
    """One payment in several ways: all rows or none, each with its number. The first row's key is the form's.

    Raises DomainError with the fields of a later row numbered from 2 (`amount_2`).
    """
    taken: list[LedgerEntry] = []
    for number, row in enumerate(rows, start=1):
        key = uuid5(rows[0].key, str(number)) if rows[0].key and number > 1 else row.key
        try:
            taken.append(take(actor, replace(row, key=key, split_of_id=taken[0].pk if taken else None)))
        except DomainError as error:
            if number > 1:
                error.fields = {f"{name}_{number}": words for name, words in error.fields.items()}
            raise
    return taken


def take_online(order: Order, amount: Decimal, reference: str, key: UUID, actor: Actor) -> LedgerEntry:
    """Money that a gateway has taken already: posted whatever the balance, for it is there. The caller holds the lock."""
    entry = Entry(EntryKind.PAYMENT, -rules.to_cents(amount), PaymentMethod.ONLINE, reference[:80], key=key)
    return post_payment(order, entry, actor)


def take_transfer(order: Order, amount: Decimal, reference: str, key: UUID, actor: Actor) -> LedgerEntry:
    """Money that the bank's statement shows: posted once whatever the balance, for it is there. The caller holds the lock."""
    earlier = ledger.earlier(key)
    if earlier is not None:
        return _same(earlier, order, EntryKind.PAYMENT, -rules.to_cents(amount))
    entry = Entry(EntryKind.PAYMENT, -rules.to_cents(amount), PaymentMethod.TRANSFER, reference[:80], key=key)
    return post_payment(order, entry, actor)


def reverse_transfer(order: Order, entry: LedgerEntry, reason: str, actor: Actor) -> LedgerEntry:
    """The counter-entry of a transfer that was put to the wrong order. No money goes back. The caller holds the lock."""
    counter = Entry(
        EntryKind.REFUND, -entry.amount, PaymentMethod.TRANSFER, entry.reference, reason, reverses_id=entry.pk
    )
    posted = ledger.post(order, counter, actor)
    common.tell("payment.reversed", actor, order, _said(posted), posted)
    _announce(actor, order, "paid", _("Paid"), posted)
    return posted


def _same(earlier: LedgerEntry, order: Order, kind: EntryKind, amount: Decimal) -> LedgerEntry:
    """A repeated form; a key that comes back with other contents is another form."""
    if (earlier.order_id, earlier.kind, earlier.amount) != (order.pk, kind, amount):
        raise DomainError(_("This form was used before for another amount. Open the page again."), code="key_reused")
    return earlier


def _said(entry: LedgerEntry) -> Said:
    return Said(
        reason=entry.reason,
        new={"amount": f"{abs(entry.amount):.2f}", "method": entry.method},
        data={"entry": entry.pk, "receipt": entry.number, "amount": f"{entry.amount:.2f}", "method": entry.method},
    )


def payable(order: Order) -> None:
    if order.state not in states.PLACED:
        raise DomainError(_("Nothing is owed before the order is confirmed. Confirm it first."), code="not_confirmed")


def _check_payment(order: Order, data: PaymentData) -> None:
    problems = Problems()
    if data.amount <= 0:
        problems.add("amount", _("Enter an amount above zero."))
    if data.method not in _AT_THE_TILL:
        problems.add("method", _("Choose how it is paid."))
    if data.method in _REFERENCE_OF and not data.reference.strip():
        problems.add("reference", _reference_wanted(data.method))
    if data.method == PaymentMethod.CASH and data.tendered is not None and data.tendered < data.amount:
        problems.add("tendered", _("Less cash than the amount. Enter what was handed over."))
    if data.method == PaymentMethod.VOUCHER and _voucher_used(data.reference):
        problems.add("reference", _("This voucher has been used already."))
    balance = ledger.money_of(order).balance
    if data.amount > balance and not data.as_credit:
        words = {"balance": money(max(balance, rules.ZERO))}
        problems.add("amount", _("Only %(balance)s is owed. Take less, or keep the rest as credit.") % words)
    problems.raise_if_any(_("The payment was not taken."))


def _reference_wanted(method: str) -> str:
    words = {
        PaymentMethod.TRANSFER: _("Enter the transfer's reference."),
        PaymentMethod.INSURER: _("Enter the claim or authorisation number."),
        PaymentMethod.VOUCHER: _("Enter the voucher's number."),
    }
    return words[PaymentMethod(method)]


def _voucher_used(reference: str) -> bool:
    used = LedgerEntry.objects.filter(
        kind=EntryKind.PAYMENT, method=PaymentMethod.VOUCHER, reference__iexact=reference.strip()
    )
    return used.exists()


def _drawer(order: Order, method: str) -> DrawerSession | None:
    """The open drawer that cash goes into or comes from. Raises DomainError when none is open."""
    if method != PaymentMethod.CASH:
        return None
    drawer = DrawerSession.objects.select_for_update().filter(branch=order.branch, closed_at=None).first()
    if drawer is None:
        message = _("The cash drawer of %(branch)s is not open. Open it with its float first.")
        words = {"branch": order.branch.name}
        raise DomainError(message % words, fields={"method": message % words}, code="no_drawer")
    return drawer


@transaction.atomic
def refund(actor: Actor, data: RefundData) -> LedgerEntry:
    """Give money back; never more than came in. Above the limit a second person has to agree."""
    order = common.open_for(actor, Can.REFUND_PAYMENTS, data.order_id)
    earlier = ledger.earlier(data.key)
    if earlier is not None:
        return _same(earlier, order, EntryKind.REFUND, data.amount)
    reason = common.needs_reason(data.reason, _("Say why money goes back."))
    _check_refund(order, data)
    second = second_needed(actor, order, data.second_person_id, data.amount)
    entry = Entry(
        EntryKind.REFUND,
        rules.to_cents(data.amount),
        data.method,
        data.reference.strip(),
        reason,
        drawer=_drawer(order, data.method),
        key=data.key,
        approved_by_id=second,
    )
    return post_refund(order, entry, actor)


def post_refund(order: Order, entry: Entry, actor: Actor) -> LedgerEntry:
    """For verbs that hold the order's lock and have checked the refund."""
    posted = ledger.post(order, entry, actor)
    common.tell("payment.refunded", actor, order, _said(posted), posted)
    _announce(actor, order, "paid", _("Paid"), posted)
    return posted


def refundable(order: Order) -> Decimal:
    """What came in and has neither gone back nor is on its way over a gateway."""
    waiting = GatewayRefund.objects.filter(request__order=order, state=RefundState.WAITING)
    on_its_way = waiting.aggregate(sum=Sum("amount"))["sum"] or rules.ZERO
    return ledger.money_of(order).paid - on_its_way


def _check_refund(order: Order, data: RefundData) -> None:
    problems = Problems()
    paid = refundable(order)
    if data.amount <= 0:
        problems.add("amount", _("Enter an amount above zero."))
    elif data.amount > paid:
        problems.add("amount", _("Only %(paid)s has been paid.") % {"paid": money(paid)})
    if data.method not in _GIVEN_BACK_BY:
        problems.add("method", _("Choose how it is paid back."))
    if data.method in _REFERENCE_OF and not data.reference.strip():
        problems.add("reference", _("Enter the reference of the payment back."))
    problems.raise_if_any(_("Nothing was refunded."))


def second_needed(actor: Actor, order: Order, user_id: int | None, amount: Decimal) -> int | None:
    """Who agreed, above the limit. Raises DomainError when nobody did, or the person may not."""
    if actor.is_system or abs(amount) <= settings.REFUND_ALONE_LIMIT:
        return None
    second = common.second_person(actor, user_id)
    if second is not None and access.allowed(second, Can.REFUND_PAYMENTS, order.branch_id):
        return second.user_id
    message = _("Above %(limit)s a second person who may refund has to agree.")
    words = {"limit": money(settings.REFUND_ALONE_LIMIT)}
    raise DomainError(message % words, fields={"second_email": message % words}, code="second_person_needed")


@transaction.atomic
def adjust(actor: Actor, data: AdjustmentData) -> LedgerEntry:
    """Correct what is owed by a counter-entry with its reason, for example a credit for a delay."""
    order = common.open_for(actor, Can.REFUND_PAYMENTS, data.order_id)
    earlier = ledger.earlier(data.key)
    if earlier is not None:
        return _same(earlier, order, EntryKind.ADJUSTMENT, data.amount)
    payable(order)
    reason = common.needs_reason(data.reason, _("Say why the amount changes."))
    charged = ledger.money_of(order).charged
    if not data.amount or charged + data.amount < 0:
        message = _("Enter an amount that leaves the order at zero or more; %(charged)s was charged.")
        words = {"charged": money(charged)}
        raise DomainError(message % words, fields={"amount": message % words}, code="amount_range")
    second = second_needed(actor, order, data.second_person_id, data.amount)
    entry = Entry(EntryKind.ADJUSTMENT, rules.to_cents(data.amount), reason=reason, key=data.key, approved_by_id=second)
    return post_adjustment(order, entry, actor)


def post_adjustment(order: Order, entry: Entry, actor: Actor) -> LedgerEntry:
    """For verbs that hold the order's lock: a cancellation's counter-entry, the difference of a later quotation."""
    posted = ledger.post(order, entry, actor)
    common.tell("payment.adjusted", actor, order, _said(posted), posted)
    _announce(actor, order, "charged", _("Charged"), posted)
    return posted


def _announce(actor: Actor, order: Order, field: str, label: str, posted: LedgerEntry) -> None:
    """What rested on the amount before this entry is decided again. Money paid is kept below zero in the books."""
    known = ledger.money_of(order)
    now, moved = (known.paid, -posted.amount) if field == "paid" else (known.charged, posted.amount)
    change = FieldChange(field, label, money(now - moved), money(now))
    changes.announce(order, Change([change], "", posted.reason, new_version=order.version), actor)


def balance(order_id: int) -> Decimal:
    """What the customer still owes; negative is credit."""
    return ledger.money_of(Order.objects.get(pk=order_id)).balance


def deposit_missing(order: Order) -> Decimal:
    """What is still to be paid before the order may go to the laboratory."""
    quotation = Quotation.objects.filter(order=order, state=QuotationState.APPROVED).first()
    return still_missing(quotation, ledger.money_of(order))


def still_missing(quotation: Quotation | None, paid: rules.MoneyState) -> Decimal:
    """The same from what a page has read already."""
    wanted = quotation.deposit_required if quotation else rules.ZERO
    return max(min(wanted, paid.charged) - paid.captured, rules.ZERO)
