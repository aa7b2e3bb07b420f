"""A decision made again on live values: read at the moment of the click, kept as an approval, refused when they moved."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from branches import access
from core.actor import Actor
from core.errors import DomainError, GateClosed, Missing, NotAllowed, NotVisible
from records.models import Approval, ApprovalMethod, Review, ReviewState
from records.services import approvals, changes, reviews
from records.services.approvals import Input
from records.services.changes import Dependency

Seen = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Question:
    """What is decided: the review, what it is about, and the values as they stand now."""

    review: Review
    row: Dependency
    subject: models.Model
    inputs: Sequence[Input]

    @property
    def seen(self) -> str:
        """What a page shows, to be sent back with the answer."""
        return json.dumps({one.label: dict(one.values) for one in self.inputs}, sort_keys=True)


def question(review: Review) -> Question | None:
    """The decision behind a review with its live values; None when it is made by a verb of its own."""
    row = changes.of_decision(review.decision)
    if row is None or row.live is None:
        return None
    subject = apps.get_model(review.subject_type)._default_manager.filter(pk=review.subject_id).first()
    return Question(review, row, subject, row.live(subject)) if subject is not None else None


def may_decide(actor: Actor, review: Review, row: Dependency) -> bool:
    """The owner, or whoever holds the right in the branch of the review."""
    mine = review.owner_id is not None and review.owner_id == actor.user_id
    return mine or bool(row.confirm_by and access.allowed(actor, row.confirm_by, review.branch_id))


@transaction.atomic
def confirm(actor: Actor, review_id: int, seen: str, reason: str) -> Approval:
    """The decision holds on what stands now. `seen` is what the page showed.

    Raises GateClosed with every difference when the values moved since, DomainError without a reason, NotAllowed for
    whoever does not own the decision.
    """
    review = Review.objects.select_for_update().filter(pk=review_id).first()
    asked = question(review) if review else None
    if review is None or asked is None:
        raise NotVisible(_("Not found."), code="not_visible")
    if review.state != ReviewState.OPEN:
        raise DomainError(_("This review has been decided already."), code="already_decided")
    if not may_decide(actor, review, asked.row):
        raise NotAllowed(_("This decision belongs to somebody else."), code="not_owner")
    moved = _moved(seen, asked.inputs)
    if moved:
        message = _("Something changed since you opened this page. Look at what stands now, then decide.")
        raise GateClosed(message, code="moved", missing=moved)
    if not reason.strip():
        raise DomainError(_("Say why it holds."), fields={"reason": _("Enter a reason.")}, code="reason_missing")
    approval = approvals.record(_decision(asked, reason), actor)
    reviews.settle(asked.subject, review.decision, actor, reason.strip())
    return approval


def _decision(asked: Question, reason: str) -> approvals.Decision:
    review = asked.review
    return approvals.Decision(
        subject=asked.subject,
        kind=review.decision,
        method=ApprovalMethod.STAFF,
        inputs=asked.inputs,
        branch_id=review.branch_id,
        customer_id=review.customer_id,
        order_id=review.order_id,
        text_shown=f"{review.what_changed}\n{asked.row.label}",
        reason=reason.strip(),
    )


def _moved(seen: str, inputs: Sequence[Input]) -> list[Missing]:
    """Every value that is not what the page showed, in words."""
    then = _read(seen)
    now: Seen = {one.label: {name: str(value) for name, value in one.values.items()} for one in inputs}
    found = []
    for label in dict.fromkeys([*then, *now]):
        before, after = then.get(label, {}), now.get(label, {})
        for name in dict.fromkeys([*before, *after]):
            old, new = str(before.get(name, "–")), str(after.get(name, "–"))
            if old != new:
                found.append(Missing("moved", f"{label}, {name}: {old} → {new}"))
    return found


def _read(seen: str) -> Seen:
    try:
        found = json.loads(seen)
    except ValueError:
        found = {}
    return found if isinstance(found, dict) and all(isinstance(one, dict) for one in found.values()) else {}
