"""The plausibility rules of prescriptions."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lensmath.prism import Eye
from prescriptions.limits import Limits
from prescriptions.rules import check, check_dispensing, refuses
from prescriptions.values import EyeValues, PrescriptionValues, PrismEntry
from prescriptions.verdicts import MESSAGES, Level, Verdict


def eye(sphere: str | None = "-2.00", cylinder: str | None = None, axis: Any = None, **more: Any) -> EyeValues:
    """One eye from text."""
    numbers = [None if text is None else Decimal(text) for text in (sphere, cylinder)]
    return EyeValues(sphere=numbers[0], cylinder=numbers[1], axis=axis, **more)


def rx(
    right: EyeValues | None, left: EyeValues | None = None, kind: str = "distance", **more: Any
) -> PrescriptionValues:
    return PrescriptionValues(kind, right, left, **more)


def found(
    values: PrescriptionValues, previous: PrescriptionValues | None = None
) -> list[tuple[str, str, str | None, str]]:
    return [(verdict.code, str(verdict.level), verdict.eye, verdict.field) for verdict in check(values, previous)]


def codes(values: PrescriptionValues, previous: PrescriptionValues | None = None) -> list[str]:
    return [verdict.code for verdict in check(values, previous)]


def test_a_plain_prescription_has_no_findings() -> None:
    assert check(rx(eye("-2.00", "-0.50", 90), eye("-2.25"), far_pd_mm=Decimal(63))) == []


@pytest.mark.parametrize(
    ("cylinder", "axis", "finding"),
    [
        ("-0.50", None, ("axis_required", "refuse", "right", "axis")),
        (None, 90, ("axis_without_cylinder", "refuse", "right", "axis")),
        ("-0.50", 181, ("axis_range", "refuse", "right", "axis")),
        ("-0.50", Decimal("90.5"), ("axis_range", "refuse", "right", "axis")),
        ("-0.50", -5, ("axis_range", "refuse", "right", "axis")),
        ("-0.50", 0, ("axis_zero", "refuse", "right", "axis")),
        ("0.00", 90, ("zero_cylinder_dropped", "note", "right", "cylinder")),
        ("0.00", None, ("zero_cylinder_dropped", "note", "right", "cylinder")),
    ],
)
def test_cylinder_and_axis_come_together(cylinder: str | None, axis: Any, finding: tuple[str, ...]) -> None:
    assert found(rx(eye("-2.00", cylinder, axis))) == [finding]


@pytest.mark.parametrize("axis", [1, 90, 180, Decimal(180)])
def test_axes_from_1_to_180_are_taken(axis: Any) -> None:
    assert check(rx(eye("-2.00", "-0.50", axis))) == []


@pytest.mark.parametrize(
    ("sphere", "finding"),
    [
        ("-2.10", ("power_step", "refuse", "right", "sphere")),
        ("-1.625", ("eighth_step_warning", "warn", "right", "sphere")),
        ("-20.25", ("power_range_warning", "warn", "right", "sphere")),
        ("45.25", ("power_limit", "refuse", "right", "sphere")),
        (None, ("sphere_required", "refuse", "right", "sphere")),
    ],
)
def test_powers_are_steps_within_what_is_made(sphere: str | None, finding: tuple[str, ...]) -> None:
    assert found(rx(eye(sphere))) == [finding]


def test_limits_are_inclusive() -> None:
    assert check(rx(eye("-20.00", "-6.00", 180))) == []
    assert codes(rx(eye("0.00", "-6.25", 180))) == ["power_range_warning"]
    assert codes(rx(eye("0.00", "-25.25", 180))) == ["power_limit"]


def test_multifocals_need_an_add_in_every_eye() -> None:
    values = rx(eye("+1.00", add=Decimal(2)), eye("+1.00"), "progressive")
    assert found(values) == [("add_required", "refuse", "left", "add")]
    assert check(rx(eye("+1.00", add=Decimal(2)), eye(None, balance=True), "progressive")) == []
    assert check(rx(eye("+1.00"), kind="near")) == []


@pytest.mark.parametrize(
    ("add", "expected"),
    [("0.75", []), ("3.50", []), ("0.50", ["add_range_warning"]), ("3.75", ["add_range_warning"]), ("0", ["add_sign"]),
     ("-2", ["add_sign"]), ("5.25", ["add_limit"]), ("2.10", ["power_step"])],
)  # fmt: skip
def test_adds_are_positive_and_usual(add: str, expected: list[str]) -> None:
    assert codes(rx(eye("+1.00", add=Decimal(add)), kind="bifocal")) == expected


def test_unequal_adds_are_pointed_out() -> None:
    values = rx(eye("+1.00", add=Decimal(2)), eye("+1.00", add=Decimal("2.50")), "progressive")
    assert found(values) == [("unequal_add_warning", "warn", None, "add")]
    wrong = rx(eye("+1.00", add=Decimal(-2)), eye("+1.00", add=Decimal(2)), "progressive")
    assert codes(wrong) == ["add_sign"]


def prism(*entries: tuple[str | None, str | None]) -> EyeValues:
    return eye(prisms=tuple(PrismEntry(None if text is None else Decimal(text), base) for text, base in entries))


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([("2", "in"), ("1", "up")], []),
        ([("2", None)], ["prism_base_required"]),
        ([(None, "in")], ["prism_without_amount"]),
        ([("0", "in")], ["prism_without_amount"]),
        ([("0", None)], []),
        ([("2", "nasal")], ["prism_base_unknown"]),
        ([("-2", "in")], ["prism_amount_sign"]),
        ([("2", "in"), ("1", "out")], ["prism_one_each"]),
        ([("2", "up"), ("2", "up")], ["prism_one_each"]),
        ([("10", "in")], []),
        ([("8", "in"), ("7", "up")], ["prism_range_warning"]),
    ],
)
def test_prism_and_base_come_together(entries: list[tuple[str | None, str | None]], expected: list[str]) -> None:
    assert codes(rx(prism(*entries))) == expected


def test_a_base_in_degrees_stands_alone() -> None:
    oblique = PrismEntry(Decimal("2.5"), base_deg=Decimal(37))
    assert check(rx(eye(prisms=(oblique,)))) == []
    assert codes(rx(eye(prisms=(oblique, PrismEntry(Decimal(1), "up"))))) == ["prism_one_each"]
    assert codes(rx(eye(prisms=(PrismEntry(Decimal(1), base_deg=Decimal(361)),)))) == ["prism_base_unknown"]


def test_prisms_that_work_against_each_other_are_pointed_out() -> None:
    assert codes(rx(prism(("2", "in")), prism(("2", "out")))) == ["prism_bases_cancel_warning"]
    assert codes(rx(prism(("2", "up")), prism(("2", "up")))) == ["prism_bases_cancel_warning"]
    assert check(rx(prism(("2", "in")), prism(("2", "in")))) == []
    assert check(rx(prism(("2", "up")), prism(("2", "down")))) == []


def test_eyes_are_compared() -> None:
    assert codes(rx(eye("-2.00", "-0.50", 90), eye("-2.75", "0.50", 90))) == ["mixed_cylinder_form_warning"]
    assert codes(rx(eye("-2.00", "-0.50", 90), eye("-2.00", "-0.50", 90))) == ["same_as_other_eye_warning"]
    assert check(rx(eye("-2.00"), eye("-2.00"))) == []
    assert check(rx(eye("-2.00"), eye("-4.00"))) == []
    assert codes(rx(eye("-2.00"), eye("-4.25"))) == ["anisometropia_warning"]
    assert codes(rx(eye("-2.00", "-2.25", 90), eye("-2.00"))) == ["anisometropia_warning"]
    assert codes(rx(eye("+0.50"), eye("-0.50"))) == ["opposite_sign_warning"]
    assert check(rx(eye("+0.25"), eye("-0.50"))) == []
    assert codes(rx(eye("+2.00"), eye("-2.00"))) == ["opposite_sign_warning", "anisometropia_warning"]


def test_a_lost_minus_is_noticed_between_contact_lenses_too() -> None:
    right, left = contact(power=Decimal("-1.00")), contact(power=Decimal("1.00"))
    assert codes(rx(right, left, kind="contact_lens")) == ["opposite_sign_warning"]
    assert check(rx(right, contact(power=Decimal("0.25")), kind="contact_lens")) == []


def test_a_balance_lens_is_not_compared() -> None:
    assert check(rx(eye("+9.00"), eye(None, balance=True))) == []


def pds(
    right: tuple[str, str] | None, left: tuple[str, str] | None, far: str | None, near: str | None
) -> PrescriptionValues:
    eyes = [eye(far_pd_mm=Decimal(both[0]), near_pd_mm=Decimal(both[1])) if both else eye() for both in (right, left)]
    return rx(
        eyes[0],
        eyes[1],
        far_pd_mm=None if far is None else Decimal(far),
        near_pd_mm=None if near is None else Decimal(near),
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pds(("32", "30.5"), ("31", "29.5"), "63", "60"), []),
        (pds(("32", "30.5"), ("31", "29.5"), "63.5", "60.5"), []),
        (pds(("32", "30.5"), ("31", "29.5"), "64", "60"), ["pd_sum_mismatch"]),
        (pds(None, None, "45", None), []),
        (pds(None, None, "44.5", None), ["pd_range"]),
        (pds(None, None, "80.5", None), ["pd_range"]),
        (pds(None, None, "60", "63"), ["near_pd_above_far_pd"]),
        (pds(None, None, "63", "63"), []),
        (pds(("40", "38"), ("20", "19.5"), None, None), ["pd_range"]),
        (pds(("30", "31"), ("30", "29"), None, None), ["near_pd_above_far_pd"]),
    ],
)
def test_pupil_distances_are_plausible(values: PrescriptionValues, expected: list[str]) -> None:
    assert codes(values) == expected


def test_large_changes_are_pointed_out_whatever_the_form() -> None:
    before = rx(eye("-2.00", "-1.00", 90))
    assert check(rx(eye("-3.00", "+1.00", 180)), before) == []
    assert check(rx(eye("-3.00", "-1.00", 110)), before) == []
    assert found(rx(eye("-3.25", "-1.00", 111)), before) == [
        ("large_change_warning", "warn", "right", "sphere"),
        ("large_change_warning", "warn", "right", "axis"),
    ]
    assert check(rx(eye("-2.00", "-0.75", 150)), before) == []
    assert check(rx(None, eye("-9.00")), before) == []


def contact(**changes: Any) -> EyeValues:
    values = {"power": Decimal(-3), "base_curve_mm": Decimal("8.6"), "diameter_mm": Decimal("14.2"), "product": "X"}
    return EyeValues(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"base_curve_mm": None}, ["base_curve_required"]),
        ({"diameter_mm": None}, ["diameter_required"]),
        ({"product": " "}, ["product_required"]),
        ({"power": None}, ["power_required"]),
        ({"power": None, "sphere": Decimal(-3)}, ["power_required"]),
        ({"power": Decimal("-3.10")}, ["power_step"]),
        ({"base_curve_mm": Decimal("6.9")}, ["base_curve_range_warning"]),
        ({"diameter_mm": Decimal(16)}, ["diameter_range_warning"]),
        ({"cylinder": Decimal("-0.75")}, ["axis_required"]),
    ],
)
def test_contact_lenses_are_named_in_full(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(rx(contact(**changes), kind="contact_lens")) == expected


def test_a_prescription_is_for_some_eye_and_of_some_kind() -> None:
    assert codes(rx(None)) == ["no_eye"]
    assert codes(rx(eye(), kind="driving")) == ["type_unknown"]


def test_dispensing_needs_a_prescriber_and_a_date_not_passed() -> None:
    values = rx(eye(), prescriber="A Naidoo", expires_on=date(2026, 3, 1))
    assert check_dispensing(values, date(2026, 3, 1)) == []
    late = check_dispensing(replace(values, prescriber=" "), date(2026, 3, 2))
    assert [verdict.code for verdict in late] == ["prescriber_missing", "expired"]
    assert refuses(late)
    assert not refuses([Verdict("eighth_step_warning", Level.WARN)])


def test_numbers_nothing_can_be_made_of_are_said_alone() -> None:
    assert found(rx(eye("NaN", "-0.50"), far_pd_mm=Decimal("1E+40"))) == [
        ("number_unusable", "refuse", None, "far_pd_mm"),
        ("number_unusable", "refuse", "right", "sphere"),
    ]
    assert codes(rx(eye(prisms=(PrismEntry(Decimal("Infinity"), "in"),)))) == ["number_unusable"]
    assert codes(rx(eye("999999"))) == ["power_limit"]
    assert check(rx(eye("-2.00")), rx(eye("NaN"))) == []


def test_limits_are_settings() -> None:
    values = rx(eye("-12.00"), eye("-9.00"))
    assert check(values, limits=Limits(anisometropia=Decimal(3))) == []
    strict = check(values, limits=Limits(sphere_warning=Decimal(10), anisometropia=Decimal(3)))
    assert [(verdict.code, verdict.eye) for verdict in strict] == [("power_range_warning", Eye.RIGHT)]


def test_findings_are_sentences_for_the_person_at_the_counter() -> None:
    with translation.override("en"):
        assert [verdict.message for verdict in check(rx(eye("-2.10", "-0.50"), eye("+1.00")))] == [
            "Right: -2.10 is not a step of a quarter of a dioptre.",
            "Right: enter the axis of the cylinder, 1 to 180.",
            "One eye is plus and the other minus. Is a minus sign missing?",
        ]
        expired = check_dispensing(rx(eye(), prescriber="A", expires_on=date(2026, 3, 1)), date(2026, 3, 2))
        assert expired[0].message == "This prescription expired on Sun 1 Mar 2026."
        changed = check(rx(eye("-4.00")), rx(eye("-2.00")))
        assert changed[0].message == "Right: The sphere has changed by -2.00 since the last prescription. Check it."


powers = (
    st.none()
    | st.decimals(-50, 50, places=3)
    | st.sampled_from([Decimal("NaN"), Decimal("Infinity"), Decimal("9E+999999"), Decimal("-1E+25"), Decimal("1E-999")])
)
entries = st.builds(
    PrismEntry,
    powers,
    st.none() | st.sampled_from(["in", "out", "up", "down", "side"]),
    st.none() | st.integers(-10, 400),
)
any_eye = st.none() | st.builds(
    EyeValues,
    sphere=powers,
    cylinder=powers,
    axis=st.none() | st.integers(-10, 200),
    add=powers,
    prisms=st.lists(entries, max_size=3).map(tuple),
    far_pd_mm=powers,
    near_pd_mm=powers,
    balance=st.booleans(),
    power=powers,
    base_curve_mm=powers,
)
any_rx = st.builds(
    PrescriptionValues,
    st.sampled_from(["distance", "progressive", "contact_lens", "?"]),
    any_eye,
    any_eye,
    powers,
    powers,
)


@given(any_rx, st.none() | any_rx)
def test_whatever_is_typed_every_finding_has_its_words(
    values: PrescriptionValues, previous: PrescriptionValues | None
) -> None:
    for verdict in check(values, previous):
        assert verdict.code in MESSAGES
        assert "%(" not in verdict.message
