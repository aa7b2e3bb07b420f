"""FHIR VisionPrescription in: what is understood, what is said about it, what is refused."""

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prescriptions.exchange import fhir
from prescriptions.values import PrismEntry

from .documents import CONTACTS, PRODUCT, REMOVED, SPECTACLES, changed, lens

FOLDER = Path(os.environ.get("REFERENCE_DATA", Path(__file__).resolve().parents[3] / ".." / "shared" / "data"))
EXTENSION = fhir.EXTENSION_BASE


def codes(reading: fhir.Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def notes(reading: fhir.Reading) -> list[str]:
    return [note.code for note in reading.notes]


def test_a_spectacle_prescription_is_understood() -> None:
    reading = fhir.read(json.dumps(SPECTACLES))
    document = reading.document
    assert not reading.refused
    assert document is not None
    assert (document.number, document.written_on, document.status) == ("RX-1009", date(2026, 3, 2), "active")
    assert document.patient == fhir.Party("Patient/12", "Nomsa Dlamini")
    assert document.prescriber == fhir.Party("Practitioner/7", "Dr A. Naidoo", "OP 0012345")
    assert document.right is not None
    right = document.right.values
    assert (right.sphere, right.cylinder, right.axis, right.add) == (Decimal("-2.25"), Decimal("-0.75"), 175, 2)
    assert right.prisms == (PrismEntry(Decimal("1.5"), "in"), PrismEntry(Decimal("0.5"), "down"))
    assert document.left is not None
    assert document.left.values.cylinder is None
    assert reading.not_taken_over == ()
    assert notes(reading) == ["kind_not_said"]


@pytest.mark.parametrize("version", fhir.VERSIONS)
def test_the_specifications_own_example_is_read_by_both_versions(version: str) -> None:
    path = FOLDER / "fhir" / "visionprescription-example.json"
    if not path.is_file():
        pytest.skip(f"reference data not found: {path} (set REFERENCE_DATA)")
    reading = fhir.read(path.read_bytes(), fhir.Dialect(version=version))
    assert not reading.refused
    assert reading.document is not None
    assert reading.document.number == "15013"
    assert reading.document.right is not None
    assert reading.document.right.values.sphere == -2
    assert reading.document.right.values.prisms == (PrismEntry(Decimal("0.5"), "down"),)
    assert [left.path for left in reading.not_taken_over] == ["text"]


def test_contact_lenses_are_a_prescription_of_their_own() -> None:
    reading = fhir.read(json.dumps(CONTACTS))
    document = reading.document
    assert not reading.refused
    assert document is not None
    assert document.kind == "contact_lens"
    assert document.right is not None
    values = document.right.values
    assert (values.power, values.sphere) == (Decimal("-2.75"), None)
    assert (values.base_curve_mm, values.diameter_mm, values.product) == (Decimal("8.7"), 14, "Clearview Toric")
    assert document.right.replacement == fhir.Replacement(Decimal(1), "mo")
    assert (document.right.colour, document.right.note) == ("green", "For extreme light sensitivity")
    assert "duration_unit" in notes(reading)


def test_spectacles_and_contact_lenses_in_one_document_become_two() -> None:
    both = [*SPECTACLES["lensSpecification"], *CONTACTS["lensSpecification"]]
    reading = fhir.read(changed(SPECTACLES, "lensSpecification", to=both))
    assert [document.is_contact_lens for document in reading.documents] == [False, True]


def test_a_second_lens_for_the_same_eye_is_listed_as_not_taken_over() -> None:
    twice = [*SPECTACLES["lensSpecification"], SPECTACLES["lensSpecification"][0]]
    reading = fhir.read(changed(SPECTACLES, "lensSpecification", to=twice))
    assert [left.path for left in reading.not_taken_over] == ["lensSpecification[2]"]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (lens(SPECTACLES, "axis", 0), "axis_zero"),
        (lens(SPECTACLES, "cylinder", 0), "zero_cylinder_dropped"),
        (lens(SPECTACLES, "add", 0), "zero_add_dropped"),
        (lens(SPECTACLES, "sphere", -2.12), "eighth"),
        (lens(SPECTACLES, "prism", [{"amount": 0, "base": "in"}]), "zero_prism_dropped"),
        (lens(SPECTACLES, "prism", [{"amount": 1.234, "base": "in"}]), "rounded"),
        (lens(SPECTACLES, "product", {"text": "glasses"}), "product_guessed"),
        (changed(SPECTACLES, "created", to="2026-03"), "partial_date"),
    ],
)
def test_what_is_changed_on_the_way_is_said(text: str, note: str) -> None:
    reading = fhir.read(text)
    assert codes(reading) == []
    assert note in notes(reading)


