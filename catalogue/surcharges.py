"""What a lens costs on top: bands of sphere, cylinder, prism, add and blank diameter, per lens that needs them, added up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lensmath.numbers import ZERO
from lensmath.powers import EyePower, minus_form


class Quantity(StrEnum):
    """What a band charges for; sphere and cylinder by absolute value in minus-cylinder form, prism by its resultant.

    The diameter is that of the least blank the lens needs, in mm.
    """

    SPHERE = "sphere"
    CYLINDER = "cylinder"
    PRISM = "prism"
    ADD = "add"
    DIAMETER = "diameter"


POWER_STEP = Decimal("0.25")


@dataclass(frozen=True)
class Band:
    """A charge for one lens whose value lies from .. to, both ends inclusive (``to_dioptres`` None: and stronger)."""

    quantity: Quantity
    from_dioptres: Decimal
    to_dioptres: Decimal | None
    price: Decimal
    cost: Decimal = ZERO


@dataclass(frozen=True)
class Charges:
    """The bands one lens falls into, and the quantities stronger than the last band: ask the laboratory."""

    bands: tuple[Band, ...]
    beyond: tuple[Quantity, ...] = ()

    @property
    def price(self) -> Decimal:
        return sum((band.price for band in self.bands), ZERO)

    @property
    def cost(self) -> Decimal:
        return sum((band.cost for band in self.bands), ZERO)


NO_CHARGES = Charges(())


def charges(
    power: EyePower, prism_amount: Decimal, bands: Iterable[Band], diameter_mm: Decimal | None = None
) -> Charges:
    """The surcharges of one lens; a pair pays the sum of its two lenses. A blank that is not known is not charged for."""
    tables: dict[Quantity, list[Band]] = {}
    for band in bands:
        tables.setdefault(band.quantity, []).append(band)
    found: list[Band] = []
    beyond: list[Quantity] = []
    values = values_of(power, prism_amount, diameter_mm) if tables else {}
    for quantity, value in values.items():
        rows = sorted(tables.get(quantity, ()), key=lambda band: band.from_dioptres)
        fitting = band_of(value, rows)
        if fitting is not None:
            found.append(fitting)
        elif rows and value > rows[-1].from_dioptres:
            beyond.append(quantity)
    return Charges(tuple(found), tuple(beyond))


def values_of(power: EyePower, prism_amount: Decimal, diameter_mm: Decimal | None) -> dict[Quantity, Decimal]:
    """What a lens is charged by: its absolute value in every quantity; a blank that is not known is 0."""
    lens = minus_form(power)
    return {
        Quantity.SPHERE: abs(lens.sphere),
        Quantity.CYLINDER: abs(lens.cylinder or ZERO),
        Quantity.PRISM: prism_amount,
        Quantity.ADD: lens.add or ZERO,
        Quantity.DIAMETER: diameter_mm or ZERO,
    }


def band_of(value: Decimal, rising: Sequence[Band]) -> Band | None:
    """The band of a value, of one quantity's bands in rising order.

    Bands step by 0.25 (blanks by 1 mm): an eighth between two of them belongs to the stronger. Where a table leaves more out, nothing is charged.
    """
    for place, band in enumerate(rising):
        if band.to_dioptres is not None and value > band.to_dioptres:
            continue
        gap = band.from_dioptres - value
        return band if gap <= 0 or (place and gap < step_of(band.quantity)) else None
    return None


def step_of(quantity: Quantity) -> Decimal:
    """How far apart the bands of a quantity lie when nothing is left out between them."""
    return Decimal(1) if quantity is Quantity.DIAMETER else POWER_STEP
