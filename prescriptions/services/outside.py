"""A prescription from elsewhere: taken over as written on the paper or in the document, with that as its evidence."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, Problems
from prescriptions import judging, rows
from prescriptions.data import PrescriptionData
from prescriptions.models import Origin, Prescription, PrescriptionState
from prescriptions.services import common, drafts, signing
from prescriptions.states import PRESCRIPTION
from records import events
from records.models import EvidenceKind
from records.services import evidence


@transaction.atomic
def record_outside(
    actor: Actor,
    data: PrescriptionData,
    proof: Sequence[evidence.EvidenceData],
    confirmations: Collection[str] = (),
) -> Prescription:
    """Take over an outside prescription in one step: values, prescriber, dates and proof; it counts at once.

    Raises DomainError at the fields: evidence, prescriber, dates, implausible or unconfirmed values.
    """
    if data.origin not in signing.OUTSIDE:
        data = replace(data, origin=Origin.OUTSIDE.value)
    access.require(actor, Can.WRITE_PRESCRIPTIONS, data.branch_id or actor.branch_id)
    _require_paper(data, proof)
    draft = drafts.save(actor, data, confirmed=confirmations)
    _require_plausible(draft)
    PRESCRIPTION.step("accept", draft.state)
    _require_dates(draft, common.today_in(draft.branch))
    attach(actor, draft, proof)
    signing.seal(draft, common.person(actor))
    draft.state = PrescriptionState.CURRENT
    common.keep(draft, actor)
    events.record(
        "prescription.signed",
        actor,
        common.fact(draft, new={"number": draft.number, "kind": draft.kind}, data={"origin": draft.origin}),
    )
    return draft


@transaction.atomic
def record_outside_together(
    actor: Actor,
    several: Sequence[PrescriptionData],
    proof: Sequence[evidence.EvidenceData],
    confirmations: Collection[str] = (),
) -> list[Prescription]:
    """The prescriptions of one document (spectacles and contact lenses): all of them or none."""
    return [record_outside(actor, data, proof, confirmations) for data in several]


def fhir_proof(content: bytes) -> evidence.EvidenceData:
    """The document itself as evidence, byte for byte."""
    upload = evidence.Upload("prescription.json", content)
    return evidence.EvidenceData(EvidenceKind.FILE, _("FHIR document"), upload=upload)


def attach(actor: Actor, row: Prescription, proof: Sequence[evidence.EvidenceData]) -> None:
    """Keep files, notes and links with the prescription."""
    subject = evidence.Subject(row, branch_id=row.branch_id, customer_id=row.customer_id)
    for item in proof:
        evidence.add(actor, subject, item)


@transaction.atomic
def add_evidence(actor: Actor, prescription_id: int, item: evidence.EvidenceData) -> Prescription:
    """Attach one more piece of evidence; the signed values do not change by it."""
    row = common.locked(prescription_id)
    access.require(actor, Can.WRITE_PRESCRIPTIONS, row.branch_id)
    attach(actor, row, [item])
    return row


def _require_paper(data: PrescriptionData, proof: Sequence[evidence.EvidenceData]) -> None:
    problems = Problems()
    if not data.prescriber_name.strip():
        problems.add("prescriber_name", _("Enter who prescribed it."))
    if not data.prescriber_registration.strip():
        problems.add("prescriber_registration", _("Enter the prescriber's registration number."))
    if data.issued_on is None:
        problems.add("issued_on", _("Enter the day it was issued."))
    if not any(item.upload for item in proof):
        problems.add("file", _("Add a photo or scan of the prescription, or its data file."))
    problems.raise_if_any(_("An outside prescription is taken over with its paper."))


def _require_dates(draft: Prescription, today: date) -> None:
    problems = Problems()
    for name in ("examined_on", "issued_on"):
        value = getattr(draft, name)
        if value is not None and value > today:
            problems.add(name, _("This day is still to come."))
    problems.raise_if_any(_("Check the dates."))


def _require_plausible(draft: Prescription) -> None:
    written = rows.data_of(draft)
    found = common.verdicts(written, draft)
    common.refuse(judging.refusals(found), _("Some values cannot be right."))
    waiting = judging.unconfirmed(found, written.values, draft.confirmations)
    if waiting:
        raise DomainError(
            _("Compare what looks unusual with the paper, then confirm or retype."),
            code="unconfirmed",
            fields=judging.messages(waiting),
        )
