"""The tablet in the customer's hands: while it is on, the session reaches the quotation and nothing else.

Leaving locks the session, so that it takes the PIN or password of staff to go on.
"""

from collections.abc import Callable

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from branches.lock import lock
from core.views import is_fragment

KEY = "kiosk"
_ALWAYS = ("/static/", "/locked/", "/lock/", "/unlock/", "/accounts/logout/", "/theme/", "/t/", "/hooks/", "/health/")


def enter(session: SessionBase, number: str) -> None:
    """Hand the tablet over with this order's quotation."""
    session[KEY] = number


def leave(session: SessionBase) -> None:
    """Staff take the tablet back: the page stays closed until they unlock it."""
    session.pop(KEY, None)
    lock(session)


def order_in(session: SessionBase) -> str:
    """The number of the order shown, or nothing."""
    number: str = session.get(KEY, "")
    return number


class KioskMiddleware:
    """Leads every other address back to the quotation."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = order_in(request.session) if request.user.is_authenticated else ""
        if not number or request.path.startswith(_ALWAYS):
            return self.get_response(request)
        home = reverse("orders:tablet", args=[number])
        if request.path.startswith(home):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return JsonResponse({"code": "kiosk", "message": "This session shows a customer's page."}, status=423)
        return HttpResponseClientRedirect(home) if is_fragment(request) else redirect(home)
