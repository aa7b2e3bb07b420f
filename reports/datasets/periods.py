"""Periods that move with the calendar, so that a saved report asks the same question next month."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from core.states import Words

Span = tuple[date, date]


def month_of(day: date) -> Span:
    """First and last day of the month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _last_month(today: date) -> Span:
    return month_of(today.replace(day=1) - timedelta(days=1))


def _days(number: int) -> Callable[[date], Span]:
    return lambda today: (today - timedelta(days=number - 1), today)


def _this_week(today: date) -> Span:
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=6)


def _last_week(today: date) -> Span:
    return _this_week(today - timedelta(days=7))


def _year(back: int) -> Callable[[date], Span]:
    return lambda today: (date(today.year - back, 1, 1), date(today.year - back, 12, 31))


PERIODS: dict[str, tuple[Words, Callable[[date], Span]]] = {
    "today": (_("today"), lambda today: (today, today)),
    "yesterday": (_("yesterday"), lambda today: (today - timedelta(days=1), today - timedelta(days=1))),
    "this_week": (_("this week"), _this_week),
    "last_week": (_("last week"), _last_week),
    "this_month": (_("this month"), month_of),
    "last_month": (_("last month"), _last_month),
    "30_days": (_("last 30 days"), _days(30)),
    "90_days": (_("last 90 days"), _days(90)),
    "this_year": (_("this year"), _year(0)),
    "last_year": (_("last year"), _year(1)),
}


def span(code: str, today: date) -> Span | None:
    """First and last day of a period by its code; None for a code that is none."""
    found = PERIODS.get(code)
    return found[1](today) if found else None
