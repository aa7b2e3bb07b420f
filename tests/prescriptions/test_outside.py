import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image

from branches.roles import Role
from core.errors import DomainError, NotAllowed
from prescriptions import documents, rows
from prescriptions.exchange import fhir
from prescriptions.models import Prescription
from prescriptions.services import prescriptions
from prescriptions.services.outside import fhir_proof
from records.models import Evidence, EvidenceKind
from records.services.evidence import EvidenceData, Upload
from tests import factories

pytestmark = pytest.mark.django_db


def photo() -> EvidenceData:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "JPEG")
    return EvidenceData(EvidenceKind.PHOTO, "paper.jpg", upload=Upload("paper.jpg", out.getvalue()))


def paper(thandi, **fields):
    told = {"prescriber_name": "Dr A. Careful", "prescriber_registration": "OP 123", "issued_on": date(2026, 10, 1)}
    return factories.rx_data(thandi, origin="outside", **(told | fields))


def test_an_outside_prescription_counts_at_once_with_its_paper(pieter, thandi):
    saved = prescriptions.record_outside(pieter, paper(thandi), [photo()])
    assert (saved.state, saved.origin, saved.prescriber_name) == ("current", "outside", "Dr A. Careful")
    assert saved.expires_on == date(2028, 10, 1)
    [kept] = Evidence.objects.all()
    assert (kept.subject_type, kept.subject_id) == ("prescriptions.prescription", saved.pk)
    assert len(kept.sha256) == 64


def test_every_missing_thing_about_the_paper_is_named_and_nothing_saved(pieter, thandi):
    with pytest.raises(DomainError) as refused:
        prescriptions.record_outside(
            pieter, paper(thandi, prescriber_name=" ", prescriber_registration="", issued_on=None), []
        )
    assert set(refused.value.fields) == {"prescriber_name", "prescriber_registration", "issued_on", "file"}
    assert not Prescription.objects.exists()


def test_a_paper_from_tomorrow_is_refused(pieter, thandi):
    with pytest.raises(DomainError) as refused:
        prescriptions.record_outside(
            pieter, paper(thandi, issued_on=timezone.localdate() + timedelta(days=3)), [photo()]
        )
    assert list(refused.value.fields) == ["issued_on"]
    assert not Evidence.objects.exists()


def test_an_implausible_paper_is_refused_whole(pieter, thandi):
    with pytest.raises(DomainError) as refused:
        prescriptions.record_outside(pieter, paper(thandi, right={"add": None}), [photo()])
    assert list(refused.value.fields) == ["right_add"]
    assert not Prescription.objects.exists()
    assert not Evidence.objects.exists()


def test_a_receptionist_does_not_take_prescriptions_over(rosebank, thandi):
    with pytest.raises(NotAllowed):
        prescriptions.record_outside(factories.staff(Role.RECEPTIONIST, rosebank), paper(thandi), [photo()])


def shared_example() -> bytes:
    """The specification's example where it is at hand, else one of our own with the same values."""
    found = Path("../shared/data/fhir/visionprescription-example.json").resolve()
    if found.exists():
        return found.read_bytes()
    lenses = [
        {"product": {"coding": [{"code": "lens"}]}, "eye": "right", "sphere": -2.0, "prism": [{"amount": 0.5, "base": "down"}], "add": 2.0},
        {"product": {"coding": [{"code": "lens"}]}, "eye": "left", "sphere": -1.0, "cylinder": -0.5, "axis": 180, "prism": [{"amount": 0.5, "base": "up"}], "add": 2.0},
    ]  # fmt: skip
    return json.dumps(
        {
            "resourceType": "VisionPrescription",
            "status": "active",
            "created": "2014-06-15",
            "patient": {"reference": "Patient/example"},
            "dateWritten": "2014-06-15",
            "prescriber": {"reference": "Practitioner/example"},
            "lensSpecification": lenses,
        }
    ).encode()


def test_a_document_is_taken_over_and_comes_out_with_the_same_values(pieter, thandi):
    content = shared_example()
    data = documents.from_document(documents.read(content).documents[0], thandi.pk)
    told = {"kind": "progressive", "prescriber_name": "Adam Careful", "prescriber_registration": "OP 123"}
    told |= {"external_document": documents.plain(content)}
    saved = prescriptions.record_outside(pieter, data.__class__(**(vars(data) | told)), [fhir_proof(content)])
    for release in ("R4B", "R5"):
        back = fhir.read(documents.fhir_json(Prescription.objects.get(pk=saved.pk), release))
        assert back.problems == ()
        again = documents.from_document(back.documents[0], thandi.pk)
        stored = rows.data_of(Prescription.objects.get(pk=saved.pk))
        assert (again.right, again.left, again.kind) == (stored.right, stored.left, "progressive")
        assert (again.issued_on, again.expires_on) == (date(2014, 6, 15), stored.expires_on)
    [kept] = Evidence.objects.all()
    with kept.file.open("rb") as stored_file:
        assert stored_file.read() == content


def test_a_cancelled_document_is_not_taken_over():
    cancelled = shared_example().replace(b'"active"', b'"cancelled"')
    with pytest.raises(DomainError) as refused:
        documents.read(cancelled)
    assert refused.value.code == "fhir_status"
