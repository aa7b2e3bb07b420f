"""What a refusal looks like when no form was there to show it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import DomainError
from core.shortlived import one_request

PAGES = {403: "errors/403.html", 404: "errors/404.html", 503: "errors/503.html"}


class RefusalMiddleware:
    """Turns a DomainError that left a view into its page: 403, 404, 409, 422 or 503. The API has its own answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with one_request():
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError) or request.path.startswith("/api/"):
            return None
        template = PAGES.get(exception.status, "errors/409.html")
        response = render(request, template, {"error": exception}, status=exception.status)
        if exception.status == 503:
            response["Retry-After"] = "2"
        return response
