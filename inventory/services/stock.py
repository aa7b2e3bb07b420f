"""Stock of frames: receive, hold for a reference, give back, sell, correct."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from catalogue.models import Frame
from core.actor import Actor
from core.errors import DomainError
from inventory.models import Movement, Reservation, ReservationState, StockEntry, StockItem
from inventory.services import ledger
from inventory.services.ledger import Posting
from records import events
from records.models import Event
from records.services import changes
from records.services.changes import Change, FieldChange

CORRECTIONS = (Movement.DAMAGED, Movement.RETURNED, Movement.TO_SUPPLIER)
OUTWARD = (Movement.DAMAGED, Movement.TO_SUPPLIER)
MOST_AT_ONCE = 1000


@dataclass(frozen=True)
class Delivery:
    """One frame of a delivery. `reference` is the supplier's delivery note."""

    frame_id: int
    quantity: int
    unit_cost: Decimal | None = None
    reference: str = ""


@transaction.atomic
def receive(
    actor: Actor, branch_id: int, frame_id: int, quantity: int, unit_cost: Decimal | None = None, reference: str = ""
) -> StockItem:
    """Put delivered frames into a branch's stock. Raises DomainError for a quantity that is not 1 to 1,000."""
    return receive_all(actor, branch_id, [Delivery(frame_id, quantity, unit_cost, reference)])[0]


@transaction.atomic
def receive_all(actor: Actor, branch_id: int, deliveries: Sequence[Delivery]) -> list[StockItem]:
    """A whole delivery at once: everything is put into stock or nothing."""
    access.require(actor, Can.MANAGE_STOCK, branch_id)
    return [_receive(actor, branch_id, delivery) for delivery in sorted(deliveries, key=lambda one: one.frame_id)]


def _receive(actor: Actor, branch_id: int, delivery: Delivery) -> StockItem:
    if not 0 < delivery.quantity <= MOST_AT_ONCE:
        message = _("Enter a quantity from 1 to %(most)d.") % {"most": MOST_AT_ONCE}
        raise DomainError(message, code="invalid", fields={"quantity": message})
    item = ledger.item_of(branch_id, delivery.frame_id)
    posting = Posting(Movement.RECEIVED, delivery.quantity, delivery.reference, unit_cost=delivery.unit_cost)
    ledger.post(item, posting, actor)
    item.refresh_from_db()
    _tell("stock.received", actor, item, delivery.quantity, delivery.reference)
    return item


@transaction.atomic
def reserve(actor: Actor, branch_id: int, frame_id: int, reference: str) -> Reservation:
    """Hold one piece for a reference such as `orders.framechoice:12`; two people cannot hold the last one.

    Asked again for the same frame it answers with what is held. Raises DomainError `sold_out`, which names the
    branches that have it, and `held_elsewhere` when the reference holds another frame.
    """
    access.require(actor, Can.EDIT_ORDERS, branch_id)
    held = _held(reference)
    if held and (held.item.branch_id, held.item.frame_id) == (branch_id, frame_id):
        return held
    if held:
        raise DomainError(_("Give the other frame back first."), code="held_elsewhere")
    if not _take_one(branch_id, frame_id):
        raise _sold_out(branch_id, frame_id)
    item = StockItem.objects.get(branch_id=branch_id, frame_id=frame_id)
    reservation = Reservation.objects.create(item=item, reference=reference, held_by_id=actor.user_id)
    _tell("stock.reserved", actor, item, 1, reference)
    return reservation


@transaction.atomic
def swap(actor: Actor, branch_id: int, frame_id: int, reference: str) -> Reservation:
    """Hold another frame in place of the one held; the former stays held when the new one is sold out.

    Both stock rows are locked in the order of their ids, so that two people who swap the same two frames cannot block
    each other.
    """
    held = _held(reference)
    if held and (held.item.branch_id, held.item.frame_id) == (branch_id, frame_id):
        return held
    wanted = StockItem.objects.filter(branch_id=branch_id, frame_id=frame_id)
    both = wanted | StockItem.objects.filter(pk__in=[held.item_id] if held else [])
    list(both.order_by("pk").select_for_update().values_list("pk"))
    release(actor, reference)
    return reserve(actor, branch_id, frame_id, reference)


