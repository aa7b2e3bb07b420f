"""What customers will read when dates move, shown before anything is saved. The messages app knows the words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from orders.models import Order

MOST_SHOWN = 20


@dataclass(frozen=True)
class Notice:
    """One message as it will leave. `held` says why this customer gets none."""

    order: Order
    channels: str
    text: str
    held: str = ""


Preview = Callable[[Order, date, str], Notice]
_preview: list[Preview] = []


def register(preview: Preview) -> None:
    """`preview` gets the order, the new date and the reason; it saves nothing."""
    _preview[:] = [preview]


def preview(orders: list[Order], new_date: date, reason: str) -> list[Notice]:
    """The first of them, word by word."""
    return [show(order, new_date, reason) for show in _preview for order in orders[:MOST_SHOWN]]
