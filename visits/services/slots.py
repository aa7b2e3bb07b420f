"""A time to be booked, and everything about it that the database cannot know."""

import zoneinfo
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from branches.models import Branch, Membership, Room
from core.errors import Problems
from visits import hours
from visits.models import AppointmentKind

_SHORTEST, _LONGEST = 5, 240
# A booking made while the customer stands there may begin a moment ago.
_LATE_ENTRY = timedelta(minutes=30)


@dataclass(frozen=True)
class Slot:
    """When, with whom and where."""

    starts_at: datetime
    minutes: int
    clinician_id: int
    room_id: int | None = None
    outside_hours: bool = False

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


def check(branch: Branch, slot: Slot, kind: str, now: datetime) -> None:
    """Everything that the database cannot know about a time, told at once."""
    problems = Problems()
    if kind not in AppointmentKind.values:
        problems.add("kind", _("Choose what the customer comes for."))
    if not _SHORTEST <= slot.minutes <= _LONGEST:
        problems.add("minutes", _("Between %(a)d and %(b)d minutes.") % {"a": _SHORTEST, "b": _LONGEST})
    elif slot.starts_at < now - _LATE_ENTRY:
        problems.add("starts_at", _("This time has passed."))
    elif not slot.outside_hours and not _is_open(branch, slot):
        problems.add("starts_at", _opening_words(branch, slot))
    here = Membership.objects.filter(user_id=slot.clinician_id, user__is_active=True, branch__in=[branch.pk])
    if not here.exists():
        problems.add("clinician", _("This person does not work in %(branch)s.") % {"branch": branch})
    if slot.room_id and not Room.objects.filter(pk=slot.room_id, branch=branch, is_active=True).exists():
        problems.add("room", _("Choose a room of %(branch)s.") % {"branch": branch})
    problems.raise_if_any(_("This appointment cannot be made yet."))


def _is_open(branch: Branch, slot: Slot) -> bool:
    return any(span.covers(hours.Span(slot.starts_at, slot.ends_at)) for span in _opening(branch, slot))


def _opening(branch: Branch, slot: Slot) -> list[hours.Span]:
    zone = zoneinfo.ZoneInfo(branch.time_zone)
    return hours.opening(branch.opening_hours, slot.starts_at.astimezone(zone).date(), zone)


def _opening_words(branch: Branch, slot: Slot) -> str:
    spans = ", ".join(f"{span.start:%H:%M}–{span.end:%H:%M}" for span in _opening(branch, slot))
    if not spans:
        return _("%(branch)s is closed on this day.") % {"branch": branch}
    return _("%(branch)s is open %(hours)s on this day.") % {"branch": branch, "hours": spans}
