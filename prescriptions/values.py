"""The values of a prescription as the rules read them: from the grid, the API, an import or FHIR alike.

Plain frozen values with nothing decided yet, so that they can hold what is wrong and be told so. Powers are read already
(eighths as eighths); None is a blank, which is not zero.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lensmath.numbers import ZERO, Degrees
from lensmath.powers import EyePower
from lensmath.prism import Base, Eye, Prism, resolve

MULTIFOCAL_TYPES = frozenset({"bifocal", "trifocal", "progressive", "occupational"})
CONTACT_LENS = "contact_lens"
TYPES = frozenset({"distance", "near", "intermediate", "plano", CONTACT_LENS}) | MULTIFOCAL_TYPES


@dataclass(frozen=True)
class PrismEntry:
    """One written prism: an amount with a base word (`in`, `out`, `up`, `down`) or with degrees 0..360."""

    amount: Decimal | None = None
    base: str | None = None
    base_deg: Degrees | None = None

    @property
    def has_base(self) -> bool:
        return self.base is not None or self.base_deg is not None

    def components(self, eye: Eye) -> Prism:
        """The prism by components. Raises ValueError for a base that is none, a missing base or a negative amount."""
        amount = self.amount or ZERO
        if self.base is not None:
            return Prism.of((amount, Base(self.base)))
        if self.base_deg is None and amount:
            raise ValueError("a prism needs its base")
        return resolve(eye, amount, self.base_deg or ZERO)


@dataclass(frozen=True)
class EyeValues:
    """What is written for one eye: dioptres, degrees, mm. ``power`` to ``product`` belong to contact lenses."""

    sphere: Decimal | None = None
    cylinder: Decimal | None = None
    axis: Degrees | None = None
    add: Decimal | None = None
    prisms: tuple[PrismEntry, ...] = ()
    far_pd_mm: Decimal | None = None
    near_pd_mm: Decimal | None = None
    balance: bool = False
    power: Decimal | None = None
    base_curve_mm: Decimal | None = None
    diameter_mm: Decimal | None = None
    product: str = ""

    def lens(self, kind: str) -> EyePower | None:
        """The power as a lens, or None where it does not make one; a contact lens has its power in place of a sphere."""
        sphere = self.power if kind == CONTACT_LENS else self.sphere
        if sphere is None:
            return None
        try:
            return EyePower(sphere, self.cylinder, self.axis if self.cylinder else None, self.add)
        except ValueError:
            return None

    def prism(self, eye: Eye) -> Prism | None:
        """The prism of this eye by components, or None where what is written makes none."""
        try:
            return sum((entry.components(eye) for entry in self.prisms), Prism())
        except ValueError:
            return None


@dataclass(frozen=True)
class PrescriptionValues:
    """A whole prescription; an eye that is not prescribed for is None."""

    kind: str
    right: EyeValues | None = None
    left: EyeValues | None = None
    far_pd_mm: Decimal | None = None
    near_pd_mm: Decimal | None = None
    prescriber: str = ""
    expires_on: date | None = None

    def eyes(self) -> Iterator[tuple[Eye, EyeValues]]:
        """The eyes prescribed for, right first."""
        if self.right is not None:
            yield Eye.RIGHT, self.right
        if self.left is not None:
            yield Eye.LEFT, self.left
