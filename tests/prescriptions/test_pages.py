"""The pages over HTTP: who may, what is refused in words, what is kept."""

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from branches.roles import Role
from prescriptions import rows
from prescriptions.models import EyeTest, Prescription
from prescriptions.services import prescriptions
from records.models import Event, Evidence
from tests import factories
from tests.prescriptions.conftest import client_of
from tests.prescriptions.test_outside import shared_example

pytestmark = pytest.mark.django_db
TYPED = {
    "kind": "progressive", "right_sphere": "-225", "right_cylinder": "-75", "right_axis": "90", "right_add": "2",
    "left_sphere": "-2", "left_cylinder": "-50", "left_axis": "85", "left_add": "+2.00", "right_far_pd": "31.5", "left_far_pd": "31",
}  # fmt: skip


def new(thandi) -> str:
    return reverse("prescriptions:new", args=[thandi.number])


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


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


def test_at_home_looking_leaves_no_trace(browser, naledi, thandi):
    row = factories.signed_prescription(naledi, thandi)
    browser.get(reverse("prescriptions:page", args=[row.pk]))
    assert not Event.objects.filter(kind="record.viewed").exists()


def test_what_does_not_exist_is_not_found(browser):
    for name, args in (("page", [999]), ("new", ["C-1"]), ("test", [999]), ("paper", [999]), ("fhir", [999, "R5"])):
        assert browser.get(reverse(f"prescriptions:{name}", args=args)).status_code == 404


def corrected(row, **typed) -> dict[str, str]:
    values = {
        **TYPED,
        "right_near_pd": "",
        "left_near_pd": "",
        "recall_months": "",
        "right_va": "6/6",
        "left_va": "6/5",
    }
    return {
        **values,
        "far_pd": "",
        "expires_on": str(row.expires_on),
        "expiry_reason": row.expiry_reason,
        "do": "sign",
        **typed,
    }


def test_a_correction_through_the_panel_shows_old_and_new_and_signs(browser, naledi, thandi):
    row = factories.signed_prescription(naledi, thandi, right={"axis": 65})
    url = reverse("prescriptions:correct", args=[row.pk])
    assert "Version 1 becomes version 2" in text_of(browser.get(url))
    live = browser.post(reverse("prescriptions:correct_check", args=[row.pk]), corrected(row))
    assert "065°" in text_of(live) and "090°" in text_of(live)
    done = browser.post(url, corrected(row, reason_code="P02", reason="Trial frame read 090."))
    made = Prescription.objects.get(version=2)
    assert (done.status_code, done.url) == (303, reverse("prescriptions:page", args=[made.pk]))
    page = text_of(browser.get(done.url))
    assert "Right axis 065° → 090°" in page and "Trial frame read 090." in page


def test_a_correction_without_its_reason_is_refused_and_the_value_stays(browser, naledi, thandi):
    row = factories.signed_prescription(naledi, thandi, right={"axis": 65})
    response = browser.post(reverse("prescriptions:correct", args=[row.pk]), corrected(row))
    assert response.status_code == 422
    assert 'value="90"' in response.content.decode()
    assert Prescription.objects.count() == 1


def test_what_was_typed_over_a_version_that_somebody_corrected_meanwhile_stays(browser, naledi, thandi):
    row = factories.signed_prescription(naledi, thandi, right={"axis": 65})
    url = reverse("prescriptions:correct", args=[row.pk])
    assert browser.post(url, corrected(row, reason_code="P02", reason="Trial frame read 090.")).status_code == 303
    late = browser.post(url, corrected(row, right_axis="95", reason_code="P02", reason="Trial frame read 095."))
    assert late.status_code in (409, 422)
    assert 'value="95"' in late.content.decode() and "Trial frame read 095." in late.content.decode()
    assert "This version no longer counts." in text_of(late)
    assert [rows.data_of(one).right.axis for one in Prescription.objects.order_by("version")] == [65, 90]