def test_a_zero_cylinder_takes_its_axis_along_and_axis_zero_becomes_180() -> None:
    without = fhir.read(lens(SPECTACLES, "cylinder", 0)).document
    turned = fhir.read(lens(SPECTACLES, "axis", 0)).document
    assert without is not None and without.right is not None
    assert (without.right.values.cylinder, without.right.values.axis) == (None, None)
    assert turned is not None and turned.right is not None
    assert turned.right.values.axis == 180


def test_contact_power_sent_as_a_sphere_is_taken_with_a_note() -> None:
    values = json.loads(json.dumps(CONTACTS))
    values["lensSpecification"][0]["sphere"] = values["lensSpecification"][0].pop("power")
    reading = fhir.read(json.dumps(values))
    assert not reading.refused
    assert "power_in_sphere" in notes(reading)
    assert reading.document is not None and reading.document.right is not None
    assert reading.document.right.values.power == Decimal("-2.75")


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        (changed(SPECTACLES, "dateWritten", to=REMOVED), "required", "dateWritten"),
        (changed(SPECTACLES, "created", to=REMOVED), "required", "created"),
        (changed(SPECTACLES, "status", to=REMOVED), "required", "status"),
        (changed(SPECTACLES, "patient", to=REMOVED), "required", "patient"),
        (changed(SPECTACLES, "patient", to=None), "required", "patient"),
        (changed(SPECTACLES, "prescriber", to={}), "required", "prescriber"),
        (changed(SPECTACLES, "prescriber", to={"reference": "Patient/1"}), "reference", "prescriber"),
        (changed(SPECTACLES, "lensSpecification", to=[]), "required", "lensSpecification"),
        (changed(SPECTACLES, "lensSpecification", to=REMOVED), "required", "lensSpecification"),
        (changed(SPECTACLES, "lensSpecification", to="x"), "type", "lensSpecification"),
        (changed(SPECTACLES, "status", to="expired"), "code", "status"),
        (changed(SPECTACLES, "dateWritten", to="2026-02-30"), "date", "dateWritten"),
        (changed(SPECTACLES, "dateWritten", to="2026"), "date", "dateWritten"),
        (changed(SPECTACLES, "dateWritten", to="9999-01-01"), "date", "dateWritten"),
        (changed(SPECTACLES, "implicitRules", to="https://x.example/rules"), "modifier", "implicitRules"),
        (changed(SPECTACLES, "resourceType", to="Patient"), "resource_type", "resourceType"),
        (changed(SPECTACLES, "reason", to="x"), "fhir", "reason"),
        (lens(SPECTACLES, "eye", "both"), "code", "lensSpecification[0].eye"),
        (lens(SPECTACLES, "eye", REMOVED), "required", "lensSpecification[0].eye"),
        (lens(SPECTACLES, "product", REMOVED), "required", "lensSpecification[0].product"),
        (lens(SPECTACLES, "axis", 90.5), "type", "lensSpecification[0].axis"),
        (lens(SPECTACLES, "axis", "90"), "type", "lensSpecification[0].axis"),
        (lens(SPECTACLES, "axis", True), "type", "lensSpecification[0].axis"),
        (lens(SPECTACLES, "axis", 181), "axis_range", "lensSpecification[0].axis"),
        (lens(SPECTACLES, "axis", -5), "axis_range", "lensSpecification[0].axis"),
        (lens(SPECTACLES, "axis", REMOVED), "axis_required", "lensSpecification[0].axis"),
        (lens(SPECTACLES, "cylinder", REMOVED), "axis_without_cylinder", "lensSpecification[0].axis"),
        (lens(SPECTACLES, "sphere", REMOVED), "sphere_required", "lensSpecification[0].sphere"),
        (lens(SPECTACLES, "sphere", -2.1), "power_step", "lensSpecification[0].sphere"),
        (lens(SPECTACLES, "sphere", "-2.25"), "type", "lensSpecification[0].sphere"),
        (lens(SPECTACLES, "sphere", 1e12), "number_range", "lensSpecification[0].sphere"),
        (lens(SPECTACLES, "sphere", 60), "power_limit", "lensSpecification[0].sphere"),
        (lens(SPECTACLES, "add", -2), "add_sign", "lensSpecification[0].add"),
        (lens(SPECTACLES, "sphhere", 1), "fhir", "lensSpecification[0].sphhere"),
        (lens(SPECTACLES, "prism", [{"base": "in"}]), "required", "lensSpecification[0].prism[0].amount"),
        (lens(SPECTACLES, "prism", [{"amount": 1}]), "required", "lensSpecification[0].prism[0].base"),
        (lens(SPECTACLES, "prism", [{"amount": 1, "base": "nasal"}]), "code", "lensSpecification[0].prism[0].base"),
        (lens(SPECTACLES, "prism", [{"amount": -1, "base": "in"}]), "prism_amount_sign", "lensSpecification[0].prism"),
        (lens(SPECTACLES, "prism", {"amount": 1, "base": "in"}), "type", "lensSpecification[0].prism"),
        (
            lens(SPECTACLES, "prism", [{"amount": 1, "base": "in"}, {"amount": 1, "base": "out"}]),
            "prism_one_each",
            "lensSpecification[0].prism",
        ),
        (lens(SPECTACLES, "modifierExtension", [{"url": "x"}]), "modifier", "lensSpecification[0].modifierExtension"),
        (lens(CONTACTS, "power", REMOVED), "power_required", "lensSpecification[0].power"),
        (lens(CONTACTS, "sphere", -1), "power_and_sphere", "lensSpecification[0].sphere"),
        (lens(CONTACTS, "backCurve", 86), "size", "lensSpecification[0].backCurve"),
        (lens(CONTACTS, "duration", {"value": 1, "code": "h"}), "duration", "lensSpecification[0].duration.code"),
        (lens(CONTACTS, "brand", "x" * 121), "text_too_long", "lensSpecification[0].brand"),
    ],
)
def test_what_fhir_or_the_trade_forbids_is_refused_at_its_place(text: str, code: str, path: str) -> None:
    reading = fhir.read(text)
    assert reading.refused
    assert (code, path) in [(problem.code, problem.path) for problem in reading.problems]
    assert all(problem.message for problem in reading.problems)


