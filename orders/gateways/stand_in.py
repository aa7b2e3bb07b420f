"""A gateway that moves no money: the sample practice's own payment page, with everything a real one does.

Its page (`portal/stand_in.py`) says so in large letters. It signs its notices and hands them in at the same door as a real
gateway: what arrives is verified, stored and applied the same way. It cannot be switched on in production settings.
"""

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from orders.gateways.base import WINDOW_SECONDS, Asked, NotReadable, NotVerified, Session, Told

HEADER = "Stand-In-Signature"
_SALT, _PURPOSE = "stand-in-page", b"stand-in-notices"
_PAGE_SECONDS = 24 * 3600


class StandIn:
    name = "stand-in"
    is_stand_in = True
    page_origins: tuple[str, ...] = ()

    def create(self, asked: Asked) -> Session:
        ref = f"standin_{asked.key.replace(':', '_')}"
        value = signing.dumps(
            {
                "session": ref,
                "request": asked.request,
                "amount": f"{asked.amount:.2f}",
                "currency": asked.currency,
                "words": asked.words,
                "done": asked.done_url,
                "left": asked.left_url,
            },
            salt=_SALT,
            compress=True,
        )
        return Session(ref, reverse("stand_in_page", args=[value]))

    def close(self, session: str) -> None:
        """The page asks whether its request is still open (`portal/stand_in.py`), so there is nothing to do here."""

    def parse(self, headers: Mapping[str, str], body: bytes) -> Told:
        if not is_signed(body, headers.get(HEADER, ""), time.time()):
            raise NotVerified
        return self.read(body)

    def read(self, body: bytes) -> Told:
        try:
            found = json.loads(body)
            amount = Decimal(found["amount"])
            return Told(
                str(found["id"]), str(found["type"]), str(found["request"]), str(found["session"]),
                str(found.get("payment", "")), amount, str(found["currency"]), str(found.get("reason", "")),
            )  # fmt: skip
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            raise NotReadable from error

    def refund(self, payment: str, amount: Decimal, currency: str, key: str) -> str:
        """Always yes, and the same number for the same key."""
        return f"standin_{key.replace(':', '_')}"


def opened(value: str) -> dict[str, Any] | None:
    """What the page was made for; None when the address is forged or a day old."""
    try:
        found: dict[str, Any] = signing.loads(value, salt=_SALT, max_age=_PAGE_SECONDS)
    except signing.BadSignature:
        return None
    return found


def notice(page: Mapping[str, Any], kind: str, reason: str = "") -> tuple[dict[str, str], bytes]:
    """Headers and body of the notice that the page sends: paid is said once, each decline anew."""
    event = f"{page['session']}_{kind}" if kind == "paid" else f"{page['session']}_{kind}_{uuid.uuid4().hex[:12]}"
    body = json.dumps(
        {
            "id": f"evt_{event}",
            "type": kind,
            "request": page["request"],
            "session": page["session"],
            "payment": f"pay_{page['session']}",
            "amount": page["amount"],
            "currency": page["currency"],
            "reason": reason,
        }
    ).encode()
    return {HEADER: sign(body, int(time.time()))}, body


def sign(body: bytes, at: int) -> str:
    """`t=<unix>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>` under a key made from the practice's own."""
    key = hmac.new(settings.SECRET_KEY.encode(), _PURPOSE, hashlib.sha256).digest()
    return f"t={at},v1={hmac.new(key, f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"


def is_signed(body: bytes, header: str, now: float) -> bool:
    """The signature fits these very bytes and is of the last five minutes."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    at = parts.get("t", "")
    if not at.isdecimal() or abs(now - int(at)) > WINDOW_SECONDS:
        return False
    return hmac.compare_digest(sign(body, int(at)).encode(), header.encode())
