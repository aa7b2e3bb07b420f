"""Drafts: kept while they are being written, thrown away or signed."""

from collections.abc import Collection
from dataclasses import replace
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
) -> Prescription:
    """Keep what has been typed so far. `version` is the revision the page was opened with; `confirmed` warning keys.

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
    rows.fill(draft, data)
    _take_confirmations(actor, draft, data, confirmed)
    draft.revision = 1 if is_new else draft.revision + 1
    common.keep(draft, actor)
    rows.write_eyes(draft, data)
    if is_new:
        events.record(
            "prescription.drafted", actor, common.fact(draft, data={"kind": draft.kind, "origin": draft.origin})
        )
    return draft


@transaction.atomic
def discard(actor: Actor, draft_id: int) -> None:
    """Throw a draft away; its history stays. Raises IllegalTransition once it is signed."""
    draft = common.locked_draft(draft_id)
    access.require(actor, Can.WRITE_PRESCRIPTIONS, draft.branch_id)
    events.record("prescription.draft_discarded", actor, common.fact(draft, data={"kind": draft.kind}))
    draft.delete()


def confirm(actor: Actor, draft: Prescription, data: PrescriptionData, keys: Collection[str]) -> None:
    """Add confirmations of the warnings that stand; who and when are kept with each."""
    _take_confirmations(actor, draft, data, keys)


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


def _take_confirmations(actor: Actor, draft: Prescription, data: PrescriptionData, keys: Collection[str]) -> None:
    found = common.verdicts(data, draft)
    draft.confirmations = judging.confirm(data.values, found, keys, draft.confirmations, _by(actor))


def _by(actor: Actor) -> dict[str, Any]:
    user = common.person(actor)
    name = user.short_name if user else actor.name
    return {"by": name, "by_id": actor.user_id, "at": timezone.now().isoformat(timespec="seconds")}