def test_power_on_a_spectacle_lens_is_refused() -> None:
    values = json.loads(json.dumps(SPECTACLES))
    values["lensSpecification"][0]["power"] = values["lensSpecification"][0].pop("sphere")
    assert "power_of_spectacles" in codes(fhir.read(json.dumps(values)))


def test_the_older_form_is_refused_with_its_explanation() -> None:
    values = json.loads(json.dumps(SPECTACLES))
    values["dispense"] = values.pop("lensSpecification")
    reading = fhir.read(json.dumps(values))
    assert codes(reading) == ["stu3"]
    assert "STU3" in reading.problems[0].message


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"[1, 2]", "type"),
        (b"null", "type"),
        (b"\xff\xfe{}", "not_utf8"),
        (b"<VisionPrescription/>", "xml"),
        (b'{"a": NaN}', "not_a_number"),
        (b'{"a": -Infinity}', "not_a_number"),
        (b'{"a": 1e99999999999999999999}', "not_a_number"),
        (b'{"a": 1' + b"0" * 5000 + b"}", "number_too_long"),
        (b'{"a": 1, "a": 2}', "duplicate_name"),
        (b'{"a": "\\u0000"}', "bad_character"),
        (b'{"\\ud800": 1}', "bad_character"),
        (b'{"a": ' * 200 + b"1" + b"}" * 200, "too_deep"),
        (b"[" * 100_000, "too_deep"),
        (b'"' + b"a" * 1_000_000 + b'"', "too_large"),
        (b"{}", "resource_type"),
    ],
)
def test_what_is_no_document_at_all_is_refused_with_one_problem(content: bytes, code: str) -> None:
    reading = fhir.read(content)
    assert codes(reading) == [code]
    assert reading.documents == ()


def test_a_huge_exponent_is_no_measurement() -> None:
    text = lens(SPECTACLES, "sphere", 1).replace('"sphere": 1,', '"sphere": -1e999999,')
    assert "number_range" in codes(fhir.read(text))


