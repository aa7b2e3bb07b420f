"""A clinical record opened from another branch than its own leaves a trace."""

from core.actor import Actor
from prescriptions.models import Prescription
from prescriptions.services import common
from records import events


def viewed(actor: Actor, prescription: Prescription) -> None:
    """Record who looked, when the reader works in another branch. Without effect at home."""
    if actor.branch_id == prescription.branch_id:
        return
    told = common.fact(prescription, data={"number": prescription.number, "from_branch": actor.branch_id})
    events.record("record.viewed", actor, told)
