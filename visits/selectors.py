"""What the Today board, the queue and the booking page read. The first argument is the scope."""

import zoneinfo
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.models import Branch, Membership, Room, User
from branches.roles import Role
from branches.scope import Scope
from core.errors import NotVisible
from core.prepared import Slot, prepared
from core.states import Words
from customers.models import Customer
from visits import board, due_now, hours, states
from visits.cards import Look, Wait, look_of
from visits.hours import Span
from visits.models import Appointment, AppointmentKind, AppointmentState, Visit, VisitState

_AHEAD = timedelta(days=28)
_BEFORE, _AFTER = timedelta(minutes=45), timedelta(minutes=135)
# What the board shows of an appointment and of a visit: a fifth of their columns.
_ON_CARD = (
    "version", "state", "kind", "note", "period", "customer__given_names", "customer__family_name",
    "clinician__full_name", "room__name", "visit__state", "visit__appointment",
)  # fmt: skip
_IN_QUEUE = (
    "state", "reason", "arrived_at", "test_started_at", "customer__number", "customer__given_names",
    "customer__family_name", "attended_by__full_name", "appointment__clinician__full_name",
)  # fmt: skip
# Whose column is on the board even on an empty day, in this order.
_COLUMN_ROLES = (Role.OPTOMETRIST, Role.DISPENSING_OPTICIAN)


@dataclass(frozen=True)
class CardWords:
    """A card as it is drawn; the same words are drawn once (`{% still %}`)."""

    pk: int
    version: int
    look: Look
    name: str
    customer: str
    kind: str
    note: str
    notes: Sequence[str]
    visit_pk: int | None


@dataclass(frozen=True)
class Card:
    """One appointment on the board."""

    appointment: Appointment
    visit: Visit | None
    look: Look
    notes: Sequence[Words]

    @property
    def name(self) -> str:
        return _sorted_name(self.appointment.customer)

    @property
    def words(self) -> CardWords:
        one = self.appointment
        return CardWords(
            one.pk,
            one.version,
            self.look,
            self.name,
            str(one.customer),
            str(AppointmentKind(one.kind).label),
            one.note,
            tuple(map(str, self.notes)),
            self.visit.pk if self.visit else None,
        )


@dataclass(frozen=True)
class Column:
    """A person who sees customers: name, role and usual room of the day."""

    user: User
    role: Words
    room: str


@dataclass(frozen=True)
class Waiting:
    """One visit of the queue: whose it is, since when they wait, for whom."""

    visit: Visit
    wait: Wait

    @property
    def name(self) -> str:
        return _sorted_name(self.visit.customer)

    @property
    def full_name(self) -> str:
        return str(self.visit.customer)

    @property
    def since(self) -> str:
        return _("Since %(since)s") % {"since": f"{timezone.localtime(self.visit.arrived_at):%H:%M}"}

    @property
    def waits_for(self) -> str:
        seen_by = self.visit.appointment.clinician if self.visit.appointment else self.visit.attended_by
        return seen_by.full_name if seen_by else _("nobody yet")

    @property
    def minutes(self) -> str:
        return _("%(n)s min") % {"n": self.wait.minutes}


def _sorted_name(customer: Customer) -> str:
    return ", ".join(part for part in (customer.family_name, customer.given_names) if part)


@dataclass(frozen=True)
class Board:
    """Everything that the Today board shows."""

    branch: Branch
    day: date
    now: datetime
    columns: Sequence[Column]
    rows: Sequence[board.Row]
    shown: Span | None
    whole: Span | None
    waiting: Sequence[Waiting]
    serving: Sequence[Visit]
    due: Sequence[due_now.DueNow]
    booked: int
    seen: int
    absent: int

    @property
    def is_part(self) -> bool:
        return self.shown != self.whole


def branch_day(scope: Scope, branch: Branch) -> None:
    """Raises NotVisible for a branch outside the scope."""
    if not scope.covers(branch.pk):
        raise NotVisible(_("Not found."), code="not_visible")


