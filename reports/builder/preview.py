"""The first rows of a report as a page shows them: values for people, links to records, money with its total."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse

from core import formats, money
from records import registry
from reports.datasets.base import Column, Kind
from reports.datasets.querying import Query
from reports.exports.cells import maker, plain

MOST_ROWS = 50
MOST_COUNTED = 10_000
NUMERIC = frozenset({Kind.NUMBER, Kind.MONEY, Kind.POWER})


@dataclass(frozen=True)
class Shown:
    """One cell: text, whether it is a number, and where it leads."""

    text: str
    is_number: bool
    url: str = ""
    label: Any = ""


@dataclass(frozen=True)
class Head:
    key: str
    label: Any
    is_number: bool
    currency: str = ""


@dataclass(frozen=True)
class Preview:
    """`count` is exact up to ten thousand; `more` says that there are more than that."""

    heads: Sequence[Head]
    rows: Sequence[Sequence[Shown]]
    count: int
    more: bool
    said: Sequence[str]
    is_grouped: bool

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.rows)


def of(query: Query, today: date) -> Preview:
    """The first fifty rows and how many there are."""
    count = query.count(MOST_COUNTED + 1)
    rows = [_row(query.columns, row, today) for row in query.rows[:MOST_ROWS]]
    heads = [
        Head(
            column.key,
            column.label,
            column.kind in NUMERIC,
            money.symbol() if column.kind == Kind.MONEY else "",
        )
        for column in query.columns
    ]
    return Preview(heads, rows, min(count, MOST_COUNTED), count > MOST_COUNTED, query.said, query.is_grouped)


def _row(columns: Sequence[Column], row: Sequence[Any], today: date) -> list[Shown]:
    beside = {column.key: value for column, value in zip(columns, row, strict=True)}
    return [
        Shown(text_of(column, value, today), column.kind in NUMERIC, _url(column, value, beside), column.label)
        for column, value in zip(columns, row, strict=True)
    ]


def text_of(column: Column, value: Any, today: date) -> str:
    """A value as people read it: the year only when it is another one, a true minus, words for codes."""
    if value is None or value == "":
        return formats.DASH
    if column.kind == Kind.MONEY:
        return money.plain(Decimal(value))
    if column.kind == Kind.POWER:
        return formats.power(Decimal(value))
    if isinstance(value, datetime):
        return f"{formats.day(value.date(), today=today)} {value:%H:%M}"
    if isinstance(value, date):
        return formats.day(value, today=today)
    if column.show is not None:
        return column.show(value)
    if column.kind in {Kind.CHOICE, Kind.YES_NO, Kind.NUMBER}:
        return plain(maker(column)(value))
    return str(value)


def _url(column: Column, value: Any, beside: Mapping[str, Any]) -> str:
    if column.opens and value and beside.get(column.opens) in registry.all_kinds():
        return reverse("records:record", args=[beside[column.opens], value])
    if not column.page or not value:
        return ""
    try:
        return reverse(column.page, args=[value])
    except NoReverseMatch:
        return ""
