"""The same results by other mathematics: wavefronts, complex numbers, whole fractions, rays. Floats against our decimals."""

import cmath
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lensmath.centration import minimum_blank_traced
from lensmath.imbalance import at_reading_level
from lensmath.numbers import round_to
from lensmath.powers import (
    EyePower,
    axis_distance,
    greatest_difference,
    near,
    power_in_meridian,
    spherical_equivalent,
    transpose,
)
from lensmath.prism import Eye, Prism, combine, prentice_vector, resolve, split_evenly
from lensmath.shape import Shape
from lensmath.tolerance.pair import Direction, pair_imbalance, pair_power
from lensmath.vertex import compensate
from tests.lensmath.strategies import axes, lenses, prisms, steps


def wavefront(lens: EyePower) -> Callable[[float, float], float]:
    """The optical path that a thin lens takes away, in dioptres x mm²: half the power times the square of the way in each meridian."""
    along = math.radians(float(lens.axis or 0))
    sphere, crossed = float(lens.sphere), float(lens.sphere + (lens.cylinder or 0))

    def path(x: float, y: float) -> float:
        u = x * math.cos(along) + y * math.sin(along)
        v = -x * math.sin(along) + y * math.cos(along)
        return (sphere * u * u + crossed * v * v) / 2

    return path


def slope(path: Callable[[float, float], float], x: float, y: float) -> tuple[float, float]:
    """Its gradient: where light is turned to, as millimetres in a metre; a quadratic is differenced exactly."""
    step = 0.5
    across = (path(x + step, y) - path(x - step, y)) / (2 * step)
    up = (path(x, y + step) - path(x, y - step)) / (2 * step)
    return across, up


@given(lenses(), st.integers(0, 360))
def test_both_forms_and_every_meridian_are_one_wavefront(lens: EyePower, meridian: int) -> None:
    way = cmath.rect(1, math.radians(meridian))
    for form in (lens, transpose(lens)):
        assert math.isclose(
            2 * wavefront(lens)(way.real, way.imag), float(power_in_meridian(form, meridian)), abs_tol=1e-9
        )


@given(lenses(), st.sampled_from(Eye), steps(-20, 20, "0.5"), steps(-20, 20, "0.5"))
def test_prism_is_the_slope_of_the_wavefront(lens: EyePower, eye: Eye, x: Decimal, y: Decimal) -> None:
    """A prism dioptre turns light by a centimetre in a metre, and its base lies where light is turned to."""
    across, up = slope(wavefront(lens), float(x), float(y))
    found = prentice_vector(eye, lens, x, y)
    nasal = -across if eye is Eye.RIGHT else across
    assert math.isclose(float(found.base_in), nasal / 10, abs_tol=1e-9)
    assert math.isclose(float(found.base_up), -up / 10, abs_tol=1e-9)


@given(lenses(), lenses(), steps(0, 30, "0.5"))
def test_imbalance_is_the_difference_of_the_prisms_below_the_centres(
    right: EyePower, left: EyePower, below: Decimal
) -> None:
    up = [
        prentice_vector(eye, lens, Decimal(0), -below).base_up for eye, lens in ((Eye.RIGHT, right), (Eye.LEFT, left))
    ]
    found = at_reading_level(right, left, below)
    assert abs(abs(up[0] - up[1]) - found.amount) < Decimal("1e-9")
    if found.slab_off_eye:  # the slab is base up: it goes where the base is more down
        assert found.slab_off_eye is (Eye.RIGHT if up[0] < up[1] else Eye.LEFT)


@given(steps(0, 80, "0.25"), st.integers(0, 720), st.sampled_from(Eye))
def test_a_base_direction_is_a_complex_number_seen_from_the_front(amount: Decimal, base: int, eye: Eye) -> None:
    turned = cmath.rect(float(amount), math.radians(base))
    found = resolve(eye, amount, base)
    assert math.isclose(float(found.base_in), turned.real if eye is Eye.RIGHT else -turned.real, abs_tol=1e-9)
    assert math.isclose(float(found.base_up), turned.imag, abs_tol=1e-9)
    back = combine(eye, found)
    assert math.isclose(float(back.amount), abs(turned), abs_tol=1e-9)
    if back.base_deg is not None:
        apart = (float(back.base_deg) - base) % 360
        assert min(apart, 360 - apart) < 1e-6
        assert 0 <= back.base_deg < 360
        assert back.whole_base_deg is not None
        assert 0 <= back.whole_base_deg < 360


@given(prisms, prisms)
def test_the_eyes_turn_alike_however_a_prism_is_split(right: Prism, left: Prism) -> None:
    """What the pair asks of the eyes: how far apart their lines of sight are turned, across and up."""

    def apart(one: Prism, other: Prism) -> complex:
        seen_right, seen_left = complex(one.base_in, one.base_up), complex(-other.base_in, other.base_up)
        return seen_right - seen_left

    halves = split_evenly(right, left)
    assert apart(*halves) == apart(right, left)
    assert halves[0].base_in == halves[1].base_in
    assert halves[0].base_up == -halves[1].base_up


