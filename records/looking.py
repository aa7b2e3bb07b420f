"""The middleware that notes who opened whose record, before the answer leaves the house."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse

from branches.middleware import StaffRequest
from core.views import is_fragment
from records import looks


class LookMiddleware:
    """Stands behind the one that tells who acts: what is shown to a signed-in person by a GET is noted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        actor = cast(StaffRequest, request).actor
        if request.method != "GET" or response.status_code != 200 or actor.user_id is None:
            return response
        seen = looks.at(request)
        if seen is not None:
            way = looks.way_of(actor, response.headers.get("Content-Type", ""))
            looks.note(actor, seen, way, counts=not (seen.is_part or is_fragment(request)))
        return response
