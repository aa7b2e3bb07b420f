"""Tell what rests on a signed prescription that it changed: the declared dependants are put up for a new decision."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.actor import Actor
from prescriptions.comparing import Difference
from prescriptions.models import Prescription, PrescriptionState
from records.models import Event, Review
from records.services import changes


def corrected(
    actor: Actor, old: Prescription, new: Prescription, changed: Sequence[Difference], event: Event
) -> list[Review]:
    """The old version is superseded: whatever was decided on its optical values is decided again.

    A corrected note or acuity reopens nothing.
    """
    optical = [
        changes.FieldChange(change.field, change.label, change.old, change.new)
        for change in changed
        if change.is_optical
    ]
    if not optical:
        return []
    change = changes.Change(
        optical, new.correction_reason_code, new.correction_reason, event=event, new_version=new.version
    )
    return changes.announce(old, change, actor)


def ended(actor: Actor, row: Prescription, before: str, event: Event) -> list[Review]:
    """Withdrawn or entered in error: nothing may rest on it any more."""
    told = changes.FieldChange("state", _("Prescription"), before, str(PrescriptionState(row.state).label))
    change = changes.Change([told], row.ended_reason_code, row.ended_reason, event=event, new_version=row.version)
    return changes.announce(row, change, actor)
