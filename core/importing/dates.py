"""Dates as other systems write them. `03/04/1981` is asked back once for the whole file, never guessed row by row."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from core.importing.columns import Reader, Wrong

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WORDS = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %y")
_MOST_MONTHS = 12


class DayOrder(StrEnum):
    """Which of two numbers comes first. `UNCLEAR`: the file does not say."""

    DAY_FIRST = "day"
    MONTH_FIRST = "month"
    UNCLEAR = ""


def order_of(texts: Iterable[str]) -> DayOrder:
    """What the dates of a file prove together: one number above 12 in the first or second place is enough.

    A file in which both happen proves nothing, and neither does one without such a number. A file with no such date
    at all is day first, which nobody will notice.
    """
    asked, day_first, month_first = False, False, False
    for text in texts:
        found = _NUMBERS.fullmatch(text.strip())
        if found is None:
            continue
        first, second = int(found[1]), int(found[2])
        asked = asked or first != second
        day_first = day_first or first > _MOST_MONTHS
        month_first = month_first or second > _MOST_MONTHS
    if day_first != month_first:
        return DayOrder.DAY_FIRST if day_first else DayOrder.MONTH_FIRST
    return DayOrder.UNCLEAR if asked else DayOrder.DAY_FIRST


def unclear_example(texts: Iterable[str]) -> str:
    """The first date that could be read in two ways, to show what is asked about."""
    for text in texts:
        found = _NUMBERS.fullmatch(text.strip())
        if found and found[1] != found[2] and max(int(found[1]), int(found[2])) <= _MOST_MONTHS:
            return text.strip()
    return ""


def read_date(text: str, order: DayOrder, today: date) -> date:
    """One written date. Two-digit years are past years: 81 in 2026 is 1981. Raises Wrong with a sentence."""
    bare = " ".join(text.replace(",", " ").split())
    for pattern in (_ISO, _COMPACT):
        iso = pattern.fullmatch(bare)
        if iso:
            return _made(int(iso[1]), int(iso[2]), int(iso[3]))
    numbers = _NUMBERS.fullmatch(bare)
    if numbers:
        first, second, year = int(numbers[1]), int(numbers[2]), _whole_year(numbers[3], today)
        return _made(year, second, first) if order == DayOrder.DAY_FIRST else _made(year, first, second)
    for form in _WORDS:
        try:
            return datetime.strptime(bare, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise Wrong(_("This is not a date. Write it as 1981-03-04."))


def reader(order: DayOrder, today: date) -> Reader:
    """A reader for `core.importing.columns.read_cells`."""

    def read(name: str, text: str) -> Mapping[str, Any]:
        return {name: read_date(text, order, today)}

    return read


def _whole_year(text: str, today: date) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    century = today.year // 100 * 100
    return century + year if century + year <= today.year else century - 100 + year


def _made(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Wrong(_("There is no such day.")) from error
