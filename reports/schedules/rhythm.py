"""When a schedule is due next, by the wall clock of its branch. Pure.

An hour that the clock skips in spring is the hour after; an hour that it shows twice in autumn is the first of the two.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reports.models.schedules import Every


@dataclass(frozen=True)
class Rhythm:
    """`every` day, week (`weekday`, 0 is Monday) or month (`day`, or the month's last where it is shorter), at `hour`."""

    every: str
    hour: int
    weekday: int = 0
    day: int = 1


def next_after(rhythm: Rhythm, moment: datetime, zone: ZoneInfo) -> datetime:
    """The first time after a moment, as UTC."""
    today = moment.astimezone(zone).date()
    times = (datetime.combine(day, time(rhythm.hour), zone).astimezone(UTC) for day in _days(rhythm, today))
    return next(at for at in times if at > moment)


def _days(rhythm: Rhythm, today: date) -> Iterator[date]:
    """The days of a rhythm from today on, without end."""
    if rhythm.every == Every.MONTH:
        yield from (day for day in _month_days(rhythm.day, today) if day >= today)
    step = timedelta(days=7 if rhythm.every == Every.WEEK else 1)
    day = today + timedelta(days=(rhythm.weekday - today.weekday()) % 7) if rhythm.every == Every.WEEK else today
    while True:
        yield day
        day += step


def _month_days(day: int, today: date) -> Iterator[date]:
    first = today.replace(day=1)
    while True:
        yield first.replace(day=min(day, monthrange(first.year, first.month)[1]))
        first = (first + timedelta(days=32)).replace(day=1)
