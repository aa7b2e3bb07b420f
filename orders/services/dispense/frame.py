"""Choose the frame: from stock (held for the order), to come, the customer's own, or lenses only. And the tray to compare."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import Frame, FrameMaterial, Mount
from core.actor import Actor
from core.errors import DomainError, Problems
from core.formats import number
from inventory.models import Reservation, ReservationState
from inventory.services import stock
from orders import resting
from orders.models import FrameChoice, FrameStatus, Order, TrayFrame
from orders.services.dispense import common
from orders.services.dispense.common import NO_REASON, Changed, Why
from records.events import type_of
from records.services import reviews

FROM_CATALOGUE = (FrameStatus.SUPPLY, FrameStatus.TO_COME)
SIZE_LIMITS = {
    "a_mm": (Decimal(30), Decimal(75)),
    "b_mm": (Decimal(15), Decimal(70)),
    "dbl_mm": (Decimal(8), Decimal(35)),
    "ed_mm": (Decimal(30), Decimal(95)),
}
SIZES = tuple(SIZE_LIMITS)
MOST_ON_A_TRAY = 6


@dataclass(frozen=True)
class OwnFrame:
    """The customer's own frame as measured here, in mm."""

    description: str
    a_mm: Decimal | None = None
    b_mm: Decimal | None = None
    dbl_mm: Decimal | None = None
    ed_mm: Decimal | None = None
    mount: str = Mount.FULL_RIM
    material: str = FrameMaterial.OTHER
    liability_waived: bool = False


@dataclass(frozen=True)
class FrameData:
    """What is chosen. `frame_id` for frames of the catalogue, `own` for the customer's."""

    status: str = FrameStatus.SUPPLY
    frame_id: int | None = None
    own: OwnFrame | None = None


@transaction.atomic
def choose_frame(
    actor: Actor, order_id: int, data: FrameData, version: int | None = None, why: Why = NO_REASON
) -> FrameChoice:
    """Choose or replace the order's frame. A frame from stock is held for the order; the one before is given back.

    Raises DomainError `sold_out` (naming the branches that have it) or at the fields, StaleRecord for an old version.
    """
    order = common.open_order(actor, order_id, why)
    choice = FrameChoice.objects.select_for_update(of=("self",)).select_related("frame").filter(order=order).first()
    before = readable(choice) if choice else {}
    choice = choice or FrameChoice(**common.recorded(actor, order))
    values = _values(data)
    common.require_fresh(choice, version, _wish(values), before)
    if before and not _moves(choice, values):
        return _held_again(actor, order, choice, why)
    for name, value in values.items():
        setattr(choice, name, value)
    _hold(actor, order, choice)
    choice.version += 1
    choice.save()
    if choice.frame is not None:
        TrayFrame.objects.get_or_create(order=order, frame=choice.frame)
    facts = {"frame": choice.frame_id, "status": choice.status, "reservation": choice.reservation_reference}
    common.tell("order.frame_chosen", actor, Changed(order, choice, before, readable(choice), facts), why)
    reviews.settle(order, resting.FRAME_LOST, actor, why.text)
    return choice


def _held_again(actor: Actor, order: Order, choice: FrameChoice, why: Why) -> FrameChoice:
    """The same frame chosen once more: another piece of it is held when the first was written off."""
    reference = choice.reservation_reference
    lost = Reservation.objects.filter(reference=reference, state=ReservationState.LOST)
    held = Reservation.objects.filter(reference=reference, state=ReservationState.HELD)
    if reference and lost.exists() and not held.exists() and choice.frame_id is not None:
        stock.swap(actor, order.branch_id, choice.frame_id, reference)
        reviews.settle(order, resting.FRAME_LOST, actor, why.text)
    return choice


def _values(data: FrameData) -> dict[str, Any]:
    if data.status in FROM_CATALOGUE:
        return _from_catalogue(data)
    if data.status == FrameStatus.PATIENT_OWN:
        return _own(data.own or OwnFrame(""))
    if data.status == FrameStatus.LENSES_ONLY:
        own = data.own or OwnFrame("")
        sizes = {name: getattr(own, name) for name in SIZES}
        return _blank() | sizes | {"status": FrameStatus.LENSES_ONLY, "description": own.description.strip()[:120]}
    raise DomainError(_("Choose where the frame comes from."), fields={"status": _("Choose one.")}, code="invalid")


def _blank() -> dict[str, Any]:
    empty = dict.fromkeys(SIZES)
    return {"frame": None, "description": "", "mount": "", "material": "", "trace": None, **empty} | {
        "liability_waived_at": None
    }


