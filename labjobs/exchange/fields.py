"""The data of one record: fields, two sides, numbers, and how they are written."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from .errors import ExchangeError
from .labels import Form, LabelKind

UNKNOWN = "?"
EIGHTH = Decimal("0.125")
NUMBER = re.compile(r"[+-]?(\d{1,9}(\.\d{0,6})?|\.\d{1,6})", re.ASCII)

T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Sided(Generic[T_co]):
    """The same thing for the right and for the left eye."""

    right: T_co
    left: T_co

    def map(self, change: Callable[[T_co], U]) -> "Sided[U]":
        """The same change made to each side."""
        return Sided(change(self.right), change(self.left))

    def on(self, side: str) -> T_co:
        """The value of the side named `R` or `L`."""
        return self.right if side == "R" else self.left


def on_both(value: U) -> Sided[U]:
    """One value for both eyes."""
    return Sided(value, value)


NEITHER_SIDE = on_both(None)


def sided_fields(data: str) -> Sided[str]:
    """The two fields of a two-sided record: one field stands for both eyes, fields past the second are ignored."""
    fields = [field.strip() for field in data.split(";")]
    return Sided(fields[0], fields[1]) if len(fields) > 1 else on_both(fields[0])


def text_or_none(field: str) -> str | None:
    """The text of a field; empty and unknown (`?`) are none."""
    field = field.strip()
    return None if field in ("", UNKNOWN) else field


def number_or_none(field: str, line: int | None = None) -> Decimal | None:
    """The number in a field; empty and unknown (`?`) are none. Raises ExchangeError for anything else."""
    text = text_or_none(field)
    if text is None:
        return None
    if not NUMBER.fullmatch(text):
        raise ExchangeError(_("“%(text)s” is not a number.") % {"text": text[:40]}, line)
    return Decimal(text)


def format_number(value: Decimal, decimals: int = 2, *, prescribed: bool = False) -> str:
    """A number as a laboratory file has it: point, fixed places, no plus, never a negative zero.

    Halves are rounded away from zero. A `prescribed` power in whole eighths drops its third place (0.125 is 0.12).
    """
    truncated = prescribed and value % EIGHTH == 0
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN if truncated else ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:f}"


Value = Decimal | int | str | None


def format_field(value: Value, kind: LabelKind) -> str:
    """One field of a record; none is empty. Raises ExchangeError for text that would break the record."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _checked_text(value, kind)
    number = Decimal(value)
    if not number.is_finite() or abs(number) >= Decimal(10) ** 9:
        raise ExchangeError(_("%(number)s cannot be written as a number.") % {"number": number})
    if kind.form is not Form.NUMBER and number == number.to_integral_value():
        return f"{number.to_integral_value():f}"
    return format_number(number, kind.decimals, prescribed=kind.prescribed)


def _checked_text(value: str, kind: LabelKind) -> str:
    text = value.strip()
    if text == UNKNOWN or (kind.sided and ";" in text):
        message = _("“%(text)s” cannot be written: a question mark alone and a semicolon have a meaning of their own.")
        raise ExchangeError(message % {"text": text[:40]})
    return text
