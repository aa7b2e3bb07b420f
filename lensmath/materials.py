"""Lens materials: index classes, curve variation factor, and the usual values where a product states none."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

REFERENCE_INDEX = Decimal("1.523")


class IndexClass(StrEnum):
    """Classes of BS 7394-2."""

    NORMAL = "normal"
    MID = "mid"
    HIGH = "high"
    VERY_HIGH = "very_high"


CLASS_FROM = (
    (Decimal("1.74"), IndexClass.VERY_HIGH),
    (Decimal("1.64"), IndexClass.HIGH),
    (Decimal("1.54"), IndexClass.MID),
    (Decimal("1.48"), IndexClass.NORMAL),
)


def index_class(index: Decimal) -> IndexClass:
    """Normal 1.48 to under 1.54, mid to under 1.64, high to under 1.74, very high from 1.74. Source: BS 7394-2.

    Raises ValueError below 1.48: no class is defined there.
    """
    for lowest, name in CLASS_FROM:
        if index >= lowest:
            return name
    raise ValueError(f"no index class below 1.48: {index}")


def curve_variation_factor(index: Decimal, reference_index: Decimal = REFERENCE_INDEX) -> Decimal:
    """How flat a surface may be for the same power compared with crown glass: (n_ref - 1) / (n - 1)."""
    if index <= 1:
        raise ValueError("a refractive index is greater than 1")
    return (reference_index - 1) / (index - 1)


@dataclass(frozen=True)
class Material:
    """One lens material: index at the d line, index at the e line when published, Abbe number, density in g/cm3.

    ``minimum_centre_mm`` is what a laboratory usually leaves in the middle of a minus lens; an estimate to be overridden per product.
    """

    code: str
    name: str
    index_d: Decimal
    index_e: Decimal | None
    abbe: Decimal
    density: Decimal
    minimum_centre_mm: Decimal

    @property
    def index_class(self) -> IndexClass:
        return index_class(self.index_d)


def _material(code: str, name: str, index_d: str, index_e: str | None, rest: tuple[str, str, str]) -> Material:
    abbe, density, centre = (Decimal(text) for text in rest)
    return Material(code, name, Decimal(index_d), Decimal(index_e) if index_e else None, abbe, density, centre)


# Three published lists agree on these; makers differ, so a product's own values come first.
MATERIALS = {
    material.code: material
    for material in (
        _material("cr39", "CR-39 1.50", "1.498", "1.502", ("58", "1.31", "2.0")),
        _material("crown", "Crown glass 1.523", "1.523", None, ("59", "2.54", "2.0")),
        _material("trivex", "Trivex 1.53", "1.53", "1.532", ("44", "1.11", "1.3")),
        _material("mid156", "1.56", "1.56", None, ("37", "1.23", "1.5")),
        _material("polycarbonate", "Polycarbonate 1.59", "1.586", "1.59", ("30", "1.20", "1.3")),
        _material("mr8", "1.60", "1.60", None, ("41", "1.30", "1.3")),
        _material("high167", "1.67", "1.66", "1.67", ("32", "1.37", "1.2")),
        _material("high174", "1.74", "1.74", None, ("33", "1.47", "1.1")),
    )
}
