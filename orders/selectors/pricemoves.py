"""What list prices have done since a quotation was made: item by item, while the customer has not answered yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lensmath.numbers import ZERO
from orders import pricing
from orders.models import LineKind, Order, Quotation, QuotationState
from orders.needs import Parts
from orders.pricing import ServiceItem

WAITING = (QuotationState.DRAFT, QuotationState.SENT)


@dataclass(frozen=True)
class Moved:
    """One item whose list price for all its pieces differs; None where the item was or is not on the list."""

    description: str
    then: Decimal | None
    now: Decimal | None

    @property
    def difference(self) -> Decimal:
        return (self.now or ZERO) - (self.then or ZERO)


@dataclass(frozen=True)
class PriceMoves:
    """The moved items of a waiting quotation, before discounts."""

    quotation: Quotation
    rows: Sequence[Moved]

    @property
    def difference(self) -> Decimal:
        return sum((row.difference for row in self.rows), ZERO)


def since(order: Order, quotation: Quotation | None, parts: Parts | None = None) -> PriceMoves | None:
    """What a quotation that waits for an answer would cost differently today; None when nothing has moved."""
    if quotation is None or quotation.state not in WAITING:
        return None
    kept = list(quotation.lines.all())
    services = [
        ServiceItem(line.record_id, line.quantity) for line in kept if line.kind == LineKind.SERVICE and line.record_id
    ]
    then = {line.key: (line.description, line.unit_price * line.quantity) for line in kept}
    listed = pricing.lines_of(order, services, parts=parts)
    now = {line.key: (line.description, line.unit_price * line.quantity) for line in listed}
    rows = [
        Moved((now.get(key) or then[key])[0], _amount(then, key), _amount(now, key))
        for key in dict.fromkeys([*then, *now])
        if _amount(then, key) != _amount(now, key)
    ]
    return PriceMoves(quotation, rows) if rows else None


def _amount(lines: dict[str, tuple[str, Decimal]], key: str) -> Decimal | None:
    return lines[key][1] if key in lines else None
