"""Everything that the order page tells of, read at once: eight queries, whatever the order has been through."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from aftersales.models import Return
from aftersales.selectors import public
from orders import rules
from orders.models import LedgerEntry, Order, OrderLink, Quotation, QuotationState
from orders.services import ledger
from records.models import Event
from shipping.models import Shipment

_TOLD = ("order.repromised", "order.receipt_confirmed", "order.collection_planned")


@dataclass(frozen=True)
class Known:
    """One order with what hangs on it. `order` comes from the link, with frame, lenses and answer joined."""

    order: Order
    quotations: Sequence[Quotation]
    entries: Sequence[LedgerEntry]
    events: dict[str, Event]
    parcels: Sequence[Shipment]
    returned: Return | None
    has_claims: bool = False

    @cached_property
    def money(self) -> rules.MoneyState:
        """An insurer's claim is asked for only where there is one."""
        if self.has_claims:
            return ledger.money_of(self.order)
        return ledger.money_from(self.entries, self.order.payment_due_on)

    @cached_property
    def quotation(self) -> Quotation | None:
        """The approved version, else the one being decided, else the newest."""
        for state in (QuotationState.APPROVED, QuotationState.SENT, QuotationState.DRAFT):
            for one in self.quotations:
                if one.state == state:
                    return one
        return self.quotations[0] if self.quotations else None

    @cached_property
    def waiting(self) -> Quotation | None:
        """The version that waits for the customer's answer."""
        asked = (QuotationState.SENT, QuotationState.DRAFT)
        return next((one for one in self.quotations if one.state in asked and one.sent_at), None)

    @cached_property
    def has_answered(self) -> bool:
        return hasattr(self.order, "feedback")


def read(link: OrderLink) -> Known:
    """Newest versions first, entries oldest first, of each kind of event the last."""
    order = link.order
    events = Event.objects.filter(order_id=order.pk, kind__in=_TOLD).order_by("pk")
    parcels = Shipment.objects.filter(order=order, to_branch=None).exclude(state="cancelled").select_related("carrier")
    return Known(
        order,
        list(order.quotations.prefetch_related("lines").order_by("-version")),
        list(order.ledger.order_by("pk")),
        {event.kind: event for event in events},
        list(parcels.order_by("pk")),
        public.latest(order),
        has_claims=getattr(link, "has_claims", True),
    )
