"""The power of one lens, and what follows from it by arithmetic alone."""

from dataclasses import dataclass, replace
from decimal import Decimal

from lensmath.notation import format_axis, format_power, parse_power
from lensmath.numbers import (
    ZERO,
    Degrees,
    Number,
    exact,
    hypotenuse,
    sin_deg,
    sin_squared_deg,
    unsigned_zero,
)

HALF = Decimal("0.5")


@dataclass(frozen=True)
class EyePower:
    """Sphere, cylinder, axis and add of one eye as written; a sphere has neither cylinder nor axis.

    Dioptres and degrees. The axis of a prescription is an integer 1..180; a measured one may carry decimals.
    """

    sphere: Decimal
    cylinder: Decimal | None = None
    axis: Degrees | None = None
    add: Decimal | None = None

    def __post_init__(self) -> None:
        if self.cylinder == 0:
            object.__setattr__(self, "cylinder", None)
            object.__setattr__(self, "axis", None)
        if (self.cylinder is None) != (self.axis is None):
            raise ValueError("cylinder and axis come together")
        if self.axis is not None and not 0 <= self.axis <= 180:
            raise ValueError("an axis lies between 0 and 180 degrees")

    @classmethod
    def of(
        cls,
        sphere: Number,
        cylinder: Number | None = None,
        axis: Number | None = None,
        add: Number | None = None,
    ) -> "EyePower":
        """From written text (eighths understood) or exact numbers. Raises ValueError when they do not fit together."""
        return cls(
            sphere=_power(sphere),
            cylinder=None if cylinder is None else _power(cylinder),
            axis=None if axis is None else _axis(axis),
            add=None if add is None else _power(add),
        )

    @property
    def meridians(self) -> tuple[Decimal, Decimal]:
        """Principal powers: along the axis (the sphere), and at right angles to it."""
        return self.sphere, unsigned_zero(self.sphere + (self.cylinder or ZERO))

    @property
    def strongest(self) -> Decimal:
        """The principal power of highest absolute value, with its sign."""
        return max(self.meridians, key=abs)

    def __str__(self) -> str:
        words = [format_power(self.sphere)]
        if self.cylinder is not None and self.axis is not None:
            words += [format_power(self.cylinder), f"x{format_axis(self.axis)}"]
        if self.add is not None:
            words += ["add", format_power(self.add)]
        return " ".join(words)


def _power(value: Number) -> Decimal:
    return parse_power(value) if isinstance(value, str) else exact(value)


def _axis(value: Number) -> Degrees:
    number = exact(value)
    return int(number) if number == number.to_integral_value() else number


def transpose(power: EyePower) -> EyePower:
    """The same lens in the other cylinder form; a sphere stays as it is.

    Sphere + cylinder, cylinder with the other sign, axis turned by 90 degrees and kept in 1..180.
    """
    if power.cylinder is None or power.axis is None:
        return power
    turned = power.axis + 90 if power.axis <= 90 else power.axis - 90
    sphere = unsigned_zero(power.sphere + power.cylinder)
    return replace(power, sphere=sphere, cylinder=-power.cylinder, axis=turned)


def minus_form(power: EyePower) -> EyePower:
    """The lens with a minus cylinder, as laboratories and focimeters work."""
    return transpose(power) if (power.cylinder or ZERO) > 0 else power


def plus_form(power: EyePower) -> EyePower:
    """The lens with a plus cylinder, as many ophthalmologists write."""
    return transpose(power) if (power.cylinder or ZERO) < 0 else power


def spherical_equivalent(power: EyePower) -> Decimal:
    """Sphere + half the cylinder, in dioptres, not rounded."""
    return unsigned_zero(power.sphere + (power.cylinder or ZERO) / 2)


def power_in_meridian(power: EyePower, meridian_deg: Degrees) -> Decimal:
    """F(m) = S + C sin^2(m - axis), dioptres: S along the axis, S + C at right angles to it."""
    if power.cylinder is None or power.axis is None:
        return power.sphere
    return unsigned_zero(power.sphere + power.cylinder * sin_squared_deg(meridian_deg - power.axis))


def near(power: EyePower) -> EyePower:
    """The near prescription of a distance one: sphere + add, cylinder and axis unchanged. Raises ValueError without add."""
    return _with_addition(power, Decimal(1))


def intermediate(power: EyePower, share: Decimal = HALF) -> EyePower:
    """The intermediate prescription: sphere + a share of the add (half, unless another was prescribed)."""
    return _with_addition(power, share)


def _with_addition(power: EyePower, share: Decimal) -> EyePower:
    if power.add is None:
        raise ValueError("there is no addition")
    return replace(power, sphere=unsigned_zero(power.sphere + share * power.add), add=None)


def axis_distance(one_deg: Degrees, other_deg: Degrees) -> Decimal:
    """Degrees between two axes, 0..90: 180 and 0 are one line, 179 and 2 are 3 degrees apart."""
    apart = abs(exact(one_deg) - exact(other_deg)) % 180
    return min(apart, 180 - apart)


def power_matrix(power: EyePower) -> tuple[Decimal, Decimal, Decimal]:
    """(Fxx, Fyy, Fxy) of the lens as seen by a person facing the wearer, x to the right, y up; dioptres.

    Fxx = S + C sin^2(axis), Fyy = S + C cos^2(axis), Fxy = -C sin(axis) cos(axis). Source: dioptric power matrix (Long, 1976).
    """
    if power.cylinder is None or power.axis is None:
        return power.sphere, power.sphere, ZERO
    across = power.cylinder * sin_squared_deg(power.axis)
    mixed = unsigned_zero(-power.cylinder * sin_deg(2 * power.axis) / 2)
    return power.sphere + across, power.sphere + power.cylinder - across, mixed


def greatest_difference(one: EyePower, other: EyePower) -> Decimal:
    """The largest difference of the two lenses in any meridian, dioptres: how unequal the eyes are, at worst."""
    first, second = power_matrix(one), power_matrix(other)
    xx, yy, xy = (a - b for a, b in zip(first, second, strict=True))
    mean, spread = (xx + yy) / 2, hypotenuse((xx - yy) / 2, xy)
    return (abs(mean) + spread).quantize(Decimal("1e-9")).normalize()
