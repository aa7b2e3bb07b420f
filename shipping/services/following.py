"""What a carrier said, kept once; then the shipment recomputed from everything it ever said, and what follows from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError
from orders.models import Order
from orders.services import common as orders
from orders.services import orders as order_verbs
from orders.services import shipping as order_steps
from shipping import states, wording
from shipping.models import CarrierWord, CheckpointSource, Shipment, ShipmentState, TrackingCheckpoint
from shipping.selectors import vocabulary as taught_words
from shipping.services import common, packing, trouble
from shipping.services.common import Said
from shipping.tracking import merging, vocabulary
from shipping.tracking.merging import Merged
from shipping.tracking.readers import Checkpoint, fingerprint_of
from shipping.tracking.vocabulary import ADAPTERS, Taught
from shipping.tracking.words import State

_EARLY = (State.UNKNOWN, State.LABEL_CREATED)


@dataclass(frozen=True)
class Heard:
    """What came in about one shipment. `adapter` names the vocabulary; `unknown` the words that it does not explain."""

    points: Sequence[Checkpoint]
    source: CheckpointSource
    adapter: str = ""
    unknown: Sequence[str] = ()
    expected_on: date | None = None
    signed_by: str = ""


@transaction.atomic
def hear(actor: Actor, shipment_id: int, heard: Heard, now: datetime | None = None) -> int:
    """Keep what is new and follow it. Returns how many checkpoints were new; none means that nothing happens."""
    order, shipment = common.lock(shipment_id)
    new = _keep(actor, shipment, heard)
    _list_words(heard)
    later = _take_days(shipment, heard)
    if new or later:
        recompute(actor, order, shipment, now or timezone.now())
    if later:
        _promise_anew(actor, order, shipment)
    return new


def _keep(actor: Actor, shipment: Shipment, heard: Heard) -> int:
    known = set(shipment.checkpoints.values_list("fingerprint", flat=True))
    new = {point.fingerprint: point for point in heard.points if point.fingerprint not in known}
    TrackingCheckpoint.objects.bulk_create(
        TrackingCheckpoint(
            shipment=shipment,
            fingerprint=point.fingerprint,
            state=point.state.value,
            reason=point.reason,
            occurred_at=point.at,
            place=point.place[:300],
            country=point.country,
            message=point.message[:300],
            adapter=heard.adapter,
            status_raw=point.status_raw[:80],
            detail_raw=point.detail_raw[:80],
            source=heard.source,
            zone_assumed=point.zone_assumed,
            time_unreadable=point.time_unreadable,
            is_summary=point.is_summary,
            by_id=actor.user_id,
            by_name=actor.name[:120],
        )
        for point in new.values()
    )
    return len(new)


def _list_words(heard: Heard) -> None:
    """Count the words that nobody knows, for the person who maps them."""
    for one in dict.fromkeys(heard.unknown):
        shown = one.split(":", 1)[-1][:80]
        word = vocabulary.plain(shown)[:80]
        if not word:
            continue
        text = next((point.message for point in heard.points if shown in (point.status_raw, point.detail_raw)), "")
        row, made = CarrierWord.objects.get_or_create(
            adapter=heard.adapter, word=word, defaults={"shown": shown, "message": text[:300]}
        )
        if not made:
            CarrierWord.objects.filter(pk=row.pk).update(times=F("times") + 1, last_seen_at=timezone.now())


def _take_days(shipment: Shipment, heard: Heard) -> bool:
    """The carrier's expected day. True when it is later than what was expected until now."""
    if heard.signed_by:
        shipment.signed_by = heard.signed_by[:80]
    wanted = heard.expected_on
    if wanted is None or wanted == shipment.expected_on or shipment.state not in states.OPEN:
        return False
    later = shipment.expected_on is not None and wanted > shipment.expected_on
    shipment.expected_on = wanted
    shipment.first_expected_on = shipment.first_expected_on or wanted
    shipment.save(update_fields=["expected_on", "first_expected_on"])
    return later


def _promise_anew(actor: Actor, order: Order, shipment: Shipment) -> None:
    """The carrier names a later day than we promised: the customer hears the new one, with the reason."""
    order.refresh_from_db()
    day = shipment.expected_on
    if shipment.to_branch_id or day is None or order.promised_on is None or day <= order.promised_on:
        return
    if order.state not in ("ready", "shipped") or day < orders.today(order.branch):
        return
    why = wording.problem(shipment.state, shipment.reason) or _("The carrier expects to deliver later.")
    order_verbs.promise_anew(actor, order, day, "carrier", why)


def recompute(actor: Actor, order: Order, shipment: Shipment, now: datetime) -> Merged:
    """Both are locked. State, reason, place and flags out of all checkpoints; then order, messages and cases follow."""
    merged = merging.merge(checkpoints_of(shipment), now)
    before = (shipment.state, shipment.reason)
    _apply(actor, order, shipment, merged)
    common.save(shipment)
    if (shipment.state, shipment.reason) != before:
        _tell(actor, shipment, merged, before[0])
        trouble.open_for(actor, shipment)
    if shipment.state != before[0]:
        _follow(actor, order, shipment)
    return merged


