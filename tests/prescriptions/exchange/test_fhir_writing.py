"""FHIR VisionPrescription out, and back again by value."""

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lensmath.prism import Eye
from prescriptions.exchange import fhir
from prescriptions.exchange.fhir import EyeDocument, Party, VisionDocument
from prescriptions.models import PrescriptionState
from prescriptions.values import EyeValues, PrismEntry

from .documents import documents

RIGHT = EyeDocument(
    EyeValues(
        sphere=Decimal("-2.125"),
        cylinder=Decimal("-0.5"),
        axis=5,
        add=Decimal(2),
        far_pd_mm=Decimal("31.5"),
        prisms=(PrismEntry(Decimal("0.5"), "down"),),
    ),
    va="6/6",
    intermediate_add=Decimal("1.25"),
)
DOCUMENT = VisionDocument(
    kind="progressive",
    written_on=date(2026, 3, 2),
    created=date(2026, 3, 2),
    patient=Party("Patient/12"),
    prescriber=Party(name="Dr A. Naidoo", number="OP 0012345"),
    right=RIGHT,
    number="RX-1009",
    number_system="https://shop.example/rx",
    expires_on=date(2028, 3, 2),
    vertex_mm=Decimal("12.5"),
)


def test_one_eye_is_written_with_two_places_and_eighths_in_full() -> None:
    text = fhir.to_json(DOCUMENT)
    assert '"sphere": -2.125' in text
    assert '"cylinder": -0.50' in text
    assert '"axis": 5' in text
    assert '"add": 2.00' in text
    assert '"prism": [{"amount": 0.50, "base": "down"}]' in text
    assert fhir.read(text).document == DOCUMENT


def test_a_sphere_has_neither_cylinder_axis_add_nor_prism() -> None:
    lens = fhir.lens_specification(Eye.LEFT, "distance", EyeDocument(EyeValues(sphere=Decimal(0))))
    assert set(lens) == {"product", "eye", "sphere"}
    assert str(lens["sphere"]) == "0.00"


def test_an_oblique_prism_is_written_as_one_horizontal_and_one_vertical() -> None:
    oblique = PrismEntry(Decimal("2.5"), base_deg=Decimal("36.87"))
    lens = fhir.lens_specification(Eye.RIGHT, "distance", EyeDocument(EyeValues(sphere=Decimal(0), prisms=(oblique,))))
    assert lens["prism"] == [{"amount": Decimal("2.00"), "base": "in"}, {"amount": Decimal("1.50"), "base": "up"}]


def test_what_fhir_has_no_place_for_stands_in_named_extensions_and_the_expiry_in_a_note_too() -> None:
    resource = json.loads(fhir.to_json(DOCUMENT))
    names = [extension["url"].removeprefix(fhir.EXTENSION_BASE) for extension in resource["extension"]]
    assert names == ["prescription-kind", "expiry-date", "back-vertex-distance"]
    lens = resource["lensSpecification"][0]
    names = [extension["url"].removeprefix(fhir.EXTENSION_BASE) for extension in lens["extension"]]
    assert names == ["pupillary-distance", "intermediate-add", "visual-acuity"]
    assert lens["note"] == [{"id": "expiry", "text": "Valid to 2028-03-02"}]


def test_every_state_of_a_prescription_has_a_fhir_status() -> None:
    assert set(fhir.STATUS_OF_STATE) == set(PrescriptionState.values)
    assert set(fhir.STATE_OF_STATUS.values()) < set(PrescriptionState.values)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"right": None}, "lensSpecification"),
        ({"right": EyeDocument(EyeValues(sphere=Decimal("NaN")))}, "not a number"),
        ({"right": EyeDocument(EyeValues(sphere=Decimal(1), prisms=(PrismEntry(Decimal(1)),)))}, "prism"),
        (
            {"right": EyeDocument(EyeValues(sphere=Decimal(1), cylinder=Decimal(1), axis=Decimal("9.5")))},
            "whole degrees",
        ),
        ({"created": datetime.fromisoformat("2026-03-02T09:00")}, "zone"),
        ({"patient": Party()}, "patient"),
    ],
)
def test_what_fhir_cannot_hold_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(fhir.Unwritable, match=words):
        fhir.to_json(replace(DOCUMENT, **changes))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(documents(), st.sampled_from(fhir.VERSIONS))
def test_every_prescription_comes_back_by_value(document: VisionDocument, version: str) -> None:
    dialect = fhir.Dialect(version=version)
    reading = fhir.read(fhir.to_json(document, dialect), dialect)
    assert reading.problems == ()
    assert reading.not_taken_over == ()
    assert reading.document == document
