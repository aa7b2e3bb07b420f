"""How long a prescription holds."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from prescriptions.expiry import (
    CONTACT_LENS,
    SPECTACLE,
    TABLE,
    ExpiryProposal,
    ExpiryRefused,
    ExpiryRequest,
    ExpiryRule,
    months_after,
    propose,
)

ISSUED = date(2026, 1, 10)
CONTACTS = ExpiryRequest("US", CONTACT_LENS, ISSUED, region="NY")


def state(months: int, kind: str = CONTACT_LENS) -> list[ExpiryRule]:
    return [*TABLE, ExpiryRule("US", kind, "state rule", months=months, region="NY")]


@pytest.mark.parametrize(
    ("months", "expires"), [(24, date(2028, 1, 10)), (12, date(2027, 1, 10)), (6, date(2027, 1, 10))]
)
def test_the_federal_year_is_a_floor_under_the_state(months: int, expires: date) -> None:
    assert propose(CONTACTS, state(months)).expires_on == expires


def test_without_a_state_rule_contact_lenses_have_the_federal_year() -> None:
    found = propose(CONTACTS)
    assert (found.expires_on, found.hard_stop, found.verified) == (date(2027, 1, 10), True, True)


def test_a_shorter_date_needs_its_medical_reason() -> None:
    shorter = replace(CONTACTS, prescriber_date=date(2026, 7, 10))
    with pytest.raises(ExpiryRefused) as refusal:
        propose(shorter, state(24))
    assert refusal.value.code == "reason_required"
    allowed = propose(replace(shorter, prescriber_reason="keratoconus"), state(24))
    assert (allowed.expires_on, allowed.code) == (date(2026, 7, 10), "by_prescriber")
    with translation.override("en"):
        assert allowed.reason == "set by the prescriber: keratoconus"
        assert refusal.value.message == "A shorter validity needs the medical reason."


def test_between_the_year_and_the_state_date_a_reason_is_needed_too() -> None:
    with pytest.raises(ExpiryRefused):
        propose(replace(CONTACTS, prescriber_date=date(2027, 6, 1)), state(24))


def test_a_date_before_the_re_examination_is_refused_even_with_a_reason() -> None:
    request = replace(
        CONTACTS, prescriber_date=date(2026, 4, 1), prescriber_reason="oedema", re_examination=date(2026, 5, 1)
    )
    with pytest.raises(ExpiryRefused) as refusal:
        propose(request)
    assert refusal.value.code == "before_re_examination"


def test_no_later_date_than_the_state_allows() -> None:
    late = replace(CONTACTS, prescriber_date=date(2029, 1, 1))
    assert propose(late, state(24)).expires_on == date(2028, 1, 10)
    assert propose(late).expires_on == date(2029, 1, 1)


def test_us_spectacles_have_no_federal_expiry_and_need_no_reason() -> None:
    spectacles = ExpiryRequest("US", SPECTACLE, date(2024, 2, 29), region="NY")
    assert propose(spectacles).expires_on is None
    assert propose(spectacles, state(24, SPECTACLE)).expires_on == date(2026, 2, 28)
    shorter = replace(spectacles, prescriber_date=date(2025, 1, 1))
    assert propose(shorter, state(24, SPECTACLE)).expires_on == date(2025, 1, 1)
    assert propose(replace(spectacles, region="LA")).expires_on == date(2025, 8, 29)


def test_unregistered_sellers_in_britain_have_two_years_and_no_children() -> None:
    request = ExpiryRequest("GB", SPECTACLE, date(2024, 3, 1), registered_seller=False, age=40)
    found = propose(request)
    assert found.usable_on(date(2026, 3, 1))
    assert not found.usable_on(date(2026, 3, 2))
    child = propose(replace(request, age=15))
    assert (child.code, child.expires_on) == ("seller_may_not", None)
    assert not child.usable_on(date(2024, 3, 2))
    assert propose(replace(request, age=16)).expires_on == date(2026, 3, 1)


def test_registered_suppliers_in_britain_judge_for_themselves() -> None:
    found = propose(ExpiryRequest("GB", SPECTACLE, date(2020, 3, 1)))
    assert (found.expires_on, found.code, found.usable_on(date(2026, 3, 2))) == (None, "no_rule", True)


def test_a_british_contact_lens_specification_carries_its_own_date() -> None:
    request = ExpiryRequest("GB", CONTACT_LENS, ISSUED)
    assert propose(request).code == "own_expiry"
    dated = propose(replace(request, prescriber_date=date(2026, 12, 31)))
    assert (dated.expires_on, dated.hard_stop) == (date(2026, 12, 31), True)


@pytest.mark.parametrize(("age", "expires"), [(15, 2027), (16, 2031), (42, 2031), (43, 2029)])
def test_french_periods_go_by_age(age: int, expires: int) -> None:
    found = propose(ExpiryRequest("FR", SPECTACLE, ISSUED, age=age))
    assert (found.expires_on, found.verified) == (date(expires, 1, 10), False)


def test_an_unknown_age_or_place_proposes_nothing() -> None:
    assert propose(ExpiryRequest("FR", SPECTACLE, ISSUED)).expires_on is None
    nowhere = propose(ExpiryRequest("XX", SPECTACLE, ISSUED))
    assert nowhere == ExpiryProposal(None, "no_rule", {}, hard_stop=False, verified=False)


def test_south_african_periods_are_the_practitioners_to_change() -> None:
    request = ExpiryRequest("ZA", SPECTACLE, ISSUED)
    found = propose(request)
    assert (found.expires_on, found.hard_stop) == (date(2028, 1, 10), False)
    with translation.override("en"):
        assert found.reason == "24 months from issue (set by the practitioner; 24 months is usual)"
    assert propose(replace(request, prescriber_date=date(2029, 1, 10))).expires_on == date(2029, 1, 10)


def test_a_row_from_an_edited_table() -> None:
    row = ExpiryRule.from_plain({"country": "KE", "kind": SPECTACLE, "source": "practice", "months": 18})
    assert propose(ExpiryRequest("KE", SPECTACLE, ISSUED), [row]).expires_on == date(2027, 7, 10)
    with pytest.raises(TypeError):
        ExpiryRule.from_plain({"country": "KE", "months": 18})


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 12, 31), 1, date(2026, 1, 31)),
        (date(2025, 12, 31), 12, date(2026, 12, 31)),
    ],
)
def test_months_are_calendar_months(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 120))
def test_months_never_pass_the_month(day: date, months: int) -> None:
    after = months_after(day, months)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == months
    assert after.day <= day.day