def checkpoints_of(shipment: Shipment) -> list[Checkpoint]:
    """Everything that was said, read again where a word has been taught since."""
    rows = list(shipment.checkpoints.all())
    adapters = {row.adapter for row in rows if row.state == State.UNKNOWN and row.adapter in ADAPTERS}
    taught = {adapter: taught_words.taught(adapter) for adapter in adapters}
    return [to_point(row, taught) for row in rows]


def to_point(row: TrackingCheckpoint, taught: dict[str, Taught]) -> Checkpoint:
    state, reason = State(row.state), row.reason
    if row.adapter in taught and state == State.UNKNOWN:
        again = vocabulary.understand(
            ADAPTERS[row.adapter].vocabulary, row.status_raw, row.detail_raw, taught[row.adapter]
        )
        state, reason = again.state, again.reason
    return Checkpoint(
        row.fingerprint, state, reason, row.occurred_at, row.place, row.message, row.status_raw, row.detail_raw,
        row.zone_assumed, row.time_unreadable, row.is_summary, row.country,
    )  # fmt: skip


def _apply(actor: Actor, order: Order, shipment: Shipment, merged: Merged) -> None:
    shipment.contradiction = bool(merged.contradictions)
    shipment.place = merged.place[:200]
    heard = [point.at for point in merged.history if point.at and point.fingerprint not in merged.future]
    shipment.last_word_at = max(heard, default=None)
    if shipment.state == ShipmentState.CANCELLED or merged.state in _EARLY:
        return
    if shipment.state == ShipmentState.PACKED:
        # The carrier has scanned it before anybody said that it left.
        packing.leave(actor, order, shipment)
    cancelled = merged.state == State.CANCELLED
    state = ShipmentState.EXCEPTION if cancelled else ShipmentState(merged.state.value)
    reason = "cancelled_by_carrier" if cancelled else merged.reason
    if (state, reason) != (shipment.state, shipment.reason):
        shipment.state, shipment.reason = state, reason
        shipment.state_at = merged.at or timezone.now()
    shipment.delivered_at = shipment.state_at if state == ShipmentState.DELIVERED else None


def _tell(actor: Actor, shipment: Shipment, merged: Merged, before: str) -> None:
    """One event for the new state: the one that a message hangs on, or a quiet one."""
    said = Said(
        reason_code=shipment.reason,
        old={"state": str(ShipmentState(before).label)},
        new={"state": str(shipment.get_state_display())},
        occurred_at=merged.at,
    )
    new = [] if shipment.to_branch_id else merging.messages(merged, shipment.told)
    for word in new:
        shipment.told = [*shipment.told, word]
        shipment.save(update_fields=["told"])
        common.tell(f"shipment.{word.split(':')[0]}", actor, shipment, said)
    if not new:
        common.tell("shipment.moved", actor, shipment, said)


def _follow(actor: Actor, order: Order, shipment: Shipment) -> None:
    if shipment.to_branch_id:
        if shipment.state == ShipmentState.DELIVERED:
            arrive(actor, order, shipment)
        return
    if shipment.state in (ShipmentState.RETURNING, ShipmentState.RETURNED):
        order_steps.take_back(actor, order.pk, _("The parcel %(number)s came back.") % {"number": shipment.number})
        return
    packing.follow_order(actor, order)


def arrive(actor: Actor, order: Order, shipment: Shipment) -> None:
    """The parcel is in the branch where the glasses are collected from now on."""
    order.refresh_from_db()
    if shipment.to_branch is None or order.collect_branch_id == shipment.to_branch_id:
        return
    old = order.collect_branch.name
    order.collect_branch = shipment.to_branch
    orders.save(order)
    said = orders.Said(old={"collect_at": old}, new={"collect_at": shipment.to_branch.name})
    orders.tell("order.collect_branch_changed", actor, order, said)


@dataclass(frozen=True)
class ByHand:
    """What a person saw on the carrier's page or heard on the phone. `at` is when it happened."""

    state: str
    at: datetime
    reason: str = ""
    place: str = ""
    message: str = ""
    signed_by: str = ""


def hand_points(said: Iterable[ByHand]) -> list[Checkpoint]:
    """Checkpoints of a person's words, with fingerprints like the carriers'."""
    return [_hand_point(one) for one in said]


def _hand_point(one: ByHand) -> Checkpoint:
    said = Checkpoint(
        "",
        State(one.state),
        one.reason,
        one.at.astimezone(UTC),
        one.place.strip(),
        one.message.strip(),
        one.state,
        one.reason,
    )
    return fingerprint_of(said)


@transaction.atomic
def say(actor: Actor, shipment_id: int, one: ByHand) -> Shipment:
    """A person says where the parcel is. Raises DomainError for a parcel that never left, or a time ahead."""
    _order, shipment = common.open_for(actor, Can.SHIP_ORDERS, shipment_id)
    if shipment.state == ShipmentState.CANCELLED:
        raise DomainError(_("This parcel was unpacked before it left."), code="ended")
    if one.at > timezone.now() + timedelta(minutes=5):
        message = _("This lies ahead. Enter when it happened.")
        raise DomainError(message, fields={"at": message}, code="future")
    heard = Heard(hand_points([one]), CheckpointSource.HAND, signed_by=one.signed_by)
    if not hear(actor, shipment.pk, heard):
        raise DomainError(_("This has been said already."), code="said")
    shipment.refresh_from_db()
    return shipment
