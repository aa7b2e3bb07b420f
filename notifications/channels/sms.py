"""SMS: the log itself when no provider is set up, a generic HTTP gateway, or Twilio by its own library."""

import hashlib
import hmac
import json
import time
from datetime import timedelta

import requests
from django.conf import settings

from notifications.channels.base import (
    Adapter,
    Misconfigured,
    Outgoing,
    Permanent,
    RateLimited,
    Transient,
    Unreachable,
    refuse_line_breaks,
)
from notifications.rendering.text import MOST_SEGMENTS, segments
from notifications.services.outbox import Sent

_SECONDS = 10


def adapter() -> Adapter:
    """Chosen by `SMS_ADAPTER`: `viewer` (default), `http`, `twilio`."""
    known = {
        "viewer": Adapter("viewer", keep, True),
        "http": Adapter("http", by_http),
        "twilio": Adapter("twilio", by_twilio),
    }
    if settings.SMS_ADAPTER not in known:
        raise Misconfigured(f"SMS_ADAPTER is {settings.SMS_ADAPTER}, not viewer, http or twilio")
    return known[settings.SMS_ADAPTER]


def _check(out: Outgoing) -> None:
    refuse_line_breaks(out.recipient)
    if not out.recipient.startswith("+") or not out.recipient[1:].isdigit():
        raise Permanent("not a telephone number in international form")
    if segments(out.body).count > MOST_SEGMENTS:
        raise Permanent(f"longer than {MOST_SEGMENTS} SMS segments")


def keep(out: Outgoing) -> Sent:
    """No provider: the text stays in the message log, where staff read it."""
    _check(out)
    return Sent("viewer", out.key, "kept in the message log, no SMS provider is set up")


def by_http(out: Outgoing) -> Sent:
    """POST `{"id", "to", "from", "text"}` as JSON to `SMS_HTTP_URL`, signed; the answer's `id` is kept.

    `X-Signature: t=<unix>,v1=<hex>` is HMAC-SHA256 of `<t>.<body>` with `SMS_HTTP_SECRET`; `Idempotency-Key` is the id.
    """
    _check(out)
    if not settings.SMS_HTTP_URL.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise Misconfigured("SMS_HTTP_URL must be an https address")
    body = json.dumps({"id": out.key, "to": out.recipient, "from": settings.SMS_SENDER, "text": out.body}).encode()
    return Sent("http", _posted(body, out.key))


def sign(body: bytes, secret: str, at: int) -> str:
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _posted(body: bytes, key: str) -> str:
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "X-Signature": sign(body, settings.SMS_HTTP_SECRET, int(time.time())),
    }
    try:
        answer = requests.post(
            settings.SMS_HTTP_URL, data=body, headers=headers, timeout=_SECONDS, allow_redirects=False
        )
    except (requests.ConnectionError, requests.ConnectTimeout) as error:
        raise Unreachable(f"SMS gateway not reached ({type(error).__name__})") from error
    except requests.RequestException as error:
        raise Transient(f"SMS gateway not reached ({type(error).__name__})") from error
    if answer.status_code >= 300:
        raise _of_status(answer.status_code, answer.headers.get("Retry-After"))
    return _id_in(answer, key)


def _id_in(answer: requests.Response, key: str) -> str:
    """The gateway's own number, when it gives one."""
    try:
        found = answer.json()
    except ValueError:
        return key
    return str(found.get("id", key)) if isinstance(found, dict) else key


def _of_status(code: int, retry_after: str | None) -> Exception:
    wait = timedelta(seconds=min(int(retry_after), 3600)) if retry_after and retry_after.isdigit() else None
    if code == 429:
        return RateLimited("the SMS gateway asks for a pause", wait)
    if code in {401, 403, 404}:
        return Misconfigured(f"the SMS gateway refuses us ({code})")
    if code >= 500 or code == 408:
        return Transient(f"SMS gateway answered {code}", wait)
    return Permanent(f"refused by the SMS gateway ({code})")


def by_twilio(out: Outgoing) -> Sent:
    """Twilio's own library (`pip install optician-practice[twilio]`)."""
    _check(out)
    try:
        from twilio.base.exceptions import TwilioRestException
        from twilio.rest import Client
    except ImportError as error:
        raise Misconfigured("the library of Twilio is not installed") from error
    client = Client(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN)
    try:
        made = client.messages.create(to=out.recipient, from_=settings.SMS_SENDER, body=out.body)
    except TwilioRestException as error:
        raise _of_status(error.status, None) from error
    except OSError as error:
        raise Transient(f"Twilio not reached ({type(error).__name__})") from error
    return Sent("twilio", str(made.sid))