def test_foreign_content_is_listed_as_not_taken_over() -> None:
    values = json.loads(json.dumps(SPECTACLES))
    values["encounter"] = {"reference": "Encounter/1"}
    values["extension"] = [{"url": "https://other.example/tint", "valueString": "brown"}]
    values["lensSpecification"][0]["brand"] = "Some lens"
    values["identifier"].append({"value": "second"})
    reading = fhir.read(json.dumps(values))
    assert not reading.refused
    left = {finding.path: finding.message for finding in reading.not_taken_over}
    assert left["extension[0]"] == "https://other.example/tint"
    assert left["identifier[1]"] == "second"
    assert left["lensSpecification[0].brand"] == "Some lens"
    assert set(left) == {"extension[0]", "identifier[1]", "lensSpecification[0].brand", "encounter"}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("pupillary-distance", {"valueQuantity": {"value": 63, "unit": "cm"}}, "length"),
        ("pupillary-distance", {"valueQuantity": {"value": -63, "code": "mm"}}, "length"),
        ("pupillary-distance", {"valueString": "63"}, "extension_value"),
        ("expiry-date", {"valueDate": "soon"}, "date"),
        ("prescription-kind", {"valueCode": "monocle"}, "code"),
        ("prescription-kind", {"valueCode": "contact_lens"}, "kind"),
        ("binocular-visual-acuity", {"valueString": "6/6"}, None),
    ],
)
def test_our_own_extensions_are_checked_too(name: str, value: dict[str, object], code: str | None) -> None:
    reading = fhir.read(changed(SPECTACLES, "extension", to=[{"url": EXTENSION + name, **value}]))
    assert (code in codes(reading)) if code else not reading.refused


def test_an_extension_given_twice_is_refused() -> None:
    twice = [{"url": EXTENSION + "notes", "valueString": text} for text in ("a", "b")]
    assert codes(fhir.read(changed(SPECTACLES, "extension", to=twice))) == ["extension_twice"]


def test_what_a_person_can_complete_is_asked_for_and_not_refused() -> None:
    reading = fhir.read(lens(CONTACTS, "backCurve", REMOVED))
    assert not reading.refused
    assert "base_curve_required" in [verdict.code for verdict in reading.verdicts]


def test_other_addresses_for_extensions_can_be_agreed() -> None:
    text = changed(SPECTACLES, "extension", to=[{"url": "https://ours.example/notes", "valueString": "hello"}])
    document = fhir.read(text, fhir.Dialect(extension_base="https://ours.example/")).document
    assert document is not None
    assert document.notes == "hello"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        "extension",
        "identifier",
        "status",
        "created",
        "patient",
        "dateWritten",
        "prescriber",
        "lensSpecification",
        "_status",
        "_created",
        "text",
        "contained",
        "meta",
        "language",
        "encounter",
        "id",
        "product",
        "eye",
        "sphere",
        "_sphere",
        "cylinder",
        "axis",
        "prism",
        "add",
        "power",
        "backCurve",
        "diameter",
        "duration",
        "note",
        "brand",
        "resourceType",
        "url",
        "coding",
        "code",
        "amount",
        "base",
        "value",
        "modifierExtension",
        "fhir_comments",
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """An example in which some elements were replaced by anything."""
    values = json.loads(json.dumps(draw(st.sampled_from([SPECTACLES, CONTACTS]))))
    for _change in range(draw(st.integers(1, 3))):
        place = values
        while True:
            inner = [child for child in (place.values() if isinstance(place, dict) else place) if child]
            inner = [child for child in inner if isinstance(child, dict | list)]
            if not inner or draw(st.booleans()):
                break
            place = draw(st.sampled_from(inner))
        if isinstance(place, dict):
            place[draw(st.sampled_from(sorted(place)) | NAMES) if place else draw(NAMES)] = draw(JSON_VALUES)
        else:
            place.append(draw(JSON_VALUES))
    return json.dumps(values)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(mutated() | JSON_VALUES.map(json.dumps) | st.text(max_size=200) | st.binary(max_size=200))
def test_anything_is_understood_or_refused_and_nothing_else(content: str | bytes) -> None:
    reading = fhir.read(content)
    assert reading.refused or reading.document is not None


@pytest.mark.parametrize("product", ["lens", "contact"])
def test_fuzzing_starts_from_documents_that_are_accepted(product: str) -> None:
    example = SPECTACLES if product == "lens" else CONTACTS
    assert example["lensSpecification"][0]["product"] == {"coding": [{"system": PRODUCT, "code": product}]}
    assert not fhir.read(json.dumps(example)).refused
