"""Cells that no spreadsheet takes for a formula, and signed powers that stay numbers (OWASP ASVS 5.0, 1.2.10).

Typed numbers are written as numbers, without a leading plus. Text that begins like a formula gets an apostrophe, and so
does text that begins with apostrophes before such a sign: taking one away gives back exactly what was there.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from reports.datasets.base import Column, Kind

# What makes a cell a formula in some spreadsheet, the full-width signs of East Asian keyboards included.
_TRIGGER = re.compile(r"'*[=+\-@;\t\r\n\uff1d\uff0b\uff0d\uff20]")
# Signs that neither XML nor a terminal can carry.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MOST_LENGTH = 32_000
_HUNDREDTH = Decimal("0.01")


def neutral(text: str) -> str:
    """The text with an apostrophe before it when it begins like a formula."""
    clean = _UNPRINTABLE.sub("\ufffd", text)[:MOST_LENGTH]
    return f"'{clean}" if _TRIGGER.match(clean) else clean


def restored(text: str) -> str:
    """What `neutral` was given: exactly one apostrophe goes, where one was put."""
    return text[1:] if text.startswith("'") and _TRIGGER.match(text[1:]) else text


Cell = str | int | Decimal | date | datetime | None
Maker = Callable[[Any], Cell]


def maker(column: Column) -> Maker:
    """How the values of a column become cells: codes as words, numbers as numbers, text neutral."""
    if column.show is not None:
        show = column.show
        return lambda value: neutral(show(value)) if value is not None else None
    if column.kind == Kind.CHOICE and column.choices:
        return _words({code: neutral(str(word)) for code, word in column.choices().items()})
    return _MAKERS.get(column.kind, _text)


def _words(words: Mapping[str, str]) -> Maker:
    return lambda value: words.get(value, neutral(str(value))) if value not in (None, "") else None


def _text(value: Any) -> Cell:
    return neutral(str(value)) if value not in (None, "") else None


def _yes_no(value: Any) -> Cell:
    return None if value is None else _("yes") if value else _("no")


def _hundredths(value: Any) -> Cell:
    return None if value is None else Decimal(value).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


def _number(value: Any) -> Cell:
    if value is None or isinstance(value, int):
        return value
    return Decimal(value)


def _date(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, second=0, microsecond=0)
    return value if isinstance(value, date) else None


_MAKERS: dict[Kind, Maker] = {
    Kind.NUMBER: _number,
    Kind.MONEY: _hundredths,
    Kind.POWER: _hundredths,
    Kind.DAY: _date,
    Kind.MOMENT: _date,
    Kind.YES_NO: _yes_no,
}


def plain(cell: Cell) -> str:
    """A cell as CSV text: `-2.25`, `2.00` (never `+2.00`), `2026-11-25 14:02`."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
