"""Tell what rests on a signed prescription that it changed: approvals go out of date and their decisions open again."""

from collections.abc import Sequence

from branches.roles import Role
from core.actor import Actor
from django.utils.translation import gettext as _
from records.models import Approval, Review
from records.services import approvals, reviews

from prescriptions.comparing import Difference
from prescriptions.models import Prescription, PrescriptionState


def corrected(actor: Actor, old: Prescription, new: Prescription, changed: Sequence[Difference]) -> list[Review]:
    """The old version is superseded: whatever was decided on its optical values is decided again."""
    optical = [change for change in changed if change.is_optical]
    if not optical:
        return []
    told = "; ".join(f"{change.label} {change.old or '–'} → {change.new or '–'}" for change in optical)
    return _reopen(actor, old, _("Prescription %(number)s: %(told)s") % {"number": new.number, "told": told})


def ended(actor: Actor, row: Prescription) -> list[Review]:
    """Withdrawn or entered in error: nothing may rest on it any more."""
    state = PrescriptionState(row.state).label
    return _reopen(actor, row, _("Prescription %(number)s: %(state)s") % {"number": row.number, "state": state})


def _reopen(actor: Actor, row: Prescription, told: str) -> list[Review]:
    opened = []
    for approval in approvals.resting_on(row):
        approvals.put_out_of_date(approval, told)
        opened.append(reviews.open_for(_review_of(approval, row, told), actor))
    return opened


def _review_of(approval: Approval, row: Prescription, told: str) -> reviews.Reopened:
    return reviews.Reopened(
        subject=approval,
        decision=approval.kind,
        what_changed=told,
        why_it_matters=_("The decision was made on version %(n)s.") % {"n": row.version},
        before_next_stage=_("Decide again on the version that stands, or say why the decision may stand."),
        cause=row,
        cause_version=row.version,
        owner_role=approval.role or Role.DISPENSING_OPTICIAN.value,
        owner_id=approval.decided_by_id,
        blocks="release",
        approval=approval,
        branch_id=approval.branch_id,
        customer_id=approval.customer_id or row.customer_id,
        order_id=approval.order_id,
    )
