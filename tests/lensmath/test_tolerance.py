"""Tolerance verdicts: one lens, the pair, the edition as data."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from lensmath.powers import EyePower, transpose
from lensmath.prism import Base, Eye, Prism
from lensmath.tolerance.codec import EditionError, from_plain, to_plain
from lensmath.tolerance.edition import BothRule, Group, group_of
from lensmath.tolerance.pair import (
    Direction,
    ImbalanceCheck,
    judge_imbalance,
    judge_position,
    judge_reference_point,
    judge_size,
    pair_imbalance,
    pair_power,
)
from lensmath.tolerance.power import LensCheck, judge_lens
from lensmath.tolerance.shipped import named, shipped, shipped_codes, shipped_plain
from lensmath.tolerance.verdicts import Basis, Instrument, Limit, Line, Unit, all_passed
from tests.lensmath.strategies import lenses

ANSI = shipped()
OLD = shipped("ansi-z80.1-1999")
ISO = shipped("iso-21987-2017")


def lens(sphere: str, cylinder: str | None = None, axis: str | None = None, add: str | None = None) -> EyePower:
    """A power as the focimeter shows it, to 0.01 D."""
    numbers = [None if text is None else Decimal(text) for text in (sphere, cylinder, axis, add)]
    return EyePower(numbers[0] or Decimal(0), *numbers[1:])


def lines(ordered: EyePower, measured: EyePower, kind: str = "distance", **more: Any) -> dict[str, Line]:
    edition = more.pop("edition", ANSI)
    return {line.quantity: line for line in judge_lens(LensCheck(kind, ordered, measured, **more), edition)}


@pytest.mark.parametrize(
    ("nominal", "measured", "limit", "passed"),
    [
        ("-3.00", "-3.13", "0.13", True),
        ("-3.00", "-3.14", "0.13", False),
        ("-6.50", "-6.63", "0.13", True),
        ("-6.75", "-6.88", "0.1350", True),
        ("-6.75", "-6.89", "0.1350", False),
        ("+10.00", "+10.20", "0.2000", True),
        ("+10.00", "+9.79", "0.2000", False),
        ("0.00", "0.13", "0.13", True),
        ("-0.00", "-0.14", "0.13", False),
    ],
)
def test_spheres_of_single_vision(nominal: str, measured: str, limit: str, passed: bool) -> None:
    line = lines(lens(nominal), lens(measured))["sphere_power"]
    assert (line.passed, line.limit) == (passed, Decimal(limit))
    assert line.difference == abs(Decimal(nominal) - Decimal(measured))


@pytest.mark.parametrize(("nominal", "limit"), [("8.00", "0.16"), ("8.25", "0.165"), ("-2.00", "0.16")])
def test_progressives_have_wider_spheres(nominal: str, limit: str) -> None:
    assert lines(lens(nominal), lens(nominal), "progressive")["sphere_power"].limit == Decimal(limit)
    assert lines(lens(nominal), lens(nominal), "occupational")["sphere_power"].limit == Decimal(limit)
    assert group_of("trifocal") is Group.MULTIFOCAL


def test_multifocals_are_judged_as_single_vision() -> None:
    found = lines(lens("-3", "-2.25", "90", "2"), lens("-3.13", "-2.40", "92", "2.12"), "bifocal")
    assert {name: str(line.limit) for name, line in found.items()} == {
        "sphere_power": "0.13",
        "cylinder_power": "0.15",
        "cylinder_axis": "2",
        "addition": "0.12",
    }
    assert all_passed(found.values())


@pytest.mark.parametrize(
    ("cylinder", "limit"),
    [
        ("0.12", 14),
        ("0.25", 14),
        ("0.26", 7),
        ("0.50", 7),
        ("0.75", 5),
        ("1.00", 3),
        ("1.50", 3),
        ("1.51", 2),
        ("6.00", 2),
    ],
)
def test_axis_limits_are_inclusive(cylinder: str, limit: int) -> None:
    def passes(off: int) -> Line:
        return lines(lens("0", f"-{cylinder}", "90"), lens("0", f"-{cylinder}", str(90 + off)))["cylinder_axis"]

    assert (passes(limit).passed, passes(-limit).passed, passes(limit + 1).passed) == (True, True, False)
    assert passes(0).limits == (Limit(Decimal(limit), Unit.DEGREES),)


def test_weak_cylinders_have_no_axis_to_judge() -> None:
    line = lines(lens("0", "-0.11", "90"), lens("0", "-0.11", "10"))["cylinder_axis"]
    assert (line.passed, line.judged, line.limit) == (True, False, None)


def test_a_cylinder_where_none_was_ordered_fails_by_its_power() -> None:
    assert lines(lens("-1"), lens("-1", "-0.13", "70"))["cylinder_power"].passed
    found = lines(lens("-1"), lens("-1", "-0.14", "70"))
    assert not found["cylinder_power"].passed
    assert found["cylinder_axis"].passed


def test_a_missing_cylinder_fails_by_its_power_and_has_no_axis() -> None:
    found = lines(lens("-1", "-0.50", "90"), lens("-1"))
    assert not found["cylinder_power"].passed
    assert not found["cylinder_axis"].judged


def test_plus_and_minus_form_are_one_lens() -> None:
    found = lines(lens("-3.00", "+1.00", "90"), lens("-2.00", "-1.00", "180"))
    assert all_passed(found.values())
    assert found["sphere_power"].ordered == -2
    assert found["cylinder_axis"].difference == 0


def test_axes_on_both_sides_of_180_are_near() -> None:
    assert lines(lens("0", "-1.00", "179"), lens("0", "-1.00", "2"))["cylinder_axis"].difference == 3


def test_a_missing_addition_fails() -> None:
    line = lines(lens("0", add="2.00"), lens("0"), "progressive")["addition"]
    assert (line.passed, line.measured, line.difference, line.limit) == (False, None, None, Decimal("0.12"))


@pytest.mark.parametrize(("nominal", "limit"), [("4.00", "0.12"), ("4.25", "0.18")])
def test_strong_additions_have_a_wider_limit(nominal: str, limit: str) -> None:
    assert lines(lens("0", add=nominal), lens("0", add=nominal))["addition"].limit == Decimal(limit)


def test_2015_keys_the_sphere_on_the_minus_form_and_1999_on_the_strongest_meridian() -> None:
    ordered, measured = lens("-6.00", "-2.00", "180"), lens("-6.15", "-2.00", "180")
    new = lines(ordered, measured)["sphere_power"]
    assert (new.passed, new.limit, new.ordered) == (False, Decimal("0.13"), -6)
    old = lines(ordered, measured, edition=OLD)["sphere_power"]
    assert (old.passed, old.limit, old.ordered, old.measured) == (True, Decimal("0.16"), -8, Decimal("-8.15"))


def test_the_written_form_does_not_change_the_keyed_meridian() -> None:
    written = lens("-8.00", "+2.00", "90")
    assert lines(written, written)["sphere_power"].limit == Decimal("0.13")
    assert lines(written, written, edition=OLD)["sphere_power"].limit == Decimal("0.16")
    mixed = lens("+7.00", "-1.00", "90")
    assert lines(mixed, mixed)["sphere_power"].limit == Decimal("0.14")


@pytest.mark.parametrize(
    ("cylinder", "limits"), [("0.25", (7, 14)), ("0.37", (7, 7)), ("0.50", (5, 7)), ("0.75", (5, 5))]
)
def test_1999_and_2005_axes(cylinder: str, limits: tuple[int, int]) -> None:
    nominal = lens("0", f"-{cylinder}", "90")
    for edition, limit in zip((OLD, shipped("ansi-z80.1-2005")), limits, strict=True):
        assert lines(nominal, nominal, edition=edition)["cylinder_axis"].limit == limit


def test_1999_judges_progressives_as_single_vision() -> None:
    nominal = lens("-3.00", "-2.25", "90")
    found = lines(nominal, nominal, "progressive", edition=OLD)
    assert (found["sphere_power"].limit, found["cylinder_power"].limit) == (Decimal("0.13"), Decimal("0.15"))


def test_compensated_lenses_are_judged_by_their_verification_powers() -> None:
    ordered, verification = lens("0.50", "-3.00", "15", "1.25"), lens("0.43", "-2.75", "16", "1.23")
    by_order = lines(ordered, verification, "progressive")
    assert not by_order["cylinder_power"].passed
    by_verification = lines(ordered, verification, "progressive", verification=verification)
    assert all_passed(by_verification.values())
    assert {line.basis for line in by_verification.values()} == {Basis.VERIFICATION}
    assert all(line.difference == 0 for line in by_verification.values())


def test_a_verification_without_addition_leaves_the_ordered_one() -> None:
    found = lines(lens("0", add="2"), lens("0.1", add="2.10"), verification=lens("0.1"))
    assert (found["addition"].ordered, found["addition"].passed) == (2, True)


def test_manual_focimeters_take_an_eighth_as_within_012_and_013() -> None:
    ordered, reading = lens("-3.00", add="2.00"), lens("-3.12", add="2.13")
    automatic = lines(ordered, reading)
    assert (automatic["sphere_power"].passed, automatic["addition"].passed) == (True, False)
    manual = lines(ordered, reading, instrument=Instrument.MANUAL)
    assert (manual["sphere_power"].passed, manual["addition"].passed) == (True, True)
    assert manual["addition"].limit == manual["addition"].difference == Decimal("0.125")
    assert not lines(ordered, lens("-3.25", add="2"), instrument=Instrument.MANUAL)["sphere_power"].passed


def test_iso_judges_the_worse_meridian_and_the_cylinder_by_power() -> None:
    found = lines(lens("-2.00", "-0.75", "90"), lens("-2.00", "-0.85", "90"), edition=ISO)
    assert (found["sphere_power"].ordered, found["sphere_power"].passed) == (Decimal("-2.75"), True)
    assert (found["cylinder_power"].limit, found["cylinder_power"].passed) == (Decimal("0.09"), False)
    assert lines(lens("-5", "-0.75", "90"), lens("-5"), edition=ISO)["cylinder_power"].limit == Decimal("0.12")
    assert lines(lens("-5", "-0.75", "90"), lens("-5"), "progressive", edition=ISO)["cylinder_power"].limit == Decimal(
        "0.12"
    )
    assert lines(lens("9.25"), lens("9.25"), edition=ISO)["sphere_power"].limit == Decimal("0.18")


@given(lenses())
def test_a_perfect_lens_passes_in_either_form_by_every_edition(power: EyePower) -> None:
    for edition in (ANSI, OLD, ISO):
        assert all_passed(lines(power, transpose(power), "progressive", edition=edition).values())


def imbalance(
    direction: Direction, kind: str, power: str, prism: str | None, mm: str | None = None, **more: Any
) -> Line:
    check = ImbalanceCheck(
        direction,
        kind,
        None if prism is None else Decimal(prism),
        Decimal(power),
        None if mm is None else Decimal(mm),
        Decimal(more.pop("prescribed", 0)),
    )
    return judge_imbalance(check, more.pop("edition", ANSI))


V, H = Direction.VERTICAL, Direction.HORIZONTAL


@pytest.mark.parametrize(
    ("line", "limit", "passed"),
    [
        (imbalance(V, "distance", "3.375", "0.33"), Limit(Decimal("0.33"), Unit.PRISM), True),
        (imbalance(V, "distance", "-3.25", "-0.34"), Limit(Decimal("0.33"), Unit.PRISM), False),
        (imbalance(V, "distance", "3.50", "0.50", "1.0"), Limit(Decimal("1.0"), Unit.MM), True),
        (imbalance(V, "distance", "-5.00", "0.55", "1.1"), Limit(Decimal("1.0"), Unit.MM), False),
        (imbalance(H, "distance", "2.75", "0.67"), Limit(Decimal("0.67"), Unit.PRISM), True),
        (imbalance(H, "bifocal", "2.75", "0.68"), Limit(Decimal("0.67"), Unit.PRISM), False),
        (imbalance(H, "distance", "6.00", "1.50", "2.5"), Limit(Decimal("2.5"), Unit.MM), True),
        (imbalance(H, "distance", "6.00", "1.56", "-2.6"), Limit(Decimal("2.5"), Unit.MM), False),
        (imbalance(H, "progressive", "3.75", "0.67"), Limit(Decimal("0.67"), Unit.PRISM), True),
        (imbalance(H, "progressive", "5.00", "0.60", "1.2"), Limit(Decimal("1.0"), Unit.MM), False),
        (imbalance(V, "distance", "2.00", None, "1.0"), Limit(Decimal("0.33"), Unit.PRISM), True),
        (imbalance(V, "distance", "-5.00", "0.50"), Limit(Decimal("1.0"), Unit.MM), True),
        (imbalance(V, "distance", "-5.00", "0.51"), Limit(Decimal("1.0"), Unit.MM), False),
        (imbalance(V, "distance", "-5.00", None), Limit(Decimal("1.0"), Unit.MM), False),
    ],
)
def test_prism_imbalance_of_a_pair(line: Line, limit: Limit, passed: bool) -> None:
    assert (line.limits, line.passed) == ((limit,), passed)


def test_iso_widens_the_limit_for_prescribed_prism_and_strong_lenses() -> None:
    assert imbalance(H, "distance", "3.25", "0.67", edition=ISO).limit == Decimal("0.67")
    assert imbalance(H, "distance", "3.25", "0.67", edition=ISO, prescribed=3).limit == Decimal("1.00")
    strong = imbalance(V, "distance", "-8", "1.06", edition=ISO, prescribed=3)
    assert (strong.limits, strong.passed) == ((Limit(Decimal("1.05"), Unit.PRISM),), False)


def test_imbalance_is_measured_less_prescribed_for_the_pair() -> None:
    ordered = {Eye.RIGHT: Prism.of((Decimal(1), Base.UP)), Eye.LEFT: Prism()}
    measured = {
        Eye.RIGHT: Prism.of((Decimal("1.2"), Base.UP), (Decimal("0.3"), Base.IN)),
        Eye.LEFT: Prism.of((Decimal("0.2"), Base.DOWN), (Decimal("0.3"), Base.OUT)),
    }
    assert pair_imbalance(ordered, measured) == Prism(Decimal(0), Decimal("0.4"))


def test_the_stronger_lens_in_the_meridian_chooses_the_row() -> None:
    right, left = EyePower.of(-2, -3, 180), EyePower.of(-3)
    assert pair_power(right, left, V) == -5
    assert pair_power(right, left, H) == -3


def test_reference_points_hold_one_limit_or_both_as_the_edition_says() -> None:
    assert judge_reference_point(ANSI, Decimal("0.48"), Decimal("0.8")).passed
    assert judge_reference_point(ANSI, Decimal("0.33"), Decimal("2.0")).passed
    assert not judge_reference_point(ANSI, Decimal("0.34"), Decimal("1.1")).passed
    assert not judge_reference_point(ANSI, None, None).passed
    strict = replace(ANSI, reference_point=replace(ANSI.reference_point, rule=BothRule.AND))
    assert not judge_reference_point(strict, Decimal("0.48"), Decimal("0.8")).passed
    assert judge_reference_point(strict, Decimal("0.33"), Decimal("1.0")).passed


def heights(right: str, left: str) -> list[bool]:
    ordered = {Eye.RIGHT: Decimal(18), Eye.LEFT: Decimal(18)}
    measured = {Eye.RIGHT: Decimal(right), Eye.LEFT: Decimal(left)}
    return [line.passed for line in judge_position(ANSI, "segment_height", ordered, measured)]


def test_heights_hold_for_each_lens_and_for_the_pair() -> None:
    assert heights("19.0", "18.5") == [True, True, True]
    assert heights("18.7", "17.6") == [True, True, False]
    assert heights("19.1", "19.1") == [False, False, True]
    one = judge_position(ANSI, "fitting_height", {Eye.LEFT: Decimal(20)}, {Eye.LEFT: Decimal("21.0")})
    assert [(line.eye, line.passed) for line in one] == [(Eye.LEFT, True)]


def test_sizes_have_one_limit() -> None:
    assert not judge_size(ANSI, "segment_tilt", Decimal(0), Decimal("2.5")).passed
    assert judge_size(ANSI, "segment_horizontal", Decimal(62), Decimal("64.5")).passed
    assert not judge_size(ANSI, "centre_thickness", Decimal("2.0"), Decimal("1.6")).passed
    assert judge_size(ANSI, "base_curve", Decimal(6), Decimal("6.75")).limits == (
        Limit(Decimal("0.75"), Unit.DIOPTRES),
    )
    with pytest.raises(KeyError):
        judge_size(ANSI, "roundness", Decimal(0), Decimal(0))


@pytest.mark.parametrize("code", shipped_codes())
def test_an_edition_survives_being_stored(code: str) -> None:
    edition = shipped(code)
    stored = json.loads(json.dumps(to_plain(edition)))
    assert from_plain(stored) == edition
    assert named(edition.name) == named(code) == edition


def test_only_seen_tables_call_themselves_verified() -> None:
    assert {code for code in shipped_codes() if shipped(code).verified} == {"ansi-z80.1-1999", "ansi-z80.1-2015"}
    with pytest.raises(KeyError):
        shipped_plain("ansi-z80.1-1987")
    with pytest.raises(KeyError):
        named("ANSI Z80.1-1987")


def edited(**changes: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(EditionError) as refusal:
        from_plain({**shipped_plain("ansi-z80.1-2015"), **changes})
    return [(fault.place, fault.code, fault.detail) for fault in refusal.value.faults]


def test_every_fault_of_an_edited_table_is_named() -> None:
    faults = edited(
        name="",
        sphere_rule="best",
        addition=[{"up_to": "4.00", "limit": "x"}, {"up_to": "3.00", "limit": "0.18"}],
        sphere={"progressive": [{"up_to": None, "percent": "-2"}], "contact": []},
    )
    assert faults == [
        ("sphere_rule", "unknown_word", "sphere_rule: minus_cylinder_sphere, strongest_meridian, each_meridian"),
        ("sphere", "unknown_group", "contact"),
        ("sphere", "missing", "single_vision"),
        ("sphere, progressive", "negative", "percent"),
        ("addition", "not_a_number", "limit"),
        ("addition", "limit_or_percent", ""),
        ("addition", "last_row_open", ""),
        ("name", "missing", ""),
    ]


def test_bands_must_rise_and_be_there() -> None:
    same_twice = [{"up_to": "4", "limit": "1"}, {"up_to": "4", "limit": "1"}, {"up_to": None, "limit": "1"}]
    assert edited(addition=same_twice) == [("addition", "must_rise", "")]
    assert edited(addition=[]) == [("addition", "no_rows", "")]
    assert edited(positions={"segment_height": {"unit": "inch", "each": "1"}, "x": 3, "y": {"unit": "mm"}}) == [
        ("segment_height", "unknown_word", "unit: D, prism dioptre, mm, degrees"),
        ("x", "not_a_row", ""),
        ("y", "no_limit", ""),
    ]
    assert edited(prism_vertical={"single_vision": [{"power_up_to": "3", "limit": "1", "unit": "prism"}]}) == [
        ("prism_vertical, single_vision", "no_open_row", "")
    ]


def test_an_empty_table_names_what_is_missing_and_does_not_fall_over() -> None:
    with pytest.raises(EditionError) as refusal:
        from_plain({})
    places = {fault.place for fault in refusal.value.faults if fault.code == "missing"}
    assert places >= {"axis", "name", "sphere", "positions"}
