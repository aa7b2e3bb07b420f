"""Vertex distance and tilt."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lensmath.powers import EyePower
from lensmath.tilt import FACE_FORM_AXIS, centre_drop_mm, tilted
from lensmath.vertex import compensate, effective_power, power_to_order
from tests.lensmath.strategies import lenses, steps

distances = st.integers(0, 20).map(Decimal)


def test_the_two_questions_differ_by_a_sign() -> None:
    assert round(effective_power(Decimal(-6), Decimal(3)), 4) == Decimal("-5.8939")
    assert round(power_to_order(Decimal(-6), Decimal(3)), 4) == Decimal("-6.1100")


def test_both_meridians_are_compensated() -> None:
    found = compensate(EyePower.of(-6, -2, 180), Decimal(13), Decimal(0))
    assert [round(meridian, 4) for meridian in found.meridians] == [Decimal("-5.5659"), Decimal("-7.2464")]
    assert found.rounded == EyePower.of("-5.50", "-1.75", 180)
    assert found.exact.axis == 180


def test_plus_cylinders_keep_their_form() -> None:
    found = compensate(EyePower.of(-8, 2, 90), Decimal(13), Decimal(0))
    assert found.rounded == EyePower.of("-7.25", "+1.75", 90)


def test_rounding_may_leave_no_cylinder() -> None:
    found = compensate(EyePower.of("-10.00", "-0.25", 90), Decimal(14), Decimal(0))
    assert found.exact.cylinder is not None
    assert found.rounded == EyePower.of("-8.75", "-0.25", 90)
    assert compensate(EyePower.of(3), Decimal(12), Decimal(12)).rounded == EyePower.of(3)


def test_a_compensation_is_shown_from_an_eighth_on() -> None:
    assert not compensate(EyePower.of("-3.00"), Decimal(12), Decimal(0)).worth_showing
    assert compensate(EyePower.of("-3.50"), Decimal(12), Decimal(0)).worth_showing


def test_a_lens_without_equivalent_is_refused() -> None:
    with pytest.raises(ValueError, match="no finite equivalent"):
        compensate(EyePower.of(100), Decimal(10), Decimal(0))


@given(lenses(), distances, distances)
def test_there_and_back_is_the_same_lens(lens: EyePower, here: Decimal, there: Decimal) -> None:
    moved = compensate(lens, here, there).exact
    back = compensate(moved, there, here).exact
    assert all(abs(a - b) < Decimal("1e-20") for a, b in zip(back.meridians, lens.meridians, strict=True))


@given(steps(-160, 160, "0.125"), distances)
def test_what_is_ordered_has_the_effect(power: Decimal, away: Decimal) -> None:
    assert abs(
        effective_power(power_to_order(power, away), -away) - power_to_order(effective_power(power, -away), away)
    ) < Decimal("1e-20")


def test_tilt_follows_martins_formula() -> None:
    seen = tilted(Decimal(15), Decimal(10), Decimal("1.5"))
    assert (round(seen.sphere, 2), round(seen.cylinder or 0, 2), seen.axis) == (Decimal("15.15"), Decimal("0.47"), 180)
    wrapped = tilted(Decimal(-6), Decimal(15), Decimal("1.5"), FACE_FORM_AXIS)
    assert (round(wrapped.sphere, 3), round(wrapped.cylinder or 0, 3), wrapped.axis) == (
        Decimal("-6.134"),
        Decimal("-0.440"),
        90,
    )


def test_no_tilt_changes_nothing() -> None:
    assert tilted(Decimal(-6), Decimal(0), Decimal("1.5")) == EyePower.of(-6)
    assert tilted(Decimal(0), Decimal(10), Decimal("1.5")) == EyePower.of(0)


def test_tilt_refuses_what_has_no_meaning() -> None:
    for tilt, index, axis in ((10, "1.5", 45), (10, "1", 180), (90, "1.5", 180)):
        with pytest.raises(ValueError):
            tilted(Decimal(1), Decimal(tilt), Decimal(index), axis)


def test_the_centre_drops_a_millimetre_for_two_degrees() -> None:
    assert centre_drop_mm(Decimal(9)) == Decimal("4.5")
    assert centre_drop_mm(Decimal(-3)) == 0