def today_board(asked: due_now.Asked, day: date, *, whole_day: bool = False) -> Board:
    """The board of one branch and day: agenda, queue and counts in a fixed number of queries."""
    branch_day(asked.scope, asked.branch)
    zone = zoneinfo.ZoneInfo(asked.branch.time_zone)
    now = asked.now.astimezone(zone)
    span = hours.day_span(day, zone)
    appointments = _on_day().rows(branch=asked.branch.pk, span=DateTimeTZRange(span.start, span.end))
    is_today = day == now.date()
    open_spans = hours.opening(asked.branch.opening_hours, day, zone)
    columns = _columns(asked.branch, appointments)
    cards = _cards(appointments)
    whole = board.window(open_spans, [item for items in cards.values() for item in items])
    shown = whole if whole is None or whole_day or not is_today else board.around(now, whole, _BEFORE, _AFTER)
    lanes = [_lane(column.user.pk, cards.get(column.user.pk, []), open_spans, now) for column in columns]
    visits = _in_house().rows(branch=asked.branch.pk) if is_today else []
    states_of = Counter(appointment.state for appointment in appointments)
    return Board(
        branch=asked.branch,
        day=day,
        now=now,
        columns=columns,
        rows=board.lay_out(shown, lanes, now) if shown and columns else [],
        shown=shown,
        whole=whole,
        waiting=[Waiting(visit, Wait(_minutes(visit, now))) for visit in visits if _in_queue(visit)],
        serving=[visit for visit in visits if visit.appointment_id is None and visit.state != VisitState.WAITING],
        due=due_now.due(asked) if is_today else [],
        booked=sum(states_of.values()),
        seen=states_of[AppointmentState.DONE],
        absent=states_of[AppointmentState.NO_SHOW],
    )


def day_of(branch: Branch, day: date) -> QuerySet[Appointment]:
    """The appointments of a local day that are not cancelled, in order of time."""
    span = hours.day_span(day, zoneinfo.ZoneInfo(branch.time_zone))
    return _not_cancelled(branch.pk, (span.start, span.end))


@prepared
def _on_day() -> QuerySet[Appointment]:
    return _not_cancelled(Slot("branch"), Slot("span")).only(*_ON_CARD)


def _not_cancelled(branch: Any, span: Any) -> QuerySet[Appointment]:
    return (
        Appointment.objects.filter(branch=branch, period__overlap=span)
        .exclude(state=AppointmentState.CANCELLED)
        .select_related("customer", "clinician", "room", "visit")
        .order_by("period", "pk")
    )


def open_visits(branch: Branch | Slot) -> QuerySet[Visit]:
    """Who is in the branch now, longest first."""
    return (
        Visit.objects.filter(branch=branch, state__in=states.OPEN_VISIT)
        .select_related("customer", "attended_by", "appointment", "appointment__clinician")
        .order_by("arrived_at", "pk")
    )


@prepared
def _in_house() -> QuerySet[Visit]:
    return open_visits(Slot("branch")).only(*_IN_QUEUE)


def _in_queue(visit: Visit) -> bool:
    """Walk-ins, and those whose test is over and who wait for the next person."""
    return visit.state == VisitState.WAITING and (visit.appointment_id is None or visit.test_started_at is not None)


