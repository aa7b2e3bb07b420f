"""Approvals hold the exact versions decided upon, and go out of date when one of them moves."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from core.actor import Actor
from core.prepared import Slot, prepared
from records.events import type_of
from records.models import Approval, ApprovalInput, ApprovalMethod


@dataclass(frozen=True)
class Input:
    """One record version a decision rests on; `values` are what the person saw, as printed."""

    record_type: str
    record_id: int
    record_version: int
    label: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """What is decided. `text_shown` is what the person read; amount in the organisation's currency."""

    subject: models.Model
    kind: str
    method: ApprovalMethod
    inputs: Sequence[Input]
    approved: bool = True
    decided_by_name: str = ""
    branch_id: int | None = None
    customer_id: int | None = None
    order_id: int | None = None
    amount: Decimal | None = None
    text_shown: str = ""
    device: str = ""
    ip_address: str | None = None
    reason: str = ""


def content_hash(inputs: Sequence[Input], amount: Decimal | None, text_shown: str) -> str:
    """SHA-256 of the canonical JSON of what was decided; the same decision always gives the same hash."""
    rows = sorted(
        (i.record_type, i.record_id, i.record_version, json.dumps(dict(i.values), sort_keys=True)) for i in inputs
    )
    canonical = json.dumps({"inputs": rows, "amount": None if amount is None else f"{amount:.2f}", "text": text_shown})
    return hashlib.sha256(canonical.encode()).hexdigest()


def record(decision: Decision, actor: Actor) -> Approval:
    """Store a decision with its inputs; earlier current approvals of the same kind and subject are replaced."""
    approval = Approval.objects.create(
        subject_type=type_of(decision.subject),
        subject_id=decision.subject.pk,
        kind=decision.kind,
        approved=decision.approved,
        decided_by_id=actor.user_id,
        decided_by_name=decision.decided_by_name or actor.name,
        role=actor.role,
        method=decision.method,
        branch_id=decision.branch_id,
        customer_id=decision.customer_id,
        order_id=decision.order_id,
        amount=decision.amount,
        text_shown=decision.text_shown,
        content_hash=content_hash(decision.inputs, decision.amount, decision.text_shown),
        device=decision.device,
        ip_address=decision.ip_address,
        reason=decision.reason,
    )
    ApprovalInput.objects.bulk_create(
        ApprovalInput(
            approval=approval,
            record_type=i.record_type,
            record_id=i.record_id,
            record_version=i.record_version,
            label=i.label,
            values=dict(i.values),
        )
        for i in decision.inputs
    )
    earlier = Approval.objects.filter(
        subject_type=approval.subject_type, subject_id=approval.subject_id, kind=approval.kind, replaced_by=None
    ).exclude(pk=approval.pk)
    earlier.update(replaced_by=approval)
    return approval


def current(subject: models.Model, kind: str) -> Approval | None:
    """The newest approval of this kind that still stands, or None."""
    newest = _newest().row(type=type_of(subject), id=subject.pk, kind=kind)
    return newest if newest and newest.is_current else None


@prepared
def _newest() -> QuerySet[Approval]:
    found = Approval.objects.filter(subject_type=Slot("type"), subject_id=Slot("id"), kind=Slot("kind"))
    return found.order_by("-pk")[:1]


def resting_on(record: models.Model) -> list[Approval]:
    """Current approvals that used this record in any version, oldest first; locked for the transaction."""
    return list(
        Approval.objects.select_for_update()
        .filter(
            pk__in=ApprovalInput.objects.filter(record_type=type_of(record), record_id=record.pk).values("approval_id"),
            approved=True,
            out_of_date_at=None,
            replaced_by=None,
        )
        .order_by("pk")
    )


def put_out_of_date(approval: Approval, because: str) -> None:
    """Its basis moved: it no longer opens any gate."""
    approval.out_of_date_at = timezone.now()
    approval.out_of_date_because = because[:200]
    approval.save(update_fields=["out_of_date_at", "out_of_date_because"])
