"""Drafts: kept while they are being written, thrown away or signed."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError
from customers.models import Customer
from prescriptions import judging, rows
from prescriptions.data import PrescriptionData
from prescriptions.models import Prescription
from prescriptions.services import common
from records import events


@transaction.atomic
def save(
    actor: Actor,
    data: PrescriptionData,
    draft_id: int | None = None,
    version: int | None = None,
    confirmed: Collection[str] = (),
    *,
    at: datetime | None = None,
) -> Prescription:
    """Keep what has been typed so far. `version` is the revision the page was opened with; `confirmed` warning keys.

    `at` is when it was written, now unless it is entered later.

    Raises DomainError at the cells for what can never be right, StaleRecord when somebody else saved first.
    """
    branch_id = data.branch_id or actor.branch_id
    access.require(actor, Can.WRITE_PRESCRIPTIONS, branch_id)
    draft = common.locked_draft(draft_id) if draft_id else _new(actor, data, branch_id)
    access.require(actor, Can.WRITE_PRESCRIPTIONS, draft.branch_id)
    if draft.pk:
        data = replace(data, customer_id=draft.customer_id, branch_id=draft.branch_id)
        common.require_fresh(draft, version, data)
    found = common.verdicts(data, draft)
    common.refuse(judging.refusals(found, draft=True), _("Some values cannot be right."))
    is_new = draft.pk is None
    if is_new and at is not None:
        draft.recorded_at = at
    rows.fill(draft, data)
    confirm(actor, draft, data, confirmed, at)
    draft.revision = 1 if is_new else draft.revision + 1
    common.keep(draft, actor)
    rows.write_eyes(draft, data)
    if is_new:
        events.record(
            "prescription.drafted",
            actor,
            common.fact(draft, data={"kind": draft.kind, "origin": draft.origin}, occurred_at=at),
        )
    return draft


@transaction.atomic
def discard(actor: Actor, draft_id: int) -> None:
    """Throw a draft away; its history stays. Raises IllegalTransition once it is signed."""
    draft = common.locked_draft(draft_id)
    access.require(actor, Can.WRITE_PRESCRIPTIONS, draft.branch_id)
    events.record("prescription.draft_discarded", actor, common.fact(draft, data={"kind": draft.kind}))
    draft.delete()


def _new(actor: Actor, data: PrescriptionData, branch_id: int | None) -> Prescription:
    customer = Customer.objects.filter(pk=data.customer_id).first()
    if customer is None or branch_id is None:
        raise DomainError(
            _("Choose the customer first."), code="customer_missing", fields={"customer": _("Choose one.")}
        )
    if customer.merged_into_id or customer.erased_at:
        raise DomainError(_("This customer record is closed. Open the one that replaces it."), code="customer_closed")
    draft = Prescription(customer=customer, branch_id=branch_id)
    common.responsible(draft, actor)
    return draft


def confirm(
    actor: Actor, draft: Prescription, data: PrescriptionData, keys: Collection[str], at: datetime | None = None
) -> None:
    """Keep the confirmations of the warnings that stand, with who and when; those of other values fall away."""
    found = common.verdicts(data, draft)
    draft.confirmations = judging.confirm(data.values, found, keys, draft.confirmations, _by(actor, at))


def _by(actor: Actor, at: datetime | None) -> dict[str, Any]:
    user = common.person(actor)
    name = user.short_name if user else actor.name
    return {"by": name, "by_id": actor.user_id, "at": (at or timezone.now()).isoformat(timespec="seconds")}
