"""When a branch is open, in its own zone; a clock change makes a day shorter or longer, never wrong."""

import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from branches.hours import USUAL

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Span:
    """From an instant up to, not including, another. Both aware."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


def at(day: date, clock: time, zone: zoneinfo.ZoneInfo) -> datetime:
    """The instant of a wall-clock time on a day. A time that the clock change skips is the first instant after it."""
    local = datetime.combine(day, clock, tzinfo=zone)
    return local.astimezone(UTC).astimezone(zone)


def opening(hours: Mapping[str, Any], day: date, zone: zoneinfo.ZoneInfo) -> list[Span]:
    """The spans in which a branch is open on a day.

    `hours` is {"mon": ["08:30", "17:00"], ...}; a day may also hold several pairs, for a break at noon; a missing
    day is closed; nothing at all means USUAL.
    """
    found = (hours or USUAL).get(DAYS[day.weekday()]) or []
    pairs = [found] if found and isinstance(found[0], str) else found
    spans = [Span(at(day, time.fromisoformat(a), zone), at(day, time.fromisoformat(b), zone)) for a, b in pairs]
    return [span for span in spans if span.start < span.end]


def day_span(day: date, zone: zoneinfo.ZoneInfo) -> Span:
    """The whole local day: 23, 24 or 25 hours."""
    return Span(at(day, time.min, zone), at(day + timedelta(days=1), time.min, zone))


def free(open_spans: Sequence[Span], taken: Sequence[Span], length: timedelta, step: timedelta) -> list[Span]:
    """Every start on the grid (counted from each opening) at which `length` fits between what is taken."""
    found = []
    for span in open_spans:
        start = span.start
        while (start.astimezone(UTC) + length) <= span.end:
            slot = Span(start, (start.astimezone(UTC) + length).astimezone(start.tzinfo))
            if not any(slot.overlaps(other) for other in taken):
                found.append(slot)
            start = (start.astimezone(UTC) + step).astimezone(start.tzinfo)
    return found


def gaps(open_spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """What is left of the opening hours, as long spans."""
    left = []
    for span in open_spans:
        start = span.start
        for busy in sorted(taken, key=lambda other: other.start):
            if busy.start >= span.end or busy.end <= start:
                continue
            if busy.start > start:
                left.append(Span(start, busy.start))
            start = max(start, busy.end)
        if start < span.end:
            left.append(Span(start, span.end))
    return left
