"""Between our prescriptions and the documents that travel (FHIR VisionPrescription): each value finds its place both ways."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import DomainError
from prescriptions import rows
from prescriptions.data import EyeData, PrescriptionData
from prescriptions.exchange import fhir
from prescriptions.exchange.document import ACTIVE
from prescriptions.models import Origin, Prescription
from prescriptions.values import EyeValues

REPLACEMENTS: Mapping[str, tuple[int, str]] = {
    "daily": (1, "d"),
    "two_weekly": (2, "wk"),
    "monthly": (1, "mo"),
    "quarterly": (3, "mo"),
    "yearly": (1, "a"),
}
RELEASES = ("R4B", "R5")
VALUE_FIELDS = tuple(EyeValues.__dataclass_fields__)


def to_document(row: Prescription) -> fhir.VisionDocument:
    """A signed prescription as it travels."""
    data = rows.data_of(row)
    return fhir.VisionDocument(
        kind=data.kind,
        written_on=row.issued_on or row.recorded_at.date(),
        patient=fhir.Party(f"Patient/{row.customer.public_id}", row.customer.full_name, row.customer.number),
        prescriber=fhir.Party("", row.prescriber_name, row.prescriber_registration),
        right=_eye_document(data.right),
        left=_eye_document(data.left),
        status=fhir.STATUS_OF_STATE[row.state],
        created=row.recorded_at,
        number=f"{row.number}-v{row.version}" if row.version > 1 else row.number,
        examined_on=row.examined_on,
        expires_on=row.expires_on,
        expiry_reason=row.expiry_reason,
        far_pd_mm=data.far_pd_mm,
        near_pd_mm=data.near_pd_mm,
        vertex_mm=data.vertex_mm,
        binocular_va=data.binocular_va,
        notes=data.notes,
    )


def fhir_json(row: Prescription, release: str) -> str:
    """The document as JSON text. Raises DomainError for an unknown release or what FHIR cannot hold."""
    if release not in RELEASES:
        raise DomainError(_("Only FHIR R4B and R5 are written."), code="fhir_release")
    return fhir.to_json(
        to_document(row), fhir.Dialect(version=release, number_system=f"{settings.SITE_URL}/prescriptions")
    )


def _eye_document(eye: EyeData | None) -> fhir.EyeDocument | None:
    if eye is None:
        return None
    return fhir.EyeDocument(
        values=EyeValues(**{name: getattr(eye, name) for name in VALUE_FIELDS}),
        va=eye.va,
        near_va=eye.near_va,
        intermediate_add=eye.intermediate_add,
        colour=eye.colour,
        replacement=_replacement(eye.replacement),
        wearing_mode=eye.wearing_mode,
        add_level=eye.add_word,
    )


def _replacement(code: str) -> fhir.Replacement | None:
    if code in REPLACEMENTS:
        amount, unit = REPLACEMENTS[code]
        return fhir.Replacement(Decimal(amount), unit)
    amount_text, _blank, unit = code.partition(" ")
    return fhir.Replacement(Decimal(amount_text), unit) if unit and amount_text.isdigit() else None


def _replacement_code(replacement: fhir.Replacement | None) -> str:
    if replacement is None:
        return ""
    known = {value: code for code, value in REPLACEMENTS.items()}
    whole = int(replacement.amount)
    return known.get((whole, replacement.unit), f"{whole} {replacement.unit}")


def from_document(document: fhir.VisionDocument, customer_id: int) -> PrescriptionData:
    """What a document says, ready to be completed and taken over as an outside prescription."""
    return PrescriptionData(
        customer_id=customer_id,
        kind=document.kind,
        right=_eye_data(document.right),
        left=_eye_data(document.left),
        origin=Origin.FHIR.value,
        examined_on=document.examined_on,
        issued_on=document.written_on,
        expires_on=document.expires_on,
        expiry_reason=document.expiry_reason,
        prescriber_name=document.prescriber.name,
        prescriber_registration=document.prescriber.number,
        far_pd_mm=document.far_pd_mm,
        near_pd_mm=document.near_pd_mm,
        vertex_mm=document.vertex_mm,
        binocular_va=document.binocular_va[:12],
        notes=_notes(document),
    )


def _notes(document: fhir.VisionDocument) -> str:
    """The document's note and those of its lenses, each once."""
    told = [document.notes, *(eye.note for eye in (document.right, document.left) if eye)]
    return "\n".join(dict.fromkeys(filter(None, told)))[:2000]


def _eye_data(eye: fhir.EyeDocument | None) -> EyeData | None:
    if eye is None:
        return None
    return EyeData(
        **{name: getattr(eye.values, name) for name in VALUE_FIELDS},
        va=eye.va[:12],
        near_va=eye.near_va[:12],
        intermediate_add=eye.intermediate_add,
        add_word=eye.add_level[:8],
        colour=eye.colour[:40],
        replacement=_replacement_code(eye.replacement)[:20],
        wearing_mode=eye.wearing_mode[:20],
    )


def read(content: bytes) -> fhir.Reading:
    """What was understood of a document. Raises DomainError when it must not be taken over, each reason with its place."""
    reading = fhir.read(content)
    if reading.refused:
        told = [
            f"{problem.path}: {problem.message}" if problem.path else problem.message for problem in reading.problems
        ]
        raise DomainError(" ".join(told[:10]), code="fhir_refused")
    document = reading.document
    if document is None or document.status != ACTIVE:
        status = document.status if document else ""
        raise DomainError(
            _("The sender marks this document as “%(status)s”: it is not taken over.") % {"status": status},
            code="fhir_status",
        )
    return reading


def plain(content: bytes) -> dict[str, Any]:
    """The document as it is kept beside the values; its exact bytes are the evidence."""
    loaded = json.loads(content.decode("utf-8-sig"))
    return loaded if isinstance(loaded, dict) else {}
