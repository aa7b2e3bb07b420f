"""Credit for remakes by a laboratory's terms."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from labjobs.credit_rules import (
    REASONS,
    CountedFrom,
    CreditRule,
    Party,
    RemakeFacts,
    from_plain,
    judge,
    to_plain,
)

LAB = CreditRule(frozenset({"lab"}), return_required=True)
DOCTOR = CreditRule(frozenset({"prescriber"}), (Decimal(20),), within_days=60, return_required=True)
SERIES = CreditRule(frozenset({"prescriber", "C01"}), (Decimal(100), Decimal(50), Decimal(0)))
SCRATCH = CreditRule(
    frozenset({"W01"}), within_days=365, counted_from=CountedFrom.SHIPPING, times=1, unchanged_required=True
)
ADAPT = CreditRule(frozenset({"C01"}), within_days=90, replacements=frozenset({"multifocal", "single_vision"}))
INVOICED_60 = RemakeFacts("P01", days={CountedFrom.INVOICE: 60}, returned=True)


def test_a_laboratorys_own_fault_is_credited_when_the_lenses_are_back() -> None:
    found = judge(RemakeFacts("L02", returned=True), [LAB])
    assert (found.percent, found.expected_percent, found.unmet) == (100, 100, ())
    waiting = judge(RemakeFacts("L02"), [LAB])
    assert (waiting.percent, waiting.expected_percent, waiting.unmet) == (0, 100, ("not_returned",))


@pytest.mark.parametrize(
    ("days", "percent", "unmet"), [(60, 20, ()), (61, 0, ("too_late",)), (None, 0, ("date_unknown",))]
)
def test_the_last_day_of_a_period_counts(days: int | None, percent: int, unmet: tuple[str, ...]) -> None:
    facts = replace(INVOICED_60, days={} if days is None else {CountedFrom.INVOICE: days})
    found = judge(facts, [DOCTOR])
    assert (found.percent, found.expected_percent, found.unmet) == (percent, percent, unmet)


@pytest.mark.parametrize(("occurrence", "percent"), [(1, 100), (2, 50), (3, 0), (4, 0)])
def test_credit_falls_with_each_remake(occurrence: int, percent: int) -> None:
    assert judge(RemakeFacts("C01", occurrence), [SERIES]).percent == percent


def test_a_scratch_warranty_holds_once_and_only_for_the_same_lens() -> None:
    facts = RemakeFacts("W01", days={CountedFrom.SHIPPING: 365})
    assert judge(facts, [SCRATCH]).percent == 100
    assert judge(replace(facts, changed=True), [SCRATCH]).unmet == ("changed",)
    assert judge(replace(facts, occurrence=2), [SCRATCH]).unmet == ("times_used_up",)
    assert judge(replace(facts, days={CountedFrom.INVOICE: 10}), [SCRATCH]).unmet == ("date_unknown",)


def test_non_adaptation_is_credited_only_with_a_replacement() -> None:
    facts = RemakeFacts("C01", days={CountedFrom.INVOICE: 90})
    assert judge(facts, [ADAPT]).unmet == ("replacement_missing",)
    assert judge(replace(facts, replacement="progressive"), [ADAPT]).percent == 0
    assert judge(replace(facts, replacement="single_vision"), [ADAPT]).percent == 100


def test_the_best_row_about_the_reason_counts() -> None:
    assert judge(INVOICED_60, [DOCTOR, SERIES]).rule == SERIES
    nothing = judge(RemakeFacts("S01"), [LAB, DOCTOR, SERIES])
    assert (nothing.percent, nothing.unmet, nothing.rule) == (0, ("no_rule",), None)


def test_what_stands_in_the_way_is_said() -> None:
    with translation.override("en"):
        late = judge(replace(INVOICED_60, days={CountedFrom.INVOICE: 61}, returned=False), [DOCTOR])
        assert late.messages == ["The 60 days allowed are over.", "The old lenses must go back first."]
        assert judge(RemakeFacts("S01"), []).messages == ["The laboratory gives no credit for this reason."]


@pytest.mark.parametrize("rule", [LAB, DOCTOR, SERIES, SCRATCH, ADAPT])
def test_terms_survive_being_stored(rule: CreditRule) -> None:
    assert from_plain(json.loads(json.dumps(to_plain(rule)))) == rule


@pytest.mark.parametrize(
    "plain", [{}, {"reasons": ["lab"], "percents": ["101"]}, {"reasons": ["lab"], "counted_from": "order"},
              {"reasons": ["lab"], "percents": []}, {"reasons": ["lab"], "percents": ["many"]}],
)  # fmt: skip
def test_terms_that_are_none_are_refused(plain: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        from_plain(plain)


def test_every_reason_has_a_party_and_a_name() -> None:
    assert len(REASONS) == 26
    assert {party for party, _ in REASONS.values()} == set(Party)
    with pytest.raises(TypeError):
        from_plain({"reasons": ["lab"], "bonus": 3})
