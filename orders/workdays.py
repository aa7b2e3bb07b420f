"""Working days of a branch: Monday to Friday without the public holidays of its country and region."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.utils import timezone
from holidays import HolidayBase

from branches.models import Branch


@lru_cache(maxsize=64)
def _calendar(country: str, region: str) -> HolidayBase | None:
    if country not in holidays.list_supported_countries():
        return None
    known = holidays.list_supported_countries()[country]
    return holidays.country_holidays(country, subdiv=region if region in known else None)


def today(branch: Branch, now: datetime | None = None) -> date:
    """The branch's date: prices, promises and validity are days of the place where they are given."""
    return timezone.localtime(now or timezone.now(), ZoneInfo(branch.time_zone)).date()


def is_working_day(day: date, branch: Branch) -> bool:
    calendar = _calendar(branch.country, branch.region)
    return day.weekday() < 5 and (calendar is None or day not in calendar)


def after(start: date, days: int, branch: Branch) -> date:
    """The date `days` working days after `start`; with 0, `start` itself or the next working day."""
    day = start
    while days or not is_working_day(day, branch):
        day += timedelta(days=1)
        if days and is_working_day(day, branch):
            days -= 1
    return day