def _from_catalogue(data: FrameData) -> dict[str, Any]:
    frame = Frame.objects.filter(pk=data.frame_id).first() if data.frame_id else None
    if frame is None:
        message = _("Scan or choose a frame.")
        raise DomainError(message, fields={"frame": message}, code="frame_missing")
    if data.status == FrameStatus.TO_COME and frame.is_discontinued:
        message = _("%(frame)s is discontinued and cannot be ordered any more.") % {"frame": frame}
        raise DomainError(message, fields={"frame": message}, code="discontinued")
    return _blank() | {
        "status": FrameStatus(data.status),
        "frame": frame,
        "mount": frame.mount,
        "material": frame.material,
        "trace": frame.trace,
        **{name: getattr(frame, name) for name in SIZES},
    }


def _own(own: OwnFrame) -> dict[str, Any]:
    problems = Problems()
    if not own.description.strip():
        problems.add("description", _("Describe the frame: brand, model, colour, condition."))
    for name, message in _size_faults(own):
        problems.add(name, message)
    if not own.liability_waived:
        problems.add("liability_waived", _("The customer must accept that their own frame may break."))
    problems.raise_if_any(_("The customer's own frame is not fully described."))
    return _blank() | {
        "status": FrameStatus.PATIENT_OWN,
        "description": own.description.strip()[:120],
        "mount": own.mount,
        "material": own.material,
        "liability_waived_at": timezone.now(),
        **{name: getattr(own, name) for name in SIZES},
    }


def _size_faults(own: OwnFrame) -> Iterator[tuple[str, str]]:
    for name, (least, most) in SIZE_LIMITS.items():
        value: Decimal | None = getattr(own, name)
        if value is None:
            yield name, _("Measure and enter this.")
        elif not least <= value <= most:
            yield name, _("Enter %(least)s to %(most)s mm.") % {"least": number(least, 0), "most": number(most, 0)}
    if own.ed_mm is not None and own.a_mm is not None and own.ed_mm < own.a_mm:
        yield "ed_mm", _("The effective diameter is at least as large as A.")


def _moves(choice: FrameChoice, values: dict[str, Any]) -> bool:
    """Whether anything differs; the moment of the waiver is not a difference."""
    return any(getattr(choice, name) != value for name, value in values.items() if name != "liability_waived_at")


def _hold(actor: Actor, order: Order, choice: FrameChoice) -> None:
    """Stock last: hold the new frame, or give the former back."""
    if not choice.pk:
        _save_for_its_id(choice)
    reference = f"{type_of(choice)}:{choice.pk}"
    if choice.status == FrameStatus.SUPPLY and choice.frame_id is not None:
        stock.swap(actor, order.branch_id, choice.frame_id, reference)
        choice.reservation_reference, choice.stock_branch = reference, order.branch
    else:
        stock.release(actor, reference)
        choice.reservation_reference, choice.stock_branch = "", None


def _save_for_its_id(choice: Any) -> None:
    """The reservation names the row, so the row comes first; its history begins with the complete version 1."""
    choice.skip_history_when_saving = True
    choice.save()
    del choice.skip_history_when_saving


def readable(choice: FrameChoice) -> dict[str, str]:
    """The choice as a person reads it, by field."""
    sizes = (choice.a_mm, choice.b_mm, choice.dbl_mm, choice.ed_mm)
    return {
        "frame": _named(choice.frame, choice.description),
        "status": str(FrameStatus(choice.status).label),
        "size": " × ".join(number(size) for size in sizes),
    }


def _wish(values: dict[str, Any]) -> dict[str, str]:
    return {"frame": _named(values["frame"], values["description"]), "status": str(values["status"].label)}


def _named(frame: Frame | None, description: str) -> str:
    return f"{frame} {frame.size_mark}" if frame else description


@transaction.atomic
def add_to_tray(actor: Actor, order_id: int, frame_id: int) -> TrayFrame:
    """Lay a frame on the customer's tray. Raises DomainError when the tray is full or the frame unknown."""
    order = common.open_order(actor, order_id, Why(text=_("Compared on the tray")))
    if not Frame.objects.filter(pk=frame_id).exists():
        message = _("Scan or choose a frame.")
        raise DomainError(message, fields={"frame": message}, code="frame_missing")
    laid, made = TrayFrame.objects.get_or_create(order=order, frame_id=frame_id)
    if made and order.tray.count() > MOST_ON_A_TRAY:
        message = _("At most %(most)d frames lie on a tray. Take one off first.") % {"most": MOST_ON_A_TRAY}
        raise DomainError(message, fields={"frame": message}, code="tray_full")
    return laid


@transaction.atomic
def take_off_tray(actor: Actor, order_id: int, frame_id: int) -> None:
    """Take a frame off the tray. Raises DomainError for the frame that is chosen."""
    order = common.open_order(actor, order_id, Why(text=_("Compared on the tray")))
    if FrameChoice.objects.filter(order=order, frame_id=frame_id).exists():
        raise DomainError(_("This frame is chosen. Choose another one first."), code="chosen")
    TrayFrame.objects.filter(order=order, frame_id=frame_id).delete()
