"""A signed prescription that must not be used any more: withdrawn for a reason, or entered in error."""

from django.db import transaction
from django.utils import timezone

from branches import access
from branches.roles import Can
from core.actor import Actor
from prescriptions.models import Prescription, PrescriptionState
from prescriptions.services import announcing, common
from prescriptions.services.correcting import require_reason
from prescriptions.states import ENDING_REASONS, PRESCRIPTION
from records import events


def withdraw(actor: Actor, prescription_id: int, reason: tuple[str, str]) -> Prescription:
    """It was right once and must not be supplied any more. `reason` is (code, words)."""
    return _end(actor, prescription_id, PrescriptionState.WITHDRAWN, reason)


def enter_in_error(actor: Actor, prescription_id: int, reason: tuple[str, str]) -> Prescription:
    """It should never have existed: another customer's, recorded twice. It stays readable, marked."""
    return _end(actor, prescription_id, PrescriptionState.ENTERED_IN_ERROR, reason)


@transaction.atomic
def _end(actor: Actor, prescription_id: int, end: PrescriptionState, reason: tuple[str, str]) -> Prescription:
    row = common.locked(prescription_id)
    access.require(actor, Can.SIGN_PRESCRIPTIONS, row.branch_id)
    verb = "withdraw" if end == PrescriptionState.WITHDRAWN else "enter_in_error"
    PRESCRIPTION.step(verb, row.state)
    require_reason(reason, {code for code, _label in ENDING_REASONS})
    before = PrescriptionState(row.state).label
    row.state = end
    row.ended_at, row.ended_by_id = timezone.now(), actor.user_id
    row.ended_reason_code, row.ended_reason = reason
    with events.one_action():
        common.keep(row, actor, reason[1])
        told = common.fact(
            row,
            reason_code=reason[0],
            reason=reason[1],
            old={"state": str(before)},
            new={"state": str(end.label)},
            data={"number": row.number, "version": row.version, "state": end.value},
        )
        event = events.record("prescription.withdrawn", actor, told)
        announcing.ended(actor, row, str(before), event)
    return row
