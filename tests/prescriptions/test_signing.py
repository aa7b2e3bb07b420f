from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from branches.roles import Role
from core.errors import DomainError, IllegalTransition, NotAllowed, NotVisible, StaleRecord
from prescriptions import judging, rows, selectors
from prescriptions.models import PrescribedEye, Prescription, PrescriptionState
from prescriptions.services import common, prescriptions
from records.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


def kinds_of(customer) -> list[str]:
    return list(Event.objects.filter(customer_id=customer.pk).order_by("pk").values_list("kind", flat=True))


def test_a_draft_keeps_what_was_written_and_has_no_number(naledi, thandi):
    draft = prescriptions.save_draft(naledi, factories.rx_data(thandi))
    right = draft.eyes.get(eye="right")
    assert (draft.state, draft.number, draft.revision) == ("draft", "", 1)
    assert (right.sphere, right.cylinder, right.axis, right.add) == (
        Decimal("-2.25"), Decimal("-0.75"), 90, Decimal("2.00"),
    )  # fmt: skip
    assert kinds_of(thandi) == ["prescription.drafted"]


def test_a_draft_may_wait_for_an_add_but_not_keep_an_impossible_axis(naledi, thandi):
    unfinished = factories.rx_data(thandi, right={"add": None}, left={"add": None})
    draft = prescriptions.save_draft(naledi, unfinished)
    with pytest.raises(DomainError) as refused:
        prescriptions.save_draft(naledi, factories.rx_data(thandi, right={"axis": 190}), draft.pk, draft.revision)
    assert list(refused.value.fields) == ["right_axis"]
    assert rows.data_of(Prescription.objects.get(pk=draft.pk)).right.axis == 90


def test_signing_draws_a_number_dates_it_and_names_the_signer(naledi, thandi):
    signed = factories.signed_prescription(naledi, thandi)
    assert signed.number == "RX-RSB-00001"
    assert signed.state == PrescriptionState.CURRENT
    assert (signed.prescriber_name, signed.prescriber_registration) == ("Naledi Khumalo", "OP 0087341")
    assert signed.expires_on == signed.issued_on.replace(year=signed.issued_on.year + 2)
    assert signed.expiry_reason.startswith("24 months from issue")
    assert kinds_of(thandi) == ["prescription.drafted", "prescription.signed"]


def test_signing_names_every_missing_cell_and_changes_nothing(naledi, thandi):
    draft = prescriptions.save_draft(naledi, factories.rx_data(thandi, right={"add": None}, left={"sphere": None}))
    with pytest.raises(DomainError) as refused:
        prescriptions.sign(naledi, draft.pk)
    assert set(refused.value.fields) == {"right_add", "left_sphere"}
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("draft", "")


def test_a_warning_waits_for_a_confirmation_that_is_kept_with_who_and_when(naledi, thandi):
    factories.signed_prescription(naledi, thandi, right={"cylinder": "-1.00"})
    data = factories.rx_data(thandi, right={"cylinder": "-1.00", "axis": 65})
    draft = prescriptions.save_draft(naledi, data)
    with pytest.raises(DomainError) as refused:
        prescriptions.sign(naledi, draft.pk)
    assert list(refused.value.fields) == ["right_axis"]
    key = "large_change_warning.right."
    keys = [confirmed for confirmed in warned(naledi, draft) if confirmed.startswith(key)]
    signed = prescriptions.sign(naledi, draft.pk, keys)
    [confirmation] = signed.confirmations
    assert (confirmation["by"], confirmation["field"], confirmation["eye"]) == ("N. Khumalo", "axis", "right")
    assert confirmation["at"]


def warned(actor, draft) -> list[str]:
    data = rows.data_of(draft)
    return [judging.key_of(found, data.values) for found in common.verdicts(data, draft)]


def test_a_confirmation_dies_with_the_value_it_was_given_for(naledi, thandi):
    factories.signed_prescription(naledi, thandi, right={"cylinder": "-1.00"})
    data = factories.rx_data(thandi, right={"cylinder": "-1.00", "axis": 65})
    draft = prescriptions.save_draft(naledi, data)
    keys = warned(naledi, draft)
    draft = prescriptions.save_draft(naledi, data, draft.pk, draft.revision, keys)
    assert len(draft.confirmations) == 1
    turned = replace(data, right=replace(data.right, axis=60))
    draft = prescriptions.save_draft(naledi, turned, draft.pk, draft.revision, keys)
    assert draft.confirmations == []
    with pytest.raises(DomainError):
        prescriptions.sign(naledi, draft.pk, keys)


def test_only_a_role_that_signs_may_sign(rosebank, naledi, thandi):
    draft = prescriptions.save_draft(naledi, factories.rx_data(thandi))
    for role in (Role.DISPENSING_OPTICIAN, Role.BRANCH_MANAGER, Role.HEAD_OFFICE):
        with pytest.raises(NotAllowed):
            prescriptions.sign(factories.staff(role, rosebank), draft.pk)
    with pytest.raises(NotAllowed):
        prescriptions.save_draft(factories.staff(Role.RECEPTIONIST, rosebank), factories.rx_data(thandi))
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_an_optometrist_of_another_branch_cannot_sign_this_draft(naledi, thandi):
    draft = prescriptions.save_draft(naledi, factories.rx_data(thandi))
    with pytest.raises(NotVisible):
        prescriptions.sign(factories.optometrist(factories.branch("DUR")), draft.pk)


