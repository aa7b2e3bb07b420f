"""Working days of a branch: Monday to Friday without the public holidays of its country and region."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from branches.models import Branch
from branches.working_time import is_holiday


def today(branch: Branch, now: datetime | None = None) -> date:
    """The branch's date: prices, promises and validity are days of the place where they are given."""
    return timezone.localtime(now or timezone.now(), ZoneInfo(branch.time_zone)).date()


def is_working_day(day: date, branch: Branch) -> bool:
    return day.weekday() < 5 and not is_holiday(day, branch)


def after(start: date, days: int, branch: Branch) -> date:
    """The date `days` working days after `start`; with 0, `start` itself or the next working day."""
    day = start
    while days or not is_working_day(day, branch):
        day += timedelta(days=1)
        if days and is_working_day(day, branch):
            days -= 1
    return day
