"""What a judgement says: one line for each quantity, with ordered, measured, limit, difference and verdict."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lensmath.notation import snap_eighth
from lensmath.numbers import EIGHTH
from lensmath.prism import Eye

READ_AS_EIGHTH = frozenset({Decimal("0.12"), Decimal("0.13")})


class Unit(StrEnum):
    """Units of limits and differences."""

    DIOPTRES = "D"
    PRISM = "prism dioptre"
    MM = "mm"
    DEGREES = "degrees"


class Basis(StrEnum):
    """What the lens was compared with: the order, or the powers the laboratory says the focimeter must show."""

    ORDERED = "ordered"
    VERIFICATION = "verification"


class Instrument(StrEnum):
    """Automatic focimeters read hundredths; on manual ones an eighth off counts as inside 0.12 and 0.13."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"

    def reading(self, value: Decimal) -> Decimal:
        """The reading as this instrument means it: on a manual one 0.12 is 0.125."""
        return snap_eighth(value) if self is Instrument.MANUAL else value

    def allowed(self, limit: Decimal) -> Decimal:
        """The limit as it holds on this instrument."""
        return EIGHTH if self is Instrument.MANUAL and limit in READ_AS_EIGHTH else limit


@dataclass(frozen=True)
class Limit:
    """A limit with its unit; inclusive."""

    value: Decimal
    unit: Unit


@dataclass(frozen=True)
class Line:
    """One judged quantity. Without limits it was not judged, and passes. Powers are in minus-cylinder form."""

    quantity: str
    passed: bool
    eye: Eye | None = None
    ordered: Decimal | None = None
    measured: Decimal | None = None
    difference: Decimal | None = None
    limits: tuple[Limit, ...] = ()
    basis: Basis = Basis.ORDERED

    @property
    def judged(self) -> bool:
        return bool(self.limits)

    @property
    def limit(self) -> Decimal | None:
        """The limit, or the first of several."""
        return self.limits[0].value if self.limits else None


def all_passed(lines: Iterable[Line]) -> bool:
    """Whether every line passes."""
    return all(line.passed for line in lines)
