"""Prism: by components, by amount and base direction, by decentration, shared between the eyes.

Base directions in degrees are seen by a person facing the wearer: 0 at the viewer's right, counter-clockwise, 0 up to 360
(ISO 8429). So base in is 0 for the right eye and 180 for the left; up is 90 and down 270 for both.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lensmath.notation import plain
from lensmath.numbers import ZERO, Degrees, angle_deg, cos_deg, exact, hypotenuse, round_to, sin_deg, unsigned_zero
from lensmath.powers import EyePower, power_matrix

MM_PER_CM = Decimal(10)


class Eye(StrEnum):
    """Which eye, in the trade's words."""

    RIGHT = "right"
    LEFT = "left"

    @property
    def other(self) -> "Eye":
        return Eye.LEFT if self is Eye.RIGHT else Eye.RIGHT


class Base(StrEnum):
    """The four base words of a prescription."""

    IN = "in"
    OUT = "out"
    UP = "up"
    DOWN = "down"


OPPOSITE = {Base.IN: Base.OUT, Base.OUT: Base.IN, Base.UP: Base.DOWN, Base.DOWN: Base.UP}
SIGN = {Base.IN: 1, Base.OUT: -1, Base.UP: 1, Base.DOWN: -1}


@dataclass(frozen=True)
class Prism:
    """Prism of one eye by components, prism dioptres: + is base in, + is base up."""

    base_in: Decimal = ZERO
    base_up: Decimal = ZERO

    @classmethod
    def of(cls, *parts: tuple[Decimal, Base]) -> "Prism":
        """The sum of amounts with their base words; amounts are not negative."""
        total = cls()
        for amount, base in parts:
            if amount < 0:
                raise ValueError("a prism amount is not negative: its base says the direction")
            signed = amount * SIGN[base]
            total += cls(signed, ZERO) if base in (Base.IN, Base.OUT) else cls(ZERO, signed)
        return total

    def __add__(self, other: "Prism") -> "Prism":
        return Prism(unsigned_zero(self.base_in + other.base_in), unsigned_zero(self.base_up + other.base_up))

    def __sub__(self, other: "Prism") -> "Prism":
        return Prism(unsigned_zero(self.base_in - other.base_in), unsigned_zero(self.base_up - other.base_up))

    @property
    def amount(self) -> Decimal:
        """The resultant, prism dioptres."""
        return hypotenuse(self.base_in, self.base_up)

    @property
    def horizontal(self) -> tuple[Decimal, Base | None]:
        """Amount and base word of the horizontal part; no base without an amount."""
        return abs(self.base_in), _word(self.base_in, Base.IN)

    @property
    def vertical(self) -> tuple[Decimal, Base | None]:
        """Amount and base word of the vertical part; no base without an amount."""
        return abs(self.base_up), _word(self.base_up, Base.UP)


@dataclass(frozen=True)
class Oblique:
    """One prism by amount and base direction, 0 <= base < 360; no base without an amount."""

    amount: Decimal
    base_deg: Decimal | None

    @property
    def whole_base_deg(self) -> int | None:
        """The base in whole degrees, 0..359, half away from zero, as a laboratory form takes it."""
        return None if self.base_deg is None else int(round_to(self.base_deg, Decimal(1))) % 360


def _word(signed: Decimal, positive: Base) -> Base | None:
    if signed == 0:
        return None
    return positive if signed > 0 else OPPOSITE[positive]


def combine(eye: Eye, prism: Prism) -> Oblique:
    """Components to one amount and base direction for this eye."""
    if prism.amount == 0:
        return Oblique(ZERO, None)
    viewer_right = prism.base_in if eye is Eye.RIGHT else -prism.base_in
    return Oblique(prism.amount, angle_deg(viewer_right, prism.base_up))


def resolve(eye: Eye, amount: Decimal, base_deg: Degrees) -> Prism:
    """Amount and base direction (any whole turn) to components for this eye."""
    if amount < 0:
        raise ValueError("a prism amount is not negative: its base says the direction")
    viewer_right = amount * cos_deg(base_deg)
    return Prism(
        unsigned_zero(viewer_right if eye is Eye.RIGHT else -viewer_right), unsigned_zero(amount * sin_deg(base_deg))
    )


def add_oblique(eye: Eye, prisms: list[Oblique]) -> Oblique:
    """The sum of several prisms on one eye, by components."""
    total = Prism()
    for prism in prisms:
        total += resolve(eye, prism.amount, prism.base_deg or ZERO)
    return combine(eye, total)


def split_evenly(right: Prism, left: Prism) -> tuple[Prism, Prism]:
    """The same effect for the pair, half on each eye: horizontal with the same base word, vertical with opposite ones."""
    base_in = (right.base_in + left.base_in) / 2
    base_up = (right.base_up - left.base_up) / 2
    return Prism(unsigned_zero(base_in), unsigned_zero(base_up)), Prism(unsigned_zero(base_in), unsigned_zero(-base_up))


