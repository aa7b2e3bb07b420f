"""A carrier's report as rows: shown first with what each would do, then applied. Also numbers that a carrier gave afterwards."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.roles import Can
from branches.scope import Scope
from core.actor import Actor
from core.errors import DomainError
from shipping import states, wording, zones
from shipping.contents import plain
from shipping.models import CheckpointSource, Shipment, ShipmentState
from shipping.selectors import vocabulary
from shipping.selectors.finding import shipments_for
from shipping.services import common, following, packing
from shipping.services.following import Heard
from shipping.services.packing import Correction
from shipping.tracking import merging, readers
from shipping.tracking.readers import Checkpoint, Tracking
from shipping.tracking.vocabulary import ADAPTERS

MOST_ROWS = 2000
# Other names that reports use for our columns.
_COLUMNS = {
    "tracking": "tracking_number", "trackingnumber": "tracking_number", "number": "tracking_number", "waybill": "tracking_number",
    "state": "status", "event": "status", "date": "time", "datetime": "time", "occurredat": "time", "timestamp": "time",
    "location": "place", "city": "place", "description": "message", "text": "message", "reason": "detail", "code": "detail",
    "reference": "order", "shipment": "order", "ordernumber": "order",
}  # fmt: skip
_KNOWN = ("tracking_number", "status", "detail", "time", "place", "message", "order")


@dataclass(frozen=True)
class Line:
    """One row of the report and what it does. `problem` is empty when it can be applied."""

    number: int
    tracking_number: str
    shipment: Shipment | None
    what: str
    problem: str = ""
    points: tuple[Checkpoint, ...] = ()
    unknown: tuple[str, ...] = ()
    sets_number: bool = False


def read(actor: Actor, text: str) -> list[Line]:
    """Every row with what it would do. Nothing is kept. Raises DomainError for what is no table."""
    return [_line(Scope.of(actor), place, row) for place, row in _rows(text)]


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    sample = text[:2000]
    delimiter = max(",;\t", key=sample.splitlines()[0].count) if sample.strip() else ","
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise _refused(_("This is no table: %(why)s") % {"why": error}) from error
    names = [_column(name) for name in rows[0]] if rows else []
    if "tracking_number" not in names or not {"status", "order"} & set(names):
        raise _refused(_("The first row has to name the columns tracking_number and status (or order)."))
    if len(rows) > MOST_ROWS + 1:
        raise _refused(_("Not more than %(n)s rows at once.") % {"n": MOST_ROWS})
    for place, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            yield place, {name: cell.strip() for name, cell in zip(names, row, strict=False)}


def _refused(message: str) -> DomainError:
    return DomainError(message, fields={"text": message}, code="no_table")


def _column(name: str) -> str:
    word = "".join(char for char in name.casefold() if char.isalnum())
    return next((known for known in _KNOWN if known.replace("_", "") == word), _COLUMNS.get(word, word))


def _line(scope: Scope, place: int, row: Mapping[str, str]) -> Line:
    number = plain(row.get("tracking_number", "")).replace("-", "")
    if not row.get("status"):
        return _number_line(scope, place, number, row.get("order", ""))
    shipment = (
        shipments_for(scope).select_related("branch", "carrier").filter(tracking_number=number).order_by("-pk").first()
    )
    if shipment is None or not number:
        return Line(place, number, None, "", _("No parcel has this number."))
    tracking = _tracking(shipment, row)
    merged = merging.merge([*following.checkpoints_of(shipment), *tracking.checkpoints], timezone.now())
    known = shipment.checkpoints.filter(fingerprint=tracking.checkpoints[0].fingerprint).exists()
    if known:
        return Line(place, number, shipment, _("known already"), "", tracking.checkpoints)
    if tracking.checkpoints[0].time_unreadable:
        return Line(place, number, shipment, "", _("The time cannot be read: %(time)s") % {"time": row.get("time", "")})
    label = dict(ShipmentState.choices).get(merged.state.value, merged.state.value.replace("_", " "))
    unknown = _("word not known: %(word)s") % {"word": row["status"]} if tracking.unknown else ""
    what = ", ".join(
        part for part in (str(label), wording.reason_word(merged.reason) if merged.reason else "", unknown) if part
    )
    return Line(place, number, shipment, what, "", tracking.checkpoints, tracking.unknown)


def _tracking(shipment: Shipment, row: Mapping[str, str]) -> Tracking:
    payload = {
        "tracking_number": shipment.tracking_number,
        "checkpoints": [{name: row.get(name, "") for name in ("status", "detail", "time", "place", "message")}],
    }
    found = readers.read(ADAPTERS["generic"], payload, zones.of_branches(shipment.branch), vocabulary.taught("generic"))
    return found[0]


def _number_line(scope: Scope, place: int, number: str, reference: str) -> Line:
    """`order` and a number: the parcel of that order gets it."""
    wanted = plain(reference)
    found = shipments_for(scope).select_related("carrier", "branch").filter(state__in=states.OPEN, to_branch=None)
    shipment = found.filter(number=wanted).first() or found.filter(order__number=wanted).order_by("-pk").first()
    if shipment is None or not wanted:
        return Line(place, number, None, "", _("No open parcel of “%(order)s”.") % {"order": reference})
    if shipment.tracking_number == number:
        return Line(place, number, shipment, _("known already"))
    if shipment.tracking_number:
        return Line(
            place, number, shipment, "", _("It has another number already: %(n)s") % {"n": shipment.tracking_number}
        )
    try:
        packing.read_number(number, shipment.carrier)
    except DomainError as error:
        return Line(place, number, shipment, "", error.message)
    return Line(place, number, shipment, _("gets this number"), sets_number=True)


@transaction.atomic
def apply(actor: Actor, text: str) -> tuple[int, int]:
    """Apply the rows that can be. Returns how many were applied and how many were not; running it again changes nothing."""
    lines = read(actor, text)
    done = 0
    for line in sorted(lines, key=lambda one: (one.shipment.order_id if one.shipment else 0, one.number)):
        if line.shipment is None or line.problem:
            continue
        common.open_for(actor, Can.SHIP_ORDERS, line.shipment.pk)
        if line.sets_number:
            packing.correct(actor, line.shipment.pk, Correction(tracking_number=line.tracking_number))
            done += 1
        elif line.points:
            heard = Heard(line.points, CheckpointSource.FILE, "generic", line.unknown)
            done += following.hear(actor, line.shipment.pk, heard)
    return done, sum(bool(line.problem) for line in lines)
