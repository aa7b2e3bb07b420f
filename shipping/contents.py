"""What of an order goes into a parcel, what has left already, and what a scanned code stands for."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Sum

from labjobs.models import Job
from labjobs.states import OPEN as OPEN_JOBS
from orders.models import FrameChoice, LineKind, Order, Quotation, QuotationLine, QuotationState
from shipping import states
from shipping.models import ShipmentLine

# Made or taken from stock together: one scan of the tray or the slip stands for all of them.
_GLASSES = (LineKind.FRAME, LineKind.LENS)
_THINGS = (*_GLASSES, LineKind.OTHER)


@dataclass(frozen=True)
class Item:
    """One line that can be packed. `left` of `of` are not in a parcel yet; `codes` in upper case without blanks."""

    line: QuotationLine
    left: int
    codes: frozenset[str] = field(default_factory=frozenset)

    @property
    def has_code(self) -> bool:
        return bool(self.codes)


def plain(code: str) -> str:
    return "".join(code.split()).lstrip("~").upper()


def items_of(order: Order) -> list[Item]:
    """Every thing of the approved quotation, in its order. Surcharges and services are no things. Four queries."""
    quotation = Quotation.objects.filter(order=order, state=QuotationState.APPROVED).first()
    if quotation is None:
        return []
    gone = packed(order)
    glasses, frame = _codes_of_glasses(order), _codes_of_frame(order)
    return [
        Item(line, max(line.quantity - gone.get(line.pk, 0), 0), _codes(line, glasses, frame))
        for line in quotation.lines.filter(kind__in=_THINGS)
    ]


def packed(order: Order) -> dict[int, int]:
    """Line id to how many are in parcels that still hold them; those on the way between branches do not count."""
    rows = (
        ShipmentLine.objects.filter(
            shipment__order=order, shipment__state__in=states.HOLDS_ITS_LINES, shipment__to_branch=None, shipment__ended_reason=""
        )
        .values("line")
        .annotate(sum=Sum("quantity"))
    )  # fmt: skip
    return {row["line"]: row["sum"] for row in rows}


def left_to_send(order: Order) -> bool:
    return any(item.left for item in items_of(order))


def _codes(line: QuotationLine, glasses: frozenset[str], frame: frozenset[str]) -> frozenset[str]:
    if line.kind == LineKind.FRAME:
        return glasses | frame
    return glasses if line.kind == LineKind.LENS else frozenset()


def _codes_of_glasses(order: Order) -> frozenset[str]:
    """Tray and number of the open job; the order's number and code, which stand on its slip and bag."""
    codes = {order.number, order.public_code}
    for job in Job.objects.filter(order=order, state__in=OPEN_JOBS).select_related("tray"):
        codes |= {job.number, job.tray.code if job.tray else ""}
    return frozenset(plain(code) for code in codes if code)


def _codes_of_frame(order: Order) -> frozenset[str]:
    choice = FrameChoice.objects.filter(order=order).select_related("frame").first()
    if choice is None or choice.frame is None:
        return frozenset()
    return frozenset(plain(code) for code in (choice.frame.sku, choice.frame.gtin) if code)


@dataclass(frozen=True)
class Scanned:
    """`by_line`: line id to the code that stood for it. `strange`: codes that belong to nothing of this order."""

    by_line: dict[int, str]
    strange: tuple[str, ...]


def match(items: Iterable[Item], codes: Iterable[str]) -> Scanned:
    by_line: dict[int, str] = {}
    strange = []
    rows = list(items)
    for code in dict.fromkeys(plain(one) for one in codes if plain(one)):
        meant = [item for item in rows if code in item.codes]
        if not meant:
            strange.append(code)
        for item in meant:
            by_line.setdefault(item.line.pk, code)
    return Scanned(by_line, tuple(strange))
