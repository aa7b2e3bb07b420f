"""Exact numbers for the rest of the package: conversion, rounding, and angles in degrees."""

import math
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TypeAlias

Number: TypeAlias = Decimal | int | float | str
Degrees: TypeAlias = Decimal | int

ZERO = Decimal(0)
QUARTER = Decimal("0.25")
EIGHTH = Decimal("0.125")
TRIGONOMETRIC_PLACES = 14
LARGEST_DIGITS = 6


def exact(value: Number) -> Decimal:
    """The decimal a person would write for ``value``: a float counts by its printed digits, not its binary tail.

    Raises ValueError for anything that is not a finite number, or is larger than anything that is measured here.
    """
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not is_sane(number):
        raise ValueError(f"not a number of this trade: {str(value)[:20]!r}")
    return number


def is_sane(number: Decimal) -> bool:
    """Whether a number is finite and under a million: others make arithmetic fail or fill the screen with zeros."""
    return number.is_finite() and (number == 0 or number.adjusted() < LARGEST_DIGITS)


def exact_or_none(value: Number | None) -> Decimal | None:
    """Like :func:`exact`, but an absent value stays absent."""
    return None if value is None else exact(value)


def round_to(value: Decimal, step: Decimal) -> Decimal:
    """``value`` to the nearest multiple of ``step``, half away from zero, and never minus zero."""
    steps = (value / step).to_integral_value(rounding=ROUND_HALF_UP)
    return unsigned_zero(steps * step)


def unsigned_zero(value: Decimal) -> Decimal:
    """``value``, with minus zero made plain zero."""
    return abs(value) if value == 0 else value


def is_multiple(value: Decimal, step: Decimal) -> bool:
    """Whether ``value`` lies on the grid of ``step``."""
    return value % step == 0


def from_float(value: float) -> Decimal:
    """A computed float as a decimal, freed of the last binary digits (1e-14)."""
    return unsigned_zero(Decimal(repr(round(value, TRIGONOMETRIC_PLACES))))


def sin_deg(angle_deg: Degrees) -> Decimal:
    """Sine of an angle in degrees; exact at the multiples of 30 where the sine is rational."""
    return from_float(math.sin(math.radians(float(angle_deg))))


def cos_deg(angle_deg: Degrees) -> Decimal:
    """Cosine of an angle in degrees; exact at the multiples of 30 where the cosine is rational."""
    return from_float(math.cos(math.radians(float(angle_deg))))


def sin_squared_deg(angle_deg: Degrees) -> Decimal:
    """Square of the sine, through the double angle, so that 30, 45, 60 and 90 degrees come out exact."""
    return (1 - cos_deg(2 * angle_deg)) / 2


def hypotenuse(a: Decimal, b: Decimal) -> Decimal:
    """Length of the vector (a, b)."""
    return (a * a + b * b).sqrt()


def angle_deg(x: Decimal, y: Decimal) -> Decimal:
    """Direction of the vector (x, y) in degrees, 0 <= angle < 360, counter-clockwise from x."""
    # atan2 answers from -180 on, and the remainder of a negative Decimal is negative
    return (from_float(math.degrees(math.atan2(float(y), float(x)))) + 360) % 360
