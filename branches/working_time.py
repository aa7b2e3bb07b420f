"""Hours counted only while a branch is open: in its zone, without its closed days and public holidays."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from holidays import HolidayBase

from branches.hours import DAYS, USUAL
from branches.models import Branch

# Longer than any shop is closed; a branch that is never open counts every hour.
_LONGEST_SEARCH = 366


@lru_cache(maxsize=64)
def _calendar(country: str, region: str) -> HolidayBase | None:
    known = holidays.list_supported_countries()
    if country not in known:
        return None
    return holidays.country_holidays(country, subdiv=region if region in known[country] else None)


def is_holiday(day: date, branch: Branch) -> bool:
    """Whether it is a public holiday of the branch's country and region, as far as they are known."""
    calendar = _calendar(branch.country, branch.region)
    return calendar is not None and day in calendar


def after(start: datetime, hours: int, branch: Branch) -> datetime:
    """The instant at which so many hours of opening time have passed since `start`; aware, in UTC.

    Four hours from Friday 17:00, where the shop closes then and opens on Monday at 8:30, end on Monday at 12:30.
    """
    left = timedelta(hours=hours)
    for opens, closes in _open(start, branch):
        begins = max(opens, start)
        if begins >= closes:
            continue
        if left <= closes - begins:
            return (begins + left).astimezone(UTC)
        left -= closes - begins
    return (start + timedelta(hours=hours)).astimezone(UTC)


def _open(start: datetime, branch: Branch) -> Iterator[tuple[datetime, datetime]]:
    """When the branch is open from the day of `start` on, in UTC: differences are then true hours, whatever the clocks do."""
    zone = ZoneInfo(branch.time_zone)
    first = start.astimezone(zone).date()
    for day in (first + timedelta(days=n) for n in range(_LONGEST_SEARCH)):
        if not is_holiday(day, branch):
            for opens, closes in _spans(branch, day):
                yield _at(day, opens, zone), _at(day, closes, zone)


def _spans(branch: Branch, day: date) -> list[Any]:
    """One pair a day, or several with a break at noon."""
    found = (branch.opening_hours or USUAL).get(DAYS[day.weekday()][0]) or []
    return [found] if found and isinstance(found[0], str) else list(found)


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=zone).astimezone(UTC)
