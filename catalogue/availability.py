"""Can this product be ordered for this eye, and if not, why: powers, diameter, add, prism and heights against its ranges."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.formats import ltr
from lensmath.centration import ROOM_ABOVE_MM
from lensmath.notation import format_power
from lensmath.numbers import ZERO
from lensmath.powers import EyePower, minus_form

MULTIFOCAL_DESIGNS = frozenset({"bifocal", "trifocal", "progressive", "occupational"})

MESSAGES: Mapping[str, str | Promise] = {
    "no_range": _("No powers are on file for this lens."),
    "sphere": _("Sphere %(value)s: made from %(least)s to %(most)s."),
    "cylinder": _("Cylinder %(value)s: made to %(most)s."),
    "combined": _("Sphere and cylinder together %(value)s: made to %(most)s."),
    "add": _("Add %(value)s: made from %(least)s to %(most)s."),
    "add_missing": _("This design needs an add."),
    "prism": _("Prism %(value)s: made to %(most)s."),
    "diameter": _("Blank of %(value)s mm needed: made to %(most)s mm."),
    "height": _("Fitting height %(value)s mm: at least %(least)s mm needed."),
    "above": _("%(value)s mm above the fitting cross: at least %(least)s mm needed."),
}


@dataclass(frozen=True)
class PowerRange:
    """Powers made at one blank diameter, minus-cylinder form, inclusive; the names are those of the catalogue's range rows."""

    diameter_mm: Decimal
    sphere_min: Decimal
    sphere_max: Decimal
    cylinder_min: Decimal = ZERO
    combined_min: Decimal | None = None
    add_min: Decimal | None = None
    add_max: Decimal | None = None
    prism_max: Decimal = ZERO


@dataclass(frozen=True)
class ProductRanges:
    """What of a lens product decides whether it can be ordered: stock grids and surfaced ranges read alike."""

    design: str
    ranges: Sequence[PowerRange]
    minimum_fitting_height_mm: Decimal | None = None
    minimum_above_mm: Decimal | None = None


@dataclass(frozen=True)
class LensNeed:
    """What one eye needs; None where it is not known, and then not judged."""

    power: EyePower
    prism_amount: Decimal = ZERO
    minimum_blank_mm: Decimal | None = None
    fitting_height_mm: Decimal | None = None
    frame_b_mm: Decimal | None = None


@dataclass(frozen=True)
class Exclusion:
    """One reason against, with the needed value and what is made."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The reason in the reader's language."""
        return str(MESSAGES[self.code]) % self.params


@dataclass(frozen=True)
class Availability:
    """The range that fits (the smallest blank that does), or every reason against the range that comes nearest."""

    chosen: PowerRange | None
    exclusions: tuple[Exclusion, ...] = ()

    @property
    def orderable(self) -> bool:
        return self.chosen is not None


def assess(need: LensNeed, product: ProductRanges) -> Availability:
    """Whether the product can be ordered for this eye, from stock grid or surfacing range alike."""
    reasons = list(_heights(need, product))
    if not product.ranges:
        return Availability(None, (*reasons, Exclusion("no_range")))
    power = minus_form(need.power)
    if product.design in MULTIFOCAL_DESIGNS and power.add is None:
        reasons.append(Exclusion("add_missing"))
    nearest: tuple[tuple[int, Decimal], list[Exclusion]] | None = None
    for row in sorted(product.ranges, key=lambda row: row.diameter_mm):
        against = list(_against(need, power, row))
        if not against and not reasons:
            return Availability(row)
        far = len(against), max(row.sphere_min - power.sphere, power.sphere - row.sphere_max, ZERO)
        if nearest is None or far <= nearest[0]:  # of equals the larger blank is the better offer
            nearest = far, against
    return Availability(None, (*reasons, *(nearest[1] if nearest else ())))


def _heights(need: LensNeed, product: ProductRanges) -> Iterator[Exclusion]:
    height, least = need.fitting_height_mm, product.minimum_fitting_height_mm
    if height is None or product.design not in MULTIFOCAL_DESIGNS:
        return
    if least is not None and height < least:
        yield Exclusion("height", {"value": str(height), "least": str(least)})
    above = product.minimum_above_mm if product.minimum_above_mm is not None else _usual_above(product.design)
    if need.frame_b_mm is not None and above is not None and need.frame_b_mm - height < above:
        yield Exclusion("above", {"value": str(need.frame_b_mm - height), "least": str(above)})


def _usual_above(design: str) -> Decimal | None:
    """Power-variation lenses want about 10 mm for distance vision above the cross; segments say nothing."""
    return ROOM_ABOVE_MM if design in ("progressive", "occupational") else None


def _against(need: LensNeed, power: EyePower, row: PowerRange) -> Iterator[Exclusion]:
    cylinder = power.cylinder or ZERO
    if not row.sphere_min <= power.sphere <= row.sphere_max:
        yield _powers("sphere", power.sphere, row.sphere_min, row.sphere_max)
    if cylinder < row.cylinder_min:
        yield _powers("cylinder", cylinder, ZERO, row.cylinder_min)
    elif cylinder and row.combined_min is not None and power.sphere + cylinder < row.combined_min:
        yield _powers("combined", power.sphere + cylinder, ZERO, row.combined_min)
    yield from _add(power.add, row)
    if need.prism_amount > row.prism_max:
        yield Exclusion("prism", {"value": f"{need.prism_amount:.2f}", "most": f"{row.prism_max:.2f}"})
    if need.minimum_blank_mm is not None and need.minimum_blank_mm > row.diameter_mm:
        yield Exclusion("diameter", {"value": f"{need.minimum_blank_mm:.1f}", "most": str(row.diameter_mm)})


def _add(add: Decimal | None, row: PowerRange) -> Iterator[Exclusion]:
    if add is None or (row.add_min is None and row.add_max is None):
        return
    least, most = row.add_min or ZERO, row.add_max if row.add_max is not None else add
    if not least <= add <= most:
        yield _powers("add", add, least, most)


def _powers(code: str, value: Decimal, least: Decimal, most: Decimal) -> Exclusion:
    shown = {"value": value, "least": least, "most": most}
    return Exclusion(code, {name: ltr(format_power(power, true_minus=True)) for name, power in shown.items()})
