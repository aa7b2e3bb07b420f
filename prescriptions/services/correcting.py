"""Corrections: a new version with a reason. The signed one keeps its words and becomes superseded."""

from collections.abc import Collection
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, Problems
from prescriptions import comparing, judging, rows
from prescriptions.data import PrescriptionData
from prescriptions.models import Prescription
from prescriptions.services import common, drafts, signing
from prescriptions.states import CORRECTION_REASONS, PRESCRIPTION


@transaction.atomic
def correct(
    actor: Actor,
    prescription_id: int,
    data: PrescriptionData,
    reason: tuple[str, str],
    confirmations: Collection[str] = (),
) -> Prescription:
    """Write and sign the next version in one step. `reason` is (code, words). Returns the new current version.

    Everything that rests on the old one is announced in the same transaction. Raises as `draft` and `signing.sign` do.
    """
    access.require(actor, Can.SIGN_PRESCRIPTIONS, common.locked(prescription_id).branch_id)
    made = draft(actor, prescription_id, data, reason)
    return signing.sign(actor, made.pk, confirmations)


@transaction.atomic
def draft(actor: Actor, prescription_id: int, data: PrescriptionData, reason: tuple[str, str]) -> Prescription:
    """Prepare a correction for an optometrist to sign; nothing changes until then.

    Raises DomainError without a reason or without a difference, IllegalTransition when the version no longer stands.
    """
    old = common.locked(prescription_id)
    access.require(actor, Can.WRITE_PRESCRIPTIONS, old.branch_id)
    PRESCRIPTION.step("correct", old.state)
    require_reason(reason, {code for code, _label in CORRECTION_REASONS})
    data = replace(data, customer_id=old.customer_id, branch_id=old.branch_id)
    if not comparing.differences(rows.data_of(old), data):
        raise DomainError(_("Nothing differs from version %(n)s.") % {"n": old.version}, code="no_difference")
    found = common.verdicts(data, old)
    common.refuse(judging.refusals(found, draft=True), _("Some values cannot be right."))
    made = _draft_row(old)
    made.correction_reason_code, made.correction_reason = reason
    common.responsible(made, actor)
    rows.fill(made, data)
    drafts.confirm(actor, made, data, ())
    common.keep(made, actor, reason[1])
    rows.write_eyes(made, data)
    return made


def require_reason(reason: tuple[str, str], known: Collection[str]) -> None:
    """Raises DomainError at the fields unless there is a known code and a few words."""
    problems = Problems()
    if reason[0] not in known:
        problems.add("reason_code", _("Choose a reason."))
    if not reason[1].strip():
        problems.add("reason", _("Say in your words why it changes."))
    problems.raise_if_any(_("A change to a signed prescription needs its reason."))


def _draft_row(old: Prescription) -> Prescription:
    """The waiting correction of this version when there is one already, else a new one."""
    waiting = Prescription.objects.select_for_update().filter(corrects=old).first()
    if waiting is not None:
        waiting.revision += 1
        return waiting
    return Prescription(
        customer_id=old.customer_id,
        branch_id=old.branch_id,
        series=old.series,
        number=old.number,
        corrects=old,
        version=old.version + 1,
    )
