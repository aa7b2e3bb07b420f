"""The front door of a measured server: the floor without any middleware; queries counted where a request asks for it."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

ASK, ANSWER = "X-Bench-Count", "X-Bench-Queries"


def bench(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware. A request that is timed carries no `X-Bench-Count` and pays for nothing here."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/bench/"):
            match = resolve(request.path)
            bare: HttpResponse = match.func(request, *match.args, **match.kwargs)
            return bare
        if ASK not in request.headers:
            return get_response(request)
        return _counted(get_response, request)

    return answer


def _counted(get_response: Callable[[HttpRequest], HttpResponse], request: HttpRequest) -> HttpResponse:
    asked = 0

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        response = get_response(request)
    response.headers[ANSWER] = str(asked)
    return response
