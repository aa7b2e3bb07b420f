"""Steps that the verbs of a prescription share."""

import zoneinfo
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from branches.models import Branch, User
from core.actor import Actor
from core.errors import DomainError, IllegalTransition, NotVisible, StaleRecord
from core.formats import age
from prescriptions import comparing, expiry, judging, rows, selectors
from prescriptions.data import PrescriptionData
from prescriptions.models import Prescription, PrescriptionState
from prescriptions.verdicts import Verdict
from records import events


def locked(prescription_id: int) -> Prescription:
    """The row for the rest of the transaction. Raises NotVisible when there is none."""
    found = Prescription.objects.select_for_update().filter(pk=prescription_id).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def locked_draft(draft_id: int) -> Prescription:
    """A draft, locked. Raises IllegalTransition once it is signed."""
    draft = locked(draft_id)
    if draft.state != PrescriptionState.DRAFT:
        raise IllegalTransition(
            _("This prescription is signed already. A change to it is a correction with a reason."),
            code="already_signed",
        )
    return draft


def require_fresh(draft: Prescription, revision: int | None, data: PrescriptionData) -> None:
    """Raises StaleRecord with both sides when somebody saved the draft since it was opened."""
    if revision is None or revision == draft.revision:
        return
    stored = rows.data_of(draft)
    clashes = [comparing.clash(difference) for difference in comparing.differences(stored, data)]
    raise StaleRecord(
        _("Somebody else saved this draft after you opened it. Choose what to keep, then save again."),
        clashes=clashes,
        current_version=draft.revision,
    )


def verdicts(data: PrescriptionData, row: Prescription | None) -> list[Verdict]:
    """Findings about what is written, compared with the last prescription of another series."""
    previous = selectors.previous_of(data.customer_id, data.kind, row.series if row else None)
    return judging.judge(data.values, rows.data_of(previous).values if previous else None)


def refuse(found: list[Verdict], message: str, code: str = "implausible") -> None:
    """Raises DomainError naming every cell, when there is anything to refuse."""
    if found:
        raise DomainError(message, code=code, fields=judging.messages(found))


def person(actor: Actor) -> User | None:
    """The member of staff behind the actor; None for the system."""
    return User.objects.filter(pk=actor.user_id).first() if actor.user_id else None


def today_in(branch: Branch, at: datetime | None = None) -> date:
    """The date on the wall of the branch, now or at that moment."""
    return timezone.localdate(at, timezone=zoneinfo.ZoneInfo(branch.time_zone))


def propose_expiry(row: Prescription, issued: date) -> expiry.ExpiryProposal:
    """What the table says for this customer, kind and place."""
    born = row.customer.birth_date
    return expiry.propose(
        expiry.ExpiryRequest(
            country=row.branch.country,
            region=row.branch.region,
            kind=expiry.CONTACT_LENS if row.is_contact_lens else expiry.SPECTACLE,
            issued=issued,
            age=age(born, today=issued) if born else None,
        )
    )


def set_expiry(row: Prescription) -> None:
    """Take the table's date where none was given; another date needs its reason. Raises DomainError at the field."""
    if row.issued_on is None:
        return
    proposal = propose_expiry(row, row.issued_on)
    if row.expires_on is None:
        row.expires_on, row.expiry_reason = proposal.expires_on, row.expiry_reason or proposal.reason[:200]
        return
    if row.expires_on < row.issued_on:
        raise DomainError(
            _("A prescription cannot end before it is issued."),
            code="expiry_before_issue",
            fields={"expires_on": _("Enter a date after the day of issue.")},
        )
    if row.expires_on != proposal.expires_on and not row.expiry_reason.strip():
        raise DomainError(
            _("The date differs from the rule."),
            code="expiry_reason_required",
            fields={"expiry_reason": _("Say why it differs from the rule: %(rule)s.") % {"rule": proposal.reason}},
        )
    if row.expires_on == proposal.expires_on:
        row.expiry_reason = row.expiry_reason or proposal.reason[:200]


def keep(row: Prescription, actor: Actor, reason: str = "") -> None:
    """Save with who and why in the history. `version` counts documents here, not saves, so `records.saving` is not for it."""
    vars(row).update(_history_user=User(pk=actor.user_id) if actor.user_id else None, _change_reason=reason[:100])
    row.save()


def responsible(row: Prescription, actor: Actor) -> None:
    """The six facts' own fields: where it came from and in which role."""
    row.source, row.responsible_role = actor.source.value, actor.role
    row.recorded_by_id = actor.user_id


def fact(row: Prescription, **more: Any) -> events.Fact:
    """An event's links: the customer always, never a clinical value in `data`."""
    return events.Fact(row, branch_id=row.branch_id, customer_id=row.customer_id, **more)
