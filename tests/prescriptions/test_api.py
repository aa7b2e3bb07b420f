"""The API: the same verbs, rights and refusals; no body makes it stumble or save a part."""

import json

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.roles import Role
from prescriptions.models import Prescription
from prescriptions.services import prescriptions
from records.models import Event, Evidence
from tests import factories
from tests.prescriptions.conftest import client_of
from tests.prescriptions.test_outside import shared_example

pytestmark = pytest.mark.django_db
EYE = {"sphere": "-2.25", "cylinder": "-0.75", "axis": 90, "add": "2.00"}
VALUES = {"kind": "progressive", "right": EYE, "left": {**EYE, "axis": 85, "sphere": "-2.00"}}
LIST = reverse("prescriptions_api:list")


def send(browser, url, body):
    return browser.post(url, json.dumps(body), content_type="application/json")


def of(row, name: str = "detail") -> str:
    return reverse(f"prescriptions_api:{name}", args=[row.pk])


def test_a_draft_is_made_read_signed_and_listed(browser, thandi):
    made = send(browser, LIST, {"customer": thandi.number, **VALUES})
    assert made.status_code == 201
    body = made.json()
    assert (body["state"], body["values"]["right"]["sphere"], body["values"]["right"]["axis"]) == (
        "draft",
        "-2.250",
        90,
    )
    row = Prescription.objects.get()
    signed = send(browser, of(row, "sign"), {"revision": 1})
    assert (signed.status_code, signed.json()["state"], signed.json()["number"]) == (200, "current", "RX-RSB-00001")
    found = browser.get(LIST, {"customer": thandi.number}).json()["results"]
    assert [one["id"] for one in found] == [row.pk]
    assert Event.objects.get(kind="prescription.signed").source == "api"


def test_a_refusal_names_the_fields_and_saves_nothing(browser, thandi):
    response = send(browser, LIST, {"customer": thandi.number, **VALUES, "right": {**EYE, "axis": 181}})
    assert response.status_code == 422
    assert list(response.json()["fields"]) == ["right_axis"]
    assert not Prescription.objects.exists()


def test_a_warning_comes_with_its_key_and_is_confirmed_by_it(browser, thandi):
    send(browser, LIST, {"customer": thandi.number, **VALUES, "left": {**EYE, "sphere": "+2.25"}})
    row = Prescription.objects.get()
    refused = send(browser, of(row, "sign"), {})
    assert (refused.status_code, refused.json()["code"]) == (422, "unconfirmed")
    warnings = browser.get(of(row)).json()["warnings"]
    assert {"opposite_sign_warning", "anisometropia_warning"} <= {warning["code"] for warning in warnings}
    signed = send(browser, of(row, "sign"), {"confirmations": [warning["key"] for warning in warnings]})
    assert signed.json()["state"] == "current"


def test_a_stale_draft_is_told_the_current_revision(browser, naledi, thandi):
    draft = prescriptions.save_draft(naledi, factories.rx_data(thandi))
    prescriptions.save_draft(naledi, factories.rx_data(thandi, notes="x"), draft.pk, 1)
    response = browser.put(of(draft), json.dumps({**VALUES, "revision": 1}), content_type="application/json")
    assert (response.status_code, response.json()["current_version"]) == (409, 2)


def test_a_correction_and_an_ending(browser, naledi, thandi):
    row = factories.signed_prescription(naledi, thandi)
    body = {**VALUES, "right": {**EYE, "axis": 95}, "reason_code": "P02", "reason": "Typed wrong"}
    made = send(browser, of(row, "correct"), body)
    assert (made.status_code, made.json()["version"], made.json()["corrects"]) == (201, 2, row.pk)
    again = send(browser, of(row, "correct"), body)
    assert again.status_code == 409
    second = Prescription.objects.get(version=2)
    assert send(browser, of(second, "withdraw"), {"reason_code": "W01", "reason": "x"}).json()["state"] == "withdrawn"


def test_a_signed_prescription_is_not_thrown_away(browser, naledi, thandi):
    row = factories.signed_prescription(naledi, thandi)
    assert browser.delete(of(row)).status_code == 409
    assert browser.put(of(row), json.dumps(VALUES), content_type="application/json").status_code == 409