def _minutes(visit: Visit, now: datetime) -> int:
    return max(0, int((now - visit.arrived_at).total_seconds() // 60))


def _visit_of(appointment: Appointment) -> Visit | None:
    return getattr(appointment, "visit", None)


def _cards(appointments: Sequence[Appointment]) -> dict[int, list[board.Item]]:
    """Cards by clinician. A no-show whose time somebody else has now is not drawn over them."""
    notes = due_now.notes_on([appointment.customer_id for appointment in appointments])
    taken = [one for one in appointments if one.state in states.TAKES_TIME]
    lanes: dict[int, list[board.Item]] = {}
    for one in appointments:
        span = Span(one.period.lower, one.period.upper)
        again = any(other.clinician_id == one.clinician_id and span.overlaps(_span(other)) for other in taken)
        if one.state not in states.TAKES_TIME and again:
            continue
        visit = _visit_of(one)
        card = Card(one, visit, look_of(one, visit), notes.get(one.customer_id, ()))
        lanes.setdefault(one.clinician_id, []).append(board.Item(span, card))
    return lanes


def _span(appointment: Appointment) -> Span:
    return Span(appointment.period.lower, appointment.period.upper)


def _lane(key: int, items: Sequence[board.Item], open_spans: Sequence[Span], now: datetime) -> board.Lane:
    """Free stretches only from now on: yesterday's gap cannot be booked."""
    taken = [item.span for item in items]
    later = [span for span in hours.gaps(open_spans, taken) if span.end > now]
    return board.Lane(key, items, later)


def _columns(branch: Branch, appointments: Sequence[Appointment]) -> list[Column]:
    """The branch's optometrists and dispensing opticians, and whoever else has an appointment that day."""
    people: dict[int, tuple[int, User, Words]] = {}
    for membership in _seeing_customers().rows(branch=branch.pk):
        role = Role(membership.role)
        known = people.get(membership.user_id)
        if known is None or _COLUMN_ROLES.index(role) < known[0]:
            people[membership.user_id] = (_COLUMN_ROLES.index(role), membership.user, role.label)
    for appointment in appointments:
        people.setdefault(appointment.clinician_id, (len(_COLUMN_ROLES), appointment.clinician, ""))
    rooms = {user_id: _usual_room(user_id, appointments) for user_id in people}
    ordered = sorted(people.values(), key=lambda person: (person[0], person[1].full_name))
    return [Column(user, role, rooms[user.pk]) for _order, user, role in ordered]


@prepared
def _seeing_customers() -> QuerySet[Membership]:
    held = Membership.objects.filter(branch=Slot("branch"), role__in=_COLUMN_ROLES, user__is_active=True)
    return held.select_related("user")


def _usual_room(user_id: int, appointments: Sequence[Appointment]) -> str:
    rooms = Counter(str(one.room) for one in appointments if one.clinician_id == user_id and one.room)
    return rooms.most_common(1)[0][0] if rooms else ""


def appointment(scope: Scope, pk: int) -> Appointment:
    """One appointment of the scope's branches. Raises NotVisible."""
    found = (
        Appointment.objects.select_related("branch", "customer", "customer__home_branch", "clinician", "room", "visit")
        .filter(pk=pk)
        .first()
    )
    if found is None or not scope.covers(found.branch_id):
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def visit(scope: Scope, pk: int) -> Visit:
    """One visit of the scope's branches. Raises NotVisible."""
    found = Visit.objects.select_related("branch", "customer", "attended_by", "appointment").filter(pk=pk).first()
    if found is None or not scope.covers(found.branch_id):
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def people_to_book(branch: Branch) -> list[User]:
    """Who can be booked in a branch: optometrists, then dispensing opticians."""
    return [column.user for column in _columns(branch, [])]


def rooms_of(branch: Branch) -> list[Room]:
    return list(branch.rooms.filter(is_active=True))


def free_slots(branch: Branch, clinician_id: int, day: date, length: timedelta, now: datetime) -> list[Span]:
    """The starts, a quarter of an hour apart, at which a person is free for `length`. Nothing that has passed."""
    zone = zoneinfo.ZoneInfo(branch.time_zone)
    busy = [_span(one) for one in taken_by(clinician_id, day, zone)]
    found = hours.free(hours.opening(branch.opening_hours, day, zone), busy, length, board.ROW)
    return [slot for slot in found if slot.start >= now]


def next_free_day(branch: Branch, clinician_id: int, day: date, length: timedelta, now: datetime) -> date | None:
    """The first day from `day` on with a free time, within four weeks; two queries however long that takes."""
    zone = zoneinfo.ZoneInfo(branch.time_zone)
    whole = Span(hours.day_span(day, zone).start, hours.day_span(day + _AHEAD, zone).end)
    busy = [_span(one) for one in _taken(clinician_id, whole)]
    for n in range(_AHEAD.days):
        one = day + timedelta(days=n)
        found = hours.free(hours.opening(branch.opening_hours, one, zone), busy, length, board.ROW)
        if any(slot.start >= now for slot in found):
            return one
    return None


def _taken(clinician_id: int, span: Span) -> QuerySet[Appointment]:
    return Appointment.objects.filter(
        clinician_id=clinician_id, period__overlap=(span.start, span.end), state__in=states.TAKES_TIME
    )


def taken_by(clinician_id: int, day: date, zone: zoneinfo.ZoneInfo) -> QuerySet[Appointment]:
    """A person's appointments of a day that take time, in any branch: nobody is in two places."""
    return _taken(clinician_id, hours.day_span(day, zone)).select_related("customer", "branch")
