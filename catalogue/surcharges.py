"""What a lens costs on top for its power: bands of sphere, cylinder, prism and add, per lens that needs them, added up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lensmath.numbers import ZERO
from lensmath.powers import EyePower, minus_form


class Quantity(StrEnum):
    """What a band charges for; sphere and cylinder by absolute value in minus-cylinder form, prism by its resultant."""

    SPHERE = "sphere"
    CYLINDER = "cylinder"
    PRISM = "prism"
    ADD = "add"


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


def charges(power: EyePower, prism_amount: Decimal, bands: Iterable[Band]) -> Charges:
    """The surcharges of one lens; a pair pays the sum of its two lenses."""
    tables: dict[Quantity, list[Band]] = {}
    for band in bands:
        tables.setdefault(band.quantity, []).append(band)
    found: list[Band] = []
    beyond: list[Quantity] = []
    for quantity, value in _values(power, prism_amount).items():
        rows = sorted(tables.get(quantity, ()), key=lambda band: band.from_dioptres)
        fitting = _band_of(value, rows)
        if fitting is not None:
            found.append(fitting)
        elif rows and value > rows[-1].from_dioptres:
            beyond.append(quantity)
    return Charges(tuple(found), tuple(beyond))


def _values(power: EyePower, prism_amount: Decimal) -> dict[Quantity, Decimal]:
    lens = minus_form(power)
    return {
        Quantity.SPHERE: abs(lens.sphere),
        Quantity.CYLINDER: abs(lens.cylinder or ZERO),
        Quantity.PRISM: prism_amount,
        Quantity.ADD: lens.add or ZERO,
    }


def _band_of(value: Decimal, rows: Sequence[Band]) -> Band | None:
    """The band of a value. Bands step by 0.25: an eighth between two of them belongs to the stronger."""
    if not rows or value < rows[0].from_dioptres:
        return None
    return next((band for band in rows if band.to_dioptres is None or value <= band.to_dioptres), None)
