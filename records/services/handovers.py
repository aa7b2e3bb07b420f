"""Hand-overs: responsibility passes from one role to another, with what changed since the last time; the receiver signs for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.roles import Role
from core.actor import Actor
from core.errors import DomainError, NotVisible
from core.prepared import Slot, prepared
from records import events
from records.models import Event, Handover, Review

MOST_CHANGES = 30
# Steps of the work itself and other people's desks: no news for whoever receives the work.
_NOT_NEWS = ("labjob.", "case.", "message.", "remake.", "review.", "payment.", "quotation.")
# A new date is told, but nobody has to sign that they read it before they go on.
_NEEDS_NO_WORD = frozenset({"order.repromised", "order.assigned"})
# Whoever does the receiving role's work at the same desk may sign for it.
STAND_INS: Mapping[str, frozenset[str]] = {
    Role.DISPENSING_OPTICIAN: frozenset(
        {Role.DISPENSING_OPTICIAN, Role.OPTOMETRIST, Role.RECEPTIONIST, Role.BRANCH_MANAGER, Role.HEAD_OFFICE}
    ),
    Role.LAB_TECHNICIAN: frozenset({Role.LAB_TECHNICIAN, Role.BRANCH_MANAGER, Role.HEAD_OFFICE}),
}


@dataclass(frozen=True)
class Passing:
    """What is handed over: the work item, to which role, for which stage.

    `from_role` and `since` count for the first hand-over: who had the work, and from when changes are news to the
    receiver. `again`: also when the same role keeps the work, because what it works from has changed.
    """

    subject: models.Model
    to_role: str
    stage: str
    branch_id: int | None = None
    order_id: int | None = None
    note: str = ""
    from_role: str = ""
    since: datetime | None = None
    again: bool = False


def pass_on(actor: Actor, passing: Passing) -> Handover | None:
    """Record the hand-over in the caller's transaction. None when the same role keeps the work and nothing is new."""
    last = latest(passing.subject)
    if last is not None and last.to_role == passing.to_role and not passing.again:
        return None
    unread = list(last.changes) if last is not None and last.acknowledged_at is None else []
    return Handover.objects.create(
        subject_type=events.type_of(passing.subject),
        subject_id=passing.subject.pk,
        order_id=passing.order_id,
        branch_id=passing.branch_id,
        from_role=passing.from_role or (last.to_role if last else actor.role),
        to_role=passing.to_role,
        stage=passing.stage,
        note=passing.note[:300],
        changes=(changes_since(passing.order_id, last.at if last else passing.since) + unread)[:MOST_CHANGES],
        by_id=actor.user_id,
    )


def latest(subject: models.Model) -> Handover | None:
    """The last hand-over of a work item."""
    found = Handover.objects.filter(subject_type=events.type_of(subject), subject_id=subject.pk)
    return found.order_by("-pk").first()


def changes_since(order_id: int | None, since: datetime | None) -> list[dict[str, str]]:
    """What changed on the order, or on a record it rests on, since a moment: each value with old, new, who and why."""
    if order_id is None:
        return []
    about = Q(order_id=order_id) | Q(pk__in=Review.objects.filter(order_id=order_id).values("event_id"))
    found = Event.objects.filter(about).exclude(old={})
    for prefix in _NOT_NEWS:
        found = found.exclude(kind__startswith=prefix)
    if since is not None:
        found = found.filter(at__gt=since)
    rows = [
        {"what": name, "old": str(event.old[name]), "new": str(event.new.get(name, "")), "who": event.actor_name}
        | {"why": event.reason, "kind": event.kind, "at": event.at.isoformat()}
        for event in found.order_by("-pk")[:MOST_CHANGES]
        for name in event.old
    ]
    return rows[:MOST_CHANGES]


def must_be_read(handover: Handover) -> bool:
    """Whether the work waits until the receiver has said that they saw what changed."""
    unread = handover.acknowledged_at is None
    return unread and any(change.get("kind") not in _NEEDS_NO_WORD for change in handover.changes)


def may_receive(actor: Actor, handover: Handover) -> bool:
    """Whether this person does the receiving role's work in the branch that receives."""
    wanted = STAND_INS.get(handover.to_role, frozenset({handover.to_role}))
    return bool(wanted & set(actor.roles_in(handover.branch_id)))


@transaction.atomic
def acknowledge(actor: Actor, handover_id: int) -> Handover:
    """The receiver has seen what changed. Only someone who does the receiving role's work there may say so."""
    handover = Handover.objects.select_for_update().filter(pk=handover_id).first()
    if handover is None or not actor.roles_in(handover.branch_id):
        raise NotVisible(_("Not found."))
    if not may_receive(actor, handover):
        raise DomainError(_("Only the role that receives the work can acknowledge it."), code="not_receiver")
    _sign(actor, handover)
    return handover


def received(actor: Actor, subject: models.Model) -> None:
    """The receiver takes the next step: a hand-over without news is acknowledged by that."""
    last = latest(subject)
    if last is None or last.acknowledged_at is not None or must_be_read(last) or not may_receive(actor, last):
        return
    _sign(actor, last)


def _sign(actor: Actor, handover: Handover) -> None:
    if handover.acknowledged_at is not None:
        return
    handover.acknowledged_at, handover.acknowledged_by_id = timezone.now(), actor.user_id
    handover.save(update_fields=["acknowledged_at", "acknowledged_by_id"])


def unread() -> "models.QuerySet[Handover]":
    """Hand-overs that nobody has acknowledged and no later one took the place of, oldest first."""
    later = Handover.objects.filter(
        subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk")
    )
    return Handover.objects.filter(~Exists(later), acknowledged_at=None).order_by("pk")


def waiting(order_id: int) -> list[Handover]:
    """Those of one order, each with who handed over."""
    return _waiting().rows(order=order_id)


@prepared
def _waiting() -> "models.QuerySet[Handover]":
    return unread().filter(order_id=Slot("order")).select_related("by")
