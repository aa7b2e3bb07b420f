"""How thick and how heavy a lens will be: an estimate to compare products by, not a laboratory's calculation.

Two surfaces: a spherical front of the given base curve and a back that gives the power in every meridian (exact sags, back
vertex power). The lens is as thin as its least centre and edge allow. Aspheric and free-form surfaces come out a little thinner.
"""

import math
from dataclasses import dataclass
from decimal import Decimal

from lensmath.numbers import ZERO, from_float, round_to
from lensmath.powers import EyePower, spherical_equivalent
from lensmath.shape import Shape

TOOLING_INDEX = 1.530  # marked base curves are stated for this index
OUTLINE_POINTS = 72
PASSES = 3
# Gauss-Legendre on 0..1, three points: exact for the fifth power of the radius
GAUSS = (
    (0.5 - math.sqrt(0.15), 5 / 18),
    (0.5, 8 / 18),
    (0.5 + math.sqrt(0.15), 5 / 18),
)


class NotMakeable(ValueError):
    """A surface of this curve does not reach the edge of this shape."""


@dataclass(frozen=True)
class LensForm:
    """What the material and the design fix: index, marked base curve (dioptres at 1.530), least centre and edge in mm, density g/cm3."""

    index: Decimal
    base_curve_dioptres: Decimal
    density: Decimal
    minimum_centre_mm: Decimal = Decimal("2.0")
    minimum_edge_mm: Decimal = Decimal("1.0")


@dataclass(frozen=True)
class Placement:
    """The shape, where the lens's centre lies in it (viewer's right, up; mm from the boxing centre), and prism worked in
    (viewer's right, up; prism dioptres)."""

    shape: Shape
    centre_mm: tuple[Decimal, Decimal] = (ZERO, ZERO)
    prism: tuple[Decimal, Decimal] = (ZERO, ZERO)


@dataclass(frozen=True)
class ThicknessEstimate:
    """Millimetres to a tenth, grams to a tenth."""

    centre_mm: Decimal
    thinnest_edge_mm: Decimal
    thickest_edge_mm: Decimal
    weight_g: Decimal


def usual_base_curve(power: EyePower) -> Decimal:
    """Vogel's rule: spherical equivalent + 6 for plus lenses, half of it + 6 for minus, to half a dioptre, at least 0.50."""
    equivalent = spherical_equivalent(power)
    wanted = equivalent + 6 if equivalent > 0 else equivalent / 2 + 6
    return max(round_to(wanted, Decimal("0.5")), Decimal("0.5"))


def estimate(power: EyePower, form: LensForm, placement: Placement) -> ThicknessEstimate:
    """Centre and edge thickness and weight of one edged lens. Raises NotMakeable when a surface is too steep for the shape."""
    outline = _outline(placement)
    centre = float(form.minimum_centre_mm)
    for _ in range(PASSES):  # the thickness changes the back curve a little, and the back curve the thickness
        lens = _Lens.of(power, form, placement, centre)
        edges = [lens.relief(radius, angle) for radius, angle in outline]
        centre = max(float(form.minimum_centre_mm), float(form.minimum_edge_mm) - min(edges))
    volume_mm3 = _volume(lens, outline, centre)
    return ThicknessEstimate(
        centre_mm=_tenth(centre),
        thinnest_edge_mm=_tenth(centre + min(edges)),
        thickest_edge_mm=_tenth(centre + max(edges)),
        weight_g=_tenth(volume_mm3 / 1000 * float(form.density)),
    )


@dataclass(frozen=True)
class _Lens:
    """Curvatures in 1/mm; the back's by meridian."""

    front: float
    sphere: float
    cylinder: float
    axis_deg: float
    slope: tuple[float, float]

    @classmethod
    def of(cls, power: EyePower, form: LensForm, placement: Placement, centre_mm: float) -> "_Lens":
        index = float(form.index)
        front = float(form.base_curve_dioptres) / (TOOLING_INDEX - 1) / 1000
        front_power = front * (index - 1) * 1000
        at_back = front_power / (1 - centre_mm / 1000 / index * front_power)
        per_prism = 1 / (100 * (index - 1))
        return cls(
            front=front,
            sphere=(at_back - float(power.sphere)) / (index - 1) / 1000,
            cylinder=-float(power.cylinder or 0) / (index - 1) / 1000,
            axis_deg=float(power.axis or 0),
            slope=(float(placement.prism[0]) * per_prism, float(placement.prism[1]) * per_prism),
        )

    def relief(self, radius_mm: float, angle_rad: float) -> float:
        """Thickness at a point less the centre thickness."""
        back = self.sphere + self.cylinder * math.sin(angle_rad - math.radians(self.axis_deg)) ** 2
        tilt = self.slope[0] * math.cos(angle_rad) + self.slope[1] * math.sin(angle_rad)
        return _sag(back, radius_mm) - _sag(self.front, radius_mm) + tilt * radius_mm


def _sag(curvature: float, radius_mm: float) -> float:
    inside = 1 - (curvature * radius_mm) ** 2
    if inside <= 0:
        raise NotMakeable("the surface is too steep for this shape")
    return curvature * radius_mm**2 / (1 + math.sqrt(inside))


def _outline(placement: Placement) -> list[tuple[float, float]]:
    """(radius mm, angle rad) of the shape seen from the lens's centre."""
    x0, y0 = (float(value) for value in placement.centre_mm)
    moved = [(x - x0, y - y0) for x, y in placement.shape.thinned(OUTLINE_POINTS).points]
    return [(math.hypot(x, y), math.atan2(y, x)) for x, y in moved]


def _volume(lens: _Lens, outline: list[tuple[float, float]], centre_mm: float) -> float:
    """mm3, as a fan of wedges around the lens's centre; wedges run backwards where the centre lies outside the shape."""
    total = 0.0
    for (r1, a1), (r2, a2) in zip(outline, [*outline[1:], outline[0]], strict=True):
        opening = math.remainder(a2 - a1, math.tau)
        radius, middle = math.sqrt(r1 * r2), a1 + opening / 2
        column = sum(
            weight * (centre_mm + lens.relief(part * radius, middle)) * part * radius * radius for part, weight in GAUSS
        )
        total += column * math.sin(opening)
    return total


def _tenth(value: float) -> Decimal:
    return round_to(from_float(value), Decimal("0.1"))
