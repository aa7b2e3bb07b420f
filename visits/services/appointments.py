"""Book a time, move it, cancel it, note that nobody came. The database itself refuses two people in one chair."""

import zoneinfo
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from branches import access
from branches.models import Branch, User
from branches.roles import Can
from core.actor import Actor
from core.errors import Clash, DomainError, NotVisible, StaleRecord
from core.formats import dated
from customers.services.customers import lock as lock_customer
from records import events, saving
from visits import states
from visits.models import Appointment, AppointmentState
from visits.services import slots
from visits.services.slots import Slot


@dataclass(frozen=True)
class Booking:
    """What the customer comes for, in a slot."""

    branch_id: int
    customer_id: int
    kind: str
    slot: Slot
    note: str = ""


def book(actor: Actor, booking: Booking, at: datetime | None = None) -> Appointment:
    """Take a time. Raises DomainError at the field when it is taken, closed or past; `at` is the clock of the edge."""
    access.require(actor, Can.MANAGE_VISITS, booking.branch_id)
    now = at or timezone.now()
    with transaction.atomic():
        customer = lock_customer(booking.customer_id)
        branch = Branch.objects.get(pk=booking.branch_id)
        slots.check(branch, booking.slot, booking.kind, now)
        appointment = Appointment(
            branch=branch,
            customer=customer,
            clinician_id=booking.slot.clinician_id,
            room_id=booking.slot.room_id,
            kind=booking.kind,
            period=DateTimeTZRange(booking.slot.starts_at, booking.slot.ends_at),
            note=booking.note.strip()[:200],
        )
        saving.start(appointment, actor)
        take(appointment, actor, "")
        _tell("booked", appointment, actor, at, new={"period": when(appointment)})
    return appointment


def move(actor: Actor, appointment_id: int, version: int, slot: Slot, at: datetime | None = None) -> Appointment:
    """Another time, person or room; the earlier one stays in the history."""
    now = at or timezone.now()
    with transaction.atomic():
        appointment = lock(appointment_id)
        access.require(actor, Can.MANAGE_VISITS, appointment.branch_id)
        states.APPOINTMENT.step("move", appointment.state)
        if appointment.version != version:
            raise _stale(appointment, slot)
        slots.check(appointment.branch, slot, appointment.kind, now)
        old = {"period": when(appointment), "clinician": appointment.clinician.full_name}
        appointment.clinician_id, appointment.room_id = slot.clinician_id, slot.room_id
        appointment.period = DateTimeTZRange(slot.starts_at, slot.ends_at)
        appointment.reminder_sent_at = None
        take(appointment, actor, "")
        appointment.refresh_from_db(fields=["clinician"])
        new = {"period": when(appointment), "clinician": appointment.clinician.full_name}
        _tell("moved", appointment, actor, at, old=old, new=new)
    return appointment


@transaction.atomic
def cancel(actor: Actor, appointment_id: int, reason: str, at: datetime | None = None) -> Appointment:
    """Give the time back. Needs a reason."""
    appointment = _leave(actor, appointment_id, "cancel")
    if not reason.strip():
        raise DomainError(_("Say why the appointment is cancelled."), fields={"reason": _("Enter a reason.")})
    appointment.state = AppointmentState.CANCELLED
    appointment.cancelled_reason = reason.strip()[:200]
    saving.save(appointment, actor, reason)
    _tell("cancelled", appointment, actor, at, reason=reason.strip())
    return appointment


@transaction.atomic
def no_show(actor: Actor, appointment_id: int, at: datetime | None = None) -> Appointment:
    """Nobody came. Only once the time has begun."""
    appointment = _leave(actor, appointment_id, "no_show")
    if (at or timezone.now()) < appointment.period.lower:
        raise DomainError(_("The time of this appointment has not come yet."), code="too_early")
    appointment.state = AppointmentState.NO_SHOW
    saving.save(appointment, actor)
    _tell("no_show", appointment, actor, at)
    return appointment


def undo_no_show(actor: Actor, appointment_id: int) -> Appointment:
    """Taken for absent by mistake: the time is booked again, unless somebody else has it by now."""
    with transaction.atomic():
        appointment = _leave(actor, appointment_id, "undo_no_show")
        appointment.state = AppointmentState.BOOKED
        take(appointment, actor, "")
        _tell("rebooked", appointment, actor, None)
    return appointment