def _take_one(branch_id: int, frame_id: int) -> bool:
    """One statement decides who gets the last piece: no read before the write."""
    free = StockItem.objects.filter(branch_id=branch_id, frame_id=frame_id, on_hand__gt=F("reserved"))
    return bool(free.update(reserved=F("reserved") + 1))


def _held(reference: str) -> Reservation | None:
    return (
        Reservation.objects.select_for_update(of=("self",))
        .filter(reference=reference, state=ReservationState.HELD)
        .select_related("item")
        .first()
    )


def _sold_out(branch_id: int, frame_id: int) -> DomainError:
    others = StockItem.objects.filter(frame_id=frame_id, on_hand__gt=F("reserved")).exclude(branch_id=branch_id)
    places = ", ".join(f"{item.branch} {item.available}" for item in others.select_related("branch"))
    frame = Frame.objects.get(pk=frame_id)
    if places:
        message = _("No %(frame)s is free here. In stock: %(places)s.") % {"frame": frame, "places": places}
    else:
        message = _("No %(frame)s is free in any branch.") % {"frame": frame}
    return DomainError(message, code="sold_out", fields={"frame": message})


@transaction.atomic
def release(actor: Actor, reference: str) -> Reservation | None:
    """Give back what a reference holds; None when it holds nothing, so that giving back twice is harmless."""
    held = _held(reference)
    if held is None:
        return None
    access.require(actor, Can.VIEW_STOCK, held.item.branch_id)
    StockItem.objects.filter(pk=held.item_id).update(reserved=F("reserved") - held.quantity)
    _end(held, ReservationState.RELEASED)
    _tell("stock.released", actor, held.item, held.quantity, reference)
    return held


@transaction.atomic
def consume(actor: Actor, reference: str) -> Reservation:
    """The held piece leaves the stock for good. Raises DomainError `not_held` when the reference holds nothing."""
    held = _held(reference)
    if held is None:
        raise DomainError(_("No frame is held for this order."), code="not_held")
    access.require(actor, Can.VIEW_STOCK, held.item.branch_id)
    StockItem.objects.filter(pk=held.item_id).update(
        reserved=F("reserved") - held.quantity, on_hand=F("on_hand") - held.quantity
    )
    ledger.append(held.item, Posting(Movement.SOLD, -held.quantity, reference), actor)
    _end(held, ReservationState.CONSUMED)
    _tell("stock.sold", actor, held.item, held.quantity, reference)
    return held


def _end(reservation: Reservation, state: ReservationState) -> None:
    reservation.state = state
    reservation.ended_at = timezone.now()
    reservation.save(update_fields=["state", "ended_at"])


@transaction.atomic
def adjust(actor: Actor, item_id: int, movement: Movement, quantity: int, reason: str) -> StockEntry:
    """Correct the stock: damaged, back to the supplier, returned by a customer. `quantity` is how many pieces.

    Raises DomainError without a reason, for a quantity below 1, and `too_few` when fewer are free.
    """
    item = StockItem.objects.select_for_update().get(pk=item_id)
    access.require(actor, Can.MANAGE_STOCK, item.branch_id)
    _check_correction(movement, quantity, reason)
    signed = -quantity if movement in OUTWARD else quantity
    entry = ledger.post(item, Posting(movement, signed, reason=reason.strip()), actor)
    _tell("stock.adjusted", actor, item, signed, reason=reason.strip())
    return entry


