from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from branches.roles import Role
from core.errors import DomainError, IllegalTransition, NotAllowed
from prescriptions import comparing, rows, selectors
from prescriptions.models import Prescription
from prescriptions.services import prescriptions
from records.models import ApprovalMethod, Event, Review
from records.services import approvals, changes
from records.services.changes import Affected, Dependency
from tests import factories

pytestmark = pytest.mark.django_db
REASON = ("P02", "Trial frame read 090. I typed 065.")


@pytest.fixture
def signed(naledi, thandi):
    return factories.signed_prescription(naledi, thandi, right={"axis": 65})


@pytest.fixture
def approval(signed, naledi, rosebank, monkeypatch):
    """A customer's approval that rests on the signed version, found by the declared table."""
    kept = approvals.record(
        approvals.Decision(
            subject=rosebank,
            kind="quotation",
            method=ApprovalMethod.STAFF,
            inputs=[approvals.Input("prescriptions.prescription", signed.pk, 1, "Prescription", {"axis": "065"})],
        ),
        naledi,
    )
    row = Dependency(
        "prescriptions.prescription", "approval", "Approval", "Made on version 1", "Approve again", Role.DISPENSING_OPTICIAN,
        lambda changed: [Affected(rosebank, "Approval", approval=one) for one in approvals.resting_on(changed)],
    )  # fmt: skip
    monkeypatch.setattr(changes, "_table", [row])
    return kept


def turned(row: Prescription, axis: int):
    data = rows.data_of(row)
    return replace(data, right=replace(data.right, axis=axis))


def test_a_correction_is_the_next_version_and_the_old_one_keeps_its_words(naledi, signed):
    made = prescriptions.correct(naledi, signed.pk, turned(signed, 90), REASON)
    signed.refresh_from_db()
    assert (signed.state, rows.data_of(signed).right.axis) == ("superseded", 65)
    assert (made.state, made.version, made.number, made.series) == ("current", 2, signed.number, signed.series)
    assert (made.correction_reason_code, made.corrects) == ("P02", signed)
    assert selectors.current_for(signed.customer_id) == made
    told = Event.objects.get(kind="prescription.corrected")
    assert (told.reason_code, told.reason, told.customer_id) == ("P02", REASON[1], signed.customer_id)
    assert (told.old, told.new) == ({"Right axis": "065°"}, {"Right axis": "090°"})


def test_what_rests_on_the_old_version_is_reopened_in_the_same_step(naledi, signed, approval):
    prescriptions.correct(naledi, signed.pk, turned(signed, 90), REASON)
    approval.refresh_from_db()
    assert approval.out_of_date_because == "Right axis 065° → 090°"
    [review] = Review.objects.all()
    assert review.what_changed == f"Right axis 065° → 090°. {REASON[1]}"
    assert (review.cause_id, review.cause_version, review.approval) == (signed.pk, 2, approval)
    assert (
        len(set(Event.objects.filter(kind__in=["prescription.corrected", "review.opened"]).values_list("action"))) == 1
    )


def test_a_corrected_note_reopens_nothing(naledi, signed, approval):
    prescriptions.correct(naledi, signed.pk, replace(rows.data_of(signed), notes="Reads on screen"), REASON)
    approval.refresh_from_db()
    assert approval.is_current
    assert not Review.objects.exists()


def test_a_correction_that_is_refused_changes_nothing(naledi, signed, approval):
    for data, reason in (
        (turned(signed, 190), REASON),
        (turned(signed, 90), ("P02", "  ")),
        (turned(signed, 90), ("XX", "words")),
        (rows.data_of(signed), REASON),
    ):
        with pytest.raises(DomainError):
            prescriptions.correct(naledi, signed.pk, data, reason)
    signed.refresh_from_db()
    approval.refresh_from_db()
    assert (signed.state, approval.is_current, Prescription.objects.count()) == ("current", True, 1)
    assert not Event.objects.filter(kind="prescription.corrected").exists()


def test_a_correction_by_who_cannot_sign_waits_for_an_optometrist(naledi, pieter, signed, approval):
    with pytest.raises(NotAllowed):
        prescriptions.correct(pieter, signed.pk, turned(signed, 90), REASON)
    draft = prescriptions.draft_correction(pieter, signed.pk, turned(signed, 90), REASON)
    signed.refresh_from_db()
    approval.refresh_from_db()
    assert (draft.state, draft.version, signed.state, approval.is_current) == ("draft", 2, "current", True)
    made = prescriptions.sign(naledi, draft.pk)
    signed.refresh_from_db()
    approval.refresh_from_db()
    assert (made.state, signed.state, approval.is_current) == ("current", "superseded", False)


def test_a_second_correction_goes_on_from_the_version_that_stands(naledi, signed):
    second = prescriptions.correct(naledi, signed.pk, turned(signed, 90), REASON)
    with pytest.raises(IllegalTransition):
        prescriptions.correct(naledi, signed.pk, turned(signed, 95), REASON)
    third = prescriptions.correct(naledi, second.pk, turned(second, 95), REASON)
    assert [row.version for row in selectors.versions(third)] == [1, 2, 3]
    assert [row.state for row in selectors.versions(third)] == ["superseded", "superseded", "current"]


def test_a_large_turn_is_judged_against_the_prescription_before_not_the_one_corrected(naledi, thandi):
    factories.signed_prescription(naledi, thandi, issued_on=date(2024, 10, 12))
    signed = factories.signed_prescription(naledi, thandi, right={"axis": 65})
    made = prescriptions.correct(naledi, signed.pk, turned(signed, 90), REASON)
    assert made.confirmations == []
    with pytest.raises(DomainError) as refused:
        prescriptions.correct(naledi, made.pk, turned(made, 60), REASON)
    assert refused.value.code == "unconfirmed"


def test_withdrawing_needs_a_reason_and_reopens_what_rested_on_it(naledi, signed, approval):
    with pytest.raises(DomainError):
        prescriptions.withdraw(naledi, signed.pk, ("W01", ""))
    ended = prescriptions.withdraw(naledi, signed.pk, ("W01", "Cataract found elsewhere"))
    approval.refresh_from_db()
    assert (ended.state, ended.ended_reason, approval.is_current) == ("withdrawn", "Cataract found elsewhere", False)
    assert selectors.current_for(signed.customer_id) is None
    with pytest.raises(IllegalTransition):
        prescriptions.correct(naledi, signed.pk, turned(signed, 90), REASON)


def test_entered_in_error_stays_readable_and_marked(naledi, signed):
    ended = prescriptions.enter_in_error(naledi, signed.pk, ("E01", "Her sister's"))
    assert (ended.state, rows.data_of(ended).right.axis) == ("entered_in_error", 65)


def test_only_who_signs_may_end_a_prescription(pieter, signed):
    with pytest.raises(NotAllowed):
        prescriptions.withdraw(pieter, signed.pk, ("W01", "words"))
    signed.refresh_from_db()
    assert signed.state == "current"


def test_a_tampered_life_is_refused_by_the_database(naledi, signed):
    prescriptions.withdraw(naledi, signed.pk, ("W01", "words"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Prescription.objects.filter(pk=signed.pk).update(state="current", ended_at=None)


def test_a_pupil_distance_of_each_eye_and_their_sum_are_no_change(thandi):
    apart = factories.rx_data(thandi)
    summed = replace(apart, far_pd_mm=Decimal("62.5"))
    assert comparing.differences(apart, summed) == []
    assert [one.field for one in comparing.differences(apart, replace(apart, far_pd_mm=Decimal("63.0")))] == [
        "far_pd_mm"
    ]
