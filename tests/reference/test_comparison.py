"""The comparison itself: it must be able to fail."""

from decimal import Decimal
from typing import Any

import pytest

from lensmath.tolerance.verdicts import Basis, Limit, Unit
from tests.reference.cases import Case, Limits, differences


def compared(expected: Any, actual: Any, tolerance: str = "0", kind: str = "any") -> bool:
    return differences(Case("x", kind, {}, expected, Decimal(tolerance)), actual) == []


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("+0.12", "+0.12"),
        (2.5, Decimal("2.50")),
        ("0.1350", Decimal("0.135")),
        (None, None),
        ({"a": [1, 2]}, {"a": (Decimal(1), 2), "b": 3}),
        ({"error": "a sentence"}, {"error": "another sentence"}),
        ({"error": "reason_required"}, {"error": "reason_required"}),
        ({"codes": ["b", "a"]}, {"codes": ["a", "b"]}),
        ({"L": []}, {}),
    ],
)
def test_what_agrees(expected: Any, actual: Any) -> None:
    assert compared(expected, actual)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("0.00", "-0.00"),
        ("+0.12", "+0.13"),
        (1, True),
        (True, 1),
        (None, 0),
        (0, None),
        (2.5, Decimal("2.51")),
        ({"a": 1}, {}),
        ({"a": 1}, None),
        ([1], [1, 2]),
        ([1, 2], [2, 1]),
        ({"error": "a sentence"}, {"error": ""}),
        ({"error": "reason_required"}, {"error": "other"}),
        ({"codes": []}, {"codes": ["a"]}),
    ],
)
def test_what_differs(expected: Any, actual: Any) -> None:
    assert not compared(expected, actual)


def test_a_tolerance_is_the_cases_own_and_inclusive() -> None:
    assert compared({"a": 1.0}, {"a": Decimal("1.005")}, "0.005")
    assert not compared({"a": 1.0}, {"a": Decimal("1.0051")}, "0.005")


def test_nothing_may_be_left_over_where_the_whole_counts() -> None:
    assert compared({"eye": "right"}, {"eye": "right", "add": 0})
    assert not compared({"eye": "right"}, {"eye": "right", "add": 0}, kind="rx_to_fhir_lens")


def test_limits_are_read_out_of_words() -> None:
    both = Limits((Limit(Decimal("0.33"), Unit.PRISM), Limit(Decimal("1.0"), Unit.MM)))
    assert compared({"limit": "0.33 prism dioptre or 1.0 mm"}, {"limit": both})
    assert not compared({"limit": "0.34 prism dioptre or 1.0 mm"}, {"limit": both})
    assert not compared({"limit": "1.0 degrees"}, {"limit": both})
    assert compared({"limit": "0.33"}, {"limit": both})
    assert not compared({"limit": None}, {"limit": both})
    assert not compared({"limit": "against the verification powers"}, {"limit": both})
    assert compared({"limit": "against the verification powers"}, {"limit": Limits((), Basis.VERIFICATION)})
