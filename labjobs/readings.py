"""What a focimeter shows, as it is typed: the refraction grid's habits, to a hundredth of a dioptre.

`153` is 1.53 and `+2` is +2.00: digits without a point are whole dioptres up to 20, hundredths from 25 on.
"""

import re
from decimal import Decimal

from lensmath.notation import LARGEST_WHOLE_DIOPTRES, LONGEST_ENTRY, PLANO_WORDS, EntryError, plain
from lensmath.numbers import unsigned_zero

_TYPED = re.compile(r"(?P<sign>[+-]?)(?P<digits>\d*)(?P<point>\.?)(?P<fraction>\d{0,2})", re.ASCII)
_UNITS = ("°", "mm", "δ", "d")


def power(text: str, *, sign_required: bool, limit_dioptres: Decimal) -> Decimal | None:
    """A reading in dioptres, None for a blank cell. Raises EntryError as the refraction grid does."""
    written = plain(text)
    if not written:
        return None
    if written in PLANO_WORDS:
        return Decimal(0)
    size, sign = _size(written, text)
    if size and sign_required and not sign:
        raise EntryError("sign_required", text)
    if not sign_required and sign == "-":
        raise EntryError("negative", text)
    if size > limit_dioptres:
        raise EntryError("out_of_range", text)
    return unsigned_zero(-size if sign == "-" else size)


def _size(written: str, text: str) -> tuple[Decimal, str]:
    match = _TYPED.fullmatch(written) if len(written) <= LONGEST_ENTRY else None
    if match is None or not (match["digits"] or match["fraction"]):
        raise EntryError("not_a_number", text)
    if match["point"]:
        return Decimal(f"{match['digits'] or 0}.{match['fraction'] or 0}"), match["sign"]
    digits = match["digits"] + match["fraction"]
    number = int(digits)
    if number <= LARGEST_WHOLE_DIOPTRES and not (digits.startswith("0") and number):
        return Decimal(number), match["sign"]
    if len(digits) < 2:
        raise EntryError("ambiguous", text)
    return Decimal(number) / 100, match["sign"]


def axis(text: str) -> Decimal | None:
    """A measured axis, 0 to 180; 0 is 180. Raises EntryError."""
    written = plain(text).rstrip("°")
    if not written:
        return None
    if not re.fullmatch(r"\d{1,3}(\.\d)?", written, re.ASCII):
        raise EntryError("not_a_number", text)
    value = Decimal(written)
    if value > 180:
        raise EntryError("out_of_range", text)
    return value or Decimal(180)


def length(text: str, limit: Decimal) -> Decimal | None:
    """Millimetres or prism dioptres, no sign. Raises EntryError."""
    written = plain(text)
    for unit in _UNITS:
        written = written.removesuffix(unit)
    if not written:
        return None
    if not re.fullmatch(r"\d{0,3}(\.\d{1,2})?", written, re.ASCII):
        raise EntryError("negative" if written.startswith("-") else "not_a_number", text)
    value = Decimal(written)
    if value > limit:
        raise EntryError("out_of_range", text)
    return value
