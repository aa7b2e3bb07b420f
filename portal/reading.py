"""Everything that the order page tells of, read at once: eight queries, whatever the order has been through.

What most orders never have (a parcel, a return, an insurer's claim) is asked for only where there is one: the query that
finds the link says so, and the names of frame and lens, without joining half the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from aftersales.models import Feedback, Return
from aftersales.selectors import public
from core.prepared import Slot, prepared
from orders import rules
from orders.models import (
    Claim,
    FrameChoice,
    LedgerEntry,
    LensSpecification,
    Order,
    OrderLink,
    Quotation,
    QuotationState,
)
from orders.services import ledger
from records.models import Event
from shipping.models import Shipment


def _of_order(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(order=OuterRef("order")).order_by()


# What is known of a link's order before anything is read of it.
FACTS = {
    "has_claims": Exists(_of_order(Claim.objects.all())),
    "has_parcels": Exists(_of_order(Shipment.objects.all())),
    "has_returns": Exists(_of_order(Return.objects.all())),
    "has_answered": Exists(_of_order(Feedback.objects.all())),
    "frame_name": Subquery(
        _of_order(FrameChoice.objects.all()).values(name=Concat("frame__brand", Value(" "), "frame__model"))[:1]
    ),
    "lens_name": Subquery(
        _of_order(LensSpecification.objects.all()).values(name=Coalesce("right__name", "left__name"))[:1]
    ),
}
_TOLD = ("order.repromised", "order.held_up", "order.receipt_confirmed", "order.collection_planned")


@dataclass(frozen=True)
class Known:
    """One order with what hangs on it. `order` comes from the link with its shops and customer, `facts` are `FACTS`."""

    order: Order
    quotations: Sequence[Quotation]
    entries: Sequence[LedgerEntry]
    events: dict[str, Event]
    parcels: Sequence[Shipment]
    returned: Return | None
    facts: dict[str, Any]

    @cached_property
    def money(self) -> rules.MoneyState:
        """An insurer's claim is asked for only where there is one."""
        if self.facts["has_claims"]:
            return ledger.money_of(self.order)
        return ledger.money_from(self.entries, self.order.payment_due_on)

    @cached_property
    def quotation(self) -> Quotation | None:
        """The approved version, else the one being decided, else the newest; none that was not sent yet."""
        seen = [one for one in self.quotations if one.state != QuotationState.DRAFT or one.sent_at]
        for state in (QuotationState.APPROVED, QuotationState.SENT, QuotationState.DRAFT):
            for one in seen:
                if one.state == state:
                    return one
        return seen[0] if seen else None

    @cached_property
    def waiting(self) -> Quotation | None:
        """The version that waits for the customer's answer."""
        asked = (QuotationState.SENT, QuotationState.DRAFT)
        return next((one for one in self.quotations if one.state in asked and one.sent_at), None)


def read(link: OrderLink) -> Known:
    """Newest versions first, entries oldest first, of each kind of event the last. `link` carries `FACTS`."""
    order, facts = link.order, {name: getattr(link, name) for name in FACTS}
    quotations, entries = _quotations().rows(order=order.pk), _entries().rows(order=order.pk)
    for quotation in quotations:
        quotation.order = order
    for entry in entries:
        entry.order = order
    parcels = Shipment.objects.filter(order=order, to_branch=None).exclude(state="cancelled").select_related("carrier")
    return Known(
        order,
        quotations,
        entries,
        {event.kind: event for event in _events().rows(order=order.pk)},
        list(parcels.order_by("pk")) if facts["has_parcels"] else [],
        public.latest(order) if facts["has_returns"] else None,
        facts,
    )


@prepared
def _quotations() -> QuerySet[Quotation]:
    return Quotation.objects.filter(order=Slot("order")).prefetch_related("lines").order_by("-version")


@prepared
def _entries() -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(order=Slot("order")).order_by("pk")


@prepared
def _events() -> QuerySet[Event]:
    return Event.objects.filter(order_id=Slot("order"), kind__in=_TOLD).order_by("pk")
