"""Reviews: a decision whose basis changed is opened again, owned, and blocks the next stage until decided."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError
from core.prepared import Slot, one_of, prepared
from records import events
from records.models import Approval, Event, Review, ReviewState


@dataclass(frozen=True)
class Reopened:
    """One decision to make again. `blocks` is the stage that waits: `release`, `production`, `collection`, ..."""

    subject: models.Model
    decision: str
    what_changed: str
    why_it_matters: str
    before_next_stage: str
    cause: models.Model
    owner_role: str
    owner_id: int | None = None
    cause_version: int = 0
    blocks: str = ""
    approval: Approval | None = None
    event: Event | None = None
    branch_id: int | None = None
    customer_id: int | None = None
    order_id: int | None = None


def open_for(reopened: Reopened, actor: Actor) -> Review:
    """Open a review in the caller's transaction; the same open decision on the same subject is not opened twice."""
    kind = events.type_of(reopened.subject)
    existing = Review.objects.filter(
        subject_type=kind, subject_id=reopened.subject.pk, decision=reopened.decision, state=ReviewState.OPEN
    ).first()
    values = {
        "what_changed": reopened.what_changed[:300],
        "why_it_matters": reopened.why_it_matters[:300],
        "before_next_stage": reopened.before_next_stage[:300],
        "cause_type": events.type_of(reopened.cause),
        "cause_id": reopened.cause.pk,
        "cause_version": reopened.cause_version,
        "event": reopened.event,
    }
    if existing:
        for name, value in values.items():
            setattr(existing, name, value)
        existing.save()
        return existing
    review = Review.objects.create(
        subject_type=kind,
        subject_id=reopened.subject.pk,
        decision=reopened.decision,
        blocks=reopened.blocks,
        approval=reopened.approval,
        branch_id=reopened.branch_id,
        customer_id=reopened.customer_id,
        order_id=reopened.order_id,
        owner_id=reopened.owner_id,
        owner_role=reopened.owner_role,
        **values,
    )
    events.record(
        "review.opened",
        actor,
        events.Fact(
            reopened.subject,
            reopened.branch_id,
            reopened.customer_id,
            reopened.order_id,
            data={"review": review.pk, "decision": review.decision},
            reason=review.what_changed,
        ),
    )
    return review


def open_reviews(*, order_id: int | None = None, blocks: str | None = None) -> "models.QuerySet[Review]":
    """Open reviews of an order, optionally those that block one stage."""
    found = Review.objects.filter(state=ReviewState.OPEN)
    if order_id is not None:
        found = found.filter(order_id=order_id)
    return found.filter(blocks=blocks) if blocks is not None else found


def open_decision(order_id: int, decision: str) -> Review | None:
    """The open review of one decision about an order."""
    return _open_decision().row(order=order_id, decision=decision)


@prepared
def _open_decision() -> models.QuerySet[Review]:
    found = Review.objects.filter(order_id=Slot("order"), decision=Slot("decision"), state=ReviewState.OPEN)
    return found.select_related("owner")


def blocking(order_id: int, stage: str) -> list[Review]:
    """Open reviews of an order that hold one stage, each with its owner."""
    return _blocking().rows(order=order_id, stage=stage)


@prepared
def _blocking() -> models.QuerySet[Review]:
    found = Review.objects.filter(order_id=Slot("order"), blocks=Slot("stage"), state=ReviewState.OPEN)
    return found.select_related("owner")


# Nothing is handed over while a decision that an earlier stage rested on waits: that stage is past, the decision is not.
_BEFORE_HANDOVER = ("release", "production", "collection")


def before_handover(order_id: int, *more: str) -> "models.QuerySet[Review]":
    """Open reviews that hold the hand-over of an order: its own and those of the stages before. `more`: such as shipping."""
    return open_reviews(order_id=order_id).filter(blocks__in=(*_BEFORE_HANDOVER, *more)).select_related("owner")


def settle(subject: models.Model, decision: str | Collection[str], actor: Actor, reason: str = "") -> int:
    """Close the open reviews of a decision, or of several, because it was made again on live values. Returns how many."""
    decisions = [decision] if isinstance(decision, str) else list(decision)
    found = _locked().rows(type=events.type_of(subject), id=subject.pk, decisions=decisions)
    for review in found:
        _close(review, ReviewState.DECIDED, actor, reason)
    return len(found)


@prepared
def _locked() -> models.QuerySet[Review]:
    of_subject = Review.objects.filter(subject_type=Slot("type"), subject_id=Slot("id"), state=ReviewState.OPEN)
    return of_subject.filter(one_of("decision", "decisions")).select_for_update().order_by("pk")


def override(review_id: int, actor: Actor, reason: str) -> Review:
    """Let the earlier decision stand. Needs the right and a reason; kept on the record."""
    review = Review.objects.select_for_update().get(pk=review_id)
    access.require(actor, Can.OVERRIDE_REVIEWS, review.branch_id)
    if not reason.strip():
        raise DomainError(_("Say why the earlier decision may stand."), fields={"reason": _("Enter a reason.")})
    if review.state != ReviewState.OPEN:
        raise DomainError(_("This review has been decided already."), code="already_decided")
    _close(review, ReviewState.OVERRIDDEN, actor, reason)
    return review


def _close(review: Review, state: ReviewState, actor: Actor, reason: str) -> None:
    review.state = state
    review.resolved_at = timezone.now()
    review.resolved_by_id = actor.user_id
    review.resolution_reason = reason
    review.save()
    events.record(
        f"review.{state.value}",
        actor,
        events.Fact(
            review,
            review.branch_id,
            review.customer_id,
            review.order_id,
            reason=reason,
            data={"decision": review.decision, "subject": f"{review.subject_type}:{review.subject_id}"},
        ),
    )
