"""FHIR documents to test with: our own examples as JSON values, and any prescription we can hold."""

import copy
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import strategies as st

from prescriptions.exchange.fhir import EyeDocument, Party, Replacement, VisionDocument
from prescriptions.values import CONTACT_LENS, TYPES, EyeValues, PrismEntry

PRODUCT = "http://terminology.hl7.org/CodeSystem/ex-visionprescriptionproduct"
SPECTACLES: dict[str, object] = {
    "resourceType": "VisionPrescription",
    "id": "rx-1",
    "identifier": [{"system": "https://shop.example/rx", "value": "RX-1009"}],
    "status": "active",
    "created": "2026-03-02T09:15:00+02:00",
    "patient": {"reference": "Patient/12", "display": "Nomsa Dlamini"},
    "dateWritten": "2026-03-02",
    "prescriber": {"reference": "Practitioner/7", "display": "Dr A. Naidoo", "identifier": {"value": "OP 0012345"}},
    "lensSpecification": [
        {
            "product": {"coding": [{"system": PRODUCT, "code": "lens"}]},
            "eye": "right",
            "sphere": -2.25,
            "cylinder": -0.75,
            "axis": 175,
            "prism": [{"amount": 1.5, "base": "in"}, {"amount": 0.5, "base": "down"}],
            "add": 2.0,
        },
        {
            "product": {"coding": [{"system": PRODUCT, "code": "lens"}]},
            "eye": "left",
            "sphere": -1.0,
            "add": 2.0,
        },
    ],
}
CONTACTS: dict[str, object] = {
    **SPECTACLES,
    "lensSpecification": [
        {
            "product": {"coding": [{"system": PRODUCT, "code": "contact"}]},
            "eye": eye,
            "power": power,
            "cylinder": -1.25,
            "axis": 160,
            "add": 1.75,
            "backCurve": 8.7,
            "diameter": 14.0,
            "duration": {"value": 1, "unit": "month", "system": "http://unitsofmeasure.org", "code": "month"},
            "color": "green",
            "brand": "Clearview Toric",
            "note": [{"text": "For extreme light sensitivity"}],
        }
        for eye, power in (("right", -2.75), ("left", -2.5))
    ],
}
REMOVED = object()


def changed(document: dict[str, object], *path: str | int, to: object) -> str:
    """The document as JSON text with one element set, added or (REMOVED) taken away."""
    values = copy.deepcopy(document)
    place: object = values
    for step in path[:-1]:
        place = place[step]
    if to is REMOVED:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return json.dumps(values)


def lens(document: dict[str, object], name: str, to: object, index: int = 0) -> str:
    """The same for one element of a lens."""
    return changed(document, "lensSpecification", index, name, to=to)


def _steps(lowest: int, highest: int, step: str) -> st.SearchStrategy[Decimal]:
    return st.integers(lowest, highest).map(lambda count: count * Decimal(step))


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12).map(str.strip)
CYLINDERS = st.none() | _steps(-40, 40, "0.125").filter(bool)
ADDS = st.none() | _steps(6, 28, "0.125")
DAYS = st.dates(date(1950, 1, 1), date(2150, 1, 1))
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))])
OLDEST, NEWEST = datetime.fromisoformat("1950-01-01"), datetime.fromisoformat("2150-01-01")
MOMENTS = DAYS | st.datetimes(OLDEST, NEWEST, timezones=ZONES)
FAR_PDS, NEAR_PDS = _steps(100, 152, "0.5"), _steps(90, 98, "0.5")
MONOCULAR_FAR_PDS, MONOCULAR_NEAR_PDS = _steps(60, 72, "0.5"), _steps(52, 58, "0.5")


def _entries(bases: tuple[str, str]) -> st.SearchStrategy[tuple[PrismEntry, ...]]:
    entry = st.builds(PrismEntry, _steps(1, 40, "0.25"), st.sampled_from(bases))
    return st.just(()) | entry.map(lambda only: (only,))


PRISMS = st.tuples(_entries(("in", "out")), _entries(("up", "down"))).map(lambda pair: pair[0] + pair[1])


@st.composite
def spectacle_eyes(draw: st.DrawFn) -> EyeDocument:
    """One eye of spectacles, as the rules accept it."""
    cylinder = draw(CYLINDERS)
    values = EyeValues(
        sphere=draw(_steps(-160, 160, "0.125")),
        cylinder=cylinder,
        axis=None if cylinder is None else draw(st.integers(1, 180)),
        add=draw(_steps(6, 28, "0.125")),
        prisms=draw(PRISMS),
        far_pd_mm=draw(st.none() | MONOCULAR_FAR_PDS),
        near_pd_mm=draw(st.none() | MONOCULAR_NEAR_PDS),
    )
    return EyeDocument(values, draw(TEXTS), draw(TEXTS), draw(ADDS), draw(TEXTS))


@st.composite
def contact_lens_eyes(draw: st.DrawFn) -> EyeDocument:
    """One contact lens, as the rules accept it."""
    cylinder = draw(CYLINDERS)
    values = EyeValues(
        power=draw(_steps(-160, 160, "0.125")),
        cylinder=cylinder,
        axis=None if cylinder is None else draw(st.integers(1, 180)),
        add=draw(ADDS),
        base_curve_mm=draw(_steps(70, 95, "0.1")),
        diameter_mm=draw(_steps(80, 150, "0.1")),
        product=draw(TEXTS.filter(bool)),
    )
    replacement = st.none() | st.builds(Replacement, _steps(1, 30, "1"), st.sampled_from(["d", "wk", "mo", "a"]))
    modes = {"wearing_mode": draw(TEXTS), "add_level": draw(st.sampled_from(["", "low", "D"]))}
    return EyeDocument(values, note=draw(TEXTS), colour=draw(TEXTS), replacement=draw(replacement), **modes)


@st.composite
def documents(draw: st.DrawFn) -> VisionDocument:
    """Any prescription that the rules accept."""
    kind = draw(st.sampled_from(sorted(TYPES)))
    eyes = contact_lens_eyes() if kind == CONTACT_LENS else spectacle_eyes()
    right, left = draw(st.tuples(eyes, st.none() | eyes) | st.tuples(st.none(), eyes))
    monocular = any(eye and (eye.values.far_pd_mm or eye.values.near_pd_mm) for eye in (right, left))
    parties = st.builds(Party, st.just(""), TEXTS.filter(bool), TEXTS)
    return VisionDocument(
        kind=kind,
        written_on=draw(DAYS),
        patient=draw(parties),
        prescriber=draw(parties),
        right=right,
        left=left,
        status=draw(st.sampled_from(["active", "cancelled", "draft", "entered-in-error"])),
        created=draw(MOMENTS),
        number=draw(TEXTS.filter(bool)),
        number_system="https://shop.example/rx",
        examined_on=draw(st.none() | DAYS),
        expires_on=draw(st.none() | DAYS),
        expiry_reason=draw(TEXTS),
        far_pd_mm=None if monocular else draw(st.none() | FAR_PDS),
        near_pd_mm=None if monocular else draw(st.none() | NEAR_PDS),
        vertex_mm=draw(st.none() | _steps(16, 40, "0.5")),
        binocular_va=draw(TEXTS),
        notes=draw(TEXTS),
    )
