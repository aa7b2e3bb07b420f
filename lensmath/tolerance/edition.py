"""The tables of one edition of a tolerance standard: limits by power, by lens group, inclusive at their upper end."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

PER_CENT = Decimal(100)
Row = TypeVar("Row")


class Group(StrEnum):
    """What the tables tell apart. A group without its own table uses that of single vision."""

    SINGLE_VISION = "single_vision"
    MULTIFOCAL = "multifocal"
    PROGRESSIVE = "progressive"


LENS_GROUPS = {
    "bifocal": Group.MULTIFOCAL,
    "trifocal": Group.MULTIFOCAL,
    "multifocal": Group.MULTIFOCAL,
    "progressive": Group.PROGRESSIVE,
    "occupational": Group.PROGRESSIVE,
}


def group_of(lens_type: str) -> Group:
    """The group that judges a lens type; anything not multifocal or of varying power is single vision."""
    return LENS_GROUPS.get(lens_type, Group.SINGLE_VISION)


class SphereRule(StrEnum):
    """Which meridian carries the sphere limit."""

    MINUS_CYLINDER_SPHERE = "minus_cylinder_sphere"
    STRONGEST_MERIDIAN = "strongest_meridian"
    EACH_MERIDIAN = "each_meridian"


class PrismUnit(StrEnum):
    """How a prism limit is stated: in prism dioptres, in mm of displacement, or as the prism that so many mm make."""

    PRISM = "prism"
    MM = "mm"
    EFFECT_OF_MM = "effect_of_mm"


class Per(StrEnum):
    """Whether a displacement is that of the pair together or of the worse lens."""

    PAIR = "pair"
    LENS = "lens"


class BothRule(StrEnum):
    """Whether a reference point must hold both its limits or one of them."""

    OR = "or"
    AND = "and"


@dataclass(frozen=True)
class Band:
    """A limit, or a percentage of the nominal value, for values up to ``up_to`` inclusive (None: no upper end)."""

    up_to: Decimal | None
    limit: Decimal | None = None
    percent: Decimal | None = None

    def allowed(self, nominal: Decimal) -> Decimal:
        """The limit for this nominal value, unrounded."""
        if self.limit is not None:
            return self.limit
        return abs(nominal) * (self.percent or Decimal(0)) / PER_CENT


@dataclass(frozen=True)
class CylinderRow:
    """Cylinder limits for lenses whose strongest meridian is up to ``power_up_to`` (None: any lens)."""

    power_up_to: Decimal | None
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class AxisTable:
    """Axis limits by nominal cylinder; below ``judged_from`` the axis is not judged."""

    judged_from: Decimal
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class PrismRow:
    """Prism imbalance limit for pairs up to this power in the meridian and up to this prescribed prism."""

    limit: Decimal
    unit: PrismUnit
    power_up_to: Decimal | None = None
    prescribed_up_to: Decimal | None = None
    per: Per = Per.PAIR
    extra_prism: Decimal = Decimal(0)


@dataclass(frozen=True)
class ReferencePoint:
    """Prism at, or displacement of, each lens's prism reference point."""

    prism: Decimal
    mm: Decimal
    rule: BothRule


@dataclass(frozen=True)
class PositionLimit:
    """A limit on a measured size: on each lens, on the difference between the lenses' errors, on their total."""

    unit: str
    each: Decimal | None = None
    pair: Decimal | None = None
    total: Decimal | None = None


@dataclass(frozen=True)
class Edition:
    """One edition with its tables. ``verified`` is False for tables entered from memory: look before judging by them."""

    code: str
    name: str
    verified: bool
    source: str
    notes: str
    sphere_rule: SphereRule
    sphere: Mapping[Group, tuple[Band, ...]]
    cylinder: Mapping[Group, tuple[CylinderRow, ...]]
    axis: AxisTable
    addition: tuple[Band, ...]
    prism_horizontal: Mapping[Group, tuple[PrismRow, ...]]
    prism_vertical: Mapping[Group, tuple[PrismRow, ...]]
    reference_point: ReferencePoint
    positions: Mapping[str, PositionLimit]

    def sphere_band(self, group: Group, power: Decimal) -> Band:
        """The band of the sphere table for this power."""
        return band_for(for_group(self.sphere, group), power)

    def cylinder_band(self, group: Group, strongest: Decimal, cylinder: Decimal) -> Band:
        """The band of the cylinder table for this cylinder in a lens of this strongest meridian."""
        rows = for_group(self.cylinder, group)
        row = next(row for row in rows if within(strongest, row.power_up_to))
        return band_for(row.bands, cylinder)

    def axis_band(self, cylinder: Decimal) -> Band | None:
        """The band of the axis table, or None where the cylinder is too weak to judge its axis."""
        return None if abs(cylinder) < self.axis.judged_from else band_for(self.axis.bands, cylinder)

    def prism_row(
        self, rows: Mapping[Group, tuple[PrismRow, ...]], group: Group, case: tuple[Decimal, Decimal]
    ) -> PrismRow:
        """The row for (power in the meridian, prescribed prism)."""
        power, prescribed = case
        fitting = for_group(rows, group)
        return next(r for r in fitting if within(power, r.power_up_to) and within(prescribed, r.prescribed_up_to))


def for_group(tables: Mapping[Group, tuple[Row, ...]], group: Group) -> tuple[Row, ...]:
    """The rows of this group, or of single vision where it has none of its own."""
    return tables.get(group) or tables[Group.SINGLE_VISION]


def band_for(bands: tuple[Band, ...], value: Decimal) -> Band:
    """The first band whose upper end is not below the value; the last one has no upper end."""
    return next(band for band in bands if within(value, band.up_to))


def within(value: Decimal, up_to: Decimal | None) -> bool:
    """Whether |value| is not above the upper end of a band."""
    return up_to is None or abs(value) <= up_to
