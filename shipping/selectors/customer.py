"""What a customer may see of the parcels of their order: steps with days, link, day, what holds it up. No address."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from orders.models import Order
from shipping import links, states, wording
from shipping.models import Shipment, ShipmentState
from shipping.services import following
from shipping.tracking import merging
from shipping.tracking.words import State

S = ShipmentState
_PATH = (S.PACKED, S.HANDED_OVER, S.IN_TRANSIT, S.OUT_FOR_DELIVERY, S.DELIVERED)
_OF_CARRIER = {S.IN_TRANSIT: State.IN_TRANSIT, S.OUT_FOR_DELIVERY: State.OUT_FOR_DELIVERY, S.DELIVERED: State.DELIVERED}


@dataclass(frozen=True)
class Step:
    """One step of a parcel's way in words. `at` when it was reached; None for what is still to come."""

    label: str
    at: datetime | None = None
    is_current: bool = False


@dataclass(frozen=True)
class ParcelView:
    """One parcel as its customer sees it. `problem` is a sentence, empty when all is well; `code` is stable."""

    code: str
    word: str
    carrier: str
    tracking: str
    link: str
    service: str
    expected_on: date | None
    first_expected_on: date | None
    place: str
    problem: str
    delivered_at: datetime | None
    signed_by: str
    to_branch: str
    steps: tuple[Step, ...]
    items: tuple[str, ...]


def parcels_of(order: Order, now: datetime) -> list[ParcelView]:
    """Newest first, without unpacked ones and those given up. In the language that is active."""
    found = Shipment.objects.filter(order=order, ended_reason="").exclude(state=S.CANCELLED)
    rows = found.select_related("carrier", "to_branch").prefetch_related("lines__line", "checkpoints").order_by("-pk")
    return [_view(one, now) for one in rows]


def _view(one: Shipment, now: datetime) -> ParcelView:
    method = ", ".join(part for part in (one.service, one.method_note) if part)
    return ParcelView(
        code=one.state,
        word=str(wording.CUSTOMER_WORDS[one.state]),
        carrier=one.carrier.name,
        tracking=one.tracking_number,
        link=links.of(one),
        service=method,
        expected_on=one.expected_on if one.state in states.OPEN else None,
        first_expected_on=one.first_expected_on,
        place=one.place,
        problem=wording.problem(one.state, one.reason) if one.state != S.DELIVERED else "",
        delivered_at=one.delivered_at,
        signed_by=one.signed_by,
        to_branch=one.to_branch.name if one.to_branch else "",
        steps=tuple(_steps(one, now)),
        items=tuple(row.line.description for row in one.lines.all()),
    )


def _steps(one: Shipment, now: datetime) -> list[Step]:
    """Packed, handed over, on its way, comes today, delivered; a problem stands at the end of what was reached."""
    merged = merging.merge(following.checkpoints_of(one), now)
    ignored = merged.contradictions | merged.future
    first: dict[State, datetime | None] = {}
    for point in merged.history:
        if point.fingerprint not in ignored:
            first.setdefault(point.state, point.at)
    reached = {S.PACKED: one.packed_at, S.HANDED_OVER: one.handed_over_at}
    reached |= {ours: first.get(theirs) for ours, theirs in _OF_CARRIER.items()}
    if one.delivered_at is None:
        reached[S.DELIVERED] = None
    steps = [Step(str(wording.CUSTOMER_WORDS[state]), reached[state], state == one.state) for state in _PATH]
    if one.state in _PATH:
        return steps
    done = [step for step in steps if step.at is not None]
    return [*done, Step(str(wording.CUSTOMER_WORDS[one.state]), one.state_at, True), Step(_("Delivered"))]
