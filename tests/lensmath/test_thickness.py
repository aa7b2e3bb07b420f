"""The estimate of thickness and weight."""

import math
from decimal import Decimal

import pytest
from hypothesis import given

from lensmath.powers import EyePower
from lensmath.shape import Shape
from lensmath.thickness import LensForm, NotMakeable, Placement, estimate, usual_base_curve
from tests.lensmath.strategies import steps

CR39 = LensForm(index=Decimal("1.498"), base_curve_dioptres=Decimal(4), density=Decimal("1.31"))
HIGH = LensForm(index=Decimal("1.67"), base_curve_dioptres=Decimal(4), density=Decimal("1.37"))
ROUND = Placement(Shape.circle(Decimal(50)))


def test_a_plano_lens_is_a_shell_of_even_thickness() -> None:
    found = estimate(EyePower.of(0), CR39, ROUND)
    assert (found.centre_mm, found.thinnest_edge_mm, found.thickest_edge_mm) == (2, 2, 2)
    shell = math.pi * 25**2 * 2 / 1000 * 1.31
    assert abs(float(found.weight_g) - shell) < 0.2


def test_a_flat_minus_lens_agrees_with_the_sag_formula() -> None:
    form = LensForm(Decimal("1.50"), Decimal(0), Decimal("1.31"))
    radius = 500 / 6
    sag = radius - math.sqrt(radius**2 - 25**2)
    assert estimate(EyePower.of(-6), form, ROUND).thickest_edge_mm == round(Decimal(2 + sag), 1)


def test_a_plus_lens_is_thinnest_at_its_edge() -> None:
    found = estimate(EyePower.of(4), LensForm(Decimal("1.498"), Decimal(10), Decimal("1.31")), ROUND)
    assert (found.thinnest_edge_mm, found.thickest_edge_mm) == (1, 1)
    assert found.centre_mm == Decimal("3.7")


def test_a_higher_index_is_thinner_and_lighter() -> None:
    low, high = estimate(EyePower.of(-6), CR39, ROUND), estimate(EyePower.of(-6), HIGH, ROUND)
    assert high.thickest_edge_mm < low.thickest_edge_mm
    assert high.weight_g < low.weight_g


def test_a_cylinder_is_thickest_across_its_strong_meridian() -> None:
    wide = Shape.from_hundredths([2600 if abs(90 - i % 180) > 45 else 1800 for i in range(360)])
    across = estimate(EyePower.of(-2, -3, 90), CR39, Placement(wide))
    along = estimate(EyePower.of(-2, -3, 180), CR39, Placement(wide))
    assert across.thickest_edge_mm > along.thickest_edge_mm


def test_decentring_thickens_the_far_edge_alike_on_both_eyes() -> None:
    centred = estimate(EyePower.of(-4), CR39, ROUND)
    right = estimate(EyePower.of(-4), CR39, Placement(ROUND.shape, (Decimal(5), Decimal(0))))
    left = estimate(EyePower.of(-4), CR39, Placement(ROUND.shape, (Decimal(-5), Decimal(0))))
    assert right == left
    assert right.thickest_edge_mm > centred.thickest_edge_mm > right.thinnest_edge_mm


def test_prism_wedges_the_lens_towards_its_base() -> None:
    found = estimate(EyePower.of(0), CR39, Placement(ROUND.shape, prism=(Decimal(2), Decimal(0))))
    # 2 prism dioptres over 50 mm: 50 x 2 / (100 x 0.498) = 2.0 mm from edge to edge
    assert found.thickest_edge_mm - found.thinnest_edge_mm == Decimal("2.0")


def test_a_surface_that_does_not_reach_the_edge_is_refused() -> None:
    with pytest.raises(NotMakeable):
        estimate(EyePower.of(-30), CR39, Placement(Shape.circle(Decimal(70))))


def test_usual_base_curves_follow_vogel() -> None:
    powers = {"+4.00": "10.0", "-4.00": "4.0", "0": "6.0", "-20": "0.5", "-3.25": "4.5"}
    assert {text: usual_base_curve(EyePower.of(text)) for text in powers} == {
        text: Decimal(curve) for text, curve in powers.items()
    }


@given(steps(-64, 48, "0.125"))
def test_no_lens_is_thinner_than_its_least_thickness(sphere: Decimal) -> None:
    power = EyePower(sphere)
    form = LensForm(Decimal("1.60"), usual_base_curve(power), Decimal("1.3"))
    found = estimate(power, form, ROUND)
    assert found.centre_mm >= form.minimum_centre_mm
    assert found.thinnest_edge_mm >= form.minimum_edge_mm
    assert found.weight_g > 0
