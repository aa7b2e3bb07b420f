"""Vertical imbalance of unequal lenses at the reading level, and the slab-off that removes it."""

from dataclasses import dataclass
from decimal import Decimal

from lensmath.powers import EyePower, power_in_meridian
from lensmath.prism import Base, Eye

VERTICAL_DEG = 90
SLAB_OFF_FROM = Decimal("1.5")
MM_PER_CM = Decimal(10)


@dataclass(frozen=True)
class VerticalImbalance:
    """Prism dioptres between the eyes at the reading level, and where a slab-off would go; no eye when they are equal."""

    amount: Decimal
    slab_off_eye: Eye | None
    slab_off_usual: bool

    @property
    def slab_off_base(self) -> Base | None:
        """Slab-off is base up, on the most minus or least plus lens."""
        return Base.UP if self.slab_off_eye else None

    @property
    def reverse_slab_eye(self) -> Eye | None:
        """A reverse slab goes on the other eye, base down."""
        return self.slab_off_eye.other if self.slab_off_eye else None


def at_reading_level(
    right: EyePower, left: EyePower, below_centre_mm: Decimal, usual_from: Decimal = SLAB_OFF_FROM
) -> VerticalImbalance:
    """|F_right(90) - F_left(90)| x distance below the optical centre in cm, prism dioptres.

    ``usual_from``: the imbalance from which a slab-off is usually asked for (1.5: a habit of the trade, a setting).
    """
    powers = {Eye.RIGHT: power_in_meridian(right, VERTICAL_DEG), Eye.LEFT: power_in_meridian(left, VERTICAL_DEG)}
    amount = abs(powers[Eye.RIGHT] - powers[Eye.LEFT]) * abs(below_centre_mm) / MM_PER_CM
    eye = min(powers, key=lambda candidate: powers[candidate]) if amount else None
    return VerticalImbalance(amount=amount, slab_off_eye=eye, slab_off_usual=amount >= usual_from)