@given(lenses(), steps(0, 40, "0.5"), steps(0, 40, "0.5"))
def test_vertex_compensation_follows_the_light(lens: EyePower, here: Decimal, there: Decimal) -> None:
    """Light that the first lens brings to a focus is followed to the second plane; what it still needs there is the power."""
    found = compensate(lens, here, there)
    for old, new in zip(lens.meridians, found.meridians, strict=True):
        if old == 0:
            assert new == 0
            continue
        focus = Fraction(1000) / Fraction(old)  # mm behind the first lens
        nearer = Fraction(here - there)  # mm that the second plane lies nearer the eye
        assert math.isclose(float(new), float(Fraction(1000) / (focus - nearer)), rel_tol=1e-12)
    assert abs(found.rounded.meridians[0] - found.meridians[0]) <= Decimal("0.125")
    assert abs(found.rounded.meridians[1] - found.meridians[1]) <= Decimal("0.125")


@given(steps(-4000, 4000, "0.005"), st.sampled_from(["0.25", "0.125", "0.5", "1"]))
def test_halves_are_rounded_away_from_zero(value: Decimal, step: str) -> None:
    size = Fraction(abs(value)) / Fraction(step)
    whole = size.numerator // size.denominator
    nearest = whole + (1 if size - whole >= Fraction(1, 2) else 0)
    assert Fraction(round_to(value, Decimal(step))) == (1 if value >= 0 else -1) * nearest * Fraction(step)


@given(lenses(), lenses())
def test_the_greatest_difference_is_found_by_walking_round(one: EyePower, other: EyePower) -> None:
    walked = max(abs(float(power_in_meridian(one, degree) - power_in_meridian(other, degree))) for degree in range(180))
    found = float(greatest_difference(one, other))
    assert walked <= found + 1e-6
    assert found - walked < 0.01 * max(1.0, found)


@given(lenses())
def test_the_equivalent_is_the_mean_of_all_meridians(lens: EyePower) -> None:
    mean = math.fsum(float(power_in_meridian(lens, degree)) for degree in range(180)) / 180
    assert math.isclose(mean, float(spherical_equivalent(lens)), abs_tol=1e-9)


@given(lenses().filter(lambda lens: lens.add is not None), st.integers(0, 180))
def test_the_near_lens_has_the_add_in_every_meridian(lens: EyePower, meridian: int) -> None:
    more = power_in_meridian(near(lens), meridian) - power_in_meridian(lens, meridian)
    assert abs(more - (lens.add or 0)) < Decimal("1e-9")


@given(axes, axes)
def test_axes_are_lines_not_arrows(one: int, other: int) -> None:
    lines = [cmath.rect(1, math.radians(2 * angle)) for angle in (one, other)]
    turned = math.degrees(abs(cmath.phase(lines[0] / lines[1]))) / 2
    assert math.isclose(turned, axis_distance(one, other), abs_tol=1e-6)


@given(prisms, prisms, prisms, prisms)
def test_the_imbalance_of_a_pair_is_what_the_eyes_notice(
    r_want: Prism, l_want: Prism, r_got: Prism, l_got: Prism
) -> None:
    found = pair_imbalance({Eye.RIGHT: r_want, Eye.LEFT: l_want}, {Eye.RIGHT: r_got, Eye.LEFT: l_got})
    right, left = r_got - r_want, l_got - l_want
    assert (found.base_in, found.base_up) == (right.base_in + left.base_in, right.base_up - left.base_up)


@given(lenses(), lenses())
def test_the_stronger_lens_of_a_pair_is_chosen_in_its_meridian(right: EyePower, left: EyePower) -> None:
    for direction, way in ((Direction.HORIZONTAL, (1, 0)), (Direction.VERTICAL, (0, 1))):
        powers = [abs(2 * wavefront(lens)(*way)) for lens in (right, left)]
        assert math.isclose(abs(float(pair_power(right, left, direction))), max(powers), abs_tol=1e-9)


@pytest.mark.parametrize(("x", "y"), [(0, 0), (3, 0), (-2, 4)])
def test_the_traced_blank_just_holds_the_lens(x: int, y: int) -> None:
    """Every point of the outline lies in the circle of the blank less its allowance, and one lies on it."""
    shape = Shape(tuple(Decimal(20 + (n * 7) % 11) for n in range(72)))
    size = minimum_blank_traced(shape, (Decimal(x), Decimal(y)), Decimal(2))
    ways = [math.dist((x, y), point) for point in shape.points]
    assert max(ways) <= (float(size) - 2) / 2 + 0.001
    assert math.isclose(max(ways), (float(size) - 2) / 2, abs_tol=0.001)