@transaction.atomic
def write_off_held(actor: Actor, reservation_id: int, movement: Movement, reason: str) -> StockEntry:
    """A piece that is held for somebody broke or goes back: the stock loses it, and whoever it was held for hears of it.

    What rests on the reservation is told first, so that orders and jobs are locked before the stock. Raises DomainError
    `not_held` when it was sold or given back meanwhile, and at the fields without a reason.
    """
    found = Reservation.objects.select_related("item__frame", "item__branch").filter(pk=reservation_id).first()
    if found is None:
        raise DomainError(_("Nothing is held here any more."), code="not_held")
    item = found.item
    access.require(actor, Can.MANAGE_STOCK, item.branch_id)
    _check_correction(movement, found.quantity, reason)
    if movement not in OUTWARD:
        message = _("A held piece is written off as damaged or back to the supplier.")
        raise DomainError(message, fields={"movement": message}, code="invalid")
    event = _tell("stock.reservation_lost", actor, item, -found.quantity, found.reference, reason.strip())
    lost = FieldChange(
        "state", _("frame held, %(frame)s") % {"frame": item.frame}, _("held"), str(movement.label).lower()
    )
    changes.announce(found, Change([lost], movement.value, reason.strip(), event), actor)
    return _write_off(actor, found.reference, Posting(movement, -found.quantity, found.reference, reason.strip()))


def _write_off(actor: Actor, reference: str, posting: Posting) -> StockEntry:
    held = _held(reference)
    if held is None:
        raise DomainError(_("Nothing is held here any more."), code="not_held")
    StockItem.objects.filter(pk=held.item_id).update(
        reserved=F("reserved") - held.quantity, on_hand=F("on_hand") - held.quantity
    )
    entry = ledger.append(held.item, posting, actor)
    _end(held, ReservationState.LOST)
    return entry


def _check_correction(movement: Movement, quantity: int, reason: str) -> None:
    faults = {}
    if movement not in CORRECTIONS:
        faults["movement"] = _("Choose what happened to the frame.")
    if not 0 < quantity <= MOST_AT_ONCE:
        faults["quantity"] = _("Enter a quantity from 1 to %(most)d.") % {"most": MOST_AT_ONCE}
    if not reason.strip():
        faults["reason"] = _("Say why the stock is corrected.")
    if faults:
        raise DomainError(_("The correction is not complete."), code="invalid", fields=faults)


@dataclass(frozen=True)
class TakenBack:
    """One frame that a customer returned. `then` says what became of it at once; None: it can be sold again."""

    branch_id: int
    frame_id: int
    reference: str
    then: Movement | None = None


@transaction.atomic
def take_back(actor: Actor, back: TakenBack) -> StockEntry:
    """Book a returned frame in and, when nobody can sell it, out again: both lines name the reference.

    Called by the verb that inspected it and checked the right. Answers with the last line.
    """
    access.require(actor, Can.VIEW_STOCK, back.branch_id)
    item = ledger.item_of(back.branch_id, back.frame_id)
    entry = ledger.post(item, Posting(Movement.RETURNED, 1, back.reference), actor)
    _tell("stock.returned", actor, item, 1, back.reference)
    if back.then is not None:
        entry = ledger.post(item, Posting(back.then, -1, back.reference, reason=back.reference), actor)
        _tell("stock.adjusted", actor, item, -1, back.reference, back.reference)
    return entry


@transaction.atomic
def set_minimum(actor: Actor, item_id: int, minimum: int, location: str) -> StockItem:
    """From which number on a frame counts as low, and where it lies in the shop."""
    item = StockItem.objects.select_for_update().get(pk=item_id)
    access.require(actor, Can.MANAGE_STOCK, item.branch_id)
    old = {"minimum": item.minimum, "location": item.location}
    item.minimum, item.location = minimum, location
    item.save(update_fields=["minimum", "location"])
    fact = events.Fact(item, item.branch_id, old=old, new={"minimum": minimum, "location": location})
    events.record("stock.minimum_changed", actor, fact)
    return item


def _tell(kind: str, actor: Actor, item: StockItem, quantity: int, reference: str = "", reason: str = "") -> Event:
    data = {"frame": item.frame_id, "quantity": quantity, "reference": reference}
    return events.record(kind, actor, events.Fact(item, item.branch_id, reason=reason, data=data))
