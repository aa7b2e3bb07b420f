"""Decisions that wait for a person ring their bell."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from branches import notices
from branches.middleware import StaffRequest
from records import handing, selectors


def waiting(request: StaffRequest, since: datetime) -> int:
    return selectors.owners_of_mine(request.scope, request.actor).count(request.user.pk)


def listed(request: StaffRequest) -> Sequence[notices.Notice]:
    mine = selectors.reviews_in(request.scope, request.actor, "mine").filter(owner_id=request.user.pk)
    url = reverse("records:reviews")
    return [
        notices.Notice(review.what_changed, review.opened_at, url, review.asks, "review", "review", True)
        for review in mine[: notices.MOST]
    ]


def unread(request: StaffRequest, since: datetime) -> int:
    return len(handing.mine(request.scope, request.actor))


def handed_over(request: StaffRequest) -> Sequence[notices.Notice]:
    found = [handing.card(one, request.actor) for one in handing.mine(request.scope, request.actor)[: notices.MOST]]
    return [
        notices.Notice(
            _("Changed before it came to you: %(what)s") % {"what": card.subject},
            card.handover.at,
            card.url,
            ", ".join(f"{one.what} {one.old or '–'} → {one.new or '–'}" for one in card.changes[:3]),
            "review",
            "review",
            True,
        )
        for card in found
    ]


def register() -> None:
    notices.register(notices.Source("reviews", listed, waiting))
    notices.register(notices.Source("handovers", handed_over, unread))
