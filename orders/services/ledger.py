"""The ledger of an order: append a numbered entry, sum what is owed. Callers hold the order's lock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Case, DecimalField, Exists, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.actor import Actor
from core.prepared import Slot, one_of, prepared
from orders import numbering, rules
from orders.models import Claim, ClaimState, DrawerSession, EntryKind, LedgerEntry, Order, OrderState
from orders.models.claim import OPEN_CLAIMS
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
    split_of_id: int | None = None
    reverses_id: int | None = None


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
        split_of_id=entry.split_of_id,
        reverses_id=entry.reverses_id,
    )


def earlier(key: UUID | None) -> LedgerEntry | None:
    """The entry that this form has posted already."""
    return None if key is None else LedgerEntry.objects.filter(idempotency_key=key).first()


def entries_of(order: Order) -> list[LedgerEntry]:
    """Everything that was posted for an order, oldest first, each with the person who did it."""
    return _entries().rows(order=order.pk)


@prepared
def _entries() -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(order=Slot("order")).select_related("by").order_by("pk")


def charged() -> Sum:
    """Aggregate: what the customer was asked to pay, corrections included."""
    return Sum(Case(When(kind__in=_PAID, then=_NOTHING), default=F("amount"), output_field=_MONEY))


def paid() -> Sum:
    """Aggregate: what came in, less what went back."""
    return Sum(Case(When(kind__in=_PAID, then=-F("amount")), default=_NOTHING, output_field=_MONEY))


def money_of(order: Order) -> rules.MoneyState:
    """Charged, paid and claimed, summed in one query."""
    return money_by_order([order])[order.pk]


def money_by_order(orders: Sequence[Order]) -> dict[int, rules.MoneyState]:
    """The same for several orders, in one query. An order without entries is there with zeros."""
    return money_by_key([order.pk for order in orders])


def money_by_key(orders: Sequence[int]) -> dict[int, rules.MoneyState]:
    """The same for the rows of a list."""
    return _states(_of_orders().rows(orders=orders))


def money_of_customer(customer_id: int) -> dict[int, rules.MoneyState]:
    """Every order of the customer that stands, with its money."""
    return _states(_of_customer().rows(customer=customer_id))


@prepared
def _of_orders() -> QuerySet[Order, Any]:
    return _with_money(Order.objects.filter(one_of("pk", "orders")))


@prepared
def _of_customer() -> QuerySet[Order, Any]:
    return _with_money(Order.objects.filter(customer=Slot("customer")).exclude(state=OrderState.CANCELLED))


def _with_money(orders: QuerySet[Order]) -> QuerySet[Order, Any]:
    names = ("charged", "paid", "payment_due_on", "insured", "promised", "has_claims")
    return orders.order_by().annotate(**_sums()).values_list("pk", *names)


def _states(rows: Iterable[Sequence[Any]]) -> dict[int, rules.MoneyState]:
    return {pk: rules.MoneyState(*money) for pk, *money in rows}


def money_from(entries: Iterable[LedgerEntry], due_on: date | None) -> rules.MoneyState:
    """The same from entries that a page has read already; only for an order without an insurer's claim."""
    sums = {True: rules.ZERO, False: rules.ZERO}
    for entry in entries:
        sums[entry.kind in _PAID] += entry.amount
    return rules.MoneyState(sums[False], -sums[True], due_on)


@cache
def _sums() -> dict[str, Any]:
    """By the names of `rules.MoneyState`. A claim without answer may bring all of it, an answered one what was approved.

    Put together once: expressions are never changed by a query that uses them.
    """
    entries, claims = LedgerEntry.objects.all(), Claim.objects.filter(state__in=OPEN_CLAIMS)
    expected = Case(When(state=ClaimState.SUBMITTED, then=F("amount")), default=F("approved"), output_field=_MONEY)
    return {
        "charged": _sum(entries, charged()),
        "paid": _sum(entries, paid()),
        "insured": _sum(claims, Sum(expected)),
        "has_claims": Exists(Claim.objects.filter(order=OuterRef("pk"))),
        "promised": _sum(claims.exclude(state=ClaimState.SUBMITTED), Sum("approved")),
    }


def _sum(rows: QuerySet[Any], of: Any) -> Coalesce:
    summed = rows.filter(order=OuterRef("pk")).order_by().values("order").annotate(sum=of).values("sum")
    return Coalesce(Subquery(summed, output_field=_MONEY), _NOTHING)
