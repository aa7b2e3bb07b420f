"""Frames, blanks, shapes, materials."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lensmath.centration import (
    FrameBox,
    above_boxing_centre,
    decentration_in,
    fitting_height_faults,
    lens_centre,
    minimum_blank_by_eye,
    minimum_blank_for_pair,
    minimum_blank_traced,
    total_decentration_in,
)
from lensmath.materials import MATERIALS, IndexClass, curve_variation_factor, index_class
from lensmath.prism import Eye
from lensmath.shape import Shape, svg_path

FRAME = FrameBox(Decimal(60), Decimal(20), Decimal(44), Decimal(63))
SQUARE = Shape.from_hundredths([2828, 2828, 2828, 2828], [4500, 13500, 22500, 31500])
radii = st.lists(st.integers(1500, 3500), min_size=3, max_size=60)


def test_decentration_is_in_when_the_frame_is_wider_than_the_eyes() -> None:
    assert FRAME.frame_pd_mm == 80
    assert decentration_in(FRAME, Decimal("34.5")) == Decimal("5.5")
    assert decentration_in(FRAME, Decimal(41)) == -1


def test_heights_count_from_the_boxing_centre() -> None:
    assert above_boxing_centre(Decimal("44.01"), Decimal(16)) == Decimal("-6.005")
    assert above_boxing_centre(Decimal(44), Decimal(22)) == 0


def test_the_blank_takes_the_decentration_of_an_eye_twice() -> None:
    assert total_decentration_in(FRAME, Decimal(69)) == 11
    assert minimum_blank_for_pair(FRAME, Decimal(69)) == 76
    assert minimum_blank_for_pair(FRAME, Decimal(83)) == 68  # decentred out by 3 in all
    assert minimum_blank_by_eye(FRAME, {Eye.RIGHT: Decimal(34), Eye.LEFT: Decimal(35)}, Decimal(0)) == {
        Eye.RIGHT: 75,
        Eye.LEFT: 73,
    }


def test_a_frame_without_ed_has_no_blank_by_rule() -> None:
    with pytest.raises(ValueError, match="effective diameter"):
        minimum_blank_for_pair(FrameBox(Decimal(50), Decimal(20)), Decimal(60))


def test_a_traced_blank_reaches_the_farthest_point_from_the_lens_centre() -> None:
    circle = Shape.circle(Decimal(50))
    assert minimum_blank_traced(circle, (Decimal(0), Decimal(0))) == 52
    assert minimum_blank_traced(circle, lens_centre(Eye.RIGHT, Decimal(4)), Decimal(0)) == 58
    assert minimum_blank_traced(circle, lens_centre(Eye.LEFT, Decimal(4)), Decimal(0)) == 58


def test_in_is_the_viewers_right_for_the_right_eye() -> None:
    assert lens_centre(Eye.RIGHT, Decimal(3), Decimal(-2)) == (3, -2)
    assert lens_centre(Eye.LEFT, Decimal(3), Decimal(-2)) == (-3, -2)


def test_fitting_heights_are_checked_below_and_above() -> None:
    assert fitting_height_faults(Decimal(18), Decimal(18), Decimal(28)) == []
    assert fitting_height_faults(Decimal(17), Decimal(18), Decimal(26)) == [
        "below_minimum_height",
        "too_little_room_above",
    ]
    assert fitting_height_faults(Decimal(18), Decimal(18), None) == []


def test_a_square_is_measured() -> None:
    assert (SQUARE.a_mm, SQUARE.b_mm) == (Decimal("39.994"), Decimal("39.994"))
    assert SQUARE.ed_from_origin_mm == SQUARE.ed_mm == Decimal("56.56")
    assert abs(SQUARE.circumference_mm - 160) < Decimal("0.03")
    assert SQUARE.boxing_centre == (0, 0)


def test_a_shape_off_centre_knows_its_box() -> None:
    shape = Shape.from_hundredths([3000, 2000, 2000, 2000])
    assert shape.boxing_centre == (5, 0)
    assert shape.ed_from_origin_mm == 60
    assert round(shape.ed_mm, 2) == Decimal("50.00")


def test_mirroring_follows_the_standards_rule() -> None:
    assert Shape.from_hundredths([1000, 2000, 3000, 4000]).mirrored().radii_mm == (30, 20, 10, 40)


def test_uneven_and_odd_traces_are_mirrored_by_their_angles() -> None:
    uneven = Shape.from_hundredths([1000, 2000, 3000], [0, 9000, 20000])
    assert uneven.mirrored() == Shape.from_hundredths([2000, 1000, 3000], [9000, 18000, 34000])
    odd = Shape.from_hundredths([1000, 2000, 3000])
    assert odd.mirrored().angles_deg == (60, 180, 300)


def test_uneven_angles_are_put_in_order() -> None:
    assert Shape.from_hundredths([1, 2, 3], [20000, 100, 36000]) == Shape.from_hundredths([3, 2, 1], [0, 100, 20000])


@pytest.mark.parametrize(
    ("lengths", "angles"),
    [([1, 2], None), ([1, 2, 0], None), ([1, 2, -3], None), ([1, 2, 3], [0, 100]), ([1, 2, 3], [0, 0, 100])],
)
def test_a_shape_that_is_none_is_refused(lengths: list[int], angles: list[int] | None) -> None:
    with pytest.raises(ValueError):
        Shape.from_hundredths(lengths, angles)


def test_a_drawing_is_closed_and_turned_for_the_screen() -> None:
    shape = Shape.from_hundredths([1000, 2000, 1000, 2000])
    assert svg_path(shape) == "M10.00 0.00L0.00 -20.00L-10.00 0.00L0.00 20.00Z"
    assert svg_path(shape, (Decimal(10), Decimal(5))).startswith("M20.00 -5.00L")


def test_thinning_keeps_the_size() -> None:
    shape = Shape.from_hundredths([2500] * 1000)
    thin = shape.thinned(72)
    assert len(thin.radii_mm) <= 72
    assert abs(thin.a_mm - shape.a_mm) < Decimal("0.2")
    assert Shape.circle(Decimal(50)).thinned(72) == Shape.circle(Decimal(50))


@given(radii)
def test_mirroring_twice_is_the_same_shape(lengths: list[int]) -> None:
    shape = Shape.from_hundredths(lengths)
    twice = shape.mirrored().mirrored()
    assert twice.radii_mm == shape.radii_mm
    assert (twice.a_mm, twice.b_mm, twice.circumference_mm) == (shape.a_mm, shape.b_mm, shape.circumference_mm)


@given(radii)
def test_mirroring_keeps_the_measures(lengths: list[int]) -> None:
    shape, mirrored = Shape.from_hundredths(lengths), Shape.from_hundredths(lengths).mirrored()
    assert abs(mirrored.a_mm - shape.a_mm) <= Decimal("0.001")
    assert abs(mirrored.b_mm - shape.b_mm) <= Decimal("0.001")
    assert mirrored.ed_from_origin_mm == shape.ed_from_origin_mm


@pytest.mark.parametrize(
    ("index", "name"),
    [("1.48", IndexClass.NORMAL), ("1.5399", IndexClass.NORMAL), ("1.54", IndexClass.MID), ("1.64", IndexClass.HIGH),
     ("1.74", IndexClass.VERY_HIGH), ("1.90", IndexClass.VERY_HIGH)],
)  # fmt: skip
def test_index_classes_begin_at_their_lower_end(index: str, name: IndexClass) -> None:
    assert index_class(Decimal(index)) is name


def test_materials_are_plausible() -> None:
    with pytest.raises(ValueError, match=r"1\.48"):
        index_class(Decimal("1.4799"))
    with pytest.raises(ValueError, match="greater than 1"):
        curve_variation_factor(Decimal(1))
    assert round(curve_variation_factor(Decimal("1.7")), 2) == Decimal("0.75")
    assert {code: str(material.index_class) for code, material in MATERIALS.items()} == {
        "cr39": "normal",
        "crown": "normal",
        "trivex": "normal",
        "mid156": "mid",
        "polycarbonate": "mid",
        "mr8": "mid",
        "high167": "high",
        "high174": "very_high",
    }
