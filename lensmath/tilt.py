"""What a tilted lens does: Martin's formula, and the height that answers a pantoscopic tilt."""

from decimal import Decimal

from lensmath.numbers import ZERO, cos_deg, sin_squared_deg, unsigned_zero
from lensmath.powers import EyePower

PANTOSCOPIC_AXIS = 180
FACE_FORM_AXIS = 90
DEGREES_PER_MM = Decimal(2)


def tilted(sphere: Decimal, tilt_deg: Decimal, index: Decimal, rotation_axis: int = PANTOSCOPIC_AXIS) -> EyePower:
    """The power a spherical lens seems to have when tilted: S (1 + sin^2 a / 2n) and cylinder S' tan^2 a at the axis of rotation.

    180 for pantoscopic tilt, 90 for face form. Only for spheres and one tilt: with a cylinder at another axis, or both tilts,
    the laboratory's design software works with the position of wear and nothing is compensated beforehand.
    Source: Martin's formula for oblique astigmatism of a tilted thin lens.
    """
    if rotation_axis not in (PANTOSCOPIC_AXIS, FACE_FORM_AXIS):
        raise ValueError("the lens turns about 180 (pantoscopic) or 90 (face form)")
    if index <= 1:
        raise ValueError("a refractive index is greater than 1")
    sin_squared = sin_squared_deg(tilt_deg)
    cosine = cos_deg(tilt_deg)
    if cosine == 0:
        raise ValueError("a lens seen edge on has no power")
    seen = unsigned_zero(sphere * (1 + sin_squared / (2 * index)))
    induced = unsigned_zero(seen * sin_squared / (cosine * cosine))
    return EyePower(seen, induced or None, rotation_axis if induced else None)


def centre_drop_mm(pantoscopic_deg: Decimal) -> Decimal:
    """How far to lower the optical centre for a pantoscopic tilt: 1 mm for each 2 degrees. Trade rule."""
    return pantoscopic_deg / DEGREES_PER_MM if pantoscopic_deg > 0 else ZERO
