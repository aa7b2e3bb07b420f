"""How powers are typed and printed: the grid's shorthand, eighths with two places, signs, axes.

Sources: trade practice of writing eighths with two places (0.12 is 0.125); the entry rules of the refraction grid.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from lensmath.numbers import EIGHTH, QUARTER, Degrees, exact, is_multiple, round_to, unsigned_zero

TRUE_MINUS = "\u2212"
PLANO_WORDS = frozenset({"pl", "plano", "pln", "plan"})
BALANCE_WORDS = frozenset({"bal", "balance"})
LARGEST_WHOLE_DIOPTRES = 20
LONGEST_ENTRY = 10
EIGHTH_ENDINGS = {
    "12": Decimal("0.125"),
    "13": Decimal("0.125"),
    "37": Decimal("0.375"),
    "38": Decimal("0.375"),
    "62": Decimal("0.625"),
    "63": Decimal("0.625"),
    "87": Decimal("0.875"),
    "88": Decimal("0.875"),
}

_MINUS_SIGNS = str.maketrans({TRUE_MINUS: "-", "\u2013": "-", "\u2012": "-", "\uff0d": "-", "\uff0b": "+", ",": "."})
_SIGNED = re.compile(r"(?P<sign>[+-]?)(?P<digits>\d*)(?P<point>\.?)(?P<fraction>\d*)", re.ASCII)


class EntryError(ValueError):
    """What was typed cannot be read as one value. ``code`` names the reason for the screen to explain."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text!r}")
        self.code = code
        self.text = text


@dataclass(frozen=True)
class EntryRule:
    """What a cell of the grid takes: a forced sign, the 0.25 grid or eighths too, and the hard limit."""

    sign_required: bool
    eighths: bool = True
    limit_dioptres: Decimal = Decimal(45)


SPHERE_ENTRY = EntryRule(sign_required=True)
CYLINDER_ENTRY = EntryRule(sign_required=True, limit_dioptres=Decimal(25))
ADD_ENTRY = EntryRule(sign_required=False, limit_dioptres=Decimal(5))


def plain(text: str) -> str:
    """What was typed, with typographic signs and a decimal comma made plain and blanks removed."""
    return text.translate(_MINUS_SIGNS).replace(" ", "").replace("\u00a0", "").lower()


def is_balance(text: str) -> bool:
    """Whether the cell says that this eye gets a balance lens: a state, not a number."""
    return plain(text) in BALANCE_WORDS


def snap_eighth(value: Decimal) -> Decimal:
    """A power written with two places as the eighth it stands for; any other value as it is.

    0.12 and 0.13 are 0.125, 0.37 and 0.38 are 0.375, and so on.
    """
    size = abs(value)
    hundredths = size * 100
    if hundredths != hundredths.to_integral_value():
        return value
    eighth = EIGHTH_ENDINGS.get(f"{int(hundredths) % 100:02d}")
    if eighth is None:
        return value
    return (int(size) + eighth).copy_sign(value)


def parse_power(text: str) -> Decimal:
    """A power as printed on paper or sent in a file (`-1.62`, `+2.00`, `2`, `PL`), eighths understood.

    For files and paper: no shorthand, the sign may be missing. Raises ValueError when it is not a number.
    """
    written = plain(text)
    if written in PLANO_WORDS:
        return Decimal(0)
    return unsigned_zero(snap_eighth(exact(written)))


def parse_entry(text: str, rule: EntryRule = SPHERE_ENTRY) -> Decimal | None:
    """A cell of the refraction grid in dioptres, or None for a blank cell (blank is not zero).

    `-125` is -1.25, `+2` is +2.00, `pl` is 0.00: digits without a point are whole dioptres up to 20 and hundredths
    from 25 on when a multiple of 25. Raises EntryError: `not_a_number`, `sign_required`, `negative`, `ambiguous`,
    `off_grid`, `out_of_range`.
    """
    written = plain(text)
    if not written:
        return None
    if written in PLANO_WORDS:
        return Decimal(0)
    match = _SIGNED.fullmatch(written) if len(written) <= LONGEST_ENTRY else None
    if match is None or not (match["digits"] or match["fraction"]):
        raise EntryError("not_a_number", text)
    size = _pointed(match) if match["point"] else _shorthand(match["digits"], text)
    _require_sign(match["sign"], size, rule, text)
    _require_grid(size, rule, text)
    return unsigned_zero(-size if match["sign"] == "-" else size)


def _pointed(match: re.Match[str]) -> Decimal:
    return snap_eighth(Decimal(f"{match['digits'] or 0}.{match['fraction'] or 0}"))


def _shorthand(digits: str, text: str) -> Decimal:
    number = int(digits)
    if number == 0:
        return Decimal(0)
    if number <= LARGEST_WHOLE_DIOPTRES:
        if digits.startswith("0"):  # -05 may mean five or one half
            raise EntryError("ambiguous", text)
        return Decimal(number)
    if number % 25:
        raise EntryError("ambiguous", text)
    return Decimal(number) / 100


def _require_sign(sign: str, size: Decimal, rule: EntryRule, text: str) -> None:
    if size == 0:
        return
    if rule.sign_required and not sign:
        raise EntryError("sign_required", text)
    if not rule.sign_required and sign == "-":
        raise EntryError("negative", text)


def _require_grid(size: Decimal, rule: EntryRule, text: str) -> None:
    if not is_multiple(size, EIGHTH if rule.eighths else QUARTER):
        raise EntryError("off_grid", text)
    if size > rule.limit_dioptres:
        raise EntryError("out_of_range", text)


def parse_axis(text: str) -> int | None:
    """A typed axis in whole degrees, or None for a blank cell; the degree sign is allowed.

    Zero comes back as 0: the rules refuse it on typing, a file reader maps it with :func:`file_axis`.
    Raises EntryError: `not_a_number`, `out_of_range`.
    """
    written = plain(text).rstrip("\u00b0")
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and len(written) <= LONGEST_ENTRY):
        raise EntryError("not_a_number", text)
    if int(written) > 180:
        raise EntryError("out_of_range", text)
    return int(written)


def file_axis(axis_deg: int) -> int:
    """The axis of a laboratory file, where 0 and 180 are the same line, in the paper's form 1..180."""
    return 180 if axis_deg == 0 else axis_deg


def format_power(value: Decimal, *, true_minus: bool = False, plano: str = "0.00") -> str:
    """A power for a document: signed, two places, eighths cut short (`+0.12`), never `-0.00`."""
    cut = abs(value).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    if cut == 0:
        return plano
    return f"{_sign(value, true_minus=true_minus)}{cut}"


def format_exact(value: Decimal, *, true_minus: bool = False) -> str:
    """A computed power in full, at least two places and no sign on zero: a spherical equivalent may be `-3.625`."""
    size = abs(value)
    exponent = size.normalize().as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    if size == 0:
        return "0.00"
    return f"{_sign(value, true_minus=true_minus)}{size:.{places}f}"


def _sign(value: Decimal, *, true_minus: bool) -> str:
    if value > 0:
        return "+"
    return TRUE_MINUS if true_minus else "-"


def format_axis(axis_deg: Degrees) -> str:
    """An axis with its three digits: `005`, `090`, `180`; a measured one is rounded to whole degrees."""
    return f"{int(round_to(exact(axis_deg), Decimal(1))) or 180:03d}"
