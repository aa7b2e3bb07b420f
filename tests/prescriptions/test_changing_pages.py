"""Corrections and withdrawals over HTTP."""

import pytest
from django.urls import reverse

from prescriptions import rows
from prescriptions.models import Prescription
from tests import factories
from tests.prescriptions.pages import TYPED, text_of

pytestmark = pytest.mark.django_db


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
