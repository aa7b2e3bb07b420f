"""Writing over HTTP: who may, what is refused in words, what is kept."""

import re
from datetime import date

import pytest
from django.urls import reverse

from branches.roles import Role
from prescriptions import rows
from prescriptions.models import EyeTest, Prescription
from prescriptions.services import prescriptions
from records.models import Event
from tests import factories
from tests.prescriptions.conftest import client_of
from tests.prescriptions.pages import TYPED, new, text_of

pytestmark = pytest.mark.django_db


def test_typed_shorthand_is_stored_exactly_and_signed_in_one_step(browser, thandi):
    response = browser.post(new(thandi), TYPED | {"do": "sign"})
    signed = Prescription.objects.get()
    assert (response.status_code, response.url) == (303, reverse("prescriptions:page", args=[signed.pk]))
    data = rows.data_of(signed)
    assert [str(value) for value in (data.right.sphere, data.right.cylinder, data.right.axis, data.right.add)] == [
        "-2.250", "-0.750", "90", "2.000",
    ]  # fmt: skip
    assert str(data.far_pd_mm) == "62.5"
    page = text_of(browser.get(response.url))
    for words in ("−2.25", "−0.75", "090°", "+2.00", "OP 0087341", "24 months from issue", "read only, for ever"):
        assert words in page


