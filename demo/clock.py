"""The story's clock. What the sample practice did on earlier days is done by the services at those moments.

Inside `at(moment)` everything that asks Django for the time, a field's default included, is told the story's. Only the
sample uses it: one command, one thread, before anybody works in the practice.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Field
from django.db.models.functions import Now
from django.utils import timezone

from branches.models import Branch
from orders import workdays

_REAL_NOW = timezone.now
_told: list[datetime] = []
_steps: list[datetime] = []
_OPENS, _HOURS = time(8, 40), 8


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The services inside act at `moment`, and later as `pass_minutes` lets the story go on."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(timezone, "now", _now))
        for field in _timed_fields():
            stack.enter_context(patch.dict(field.__dict__, {"_get_default": _now}))
        _told.append(moment)
        try:
            yield
        finally:
            _told.pop()
            _steps.clear()


def pass_minutes(minutes: int) -> None:
    """The story goes on; without a story's clock nothing happens, since real time passes by itself."""
    if _told:
        _told[-1] += timedelta(minutes=minutes)


def plan_steps(moments: Iterable[datetime]) -> None:
    """When the next steps of the story happen; `step` goes to the next of them."""
    _steps[:] = moments


def step() -> None:
    if _told and _steps:
        _told[-1] = _steps.pop(0)


def working_day(branch: Branch, now: datetime, days_ago: int) -> date:
    """The branch's date so many working days before today; 0 is today."""
    day = workdays.today(branch, now)
    while days_ago:
        day -= timedelta(days=1)
        days_ago -= workdays.is_working_day(day, branch)
    return day


def on(branch: Branch, day: date, minutes: int) -> datetime:
    """So many minutes after the shop opened that day."""
    return datetime.combine(day, _OPENS, ZoneInfo(branch.time_zone)) + timedelta(minutes=minutes)


def spread(branch: Branch, begins: datetime, ends: datetime, count: int) -> list[datetime]:
    """`count` moments between the two, in working hours where there are any, in order."""
    step = (ends - begins) / (count + 1)
    moments: list[datetime] = []
    for n in range(1, count + 1):
        wanted = _in_hours(branch, begins + step * n)
        earliest = moments[-1] + timedelta(minutes=4) if moments else begins
        moments.append(min(max(wanted, earliest), ends))
    return moments


def _in_hours(branch: Branch, moment: datetime) -> datetime:
    """Night and weekend work is moved to the day before, an hour of it at a time kept apart."""
    local = moment.astimezone(ZoneInfo(branch.time_zone))
    day = local.date()
    while not workdays.is_working_day(day, branch):
        day -= timedelta(days=1)
    minutes = (local.hour * 60 + local.minute) * _HOURS // 24
    return on(branch, day, minutes)


def _now() -> datetime:
    """The story's time; it never runs ahead of the real one."""
    return min(_told[-1], _REAL_NOW())


def _timed_fields() -> "list[Field[Any, Any]]":
    fields = (field for model in apps.get_models(include_auto_created=True) for field in model._meta.concrete_fields)
    return [field for field in fields if field.default is _REAL_NOW or isinstance(field.db_default, Now)]