def test_withdrawing_through_the_page(browser, naledi, thandi):
    row = factories.signed_prescription(naledi, thandi)
    url = reverse("prescriptions:end", args=[row.pk])
    assert browser.post(url, {"end": "withdraw", "reason_code": "", "reason": ""}).status_code == 422
    done = browser.post(url, {"end": "withdraw", "reason_code": "W01", "reason": "Cataract"})
    assert done.status_code == 303
    assert "Cataract" in text_of(browser.get(done.url))
    row.refresh_from_db()
    assert row.state == "withdrawn"


def picture(name: str = "paper.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


PAPER = {
    "prescriber_name": "Dr A. Careful",
    "prescriber_registration": "OP 123",
    "issued_on": "2026-10-01",
    "do": "sign",
}


def test_an_outside_prescription_through_the_page_keeps_the_photo(browser, thandi):
    url = reverse("prescriptions:outside", args=[thandi.number])
    without = browser.post(url, TYPED | PAPER)
    assert without.status_code == 422
    assert "Add a photo or scan" in text_of(without)
    done = browser.post(url, TYPED | PAPER | {"file": picture()})
    assert done.status_code == 303
    row, kept = Prescription.objects.get(), Evidence.objects.get()
    assert (row.origin, row.state, kept.subject_id) == ("outside", "current", row.pk)
    assert browser.get(reverse("records:evidence", args=[kept.pk])).status_code == 200


def test_a_file_that_is_no_picture_is_refused_and_nothing_is_saved(browser, thandi):
    url = reverse("prescriptions:outside", args=[thandi.number])
    bad = SimpleUploadedFile("paper.jpg", b"MZ this is a program", "image/jpeg")
    response = browser.post(url, TYPED | PAPER | {"file": bad})
    assert response.status_code == 422
    assert not Prescription.objects.exists() and not Evidence.objects.exists()


def test_a_document_shows_what_was_understood_before_anything_is_saved(browser, thandi):
    url = reverse("prescriptions:import", args=[thandi.number])
    shown = browser.post(url, {"file": SimpleUploadedFile("rx.json", shared_example(), "application/json")})
    page = shown.content.decode()
    assert "What was understood" in page and "0.50 down" in page
    assert not Prescription.objects.exists()
    [document] = re.findall(r'name="document" value="([^"]+)"', page)
    typed = {
        "kind": "progressive", "document": document, "which": "0", "do": "sign", "right_sphere": "−2.00", "right_add": "+2.00",
        "right_prism_vertical": "0.50 down", "left_sphere": "−1.00", "left_cylinder": "−0.50", "left_axis": "180°",
        "left_add": "+2.00", "left_prism_vertical": "0.50 up", "issued_on": "2014-06-15", "prescriber_name": "Adam Careful",
        "prescriber_registration": "OP 123",
    }  # fmt: skip
    done = browser.post(url, typed)
    row = Prescription.objects.get()
    assert (done.status_code, row.origin, row.external_document["resourceType"]) == (303, "fhir", "VisionPrescription")
    with Evidence.objects.get().file.open("rb") as kept:
        assert kept.read() == shared_example()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"<xml/>", b'{"resourceType": "Patient"}', b"\xff\xfe\x00", b"[" * 5000]
)
def test_an_unreadable_document_is_refused_in_words(browser, thandi, content):
    url = reverse("prescriptions:import", args=[thandi.number])
    for sent in ({"file": SimpleUploadedFile("rx.json", content or b" ")}, {"text": content.decode("latin-1")}):
        response = browser.post(url, sent)
        assert response.status_code == 422
        assert "There is a problem" in response.content.decode()
    assert not Prescription.objects.exists()


def test_a_document_field_that_was_tampered_with_is_refused(browser, thandi):
    response = browser.post(reverse("prescriptions:import", args=[thandi.number]), {"document": "%%%", "do": "sign"})
    assert response.status_code == 422


