"""How powers are typed and printed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lensmath.notation import (
    ADD_ENTRY,
    CYLINDER_ENTRY,
    SPHERE_ENTRY,
    EntryError,
    EntryRule,
    file_axis,
    format_axis,
    format_exact,
    format_power,
    is_balance,
    parse_axis,
    parse_entry,
    parse_power,
    snap_eighth,
)
from tests.lensmath.strategies import eighths

GRID = [sign * Decimal(step) / 4 for step in range(1, 81) for sign in (1, -1)]


def short_forms(value: Decimal) -> set[str]:
    """Every way a busy person writes this value."""
    sign, size = ("-" if value < 0 else "+"), abs(value)
    forms = {f"{size:.2f}", f"{size.normalize():f}", f"{int(size * 100)}"}
    if size < 1:
        forms |= {f"{size:.2f}"[1:], f"{size.normalize():f}"[1:]}
    if size == int(size):
        forms.add(f"{int(size)}")
    return {sign + form for form in forms}


def test_all_160_values_of_the_quarter_grid_have_one_reading() -> None:
    assert len(GRID) == 160
    seen: dict[str, Decimal] = {}
    for value in GRID:
        for form in short_forms(value):
            assert seen.setdefault(form, value) == value
            assert parse_entry(form) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("-125", "-1.25"),
        ("-75", "-0.75"),
        ("+2", "2.00"),
        ("-2.5", "-2.50"),
        ("+.5", "0.50"),
        ("0", "0"),
        ("+0", "0"),
        ("-0.00", "0"),
        ("pl", "0"),
        ("Plano", "0"),
        ("+20", "20"),
        ("-25", "-0.25"),
        ("-025", "-0.25"),
        ("+2025", "20.25"),
        ("\u22121,25", "-1.25"),
        (" + 1.75 ", "1.75"),
        ("-1.62", "-1.625"),
        ("+0.12", "0.125"),
        ("+0.13", "0.125"),
        ("-3.125", "-3.125"),
    ],
)
def test_the_grid_reads_shorthand(typed: str, value: str) -> None:
    assert parse_entry(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2", "sign_required"),
        ("1.25", "sign_required"),
        ("-21", "ambiguous"),
        ("-24", "ambiguous"),
        ("-130", "ambiguous"),
        ("-05", "ambiguous"),
        ("-1.30", "off_grid"),
        ("-0.0625", "off_grid"),
        ("+45.25", "out_of_range"),
        ("--1", "not_a_number"),
        ("+", "not_a_number"),
        (".", "not_a_number"),
        ("+1.2.5", "not_a_number"),
        ("+1e2", "not_a_number"),
        ("nan", "not_a_number"),
        ("+" + "9" * 5000, "not_a_number"),
        ("+\u0661", "not_a_number"),
    ],
)
def test_the_grid_refuses_and_says_why(typed: str, code: str) -> None:
    with pytest.raises(EntryError) as refusal:
        parse_entry(typed)
    assert (refusal.value.code, refusal.value.text) == (code, typed)


def test_a_blank_cell_is_not_zero() -> None:
    assert parse_entry("  ") is None
    assert parse_axis("") is None


def test_minus_zero_is_zero_and_prints_without_a_sign() -> None:
    value = parse_entry("-0")
    assert value is not None
    assert str(value) == "0"
    assert format_power(Decimal("-0.00")) == "0.00"
    assert format_power(Decimal("-0.004")) == "0.00"
    assert format_exact(Decimal("-0.000")) == "0.00"


def test_eighths_are_refused_where_a_practice_works_in_quarters() -> None:
    quarters = EntryRule(sign_required=True, eighths=False)
    with pytest.raises(EntryError) as refusal:
        parse_entry("-1.62", quarters)
    assert refusal.value.code == "off_grid"
    assert parse_entry("-1.50", quarters) == Decimal("-1.5")


def test_an_add_needs_no_sign_but_cannot_be_negative() -> None:
    assert parse_entry("225", ADD_ENTRY) == Decimal("2.25")
    assert parse_entry("+2", ADD_ENTRY) == Decimal(2)
    assert parse_entry("5.00", ADD_ENTRY) == Decimal(5)
    for typed, code in (("-2", "negative"), ("525", "out_of_range")):
        with pytest.raises(EntryError) as refusal:
            parse_entry(typed, ADD_ENTRY)
        assert refusal.value.code == code


def test_each_column_has_its_hard_limit() -> None:
    assert parse_entry("-4500", SPHERE_ENTRY) == Decimal(-45)
    assert parse_entry("-2500", CYLINDER_ENTRY) == Decimal(-25)
    with pytest.raises(EntryError):
        parse_entry("-25.25", CYLINDER_ENTRY)


@pytest.mark.parametrize(
    ("written", "value"),
    [("0.12", "0.125"), ("0.13", "0.125"), ("-0.37", "-0.375"), ("0.38", "0.375"), ("2.62", "2.625"), ("-1.63", "-1.625"),
     ("0.87", "0.875"), ("0.88", "0.875"), ("0.25", "0.25"), ("0.10", "0.10"), ("0.125", "0.125"), ("-0.43", "-0.43")],
)  # fmt: skip
def test_two_place_eighths_mean_eighths(written: str, value: str) -> None:
    assert snap_eighth(Decimal(written)) == Decimal(value)


@pytest.mark.parametrize(("text", "value"), [("PL", 0), ("+2.00", 2), ("2", 2), ("\u22120.50", "-0.5"), ("-0.00", 0)])
def test_paper_and_files_need_no_sign(text: str, value: object) -> None:
    assert parse_power(text) == Decimal(str(value))


@pytest.mark.parametrize("text", ["", "x", "infinity", "NaN", "1/2", "1e6", "9" * 5000])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="number"):
        parse_power(text)


def test_powers_print_signed_with_two_places() -> None:
    assert format_power(Decimal(2)) == "+2.00"
    assert format_power(Decimal("-1.625")) == "-1.62"
    assert format_power(Decimal("0.125")) == "+0.12"
    assert format_power(Decimal("-1.25"), true_minus=True) == "\u22121.25"
    assert format_power(Decimal(0), plano="Plano") == "Plano"


def test_computed_powers_print_in_full() -> None:
    assert format_exact(Decimal("-3.625")) == "-3.625"
    assert format_exact(Decimal("-2.5")) == "-2.50"
    assert format_exact(Decimal("3E+1")) == "+30.00"
    assert format_exact(Decimal("0.0625"), true_minus=True) == "+0.0625"


def test_axes() -> None:
    assert [format_axis(axis) for axis in (5, 90, 180, Decimal("16.4"), Decimal("0.3"))] == [
        "005",
        "090",
        "180",
        "016",
        "180",
    ]
    assert parse_axis("90\u00b0") == 90
    assert parse_axis("000") == 0
    assert file_axis(0) == 180
    assert file_axis(5) == 5
    for typed, code in (
        ("181", "out_of_range"),
        ("9.5", "not_a_number"),
        ("-5", "not_a_number"),
        ("9" * 5000, "not_a_number"),
    ):
        with pytest.raises(EntryError) as refusal:
            parse_axis(typed)
        assert refusal.value.code == code


def test_balance_is_a_state() -> None:
    assert is_balance(" Bal ")
    assert not is_balance("0.00")


@given(eighths)
def test_what_is_printed_is_read_back(value: Decimal) -> None:
    assert parse_power(format_power(value, true_minus=True)) == value
    assert parse_entry(format_power(value)) == value
    assert parse_power(format_exact(value)) == value


@given(st.text(max_size=12))
def test_any_text_is_a_value_a_blank_or_a_refusal(text: str) -> None:
    try:
        value = parse_entry(text)
    except EntryError:
        return
    assert value is None or (abs(value) <= 45 and value % Decimal("0.125") == 0)
