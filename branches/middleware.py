"""Puts `request.actor`, `request.scope` and `request.branch` on every request of a signed-in person."""

import zoneinfo
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import get_language

from branches.models import Branch, User
from branches.scope import Scope
from branches.signed_in import memberships_of
from core.actor import Actor, Source
from core.prepared import prepared

BRANCH_KEY = "branch_id"


class StaffRequest(HttpRequest):
    """For annotations of views behind log-in. `branches` are the person's open ones; in `closed_branches` only the past can be looked at."""

    user: User
    actor: Actor
    scope: Scope
    branch: Branch
    branches: list[Branch]
    closed_branches: list[Branch]


@prepared
def _every_branch() -> QuerySet[Branch]:
    return Branch.objects.all()


def _speaking(language: str) -> AbstractContextManager[object]:
    """The person's language, at whichever desk they sit; without a choice of theirs, the browser's."""
    return translation.override(language) if language else nullcontext()


class ActorMiddleware:
    """Roles are read on each request, so a role taken away works at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        staff = cast(StaffRequest, request)
        staff.actor = Actor(name="", role="", source=Source.COUNTER)
        staff.scope = Scope()
        staff.branches, staff.closed_branches = [], []
        if request.path.startswith(("/static/", "/t/", "/hooks/", "/health/")) or not request.user.is_authenticated:
            return self.get_response(request)
        self._identify(staff)
        branch = getattr(staff, "branch", None)
        zone = zoneinfo.ZoneInfo(branch.time_zone) if branch else None
        with timezone.override(zone), _speaking(request.user.language):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", get_language() or "")
            return response

    def _identify(self, request: StaffRequest) -> None:
        held = memberships_of(request.user)
        memberships = [(one.branch_id, one.role) for one in held]
        if any(branch is None for branch, _role in memberships):
            mine = _every_branch().rows()
        else:
            mine = list({one.branch_id: one.branch for one in held if one.branch}.values())
        request.branches = [branch for branch in mine if branch.is_active]
        request.closed_branches = [branch for branch in mine if not branch.is_active]
        by_id = {branch.pk: branch for branch in request.branches}
        chosen = by_id.get(request.session.get(BRANCH_KEY, 0)) or (request.branches[0] if request.branches else None)
        roles = frozenset(memberships)
        if chosen:
            request.branch = chosen
        here = sorted(role for branch, role in memberships if branch is None or (chosen and branch == chosen.pk))
        request.actor = Actor(
            name=request.user.full_name,
            role=here[0] if here else "",
            source=Source.API if request.path.startswith("/api/") else Source.COUNTER,
            user_id=request.user.pk,
            branch_id=chosen.pk if chosen else None,
            roles=roles,
        )
        request.scope = Scope.of(request.actor)
