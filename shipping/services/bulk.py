"""Many parcels in one step: a line each. What cannot be sent is named; the others go."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from branches.scope import Scope
from core.actor import Actor
from core.errors import DomainError
from orders.models import Order
from shipping.contents import plain
from shipping.models import Shipment
from shipping.selectors import finding
from shipping.services import packing
from shipping.services.packing import PackData

MOST = 100
_SHORTEST_NUMBER = 8


@dataclass(frozen=True)
class How:
    """Carrier, service, note and day for all of them."""

    carrier: str
    service: str = ""
    method_note: str = ""
    expected_on: date | None = None


@dataclass(frozen=True)
class Result:
    """One line: the parcel, or why there is none."""

    code: str
    order: Order | None
    shipment: Shipment | None = None
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scan:
    """One order's code with the tracking number scanned after it."""

    code: str
    order: Order | None
    number: str = ""


def pairs(scope: Scope, text: str) -> Iterator[Scan]:
    """`T-317 1Z…` on one line, or the number on the next: what is no order's code belongs to the one before."""
    waiting: Scan | None = None
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        order = finding.order_of_code(scope, words[0]) or finding.order_of_code(scope, line)
        if order is None and waiting is not None and waiting.order is not None and _is_number(line):
            yield Scan(waiting.code, waiting.order, plain(line))
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = Scan(words[0], order, plain("".join(words[1:])) if order else "")
        if waiting.number:
            yield waiting
            waiting = None
    if waiting is not None:
        yield waiting


def _is_number(line: str) -> bool:
    """Carriers' numbers are longer than our trays' codes: a tray that nobody knows is no number of the parcel before."""
    return len(plain(line).replace("-", "")) >= _SHORTEST_NUMBER


def ship(actor: Actor, text: str, how: How) -> list[Result]:
    """Pack and hand over each; every parcel is its own transaction. Raises DomainError for nothing or too many."""
    found = list(pairs(Scope.of(actor), text))
    if not found or len(found) > MOST:
        message = _("Scan something first.") if not found else _("Not more than %(n)s at once.") % {"n": MOST}
        raise DomainError(message, fields={"scans": message}, code="scans")
    return [_one(actor, scan, how) for scan in found]


def _one(actor: Actor, scan: Scan, how: How) -> Result:
    if scan.order is None:
        return Result(scan.code, None, why=(_("No ready order has this code."),))
    data = PackData(
        scan.order.pk,
        how.carrier,
        how.service,
        how.method_note,
        scan.number,
        how.expected_on,
        codes=(scan.code,),
        hand_over=True,
    )
    try:
        return Result(scan.code, scan.order, packing.pack(actor, data))
    except DomainError as error:
        return Result(scan.code, scan.order, why=tuple(one.message for one in error.missing) or (error.message,))
