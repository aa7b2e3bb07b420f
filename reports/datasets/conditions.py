"""Conditions on a column: which operators it knows, and how a typed value becomes part of a query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.states import Words
from reports.datasets import periods
from reports.datasets.base import Column, Kind

_TEXT = ("contains", "is", "is_not", "begins", "empty", "filled")
_NUMBER = ("is", "at_least", "at_most", "empty", "filled")
OPERATORS: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: _TEXT,
    Kind.NUMBER: _NUMBER,
    Kind.MONEY: _NUMBER,
    Kind.POWER: _NUMBER,
    Kind.DAY: ("in", "from", "to", "is", "empty", "filled"),
    Kind.MOMENT: ("in", "from", "to", "is", "empty", "filled"),
    Kind.YES_NO: ("is",),
    Kind.CHOICE: ("is", "is_not"),
}
WORDS: dict[str, Words] = {
    "contains": gettext_lazy("contains"),
    "begins": gettext_lazy("begins with"),
    "is": gettext_lazy("is"),
    "is_not": gettext_lazy("is not"),
    "at_least": gettext_lazy("at least"),
    "at_most": gettext_lazy("at most"),
    "in": gettext_lazy("in the period"),
    "from": gettext_lazy("from"),
    "to": gettext_lazy("to"),
    "empty": gettext_lazy("is empty"),
    "filled": gettext_lazy("is filled in"),
}
ALONE = frozenset({"empty", "filled"})
MOST_TEXT = 120


class Refused(ValueError):
    """A condition that cannot be asked; says in words why."""


@dataclass(frozen=True)
class Named:
    """A column as it stands in a query: `alias` is its annotation, `path` the plain field behind it, if there is one."""

    column: Column
    alias: str
    path: str


def condition(named: Named, operator: str, value: str, today: date) -> Q:
    """The condition as a query. Raises Refused with the reason."""
    column = named.column
    if operator not in OPERATORS[column.kind]:
        raise Refused(_("“%(word)s” does not fit here.") % {"word": WORDS.get(operator, operator)})
    if operator in ALONE:
        blank = Q(**{f"{named.alias}__isnull": True})
        if column.kind == Kind.TEXT and column.show is None:
            blank |= Q(**{named.alias: ""})
        return blank if operator == "empty" else ~blank
    if not value.strip():
        raise Refused(_("Enter a value."))
    return _READERS[column.kind](named, operator, value.strip(), today)


def _text(named: Named, operator: str, value: str, today: date) -> Q:
    if len(value) > MOST_TEXT or "\x00" in value:
        raise Refused(_("At most %(n)d characters.") % {"n": MOST_TEXT})
    if operator == "is" and named.column.found_by is not None:
        return named.column.found_by(value)
    lookup = {"contains": "icontains", "begins": "istartswith", "is": "iexact", "is_not": "iexact"}[operator]
    found = Q(**{f"{named.alias}__{lookup}": value})
    return ~found if operator == "is_not" else found


def _number(named: Named, operator: str, value: str, today: date) -> Q:
    plain = value.replace("\u2212", "-").replace("\u00a0", "").replace(" ", "").replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise Refused(_("“%(value)s” is not a number.") % {"value": value}) from error
    if not number.is_finite() or abs(number) > Decimal(10) ** 12:
        raise Refused(_("“%(value)s” is not a number.") % {"value": value})
    lookup = {"is": "exact", "at_least": "gte", "at_most": "lte"}[operator]
    found = Q(**{f"{named.alias}__{lookup}": number})
    narrowed = named.column.above_zero if operator == "at_least" and number > 0 else ""
    return found & Q(**{f"{narrowed}__gt": 0}) if narrowed else found


def _yes_no(named: Named, operator: str, value: str, today: date) -> Q:
    if value not in {"yes", "no"}:
        raise Refused(_("Choose yes or no."))
    return Q(**{named.alias: value == "yes"})


def _choice(named: Named, operator: str, value: str, today: date) -> Q:
    """One or several codes, separated by commas."""
    known = named.column.choices() if named.column.choices else {}
    codes = [code.strip() for code in value.split(",") if code.strip()]
    strange = [code for code in codes if code not in known]
    if strange:
        raise Refused(_("“%(value)s” is not one of the choices.") % {"value": strange[0]})
    found = Q(**{f"{named.path or named.alias}__in": codes})
    return ~found if operator == "is_not" else found


def _day(named: Named, operator: str, value: str, today: date) -> Q:
    first, last = _span(operator, value, today)
    wanted = Q()
    if first:
        wanted &= Q(**{f"{named.alias}__gte": first}) & _early(named, first)
    if last:
        wanted &= Q(**{f"{named.alias}__lte": last}) & _late(named, last)
    return wanted


def _span(operator: str, value: str, today: date) -> tuple[date | None, date | None]:
    if operator == "in":
        found = periods.span(value, today)
        if found is None:
            raise Refused(_("“%(value)s” is not a period.") % {"value": value})
        return found
    try:
        day = parse_date(value)
    except ValueError:
        day = None
    if day is None:
        raise Refused(_("“%(value)s” is not a date. Write it as 2026-11-25.") % {"value": value})
    return (day if operator in {"from", "is"} else None), (day if operator in {"to", "is"} else None)


def _early(named: Named, first: date) -> Q:
    """A wider bound on the plain field, so that its index is used; zones reach 14 hours."""
    if named.column.kind != Kind.MOMENT or not named.path or "__startswith" in named.path:
        return Q()
    return Q(**{f"{named.path}__gte": datetime.combine(first, time(), UTC) - timedelta(hours=14)})


def _late(named: Named, last: date) -> Q:
    if named.column.kind != Kind.MOMENT or not named.path or "__startswith" in named.path:
        return Q()
    return Q(**{f"{named.path}__lt": datetime.combine(last, time(), UTC) + timedelta(hours=38)})


_READERS: Mapping[Kind, Callable[[Named, str, str, date], Q]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.MONEY: _number,
    Kind.POWER: _number,
    Kind.DAY: _day,
    Kind.MOMENT: _day,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
}


def in_words(column: Column, operator: str, value: str) -> str:
    """`Confirmed in the period last month`, for the empty answer and for the head of a file."""
    shown: Any = value
    if operator in ALONE:
        shown = ""
    elif operator == "in":
        shown = periods.PERIODS[value][0] if value in periods.PERIODS else value
    elif column.choices:
        known = column.choices()
        shown = ", ".join(str(known.get(code.strip(), code.strip())) for code in value.split(","))
    elif column.kind == Kind.YES_NO:
        shown = _("yes") if value == "yes" else _("no")
    return f"{column.label} {WORDS.get(operator, operator)} {shown}".strip()
