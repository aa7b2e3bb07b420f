"""The words of FHIR VisionPrescription (R4B, R5), ours for what it has no place for, and how the two are matched."""

from collections.abc import Mapping
from dataclasses import dataclass

from .document import ACTIVE, CANCELLED, DRAFT, ENTERED_IN_ERROR

EXTENSION_BASE = "https://optics.example/fhir/StructureDefinition/"
PRODUCT_SYSTEM = "http://terminology.hl7.org/CodeSystem/ex-visionprescriptionproduct"
UCUM = "http://unitsofmeasure.org"
LENS, CONTACT = "lens", "contact"
RIGHT, LEFT = "right", "left"
VERSIONS = ("R4B", "R5")

STATUSES = (ACTIVE, CANCELLED, DRAFT, ENTERED_IN_ERROR)
STATUS_OF_STATE: Mapping[str, str] = {
    "draft": DRAFT,
    "current": ACTIVE,
    "superseded": CANCELLED,
    "withdrawn": CANCELLED,
    "entered_in_error": ENTERED_IN_ERROR,
}
STATE_OF_STATUS: Mapping[str, str] = {
    DRAFT: "draft",
    ACTIVE: "current",
    CANCELLED: "withdrawn",
    ENTERED_IN_ERROR: "entered_in_error",
}

# R4 printed "month" in its own example; UCUM says "mo", and other senders write words.
DURATION_UNITS: Mapping[str, str] = {
    "d": "d", "day": "d", "days": "d",
    "wk": "wk", "week": "wk", "weeks": "wk",
    "mo": "mo", "month": "mo", "months": "mo",
    "a": "a", "year": "a", "years": "a",
}  # fmt: skip
UNIT_WORDS: Mapping[str, str] = {"d": "day", "wk": "week", "mo": "month", "a": "year"}

KIND = "prescription-kind"
EXAMINED_ON = "examination-date"
EXPIRES_ON = "expiry-date"
EXPIRY_REASON = "expiry-reason"
FAR_PD = "pupillary-distance"
NEAR_PD = "near-pupillary-distance"
VERTEX = "back-vertex-distance"
BINOCULAR_VA = "binocular-visual-acuity"
NOTES = "notes"
VA = "visual-acuity"
NEAR_VA = "near-visual-acuity"
INTERMEDIATE_ADD = "intermediate-add"
BALANCE = "balance-lens"
WEARING_MODE = "wearing-mode"
ADD_LEVEL = "add-level"
EXPIRY_NOTE_ID = "expiry"


@dataclass(frozen=True)
class Dialect:
    """What an installation chooses: the FHIR version, the address of its extensions, the system of its numbers."""

    version: str = "R4B"
    extension_base: str = EXTENSION_BASE
    number_system: str = ""


DIALECT = Dialect()
