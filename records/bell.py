"""Decisions that wait for a person ring their bell."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from branches import notices
from branches.middleware import StaffRequest
from records import selectors


def waiting(request: StaffRequest, since: datetime) -> int:
    return selectors.reviews_in(request.scope, request.actor, "mine").filter(owner_id=request.user.pk).count()


def listed(request: StaffRequest) -> Sequence[notices.Notice]:
    mine = selectors.reviews_in(request.scope, request.actor, "mine").filter(owner_id=request.user.pk)
    url = reverse("records:reviews")
    return [
        notices.Notice(review.what_changed, review.opened_at, url, review.before_next_stage, "review", "review", True)
        for review in mine[: notices.MOST]
    ]


def register() -> None:
    notices.register(notices.Source("reviews", listed, waiting))