def net(right: Prism, left: Prism) -> Prism:
    """The effect of a pair: horizontal adds for the same base word, vertical (right minus left) for opposite ones."""
    return Prism(unsigned_zero(right.base_in + left.base_in), unsigned_zero(right.base_up - left.base_up))


def cancels(right: Prism, left: Prism) -> bool:
    """Whether a prism of one eye undoes, in part or wholly, one of the other: base in against out, or the same vertical base."""
    return right.base_in * left.base_in < 0 or right.base_up * left.base_up > 0


def prentice(power_dioptres: Decimal, distance_mm: Decimal, centre_lies: Base) -> tuple[Decimal, Base | None]:
    """Prism along a principal meridian: c (cm) x F, for an optical centre that lies ``centre_lies`` of the pupil.

    A plus lens has its base towards the optical centre, a minus lens away from it. Source: Prentice (1890).
    """
    if distance_mm < 0:
        raise ValueError("a distance is not negative: the direction is said in words")
    signed = unsigned_zero(distance_mm / MM_PER_CM * power_dioptres)
    return abs(signed), _word(signed, centre_lies)


def prentice_vector(eye: Eye, power: EyePower, x_mm: Decimal, y_mm: Decimal) -> Prism:
    """Prism where the eye looks through a point (x to the viewer's right, y up) mm from the optical centre.

    base = -(matrix) x (displacement in cm): an oblique cylinder turns a horizontal shift into vertical prism too.
    """
    xx, yy, xy = power_matrix(power)
    viewer_right = -(xx * x_mm + xy * y_mm) / MM_PER_CM
    base_up = -(xy * x_mm + yy * y_mm) / MM_PER_CM
    return Prism(unsigned_zero(viewer_right if eye is Eye.RIGHT else -viewer_right), unsigned_zero(base_up))


def decentration_for(prism_dioptres: Decimal, power_dioptres: Decimal) -> Decimal:
    """Millimetres to decentre along a principal meridian for a wanted prism: 10 P / F.

    The sign follows the power: positive = towards the wanted base. Raises ValueError where there is no power.
    """
    if power_dioptres == 0:
        raise ValueError("a meridian without power makes no prism by decentration")
    return unsigned_zero(MM_PER_CM * prism_dioptres / power_dioptres)


_WORDS = {
    "i": Base.IN, "in": Base.IN, "bi": Base.IN, "o": Base.OUT, "out": Base.OUT, "bo": Base.OUT,
    "u": Base.UP, "up": Base.UP, "bu": Base.UP, "d": Base.DOWN, "down": Base.DOWN, "bd": Base.DOWN,
    "dn": Base.DOWN,
}  # fmt: skip
_WRITTEN = re.compile(
    r"(?P<amount>\d*\.?\d+)(?:pd|\u03b4|\u25b3|\^)?(?P<words>(?:base|[a-z&+/])*)(?:@(?P<degrees>\d{1,3}(?:\.\d+)?)\u00b0?)?",
    re.ASCII,
)


def parse_prism(eye: Eye, text: str) -> Prism:
    """One written prism: `1.5 in`, `2 BU`, `2.5 @ 37` (0 to 360) or `2.5 BU&I @ 37` (180 notation, the words choose the end).

    Raises ValueError when it is not understood or when words and degrees contradict each other.
    """
    match = _WRITTEN.fullmatch(plain(text))
    if match is None or not (match["words"] or match["degrees"]):
        raise ValueError(f"not a prism with its base: {text!r}")
    amount, bases = exact(match["amount"]), _bases(match["words"], text)
    if match["degrees"] is None:
        if len(bases) != 1:
            raise ValueError(f"two base words need the degrees between them: {text!r}")
        return Prism.of((amount, bases[0]))
    degrees = exact(match["degrees"])
    return _noted(eye, amount, degrees, bases)


def _bases(words: str, text: str) -> list[Base]:
    parts = [part for part in re.split(r"[&+/]|and", words.replace("base", "")) if part]
    if any(part not in _WORDS for part in parts):
        raise ValueError(f"not a base direction: {text!r}")
    return [_WORDS[part] for part in parts]


def _noted(eye: Eye, amount: Decimal, degrees: Decimal, bases: list[Base]) -> Prism:
    if degrees > 360:
        raise ValueError("a base direction lies between 0 and 360 degrees")
    if not bases:
        return resolve(eye, amount, degrees)
    if degrees > 180:
        raise ValueError("with base words the degrees run from 0 to 180")
    for turned in (degrees, degrees + 180):
        candidate = resolve(eye, amount, turned)
        if all(_points(candidate, base) for base in bases):
            return candidate
    raise ValueError("the base words and the degrees contradict each other")


def _points(prism: Prism, base: Base) -> bool:
    component = prism.base_in if base in (Base.IN, Base.OUT) else prism.base_up
    return component * SIGN[base] > 0
