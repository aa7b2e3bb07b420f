"""What the distance between lens and eye does to a power: two questions, one sign apart.

F / (1 - d F), applied to both principal meridians (never to sphere and cylinder apart). Rounding comes last.
"""

from dataclasses import dataclass
from decimal import Decimal

from lensmath.numbers import EIGHTH, QUARTER, Degrees, round_to
from lensmath.powers import EyePower

METRES_PER_MM = Decimal("0.001")


@dataclass(frozen=True)
class Compensated:
    """A power worked out for another vertex distance: in full, and rounded meridian by meridian."""

    exact: EyePower
    meridians: tuple[Decimal, Decimal]
    rounded: EyePower
    changed_dioptres: Decimal

    @property
    def worth_showing(self) -> bool:
        """Whether a meridian changes by an eighth of a dioptre or more; below that nothing is ordered differently."""
        return self.changed_dioptres >= EIGHTH


def effective_power(power_dioptres: Decimal, away_mm: Decimal) -> Decimal:
    """What this same lens does when it sits ``away_mm`` further from the eye: F / (1 - x F); negative mm = nearer."""
    return _divided(power_dioptres, 1 - away_mm * METRES_PER_MM * power_dioptres)


def power_to_order(power_dioptres: Decimal, away_mm: Decimal) -> Decimal:
    """What must be ordered ``away_mm`` further from the eye for the same effect: F / (1 + x F)."""
    return _divided(power_dioptres, 1 + away_mm * METRES_PER_MM * power_dioptres)


def compensate(power: EyePower, from_mm: Decimal, to_mm: Decimal, step: Decimal = QUARTER) -> Compensated:
    """The power to order at ``to_mm`` for the effect prescribed at ``from_mm`` (0 = on the eye: a contact lens).

    Each meridian is rounded to ``step`` half away from zero and the cylinder is the difference of the rounded ones.
    """
    meridians = (
        power_to_order(power.meridians[0], to_mm - from_mm),
        power_to_order(power.meridians[1], to_mm - from_mm),
    )
    changes = [abs(new - old) for new, old in zip(meridians, power.meridians, strict=True)]
    rounded = (round_to(meridians[0], step), round_to(meridians[1], step))
    return Compensated(
        exact=_from_meridians(meridians, power.axis, power.add),
        meridians=meridians,
        rounded=_from_meridians(rounded, power.axis, power.add),
        changed_dioptres=max(changes),
    )


def _from_meridians(meridians: tuple[Decimal, Decimal], axis: Degrees | None, add: Decimal | None) -> EyePower:
    cylinder = meridians[1] - meridians[0]
    if cylinder == 0 or axis is None:
        return EyePower(meridians[0], add=add)
    return EyePower(meridians[0], cylinder, axis, add)


def _divided(power_dioptres: Decimal, divisor: Decimal) -> Decimal:
    if divisor <= 0:
        raise ValueError("at this distance the lens has no finite equivalent")
    return power_dioptres / divisor
