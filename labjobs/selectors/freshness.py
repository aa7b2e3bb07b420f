"""The tag of a board: changes whenever a job, a review or a case of the viewer's laboratories does."""

import hashlib

from django.db.models import Count, Max, Sum
from django.utils import timezone

from branches.middleware import StaffRequest
from cases.models import Case
from labjobs.selectors.board import on_board
from records.models import Review


def tag_of(request: StaffRequest) -> str:
    """A weak tag: who asks, for what, and how far the records are."""
    jobs = on_board(request.scope).order_by().aggregate(n=Count("pk"), newest=Max("pk"), versions=Sum("version"))
    reviews = Review.objects.filter(state="open", blocks="production").aggregate(n=Count("pk"), newest=Max("pk"))
    cases = Case.objects.exclude(state="closed").aggregate(n=Count("pk"), newest=Max("pk"))
    seen = [
        request.actor.user_id, request.branch.pk, sorted(request.scope.branch_ids), request.get_full_path(),
        timezone.localdate().isoformat(), jobs, reviews, cases,
        bool(request.headers.get("HX-Request")), getattr(request, "LANGUAGE_CODE", ""),
    ]  # fmt: skip
    return f'W/"{hashlib.sha256(repr(seen).encode()).hexdigest()[:24]}"'