def lock(appointment_id: int) -> Appointment:
    """The row, held until the transaction ends. Raises NotVisible."""
    found = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("branch", "customer", "clinician")
        .filter(pk=appointment_id)
        .first()
    )
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def _leave(actor: Actor, appointment_id: int, verb: str) -> Appointment:
    appointment = lock(appointment_id)
    access.require(actor, Can.MANAGE_VISITS, appointment.branch_id)
    states.APPOINTMENT.step(verb, appointment.state)
    return appointment


def when(appointment: Appointment) -> str:
    """`Thu 26 Nov 2026 14:30` in the branch's zone."""
    local = appointment.period.lower.astimezone(zoneinfo.ZoneInfo(appointment.branch.time_zone))
    return f"{dated(local, 'D j M Y')} {local:%H:%M}"


def _stale(appointment: Appointment, yours: Slot) -> StaleRecord:
    """Somebody moved it first: day, time and person on both sides, where they differ."""
    zone = zoneinfo.ZoneInfo(appointment.branch.time_zone)
    theirs, wanted = appointment.period.lower.astimezone(zone), yours.starts_at.astimezone(zone)
    person = User.objects.filter(pk=yours.clinician_id).first()
    sides = (
        ("day", _("Day"), f"{theirs:%Y-%m-%d}", f"{wanted:%Y-%m-%d}"),
        ("starts_at", pgettext("clock", "Time"), f"{theirs:%H:%M}", f"{wanted:%H:%M}"),
        ("clinician", _("With"), appointment.clinician.full_name, person.full_name if person else ""),
    )
    return StaleRecord(
        _("Somebody else changed this appointment. Choose what to keep, then save again."),
        clashes=[Clash(field, label, "", stored, typed) for field, label, stored, typed in sides],
        current_version=appointment.version,
    )


def _tell(
    what: str,
    appointment: Appointment,
    actor: Actor,
    at: datetime | None,
    *,
    reason: str = "",
    old: dict[str, str] | None = None,
    new: dict[str, str] | None = None,
) -> None:
    data = {"appointment": appointment.pk, "kind": appointment.kind, "starts_at": appointment.period.lower.isoformat()}
    events.record(
        f"appointment.{what}",
        actor,
        events.Fact(
            appointment,
            appointment.branch_id,
            appointment.customer_id,
            reason=reason,
            old=old or {},
            new=new or {},
            data=data,
            occurred_at=at,
        ),
    )


def take(appointment: Appointment, actor: Actor, reason: str) -> None:
    """Save under the exclusion constraints; two at once: the second is told who has the time."""
    try:
        with transaction.atomic():
            saving.save(appointment, actor, reason)
    except IntegrityError as error:
        if "not_double_booked" not in str(error):
            raise
        raise _taken(appointment, "room_not" in str(error)) from error
    except OperationalError as error:
        # Two exclusion checks can wait for each other; the database ends one of them as a deadlock.
        if getattr(error.__cause__, "sqlstate", "") != "40P01":
            raise
        raise _taken(appointment, False) from error


def _taken(appointment: Appointment, is_room: bool) -> DomainError:
    field, value = ("room", appointment.room_id) if is_room else ("clinician", appointment.clinician_id)
    other = clashing(appointment, field, value)
    if is_room:
        words = _("This room has just been taken. Choose another room or time.")
    else:
        words = _("This time has just been taken. Choose another.")
    if other:
        words = _("Taken %(from)s–%(to)s for another customer. Choose another time.") % _times(other)
    return DomainError(words, code="taken", fields={"room" if is_room else "starts_at": words})


def _times(other: Appointment) -> dict[str, str]:
    zone = zoneinfo.ZoneInfo(other.branch.time_zone)
    return {
        "from": f"{other.period.lower.astimezone(zone):%H:%M}",
        "to": f"{other.period.upper.astimezone(zone):%H:%M}",
    }


def clashing(appointment: Appointment, field: str, value: int | None) -> Appointment | None:
    """Who has the time: the first appointment of that person or room that overlaps."""
    return (
        Appointment.objects.select_related("branch")
        .filter(**{field: value}, period__overlap=appointment.period, state__in=states.TAKES_TIME)
        .exclude(pk=appointment.pk)
        .order_by("period")
        .first()
    )
