"""Stripe Checkout through Stripe's own library (an extra: `pip install optician-practice[stripe]`).

A page is a Checkout Session with our public id as `client_reference_id`; what becomes of it is believed only from signed
webhook events (docs.stripe.com/checkout/fulfillment, docs.stripe.com/webhooks). Stripe counts in the smallest unit of
the currency (docs.stripe.com/currencies), the ledger in units.
"""

import json
import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import stripe
from django.conf import settings

from orders.gateways.base import (
    DECLINED,
    DISPUTED,
    EXPIRED,
    OTHER,
    PAID,
    REFUND_FAILED,
    WAITING,
    WINDOW_SECONDS,
    Asked,
    NotReached,
    NotReadable,
    NotVerified,
    Refused,
    Session,
    Told,
)

HEADER = "Stripe-Signature"
# Stripe's list of currencies without and with three decimal places, which is not quite ISO 4217's.
_NO_DECIMALS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THREE_DECIMALS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
_LANGUAGES = frozenset({"en", "fr", "pt"})
_TIMEOUT_SECONDS = 15


def from_settings() -> "StripeGateway":
    """The practice's account. Several webhook secrets are live at once while one is being replaced."""
    http = stripe.new_default_http_client(timeout=_TIMEOUT_SECONDS)
    client = stripe.StripeClient(settings.STRIPE_SECRET_KEY, http_client=http, max_network_retries=1)
    return StripeGateway(client, tuple(settings.STRIPE_WEBHOOK_SECRETS), _is_live(settings.STRIPE_SECRET_KEY))


def _is_live(key: str) -> bool:
    return key.startswith(("sk_live_", "rk_live_"))


class StripeGateway:
    name = "stripe"
    is_stand_in = False
    page_origins = ("https://checkout.stripe.com",)

    def __init__(self, client: stripe.StripeClient, secrets: tuple[str, ...], live: bool) -> None:
        self._client, self._secrets, self._live = client, secrets, live

    def create(self, asked: Asked) -> Session:
        """A page for one amount. The customer's name, contact and lenses stay here: Stripe gets number and amount."""
        try:
            made = self._client.v1.checkout.sessions.create(_session_params(asked), {"idempotency_key": asked.key})
        except stripe.StripeError as error:
            raise _refusal(error) from error
        return Session(made.id, made.url or "")

    def close(self, session: str) -> None:
        try:
            self._client.v1.checkout.sessions.expire(session)
        except stripe.StripeError as error:
            raise _refusal(error) from error

    def parse(self, headers: Mapping[str, str], body: bytes) -> Told:
        header = headers.get(HEADER, "")
        if not any(_is_signed(body, header, secret) for secret in self._secrets) or _is_from_future(header):
            raise NotVerified
        return self.read(body)

    def read(self, body: bytes) -> Told:
        try:
            event = json.loads(body)
            if not isinstance(event["data"]["object"], dict):
                raise NotReadable
            if bool(event.get("livemode")) != self._live:
                return Told(str(event["id"]), OTHER, reason="test and live do not mix")
            return _told(event)
        except (ValueError, KeyError, TypeError) as error:
            raise NotReadable from error

    def refund(self, payment: str, amount: Decimal, currency: str, key: str) -> str:
        params: Any = {"payment_intent": payment, "amount": in_minor(amount, currency)}
        try:
            made = self._client.v1.refunds.create(params, {"idempotency_key": key})
        except stripe.StripeError as error:
            raise _refusal(error) from error
        if made.status in ("failed", "canceled"):
            raise Refused(str(made.failure_reason or made.status))
        return str(made.id)


def _session_params(asked: Asked) -> Any:
    known = {"request": asked.request, "order": asked.order}
    price = {
        "currency": asked.currency.lower(),
        "unit_amount": in_minor(asked.amount, asked.currency),
        "product_data": {"name": asked.words},
    }
    return {
        "mode": "payment",
        "client_reference_id": asked.request,
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": asked.done_url,
        "cancel_url": asked.left_url,
        "locale": asked.language if asked.language in _LANGUAGES else "auto",
        "expires_at": int(asked.expires_at.timestamp()),
        "metadata": known,
        "payment_intent_data": {"metadata": known},
    }


def in_minor(amount: Decimal, currency: str) -> int:
    """`12.34` ZAR is 1234, `1200` JPY is 1200, `1.23` KWD is 1230."""
    places = 0 if currency.upper() in _NO_DECIMALS else 3 if currency.upper() in _THREE_DECIMALS else 2
    return int((amount * 10**places).to_integral_value())


def in_units(minor: int, currency: str) -> Decimal:
    """The other way."""
    places = 0 if currency.upper() in _NO_DECIMALS else 3 if currency.upper() in _THREE_DECIMALS else 2
    return Decimal(minor).scaleb(-places)


def _is_signed(body: bytes, header: str, secret: str) -> bool:
    try:
        stripe.Webhook.construct_event(body, header, secret, tolerance=WINDOW_SECONDS)
    except (stripe.SignatureVerificationError, ValueError, KeyError):
        return False
    return True


def _is_from_future(header: str) -> bool:
    """The library refuses what is old; a clock far ahead of ours is no better."""
    at = dict(part.split("=", 1) for part in header.split(",") if "=" in part).get("t", "")
    return not at.isdecimal() or int(at) > time.time() + WINDOW_SECONDS


def _told(event: dict[str, Any]) -> Told:
    """The events that matter; all others are acknowledged and change nothing."""
    name, thing = str(event["type"]), event["data"]["object"]
    if name.startswith("checkout.session."):
        return _of_session(str(event["id"]), name.removeprefix("checkout.session."), thing)
    words = {
        "payment_intent.payment_failed": DECLINED,
        "charge.dispute.created": DISPUTED,
        "refund.failed": REFUND_FAILED,
    }
    intent = thing["id"] if thing.get("object") == "payment_intent" else thing.get("payment_intent")
    return Told(
        str(event["id"]),
        words.get(name, OTHER),
        str((thing.get("metadata") or {}).get("request", "")),
        payment=str(intent or ""),
        reason=_why(name, thing),
    )


def _of_session(event_id: str, what: str, session: dict[str, Any]) -> Told:
    """`completed` is money only when `payment_status` says so: slow methods tell by `async_payment_…` later."""
    currency = str(session.get("currency") or "").upper()
    kind = {
        "completed": PAID if session.get("payment_status") == "paid" else WAITING,
        "async_payment_succeeded": PAID,
        "async_payment_failed": DECLINED,
        "expired": EXPIRED,
    }.get(what, OTHER)
    total = session.get("amount_total")
    return Told(
        event_id,
        kind,
        str(session.get("client_reference_id") or ""),
        str(session["id"]),
        str(session.get("payment_intent") or ""),
        in_units(int(total), currency) if total is not None else None,
        currency,
    )


def _why(name: str, thing: dict[str, Any]) -> str:
    if name == "payment_intent.payment_failed":
        return str((thing.get("last_payment_error") or {}).get("message") or "")
    return str(thing.get("reason") or thing.get("failure_reason") or "")


def _refusal(error: stripe.StripeError) -> Exception:
    """Whether to try again under the same key, or to tell a person."""
    if isinstance(error, stripe.APIConnectionError | stripe.RateLimitError):
        return NotReached(type(error).__name__)
    if error.http_status is not None and error.http_status >= 500:
        return NotReached(f"HTTP {error.http_status}")
    return Refused(error.user_message or error.code or type(error).__name__)
