"""Papers and documents from outside, contact lenses and eye tests over HTTP."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from prescriptions import rows
from prescriptions.models import EyeTest, Prescription
from prescriptions.services import prescriptions
from records.models import Evidence
from tests import factories
from tests.prescriptions.pages import TYPED, new, text_of
from tests.prescriptions.test_outside import shared_example

pytestmark = pytest.mark.django_db


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
