"""The first rows of a report as a page shows them: values for people, links to records, money with its total."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.urls import NoReverseMatch, reverse

from core import formats, money
from reports.datasets.base import DATED, Column, Kind
from reports.datasets.beside import page_of
from reports.datasets.querying import Query
from reports.exports.cells import Maker, maker, plain

MOST_ROWS = 50
MOST_COUNTED = 10_000
NUMERIC = frozenset({Kind.NUMBER, Kind.MONEY, Kind.POWER})


@dataclass(frozen=True)
class Shown:
    """One cell: text, whether it is a number or one word that stays on its line, and where it leads."""

    text: str
    is_number: bool
    url: str = ""
    label: Any = ""
    is_whole: bool = False

    @property
    def kind(self) -> str:
        """The classes of the cell; what is empty needs no line of its own on a phone."""
        names = (
            "num" if self.is_number else "",
            "nowrap" if self.is_whole and not self.is_number else "",
            "none" if self.text == formats.DASH else "",
        )
        return " ".join(name for name in names if name)


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
    told = [_Told(column, maker(column)) for column in query.columns]
    rows = [_row(told, row, today) for row in query.rows[:MOST_ROWS]]
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


class _Told(NamedTuple):
    """A column with what makes its cells; the words of its codes are looked up once for all rows."""

    column: Column
    cell: Maker


def _row(told: Sequence[_Told], row: Sequence[Any], today: date) -> list[Shown]:
    beside = {one.column.key: value for one, value in zip(told, row, strict=True)}
    return [_cell(one, value, beside, today) for one, value in zip(told, row, strict=True)]


def _cell(told: _Told, value: Any, beside: Mapping[str, Any], today: date) -> Shown:
    column = told.column
    url = _url(column, value, beside)
    whole = bool(url) or column.kind in DATED
    return Shown(_text(told, value, today), column.kind in NUMERIC, url, column.label, whole)


def _text(told: _Told, value: Any, today: date) -> str:
    """A value as people read it: the year only when it is another one, a true minus, words for codes."""
    column = told.column
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
        return plain(told.cell(value))
    return str(value)


def _url(column: Column, value: Any, beside: Mapping[str, Any]) -> str:
    if column.opens:
        return page_of(beside.get(column.opens, ""), value) if value else ""
    if not column.page or not value:
        return ""
    try:
        return reverse(column.page, args=[value])
    except NoReverseMatch:
        return ""
