"""The sample practice's day: an agenda around now, some seen, some here, some to come; four people waiting."""

import zoneinfo
from datetime import datetime, time, timedelta

from branches.models import Branch, Room, User
from core.actor import Actor
from demo import clock
from demo.acting import acting
from demo.customers import named, person
from visits import hours
from visits.models import AppointmentKind
from visits.services import appointments, visits
from visits.services.appointments import Booking
from visits.services.slots import Slot

K = AppointmentKind

# Minutes from the quarter hour before now; who; kind; minutes; note; how far it has come.
_AGENDA: dict[str, tuple[tuple[int, str, str, AppointmentKind, int, str, str], ...]] = {
    "naledi": (
        (-45, "Ashwin", "Pillay", K.EYE_TEST, 30, "", "done"),
        (-15, "Annelie", "Botha", K.EYE_TEST, 30, "dry eyes", "in_test"),
        (15, "Lindiwe", "Nkosi", K.EYE_TEST, 30, "child, 9", "arrived"),
        (45, "Marco", "Ferreira", K.CONTACT_LENS, 30, "", ""),
        (75, "Yusuf", "Abrahams", K.EYE_TEST, 30, "", ""),
    ),
    "lerato": (
        (-45, "Deon", "Smit", K.EYE_TEST, 15, "call him", "no_show"),
        (-30, "Tolu", "Adeyemi", K.EYE_TEST, 30, "pressure check", "done"),
        (0, "Ilse", "Van der Merwe", K.EYE_TEST, 30, "headaches", "in_test"),
        (30, "Priya", "Chetty", K.EYE_TEST, 30, "first visit", ""),
        (75, "Naeem", "Jacobs", K.EYE_TEST, 45, "diabetic, dilate; ask him not to drive", ""),
        (120, "Bongani", "Hadebe", K.EYE_TEST, 15, "pressure check", ""),
    ),
    "pieter": (
        (-45, "Saras", "Govender", K.COLLECTION, 15, "", "done"),
        (15, "Refilwe", "Khoza", K.FITTING, 30, "progressive", "dispensing"),
        (45, "Elmarie", "Roux", K.COLLECTION, 15, "", ""),
        (75, "Harpreet", "Singh", K.ADJUSTMENT, 15, "", ""),
        (90, "Hendrik", "Van Wyk", K.COLLECTION, 30, "", ""),
    ),
}
_QUEUE = (
    (34, "Sibusiso", "Dlamini", "Broken arm, own frame"),
    (17, "Jeanne", "Marais", "Adjustment"),
    (6, "Chidi", "Okafor", "New customer, eye test today?"),
    (2, "Devi", "Naicker", "Collecting glasses"),
)
_LATER = (
    (1, 9, 0, "naledi", "Zoë", "O’Shaughnessy", K.EYE_TEST),
    (1, 9, 30, "naledi", "ليلى", "العبد الله", K.EYE_TEST),
    (1, 10, 0, "lerato", "José María", "Núñez Ibáñez", K.CONTACT_LENS),
    (2, 11, 0, "pieter", "Hendrik", "Van Wyk", K.COLLECTION),
    (2, 9, 0, "naledi", "Keanu-Nkosiyabo Sandile Mlungisi", "Ntshangase-Van Rensburg", K.EYE_TEST),
    (3, 10, 30, "naledi", "Kagiso", "Mokoena", K.EYE_TEST),
)


def build(now: datetime) -> None:
    """Rosebank's day around now. Made by the desk; times the shop is closed are marked as outside its hours."""
    branch = Branch.objects.get(code="RSB")
    desk = acting("zanele", "RSB")
    _earlier(desk, branch, now)
    start = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    rooms = list(Room.objects.filter(branch=branch).order_by("name"))
    room_of = {"naledi": rooms[0], "lerato": rooms[1], "pieter": None}
    for name, rows in _AGENDA.items():
        for row in rows:
            _appointment(desk, branch, (person(name), room_of[name]), row, start, now)
    for minutes, given, family, reason in _QUEUE:
        visits.walk_in(desk, branch.pk, named(given, family).pk, reason, at=now - timedelta(minutes=minutes))
    _coming_days(desk, branch, now)


def _earlier(desk: Actor, branch: Branch, now: datetime) -> None:
    """Thandi Mokoena's visits of two years and of two working days ago: her orders and prescriptions hang on these days."""
    zone = zoneinfo.ZoneInfo(branch.time_zone)
    thandi = named("Thandi", "Mokoena")
    tester = acting("naledi", "RSB")
    long_ago = (now - timedelta(days=770)).astimezone(zone).date()
    for day in (long_ago, clock.working_day(branch, now, 2)):
        came = hours.at(day, time(10, 5), zone)
        visit = visits.walk_in(desk, branch.pk, thandi.pk, "Eye test", at=came)
        visits.start_test(tester, visit.pk, at=came + timedelta(minutes=20))
        visits.start_dispensing(desk, visit.pk, at=came + timedelta(minutes=55))
        visits.end(desk, visit.pk, "Ordered", at=came + timedelta(minutes=125))


def _appointment(
    desk: Actor, branch: Branch, who: tuple[User, Room | None], row: tuple[int, str, str, AppointmentKind, int, str, str],
    start: datetime, now: datetime,
) -> None:  # fmt: skip
    offset, given, family, kind, minutes, note, far = row
    begins = start + timedelta(minutes=offset)
    slot = Slot(begins, minutes, who[0].pk, who[1].pk if who[1] else None, outside_hours=True)
    booked_at = now - timedelta(days=2)
    made = appointments.book(desk, Booking(branch.pk, named(given, family).pk, kind, slot, note), at=booked_at)
    if far == "no_show":
        appointments.no_show(desk, made.pk, at=begins + timedelta(minutes=14))
    elif far:
        _receive(desk, made.pk, far, min(begins, now) - timedelta(minutes=4), begins + timedelta(minutes=minutes))


def _receive(desk: Actor, appointment_id: int, far: str, here: datetime, ends: datetime) -> None:
    visit = visits.arrive(desk, appointment_id, at=here)
    if far == "arrived":
        return
    if far == "dispensing":
        visits.start_dispensing(desk, visit.pk, at=here + timedelta(minutes=3))
        return
    visits.start_test(desk, visit.pk, at=here + timedelta(minutes=4))
    if far == "done":
        visits.end(desk, visit.pk, "Prescription only", at=ends)


def _coming_days(desk: Actor, branch: Branch, now: datetime) -> None:
    """The next open days hold a few bookings too."""
    zone = zoneinfo.ZoneInfo(branch.time_zone)
    today = now.astimezone(zone).date()
    days = [day for n in range(1, 15) if hours.opening(branch.opening_hours, day := today + timedelta(days=n), zone)]
    for nth, hour, minute, name, given, family, kind in _LATER:
        begins = datetime.combine(days[nth - 1], datetime.min.time(), tzinfo=zone).replace(hour=hour, minute=minute)
        slot = Slot(begins, 30, person(name).pk, outside_hours=True)
        appointments.book(desk, Booking(branch.pk, named(given, family).pk, kind, slot))
