"""The tag of a board: changes whenever a job, a review or a case of the viewer's laboratories does."""

import hashlib
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum, Value
from django.utils import timezone

from branches.middleware import StaffRequest
from branches.scope import Scope
from cases.models import Case
from core.prepared import prepared
from labjobs.models import Job
from labjobs.selectors.board import on_board
from records.models import Review


def tag_of(request: StaffRequest) -> str:
    """A weak tag: who asks, for what, and how far the records are."""
    seen = [
        request.actor.user_id, request.branch.pk, sorted(request.scope.branch_ids), request.get_full_path(),
        timezone.localdate().isoformat(), _jobs(request.scope).rows(), _reviews().rows(), _cases().rows(),
        bool(request.headers.get("HX-Request")), getattr(request, "LANGUAGE_CODE", ""),
    ]  # fmt: skip
    return f'W/"{hashlib.sha256(repr(seen).encode()).hexdigest()[:24]}"'


@prepared
def _jobs(scope: Scope) -> QuerySet[Job, Any]:
    found: QuerySet[Job, Any] = _how_far(on_board(scope)).annotate(versions=Sum("version"))
    return found


@prepared
def _reviews() -> QuerySet[Review, Any]:
    found: QuerySet[Review, Any] = _how_far(Review.objects.filter(state="open", blocks="production"))
    return found


@prepared
def _cases() -> QuerySet[Case, Any]:
    found: QuerySet[Case, Any] = _how_far(Case.objects.exclude(state="closed"))
    return found


def _how_far(rows: QuerySet[Any]) -> Any:
    """How many there are, and the newest."""
    return rows.order_by().values_list(Value(1)).annotate(n=Count("pk"), newest=Max("pk"))