def test_a_contact_lens_prescription_is_its_own_document(browser, thandi):
    url = f"{new(thandi)}?kind=contact_lens"
    eye = {"power": "-3", "base_curve": "8.6", "diameter": "14.2", "product": "Aqua monthly"}
    typed = {f"{side}_{name}": value for side in ("right", "left") for name, value in eye.items()}
    refused = browser.post(url, {**typed, "left_base_curve": "", "do": "sign"})
    assert refused.status_code == 422 and "base curve" in text_of(refused)
    done = browser.post(url, {**typed, "right_replacement": "monthly", "do": "sign"})
    row = Prescription.objects.get()
    assert (done.status_code, row.kind, row.eyes.count()) == (303, "contact_lens", 0)
    lens = row.contact_lenses.get(eye="right")
    assert (str(lens.power), str(lens.base_curve_mm), str(lens.diameter_mm), lens.replacement) == (
        "-3.000",
        "8.60",
        "14.20",
        "monthly",
    )
    assert row.expires_on == row.issued_on.replace(year=row.issued_on.year + 1)
    assert "Aqua monthly" in text_of(browser.get(done.url))


def test_everything_that_was_prescribed_stands_on_the_signed_page_and_on_paper(browser, naledi, thandi):
    eye = {"power": "-3", "base_curve": "8.6", "diameter": "14.2", "product": "Aqua", "colour": "handling tint"}
    coded = {"replacement": "two_weekly", "wearing_mode": "extended", "add_word": "mid"}
    typed = {f"{side}_{name}": value for side in ("right", "left") for name, value in (eye | coded).items()}
    done = browser.post(f"{new(thandi)}?kind=contact_lens", {**typed, "do": "sign"})
    row = Prescription.objects.get()
    assert row.recall_months is None  # not typed; the sheet proposes a year for lenses
    for address in (done.url, reverse("prescriptions:paper", args=[row.pk])):
        told = text_of(browser.get(address))
        for words in ("handling tint", "every two weeks", "extended wear", "mid"):
            assert words in told.lower(), (address, words)


def test_a_contact_lens_sheet_proposes_a_year_asks_for_the_product_and_says_what_follows(browser, thandi):
    told = browser.get(f"{new(thandi)}?kind=contact_lens").content.decode()
    assert '<option value="12" selected>' in told
    assert "then the lenses can be ordered" in told
    assert "Right product <span" not in told
    spectacles = browser.get(new(thandi)).content.decode()
    assert '<option value="24" selected>' in spectacles
    assert "then the dispensing optician chooses frame and lens" in spectacles


def test_an_eye_test_is_noted_finished_and_leads_to_the_prescription(browser, thandi):
    begun = browser.post(reverse("prescriptions:start_test", args=[thandi.number]))
    test = EyeTest.objects.get()
    noted = browser.post(
        begun.url, {"symptoms": "Blurred far", "advice": "More light", "_version": "1", "do": "prescribe"}
    )
    assert noted.url == new(thandi)
    browser.post(new(thandi), TYPED | {"do": "sign"})
    assert Prescription.objects.get().eye_test_id == test.pk
    browser.post(reverse("prescriptions:finish_test", args=[test.pk]))
    test.refresh_from_db()
    assert (test.findings, test.advice, test.finished_at is not None) == (
        {"symptoms": "Blurred far"},
        "More light",
        True,
    )
    again = browser.post(reverse("prescriptions:finish_test", args=[test.pk]))
    assert again.status_code == 409


def test_the_number_of_queries_does_not_grow_with_the_versions(browser, naledi, thandi, django_assert_max_num_queries):
    row = factories.signed_prescription(naledi, thandi)
    for axis in (91, 92, 93):
        data = rows.data_of(row)
        row = prescriptions.correct(
            naledi,
            row.pk,
            data.__class__(**(vars(data) | {"right": factories.rx_eye(**(vars(data.right) | {"axis": axis}))})),
            ("P02", "x"),
        )
    with django_assert_max_num_queries(30):
        browser.get(reverse("prescriptions:page", args=[row.pk]))


def test_a_branch_colleague_sees_what_waits_for_a_signature(browser, pieter, thandi):
    assert "Nothing waits for a signature" in text_of(browser.get(reverse("prescriptions:list")))
    prescriptions.save_draft(pieter, factories.rx_data(thandi))
    assert "Thandi Mokoena" in text_of(browser.get(reverse("prescriptions:list")))
