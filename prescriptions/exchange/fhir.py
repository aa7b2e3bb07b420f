"""FHIR VisionPrescription in and out: the one door to this folder. What is read, written and refused: docs/reference/fhir.md."""

from .document import EyeDocument, Party, Replacement, VisionDocument
from .fhir_reader import Reading, read
from .fhir_writer import lens_specification, to_json, to_resource
from .findings import Finding, Unwritable
from .vocabulary import DIALECT, EXTENSION_BASE, STATE_OF_STATUS, STATUS_OF_STATE, VERSIONS, Dialect

MEDIA_TYPE = "application/fhir+json"

__all__ = [
    "DIALECT",
    "EXTENSION_BASE",
    "MEDIA_TYPE",
    "STATE_OF_STATUS",
    "STATUS_OF_STATE",
    "VERSIONS",
    "Dialect",
    "EyeDocument",
    "Finding",
    "Party",
    "Reading",
    "Replacement",
    "Unwritable",
    "VisionDocument",
    "lens_specification",
    "read",
    "to_json",
    "to_resource",
]
