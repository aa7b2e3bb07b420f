"""Every worked case against the real code. A kind that the adapter does not know fails."""

import pytest

from tests.reference import cases
from tests.reference.adapter import ADAPTERS

CASES = cases.all_cases()


@pytest.mark.skipif(not CASES, reason=f"no worked cases under {cases.FOLDER} (set REFERENCE_DATA)")
@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_worked_case(case: cases.Case) -> None:
    assert case.kind in ADAPTERS, f"unknown kind {case.kind}: tests/reference/adapter.py must say what it means"
    assert cases.differences(case, ADAPTERS[case.kind](case.input)) == []
