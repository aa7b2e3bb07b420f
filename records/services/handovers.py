"""Hand-overs: responsibility passes from one role to another, with what changed since the last time; the receiver signs for it."""

from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import DomainError, NotVisible
from records import events
from records.models import Event, Handover

MOST_CHANGES = 30


@dataclass(frozen=True)
class Passing:
    """What is handed over: the work item, to which role, for which stage."""

    subject: models.Model
    to_role: str
    stage: str
    branch_id: int | None = None
    order_id: int | None = None
    note: str = ""


def pass_on(actor: Actor, passing: Passing) -> Handover | None:
    """Record the hand-over in the caller's transaction. None when the same role keeps the work."""
    last = latest(passing.subject)
    from_role = last.to_role if last else actor.role
    if last is not None and last.to_role == passing.to_role:
        return None
    return Handover.objects.create(
        subject_type=events.type_of(passing.subject),
        subject_id=passing.subject.pk,
        order_id=passing.order_id,
        branch_id=passing.branch_id,
        from_role=from_role,
        to_role=passing.to_role,
        stage=passing.stage,
        note=passing.note[:300],
        changes=changes_since(passing.order_id, last),
        by_id=actor.user_id,
    )


def latest(subject: models.Model) -> Handover | None:
    """The last hand-over of a work item."""
    found = Handover.objects.filter(subject_type=events.type_of(subject), subject_id=subject.pk)
    return found.order_by("-pk").first()


def changes_since(order_id: int | None, last: Handover | None) -> list[dict[str, str]]:
    """What changed on the order since the last hand-over, each with old, new, who and why."""
    if order_id is None:
        return []
    found = Event.objects.filter(order_id=order_id).exclude(old={})
    if last is not None:
        found = found.filter(at__gt=last.at)
    return [
        {"what": name, "old": str(event.old[name]), "new": str(event.new.get(name, "")), "who": event.actor_name}
        | {"why": event.reason, "kind": event.kind}
        for event in found.order_by("-pk")[:MOST_CHANGES]
        for name in event.old
    ]


@transaction.atomic
def acknowledge(actor: Actor, handover_id: int) -> Handover:
    """The receiver has seen what changed. Only someone who holds the receiving role in the branch may say so."""
    handover = Handover.objects.select_for_update().filter(pk=handover_id).first()
    if handover is None or not actor.roles_in(handover.branch_id):
        raise NotVisible(_("Not found."))
    if handover.to_role not in actor.roles_in(handover.branch_id):
        raise DomainError(_("Only the role that receives the work can acknowledge it."), code="not_receiver")
    if handover.acknowledged_at is None:
        handover.acknowledged_at, handover.acknowledged_by_id = timezone.now(), actor.user_id
        handover.save(update_fields=["acknowledged_at", "acknowledged_by_id"])
    return handover


def waiting(order_id: int) -> "models.QuerySet[Handover]":
    """Hand-overs of an order that nobody has acknowledged yet, oldest first."""
    return Handover.objects.filter(order_id=order_id, acknowledged_at=None).order_by("pk")
