"""Store credit: what a customer paid above one order's balance pays another order of the same customer."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError
from core.money import money
from orders import rules
from orders.models import EntryKind, LedgerEntry, Order, PaymentMethod
from orders.services import common, ledger, payments
from orders.services.ledger import Entry


@dataclass(frozen=True)
class Credit:
    """An order that holds more than it owes, and how much more."""

    order: Order
    amount: Decimal


def of_customer(order: Order) -> list[Credit]:
    """Credit on the customer's other orders, oldest first."""
    others = list(Order.objects.filter(customer=order.customer_id).exclude(pk=order.pk).order_by("pk"))
    money_of = ledger.money_by_order(others)
    free = [(one, -money_of[one.pk].balance) for one in others]
    return [Credit(one, min(amount, payments.refundable(one))) for one, amount in free if amount > 0]


@transaction.atomic
def use(actor: Actor, from_id: int, to_id: int, amount: Decimal, key: UUID | None = None) -> LedgerEntry:
    """Two entries that cancel each other out: less credit there, less owed here. The same key is the same move."""
    orders = {pk: common.lock(pk) for pk in sorted({from_id, to_id})}
    source, target = orders[from_id], orders[to_id]
    for order in (target, source):
        common.require_here(actor, Can.TAKE_PAYMENTS, order)
    earlier = ledger.earlier(key)
    if earlier is not None:
        return earlier
    payments.payable(target)
    _check(source, target, amount)
    words = _("Credit used for order %(number)s") % {"number": target.number}
    taken = Entry(
        EntryKind.REFUND, rules.to_cents(amount), PaymentMethod.CREDIT, target.number, words,
        key=uuid5(key, "credit") if key else None,
    )  # fmt: skip
    payments.post_refund(source, taken, actor)
    given = Entry(EntryKind.PAYMENT, -rules.to_cents(amount), PaymentMethod.CREDIT, source.number, key=key)
    return payments.post_payment(target, given, actor)


def _check(source: Order, target: Order, amount: Decimal) -> None:
    if source.pk == target.pk or source.customer_id != target.customer_id:
        raise DomainError(_("Credit can only pay another order of the same customer."), code="other_customer")
    credit = min(-ledger.money_of(source).balance, payments.refundable(source))
    owed = ledger.money_of(target).share
    most = max(min(credit, owed), rules.ZERO)
    if amount <= 0 or amount > most:
        message = _("At most %(most)s of the credit can be used here.") % {"most": money(most)}
        raise DomainError(message, fields={"amount": message}, code="amount_range")
