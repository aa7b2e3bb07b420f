"""Worked cases of FHIR VisionPrescription."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from lensmath.notation import format_power
from lensmath.numbers import exact, exact_or_none
from prescriptions.exchange import fhir, json_text, library
from prescriptions.exchange.vocabulary import DURATION_UNITS, UNIT_WORDS
from prescriptions.values import CONTACT_LENS, EyeValues, PrismEntry
from tests.reference.lenses import case_file
from tests.reference.trade import eye_values
from tests.reference.vocabulary import EYES, Input, number

WHOLE_LENS = EyeValues(
    sphere=Decimal(-2),
    cylinder=Decimal("-0.50"),
    axis=90,
    add=Decimal(2),
    prisms=(PrismEntry(Decimal("0.5"), "up"),),
)
WHOLE_DOCUMENT = fhir.VisionDocument(
    kind="progressive",
    written_on=date(2026, 1, 10),
    patient=fhir.Party("Patient/1"),
    prescriber=fhir.Party("Practitioner/1"),
    right=fhir.EyeDocument(WHOLE_LENS),
    left=fhir.EyeDocument(WHOLE_LENS),
)


def fhir_to_rx(case: Input) -> Any:
    document = fhir.read(case_file(case["file"])).document
    if document is None:
        return {"error": "refused"}
    return {
        "kind": CONTACT_LENS if document.is_contact_lens else "spectacle",
        "identifier": document.number,
        "written": document.written_on.isoformat(),
        "status": document.status,
        "R": as_read(document.right),
        "L": as_read(document.left),
    }


def as_read(eye: fhir.EyeDocument | None) -> Any:
    if eye is None:
        return None
    values = eye.values
    powers = {"sphere": values.sphere, "cylinder": values.cylinder, "add": values.add, "power": values.power}
    return {
        **{name: None if power is None else format_power(power) for name, power in powers.items()},
        "axis": values.axis,
        "prism": [{"amount": entry.amount, "base": entry.base} for entry in values.prisms],
        "base_curve": values.base_curve_mm,
        "back_curve": values.base_curve_mm,
        "diameter": values.diameter_mm,
        "brand": values.product,
        "color": eye.colour,
        "duration": as_duration(eye.replacement),
    }


def as_duration(worn: fhir.Replacement | None) -> Any:
    return {"value": worn.amount, "unit": UNIT_WORDS[worn.unit], "code": worn.unit} if worn else None


def rx_to_fhir_lens(case: Input) -> Any:
    contact = "power" in case or "contact" in str(case.get("product", case.get("kind", "")))
    prisms = case.get("prism") or {}
    if isinstance(prisms, Mapping):
        entries = [
            PrismEntry(number(prisms.get("prism")), base_deg=exact_or_none(prisms.get("base_degrees"))),
            *(PrismEntry(number(prisms.get(name)), prisms.get(f"{name}_base")) for name in ("horizontal", "vertical")),
        ]
        values = replace(eye_values({**case, "prism": None}), prisms=tuple(entry for entry in entries if entry.amount))
    else:
        values = eye_values(case)
    base_curve = case.get("base_curve", case.get("back_curve"))
    lens = fhir.EyeDocument(
        replace(values, base_curve_mm=exact_or_none(base_curve)),
        colour=case.get("color") or case.get("colour") or "",
        replacement=worn_for(case.get("duration") or case.get("replacement")),
    )
    return fhir.lens_specification(EYES[case["eye"]], CONTACT_LENS if contact else "distance", lens)


def worn_for(case: Input | None) -> fhir.Replacement | None:
    if not case:
        return None
    return fhir.Replacement(exact(case["value"]), DURATION_UNITS[case.get("code") or case["unit"]])


def fhir_validate(case: Input) -> Any:
    """A sound prescription, spoilt as the case says, read and given to the library alone in every version."""
    versions = fhir.VERSIONS
    sound = {version: fhir.to_resource(WHOLE_DOCUMENT, fhir.Dialect(version)) for version in versions}
    spoilt = {version: spoil(resource, case) for version, resource in sound.items()}
    readings = [fhir.read(json_text.dump(spoilt[version]), fhir.Dialect(version)) for version in versions]
    return {
        "valid": not any(reading.refused for reading in readings),
        "library_says_valid": not any(library.faults(spoilt[version], version) for version in versions),
    }


def spoil(resource: Mapping[str, Any], case: Input) -> dict[str, Any]:
    changed = dict(resource)
    lens = dict(changed["lensSpecification"][0])
    for name, value in case.items():
        if name == "version":
            continue
        given = exact(value) if isinstance(value, float) else value
        if name == "missing" and value in ("amount", "base"):
            lens["prism"] = [{key: kept for key, kept in lens["prism"][0].items() if key != value}]
        elif name == "missing" or given is None:
            left_out = value if name == "missing" else name
            (lens if left_out in lens else changed).pop(left_out, None)
        elif name in changed:
            changed[name] = given
        elif name in ("base", "amount"):
            lens["prism"] = [{**lens["prism"][0], name: given}]
        else:
            lens[name] = given
    if changed.get("lensSpecification"):
        changed["lensSpecification"] = [lens, *changed["lensSpecification"][1:]]
    return changed


KINDS: Mapping[str, Callable[[Any], Any]] = {
    "fhir_to_rx": fhir_to_rx,
    "rx_to_fhir_lens": rx_to_fhir_lens,
    "fhir_validate": fhir_validate,
}
