"""The session's lock: after ten minutes without a key press, or at once on request, nothing is shown until unlocked."""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.views import is_fragment

IDLE_SECONDS = 10 * 60
WRITE_EVERY_SECONDS = 60
LOCKED, SEEN = "locked", "seen_at"
OPEN_PATHS = (
    "/static/",
    "/locked/",
    "/lock/",
    "/unlock/",
    "/accounts/logout/",
    "/theme/",
    "/t/",
    "/hooks/",
    "/health/",
)


def lock(session: SessionBase) -> None:
    session[LOCKED] = True


def unlock(session: SessionBase) -> None:
    session.pop(LOCKED, None)
    session[SEEN] = int(time.time())


def is_locked(session: SessionBase) -> bool:
    return bool(session.get(LOCKED))


class LockMiddleware:
    """Asks for PIN or password when the session is locked or idle.

    What htmx polls in the background is no sign of life. A form that was being filled for longer is: it is taken
    (only an explicit lock refuses it), so that nobody loses what they typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or request.path.startswith(OPEN_PATHS):
            return self.get_response(request)
        seen = int(request.session.get(SEEN, time.time()))
        idle = time.time() - seen
        if is_locked(request.session) or (idle > IDLE_SECONDS and request.method != "POST"):
            lock(request.session)
            return _refuse(request)
        if not is_fragment(request) and (idle > WRITE_EVERY_SECONDS or SEEN not in request.session):
            request.session[SEEN] = int(time.time())
        return self.get_response(request)


def _refuse(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"code": "locked", "detail": "The session is locked."}, status=423)
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Trigger": "locked"})
    there = request.get_full_path() if request.method == "GET" else reverse("home")
    return redirect(f"{reverse('branches:locked')}?{urlencode({'next': there})}")
