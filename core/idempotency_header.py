"""`Idempotency-Key` for programs: an API call that is sent again has one effect and gets the first answer again."""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from core.errors import Busy, DomainError
from core.idempotency import once

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replay"
_UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
_KEPT_HEADERS = ("Content-Type", "Location", "ETag")


class _NotKept(Exception):
    """Carries a refusal (or a stream) out of the transaction, which is rolled back: nothing of it is kept."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.response = response


class IdempotencyHeaderMiddleware:
    """Innermost middleware, for addresses below /api/. A key may be used again after a refusal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER)
        if not given or request.method not in _UNSAFE or not request.path.startswith("/api/"):
            return self.get_response(request)
        try:
            key = uuid.UUID(given)
        except ValueError:
            return _refusal("bad_key", _("Idempotency-Key must be a UUID."), 422)
        return self._answer(request, key)

    def _answer(self, request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
        mark = str(uuid.uuid4())
        try:
            outcome = once(_client(request), key, _fingerprint(request), lambda: self._act(request, mark))
        except _NotKept as refused:
            return refused.response
        except Busy as error:
            return _refusal(error.code, error.message, 409)
        except DomainError as error:
            return _refusal(error.code, error.message, error.status)
        replayed = {} if outcome["mark"] == mark else {REPLAYED: "1"}
        return HttpResponse(outcome["body"], status=outcome["status"], headers={**outcome["headers"], **replayed})

    def _act(self, request: HttpRequest, mark: str) -> dict[str, Any]:
        response = self.get_response(request)
        if response.status_code >= 400 or not isinstance(response, HttpResponse):
            raise _NotKept(response)
        return {
            "mark": mark,
            "status": response.status_code,
            "headers": {name: response[name] for name in _KEPT_HEADERS if name in response},
            "body": response.content.decode(response.charset or "utf-8"),
        }


def _client(request: HttpRequest) -> str:
    """Keys of one client say nothing to another: by its credentials, else by the person signed in."""
    secret = request.headers.get("Authorization") or f"user:{getattr(request.user, 'pk', None)}"
    return f"api:{hashlib.sha256(secret.encode()).hexdigest()[:40]}"


def _fingerprint(request: HttpRequest) -> str:
    asked = f"{request.method} {request.get_full_path()} {request.content_type}\n".encode()
    return hashlib.sha256(asked + request.body).hexdigest()


def _refusal(code: str, message: str, status: int) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)