def test_nobody_signs_without_a_registration_number(rosebank, naledi, thandi):
    draft = prescriptions.save_draft(naledi, factories.rx_data(thandi))
    with pytest.raises(DomainError) as refused:
        prescriptions.sign(factories.optometrist(rosebank, registration_number=" "), draft.pk)
    assert refused.value.code == "registration_missing"
    draft.refresh_from_db()
    assert draft.signed_at is None


def test_a_signed_prescription_is_not_signed_again(naledi, thandi):
    signed = factories.signed_prescription(naledi, thandi)
    with pytest.raises(IllegalTransition):
        prescriptions.sign(naledi, signed.pk)
    with pytest.raises(IllegalTransition):
        prescriptions.save_draft(naledi, factories.rx_data(thandi), signed.pk)


def test_a_stale_draft_shows_both_sides(naledi, thandi):
    draft = prescriptions.save_draft(naledi, factories.rx_data(thandi))
    prescriptions.save_draft(naledi, factories.rx_data(thandi, right={"axis": 95}), draft.pk, 1)
    with pytest.raises(StaleRecord) as refused:
        prescriptions.save_draft(naledi, factories.rx_data(thandi, right={"axis": 100}), draft.pk, 1)
    [clash] = refused.value.clashes
    assert (clash.field, clash.theirs, clash.yours) == ("right_axis", "095°", "100°")
    assert refused.value.current_version == 2


def test_a_zero_cylinder_is_dropped_with_its_axis(naledi, thandi):
    signed = factories.signed_prescription(naledi, thandi, right={"cylinder": "0.00", "axis": 90})
    right = signed.eyes.get(eye="right")
    assert (right.cylinder, right.axis) == (None, None)


def test_another_expiry_than_the_rule_needs_its_reason(naledi, thandi):
    shorter = factories.rx_data(thandi, issued_on=date(2026, 11, 20), expires_on=date(2027, 5, 20))
    draft = prescriptions.save_draft(naledi, shorter)
    with pytest.raises(DomainError) as refused:
        prescriptions.sign(naledi, draft.pk)
    assert list(refused.value.fields) == ["expiry_reason"]
    told = replace(shorter, expiry_reason="Cataract, seen again in six months")
    draft = prescriptions.save_draft(naledi, told, draft.pk, draft.revision)
    assert prescriptions.sign(naledi, draft.pk).expires_on == date(2027, 5, 20)


def test_a_discarded_draft_is_gone_and_a_signed_one_is_not_discarded(naledi, thandi):
    draft = prescriptions.save_draft(naledi, factories.rx_data(thandi))
    prescriptions.discard_draft(naledi, draft.pk)
    assert not Prescription.objects.filter(pk=draft.pk).exists()
    signed = factories.signed_prescription(naledi, thandi)
    with pytest.raises(IllegalTransition):
        prescriptions.discard_draft(naledi, signed.pk)


def refused_by_the_database(work) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        work()


def test_the_database_itself_refuses_to_touch_what_was_signed(naledi, thandi):
    signed = factories.signed_prescription(naledi, thandi)
    row, eyes = Prescription.objects.filter(pk=signed.pk), PrescribedEye.objects.filter(prescription=signed)
    another = factories.customer()
    refused_by_the_database(lambda: row.update(expires_on=date(2040, 1, 1)))
    refused_by_the_database(lambda: row.update(prescriber_name="Another"))
    refused_by_the_database(lambda: row.update(state="draft", signed_at=None))
    refused_by_the_database(lambda: row.update(customer=another))
    refused_by_the_database(lambda: eyes.update(axis=65))
    refused_by_the_database(lambda: eyes.delete())
    refused_by_the_database(lambda: row._raw_delete("default"))
    refused_by_the_database(lambda: PrescribedEye.objects.create(prescription=signed, eye="left", sphere=Decimal(0)))
    assert rows.data_of(Prescription.objects.get(pk=signed.pk)).right.axis == 90


def test_a_signed_prescription_moves_only_with_a_merge_of_its_customer(naledi, thandi):
    signed = factories.signed_prescription(naledi, thandi)
    survivor = factories.customer()
    thandi.merged_into = survivor
    thandi.save()
    signed.customer = survivor
    signed.save()
    assert Prescription.objects.get(pk=signed.pk).customer_id == survivor.pk


def test_the_current_one_is_the_newest_for_spectacles(naledi, thandi):
    old = factories.signed_prescription(naledi, thandi, issued_on=date(2024, 10, 12))
    assert selectors.current_for(thandi.pk) == old
    new = factories.signed_prescription(naledi, thandi, right={"sphere": "-2.50"})
    assert selectors.current_for(thandi.pk) == new
    assert selectors.current_for(thandi.pk, "contact_lens") is None
    assert selectors.previous_of(thandi.pk, "progressive", new.series) == old
