"""Whether a webhook comes from who it says: on the raw bytes, in constant time, by either of two live secrets.

EasyPost signs with HMAC-SHA256 under the NFKD form of the secret; Shippo over `t.body` where it was arranged, else only a
token in the address; AfterShip in base64; our own generic form as Shippo's, in `X-Signature`.
"""

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

WINDOW_SECONDS = 300


@dataclass(frozen=True)
class Request:
    """What is verified. `headers` by lower-case name; `token` from the address; `now` in Unix seconds."""

    raw: bytes
    headers: Mapping[str, str]
    token: str = ""
    now: float = 0.0


def is_signed(adapter: str, request: Request, secrets: Sequence[str], *, token_only: bool = False) -> bool:
    """Every secret is tried, so that the time taken tells nothing. An empty secret never fits."""
    verify = _by_token if token_only else _VERIFIERS.get(adapter, _never)
    fits = [verify(request, secret) for secret in secrets if secret]
    return any(fits)


def _never(_request: Request, _secret: str) -> bool:
    return False


def _by_token(request: Request, secret: str) -> bool:
    return hmac.compare_digest(request.token.encode(), secret.encode())


def easypost(raw: bytes, secret: str) -> str:
    """The header's value for a body."""
    key = unicodedata.normalize("NFKD", secret).encode()
    return f"hmac-sha256-hex={hmac.new(key, raw, hashlib.sha256).hexdigest()}"


def aftership(raw: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()


def timed(raw: bytes, secret: str, at: int) -> str:
    """`t=<unix>,v1=<hex>` over `<t>.<body>`."""
    made = hmac.new(secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


def _easypost(request: Request, secret: str) -> bool:
    given = request.headers.get("x-hmac-signature", "").strip()
    return hmac.compare_digest(given.encode(), easypost(request.raw, secret).encode())


def _aftership(request: Request, secret: str) -> bool:
    given = request.headers.get("aftership-hmac-sha256", "").strip()
    return hmac.compare_digest(given.encode(), aftership(request.raw, secret).encode())


def _timed(header: str) -> Callable[[Request, str], bool]:
    def verify(request: Request, secret: str) -> bool:
        given = dict(part.strip().split("=", 1) for part in request.headers.get(header, "").split(",") if "=" in part)
        at = given.get("t", "")
        if not (at.isascii() and at.isdigit() and len(at) <= 12) or abs(request.now - int(at)) > WINDOW_SECONDS:
            return False
        expected = timed(request.raw, secret, int(at)).split("v1=", 1)[1]
        return hmac.compare_digest(given.get("v1", "").encode(), expected.encode())

    return verify


_VERIFIERS: dict[str, Callable[[Request, str], bool]] = {
    "easypost": _easypost,
    "aftership": _aftership,
    "shippo": _timed("shippo-auth-signature"),
    "generic": _timed("x-signature"),
}