def test_rights_and_branches(client, naledi, rosebank, thandi):
    row = factories.signed_prescription(naledi, thandi)
    assert client.get(of(row)).status_code == 403
    receptionist = client_of(factories.user(Role.RECEPTIONIST, rosebank))
    assert receptionist.get(of(row)).status_code == 403
    pieter = client_of(factories.user(Role.DISPENSING_OPTICIAN, rosebank))
    assert send(pieter, LIST, {"customer": thandi.number, **VALUES}).status_code == 201
    draft = Prescription.objects.get(state="draft")
    assert send(pieter, of(draft, "sign"), {}).status_code == 403
    elsewhere = client_of(factories.user(Role.OPTOMETRIST, factories.branch("DUR"), registration_number="OP 9"))
    assert elsewhere.get(of(row)).status_code == 200
    assert send(elsewhere, of(draft, "sign"), {}).status_code == 404
    assert send(elsewhere, of(row, "withdraw"), {"reason_code": "W01", "reason": "x"}).status_code == 404
    assert Event.objects.filter(kind="record.viewed").count() == 1


def fhir_in(thandi, **query) -> str:
    told = {
        "customer": thandi.number,
        "kind": "progressive",
        "prescriber_name": "Adam Careful",
        "prescriber_registration": "OP 123",
    }
    return reverse("prescriptions_api:fhir_in") + "?" + "&".join(f"{n}={v}" for n, v in (told | query).items())


def test_a_document_in_and_out(browser, thandi):
    response = browser.post(fhir_in(thandi), shared_example(), content_type="application/fhir+json")
    assert response.status_code == 201
    [one] = response.json()["results"]
    assert (one["origin"], one["values"]["left"]["axis"]) == ("fhir", 180)
    for release in ("R4B", "R5"):
        out = browser.get(reverse("prescriptions_api:fhir_out", args=[one["id"]]), {"release": release})
        assert out["Content-Type"].startswith("application/fhir+json")
        assert out.json()["lensSpecification"][1]["axis"] == 180
    assert browser.get(reverse("prescriptions_api:fhir_out", args=[one["id"]]), {"release": "STU3"}).status_code == 422


def test_spectacles_and_contact_lenses_of_one_document_come_together_or_not_at_all(browser, thandi):
    both = json.loads(shared_example())
    contact = {
        "product": {"coding": [{"code": "contact"}]},
        "eye": "left",
        "power": -2.75,
        "backCurve": 8.7,
        "diameter": 14.0,
        "brand": "Aqua",
    }
    both["lensSpecification"].append(contact)
    unfinished = json.loads(json.dumps(both))
    del unfinished["lensSpecification"][-1]["backCurve"]
    refused = send(browser, fhir_in(thandi), unfinished)
    assert refused.status_code == 422
    assert not Prescription.objects.exists() and not Evidence.objects.exists()
    saved = send(browser, fhir_in(thandi), both)
    assert [one["values"]["kind"] for one in saved.json()["results"]] == ["progressive", "contact_lens"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_document_with_anything_anywhere_is_taken_whole_or_refused(browser, thandi, data):
    document = json.loads(shared_example())
    target = data.draw(st.sampled_from([document, *document["lensSpecification"]]))
    target[data.draw(st.sampled_from([*target, "extension", "note", "new"]))] = data.draw(JSON)
    before = Prescription.objects.count()
    response = send(browser, fhir_in(thandi), document)
    assert response.status_code in {201, 422}
    saved = len(response.json()["results"]) if response.status_code == 201 else 0
    assert Prescription.objects.count() - before == saved
    assert Prescription.objects.filter(state="draft").count() == 0


@given(body=st.binary(max_size=200))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_refused_in_words(browser, thandi, body):
    response = browser.post(fhir_in(thandi), body, content_type="application/fhir+json")
    assert response.status_code == 422
    assert response.json()["detail"]


@given(body=JSON)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_for_a_draft_is_refused_in_words(browser, thandi, body):
    response = send(browser, LIST, body)
    assert response.status_code in {400, 404, 422}
    assert not Prescription.objects.exists()


@given(
    eye=st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("sphere", "axis", "cylinder", "prisms", "va", "add", "far_pd_mm"), JSON)
    )
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_eye_is_kept_or_refused(browser, thandi, eye):
    response = send(browser, LIST, {"customer": thandi.number, **VALUES, "right": eye})
    assert response.status_code in {201, 400, 422}