def test_a_missing_sign_is_refused_at_the_cell_and_everything_typed_stays(browser, thandi):
    response = browser.post(
        new(thandi), TYPED | {"right_axis": "190", "left_sphere": "2.00", "notes": "Reads", "do": "sign"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error:" in page
    assert text_of(response).count("Left sphere: type + or − before 2.00") == 2
    assert text_of(response).count("Right axis: enter 1 to 180") == 2
    assert 'value="190"' in page and 'value="2.00"' in page and "Reads" in page
    assert 'href="#id_left_sphere"' in page and 'aria-describedby="says-left_sphere"' in page
    assert not Prescription.objects.exists()


@pytest.mark.parametrize(
    ("cell", "typed", "told"),
    [
        ("right_sphere", "2", "type + or −"),
        ("right_sphere", "-0.30", "not a step of a quarter"),
        ("right_sphere", "+99", "can be read in more than one way"),
        ("right_sphere", "+50.00", "outside what is made"),
        ("right_cylinder", "abc", "is not a power"),
        ("right_axis", "0", "180, not 0"),
        ("right_axis", "90.5", "enter 1 to 180"),
        ("right_add", "-2", "has no minus"),
        ("right_add", "+9", "outside what is made"),
        ("right_prism_horizontal", "1.5", "amount with its base"),
        ("right_prism_vertical", "up", "amount with its base"),
        ("right_far_pd", "315", "cannot be right"),
        ("right_far_pd", "12", "between 20 and 40"),
        ("far_pd", "40", "between 45 and 80"),
        ("right_va", "6/6 and a very long remark here", "at most 12 characters"),
        ("kind", "varifocal", "not one of the available choices"),
        ("expires_on", "yesterday", "valid date"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_reason(browser, thandi, cell, typed, told):
    response = browser.post(new(thandi), TYPED | {cell: typed, "do": "sign"})
    assert response.status_code == 422
    assert told in text_of(response)
    assert not Prescription.objects.exists()


def test_a_draft_is_kept_unfinished_and_opened_again(browser, thandi):
    response = browser.post(new(thandi), {"kind": "progressive", "right_sphere": "-225", "do": "draft"})
    draft = Prescription.objects.get()
    assert response.url == reverse("prescriptions:edit", args=[draft.pk])
    assert "−2.25" in browser.get(response.url).content.decode()
    refused = browser.post(response.url, {"kind": "progressive", "right_sphere": "-225", "do": "sign", "_version": "1"})
    assert refused.status_code == 422
    assert "enter an add" in text_of(refused)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_warning_is_confirmed_with_its_box_and_only_then_signed(browser, naledi, thandi):
    factories.signed_prescription(naledi, thandi, issued_on=date(2024, 10, 12))
    asked = browser.post(new(thandi), TYPED | {"right_axis": "65", "do": "sign"})
    assert asked.status_code == 422
    assert "Right axis differs by 25°" in text_of(asked)
    assert "from 12 Oct 2024 (090°)" in text_of(asked)
    [key] = re.findall(r'name="confirm" value="([^"]+)"', asked.content.decode())
    signed = browser.post(new(thandi), TYPED | {"right_axis": "65", "do": "sign", "confirm": key})
    assert signed.status_code == 303
    assert "Confirmed by N. Khumalo" in text_of(browser.get(signed.url))


def test_the_live_check_says_the_same_and_saves_nothing(browser, thandi):
    url = reverse("prescriptions:check", args=[thandi.number])
    page = text_of(browser.post(url, TYPED | {"left_sphere": "2.00"}, headers={"HX-Request": "true"}))
    assert "Left sphere: type + or − before 2.00" in page
    assert "−3.00 / +0.75 × 180" in page
    assert not Prescription.objects.exists()


def test_the_same_page_sent_twice_signs_once(browser, thandi):
    typed = TYPED | {"do": "sign", "_key": "6f1c1f4e-8c0e-4a6f-9f8e-0d7a54b9a001"}
    first, second = browser.post(new(thandi), typed), browser.post(new(thandi), typed)
    assert (first.status_code, second.status_code, first.url) == (303, 303, second.url)
    assert Prescription.objects.count() == 1


def test_a_stale_draft_shows_three_versions(browser, naledi, thandi):
    draft = prescriptions.save_draft(naledi, factories.rx_data(thandi))
    prescriptions.save_draft(naledi, factories.rx_data(thandi, right={"axis": 95}), draft.pk, 1)
    url = reverse("prescriptions:edit", args=[draft.pk])
    clash = browser.post(url, TYPED | {"right_axis": "100", "_version": "1", "do": "draft"})
    assert clash.status_code == 409
    assert "095°" in text_of(clash) and "100°" in text_of(clash)


def test_who_cannot_sign_sees_no_button_and_is_refused_when_asking(rosebank, thandi):
    pieter = client_of(factories.user(Role.DISPENSING_OPTICIAN, rosebank))
    assert 'value="sign"' not in pieter.get(new(thandi)).content.decode()
    assert pieter.post(new(thandi), TYPED | {"do": "sign"}).status_code == 403
    assert not Prescription.objects.exists()


def addresses(row, test, thandi) -> dict[str, str]:
    of_row = ["page", "edit", "correct", "end", "add_evidence", "paper"]
    found = {name: reverse(f"prescriptions:{name}", args=[row.pk]) for name in of_row}
    found |= {
        name: reverse(f"prescriptions:{name}", args=[thandi.number])
        for name in ("new", "outside", "import", "start_test")
    }
    found |= {"list": reverse("prescriptions:list"), "test": reverse("prescriptions:test", args=[test.pk])}
    return found | {"fhir": reverse("prescriptions:fhir", args=[row.pk, "R5"])}


SEES = {"page", "paper", "list", "fhir", "test"}
WRITES = {"edit", "correct", "new", "outside", "import", "add_evidence"}
SIGNS = {"end", "start_test"}


@pytest.mark.parametrize(
    ("role", "open_to"),
    [
        (Role.OPTOMETRIST, SEES | WRITES | SIGNS),
        (Role.DISPENSING_OPTICIAN, SEES | WRITES),
        (Role.BRANCH_MANAGER, SEES | WRITES),
        (Role.LAB_TECHNICIAN, SEES),
        (Role.RECEPTIONIST, set()),
        (Role.FRAME_CONTROLLER, set()),
        (Role.ACCOUNTANT, set()),
    ],
)
def test_every_page_opens_to_exactly_the_roles_that_may(rosebank, naledi, naledi_user, thandi, role, open_to):
    row = factories.signed_prescription(naledi, thandi)
    test = EyeTest.objects.create(customer=thandi, branch=rosebank, optometrist=naledi_user, started_at=row.signed_at)
    client = client_of(factories.user(role, rosebank))
    for name, url in addresses(row, test, thandi).items():
        assert client.get(url).status_code == (
            200 if name in open_to and name != "edit" else 302 if name in open_to else 403
        ), name


def test_a_visitor_is_sent_to_log_in(client, naledi, rosebank, naledi_user, thandi):
    row = factories.signed_prescription(naledi, thandi)
    test = EyeTest.objects.create(customer=thandi, branch=rosebank, optometrist=naledi_user, started_at=row.signed_at)
    for url in addresses(row, test, thandi).values():
        response = client.get(url)
        assert response.status_code == 302 and response.url.startswith("/accounts/login/")


def test_from_another_branch_it_is_seen_with_a_trace_and_not_changed(naledi, thandi):
    row = factories.signed_prescription(naledi, thandi)
    durban = factories.branch("DUR")
    visitor = factories.user(Role.OPTOMETRIST, durban, registration_number="OP 9")
    client = client_of(visitor)
    assert client.get(reverse("prescriptions:page", args=[row.pk])).status_code == 200
    seen = Event.objects.get(kind="record.viewed")
    assert (seen.actor_id, seen.branch_id, seen.subject_id, seen.customer_id) == (
        visitor.pk,
        row.branch_id,
        row.pk,
        thandi.pk,
    )
    assert client.get(reverse("prescriptions:correct", args=[row.pk])).status_code == 404
    assert client.get(reverse("prescriptions:end", args=[row.pk])).status_code == 404


def test_at_home_looking_is_no_event(browser, naledi, thandi):
    row = factories.signed_prescription(naledi, thandi)
    browser.get(reverse("prescriptions:page", args=[row.pk]))
    assert not Event.objects.filter(kind="record.viewed").exists()


def test_what_does_not_exist_is_not_found(browser):
    for name, args in (("page", [999]), ("new", ["C-1"]), ("test", [999]), ("paper", [999]), ("fhir", [999, "R5"])):
        assert browser.get(reverse(f"prescriptions:{name}", args=args)).status_code == 404
