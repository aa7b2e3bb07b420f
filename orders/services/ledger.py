"""The ledger of an order: append a numbered entry, sum what is owed. Callers hold the order's lock."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, DecimalField, F, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.actor import Actor
from orders import numbering, rules
from orders.models import DrawerSession, EntryKind, LedgerEntry, Order
from orders.services.common import today

_MONEY = DecimalField(max_digits=12, decimal_places=2)
_NOTHING = Value(rules.ZERO, output_field=_MONEY)
_PAID = (EntryKind.PAYMENT, EntryKind.REFUND)


@dataclass(frozen=True)
class Entry:
    """What is posted. Charges are positive, payments negative, refunds positive, adjustments either."""

    kind: EntryKind
    amount: Decimal
    method: str = ""
    reference: str = ""
    reason: str = ""
    tendered: Decimal | None = None
    drawer: DrawerSession | None = None
    key: UUID | None = None
    quotation_version: int | None = None
    approved_by_id: int | None = None


def post(order: Order, entry: Entry, actor: Actor) -> LedgerEntry:
    """Append one entry under the next number of its branch, kind and year."""
    return LedgerEntry.objects.create(
        order=order,
        branch=order.branch,
        kind=entry.kind,
        number=numbering.ledger_number(order.branch, entry.kind, today(order.branch).year),
        amount=entry.amount,
        method=entry.method,
        reference=entry.reference,
        tendered=entry.tendered,
        drawer=entry.drawer,
        quotation_version=entry.quotation_version,
        reason=entry.reason,
        source=actor.source.value,
        idempotency_key=entry.key,
        at=timezone.now(),
        by_id=actor.user_id,
        by_name=actor.name,
        approved_by_id=entry.approved_by_id,
    )


def earlier(key: UUID | None) -> LedgerEntry | None:
    """The entry that this form has posted already."""
    return None if key is None else LedgerEntry.objects.filter(idempotency_key=key).first()


def charged() -> Sum:
    """Aggregate: what the customer was asked to pay, corrections included."""
    return Sum(Case(When(kind__in=_PAID, then=_NOTHING), default=F("amount"), output_field=_MONEY))


def paid() -> Sum:
    """Aggregate: what came in, less what went back."""
    return Sum(Case(When(kind__in=_PAID, then=-F("amount")), default=_NOTHING, output_field=_MONEY))


def money_of(order: Order) -> rules.MoneyState:
    """Charged and paid, summed from the ledger."""
    found = _sums(LedgerEntry.objects.filter(order=order))
    return rules.MoneyState(found["charged"], found["paid"], order.payment_due_on)


def _sums(entries: QuerySet[LedgerEntry]) -> dict[str, Decimal]:
    return entries.aggregate(charged=Coalesce(charged(), _NOTHING), paid=Coalesce(paid(), _NOTHING))


def money_by_order(orders: list[Order]) -> dict[int, rules.MoneyState]:
    """The same for the rows of a list, in one query."""
    rows = LedgerEntry.objects.filter(order__in=orders).order_by().values("order_id")
    sums = {row["order_id"]: row for row in rows.annotate(charged=charged(), paid=paid())}
    empty = {"charged": rules.ZERO, "paid": rules.ZERO}
    return {
        order.pk: rules.MoneyState(
            sums.get(order.pk, empty)["charged"], sums.get(order.pk, empty)["paid"], order.payment_due_on
        )
        for order in orders
    }
