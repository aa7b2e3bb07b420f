"""The power of a lens and its arithmetic."""

from decimal import Decimal

import pytest
from hypothesis import given

from lensmath.powers import (
    EyePower,
    axis_distance,
    greatest_difference,
    intermediate,
    minus_form,
    near,
    plus_form,
    power_in_meridian,
    power_matrix,
    spherical_equivalent,
    transpose,
)
from tests.lensmath.strategies import axes, lenses


def test_transposition_of_eighths_keeps_the_eighth() -> None:
    other = transpose(EyePower.of("-1.62", "+1.75", 115))
    assert other == EyePower(Decimal("0.125"), Decimal("-1.75"), 25)
    assert str(other) == "+0.12 -1.75 x025"


@pytest.mark.parametrize(("axis", "turned"), [(90, 180), (180, 90), (1, 91), (91, 1)])
def test_the_axis_stays_between_1_and_180(axis: int, turned: int) -> None:
    assert transpose(EyePower.of(0, -1, axis)).axis == turned


def test_a_sphere_has_one_form() -> None:
    sphere = EyePower.of("+3.50", "0.00", 90)
    assert sphere == EyePower(Decimal("3.50"))
    assert transpose(sphere) == plus_form(sphere) == minus_form(sphere) == sphere


def test_transposing_to_plano_prints_no_minus_zero() -> None:
    assert str(transpose(EyePower.of("+2.00", "-2.00", 60))) == "0.00 +2.00 x150"
    assert str(transpose(EyePower.of("-2.00", "+2.00", 60))) == "0.00 -2.00 x150"


def test_a_written_form_is_known() -> None:
    written = EyePower.of("-2.00", "+0.50", 90, "2.00")
    assert plus_form(written) == written
    assert minus_form(written) == EyePower.of("-1.50", "-0.50", 180, "2.00")


@pytest.mark.parametrize("values", [("1", "-1", None), ("1", None, 90), ("1", "-1", 181), ("1", "-1", -1)])
def test_cylinder_and_axis_come_together_and_in_range(values: tuple[str, str | None, int | None]) -> None:
    with pytest.raises(ValueError, match="axis"):
        EyePower.of(*values)


def test_spherical_equivalent_is_not_rounded() -> None:
    assert spherical_equivalent(EyePower.of("-3.25", "-0.75", 10)) == Decimal("-3.625")
    assert spherical_equivalent(EyePower.of("-1.00", "+2.00", 45)) == 0


def test_power_in_a_meridian_is_exact_where_the_sine_is() -> None:
    lens = EyePower.of("-4.00", "-3.00", 30)
    expected = {30: "-4", 60: "-4.75", 90: "-6.25", 120: "-7", 180: "-4.75", 75: "-5.5"}
    assert {meridian: power_in_meridian(lens, meridian) for meridian in expected} == {
        meridian: Decimal(value) for meridian, value in expected.items()
    }


def test_near_and_intermediate_follow_from_distance() -> None:
    distance = EyePower.of("+0.50", "-0.75", 10, "2.00")
    assert near(distance) == EyePower.of("+2.50", "-0.75", 10)
    assert intermediate(distance) == EyePower.of("+1.50", "-0.75", 10)
    assert intermediate(distance, Decimal("0.6")) == EyePower.of(Decimal("1.7"), "-0.75", 10)
    with pytest.raises(ValueError, match="addition"):
        near(EyePower.of("+0.50"))


@pytest.mark.parametrize(("a", "b", "apart"), [(179, 2, 3), (180, 0, 0), (1, 180, 1), (90, 180, 90), (45, 135, 90)])
def test_axes_are_compared_across_180(a: int, b: int, apart: int) -> None:
    assert axis_distance(a, b) == axis_distance(b, a) == apart


def test_unequal_eyes_are_compared_in_every_meridian() -> None:
    assert greatest_difference(EyePower.of(-1, -3, 180), EyePower.of(-1)) == 3
    assert greatest_difference(EyePower.of(-1, -1, 45), EyePower.of(-1, -1, 135)) == 1
    assert greatest_difference(EyePower.of(1, "-0.5", 90), EyePower.of("0.5", "0.5", 180)) == 0


@given(lenses())
def test_transposing_twice_gives_the_original(lens: EyePower) -> None:
    assert transpose(transpose(lens)) == lens


@given(lenses(), axes)
def test_both_forms_are_one_lens(lens: EyePower, meridian: int) -> None:
    other = transpose(lens)
    assert spherical_equivalent(other) == spherical_equivalent(lens)
    assert abs(power_in_meridian(other, meridian) - power_in_meridian(lens, meridian)) < Decimal("1e-12")
    assert greatest_difference(lens, other) == 0
    assert all(abs(a - b) < Decimal("1e-12") for a, b in zip(power_matrix(lens), power_matrix(other), strict=True))


@given(lenses())
def test_form_is_what_it_says(lens: EyePower) -> None:
    assert (minus_form(lens).cylinder or 0) <= 0
    assert (plus_form(lens).cylinder or 0) >= 0
    assert minus_form(plus_form(lens)) == minus_form(lens)


@given(axes, axes)
def test_axis_distance_is_symmetric_and_at_most_90(one: int, other: int) -> None:
    assert axis_distance(one, other) == axis_distance(other, one) <= 90
    assert (axis_distance(one, other) == 0) == (one == other)
