"""Signing: the moment after which a prescription never changes."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access, numbers
from branches.models import User
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, StaleRecord
from prescriptions import comparing, judging, rows
from prescriptions.data import PrescriptionData
from prescriptions.models import Origin, Prescription, PrescriptionState
from prescriptions.services import announcing, common, drafts
from prescriptions.states import PRESCRIPTION
from records import events

OUTSIDE = {Origin.OUTSIDE.value, Origin.FHIR.value}


@transaction.atomic
def sign(
    actor: Actor,
    draft_id: int,
    confirmations: Collection[str] = (),
    version: int | None = None,
    at: datetime | None = None,
) -> Prescription:
    """Sign a draft; a draft that corrects another version takes its place now. Returns the signed row.

    `version` is the revision the signer saw, `at` the moment of signing, now unless it is entered later.

    Raises NotAllowed without the right, DomainError naming each cell that is missing, wrong or warned of and not confirmed.
    """
    draft, old = _locked_with_old(draft_id)
    access.require(actor, Can.SIGN_PRESCRIPTIONS, draft.branch_id)
    if version is not None and version != draft.revision:
        raise StaleRecord(
            _("The draft was changed after you opened it. Look at it again, then sign."), current_version=draft.revision
        )
    PRESCRIPTION.step("sign", draft.state)
    signer = _signer(actor)
    data = rows.data_of(draft)
    _require_answers(actor, draft, data, confirmations, at)
    if draft.origin not in OUTSIDE:
        draft.prescriber_name = draft.prescriber_name or signer.full_name
        draft.prescriber_registration = draft.prescriber_registration or signer.registration_number
    seal(draft, signer, at)
    return _take_effect(actor, draft, old)


def seal(draft: Prescription, signer: User | None, at: datetime | None = None) -> None:
    """Dates, number, signature; the state is the caller's step."""
    today = common.today_in(draft.branch, at)
    draft.examined_on = draft.examined_on or (None if draft.origin in OUTSIDE else today)
    draft.issued_on = draft.issued_on or today
    common.set_expiry(draft)
    draft.number = (
        draft.number or f"RX-{draft.branch.code}-{numbers.draw('prescription', branch_id=draft.branch_id):05d}"
    )
    draft.signed_at, draft.signed_by = at or timezone.now(), signer
    draft.state = PrescriptionState.CURRENT


def _locked_with_old(draft_id: int) -> tuple[Prescription, Prescription | None]:
    """The earlier version first, then the draft: every verb locks in that order."""
    known = Prescription.objects.filter(pk=draft_id).only("corrects_id").first()
    old = common.locked(known.corrects_id) if known and known.corrects_id else None
    return common.locked_draft(draft_id), old


def _signer(actor: Actor) -> User:
    signer = common.person(actor)
    if signer is None or not signer.registration_number.strip():
        raise DomainError(
            _("Your registration number is not on file. Save the draft, enter the number in your profile, then sign."),
            code="registration_missing",
        )
    return signer


def _require_answers(
    actor: Actor, draft: Prescription, data: PrescriptionData, keys: Collection[str], at: datetime | None
) -> None:
    found = common.verdicts(data, draft)
    common.refuse(judging.refusals(found), _("Some values need an answer first. Nothing was signed."))
    drafts.confirm(actor, draft, data, keys, at)
    open_warnings = judging.unconfirmed(found, data.values, draft.confirmations)
    common.refuse(open_warnings, _("Confirm or retype what looks unusual. Nothing was signed."), code="unconfirmed")


def _signed_fact(draft: Prescription) -> events.Fact:
    data = {"origin": draft.origin, "version": draft.version, "warnings": len(draft.confirmations)}
    return common.fact(draft, new={"number": draft.number, "kind": draft.kind}, data=data, occurred_at=draft.signed_at)


def _take_effect(actor: Actor, draft: Prescription, old: Prescription | None) -> Prescription:
    if old is None:
        common.keep(draft, actor)
        events.record("prescription.signed", actor, _signed_fact(draft))
        return draft
    PRESCRIPTION.step("correct", old.state)
    changed = comparing.differences(rows.data_of(old), rows.data_of(draft))
    with events.one_action():
        old.state = PrescriptionState.SUPERSEDED
        common.keep(old, actor, draft.correction_reason)
        common.keep(draft, actor, draft.correction_reason)
        told = common.fact(
            draft,
            reason_code=draft.correction_reason_code,
            reason=draft.correction_reason,
            old={change.label: change.old for change in changed},
            new={change.label: change.new for change in changed},
            data={"number": draft.number, "version": draft.version, "corrects": old.pk},
        )
        event = events.record("prescription.corrected", actor, told)
        announcing.corrected(actor, old, draft, changed, event)
    return draft
