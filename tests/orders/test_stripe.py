"""Stripe through its own library: real requests to a local server that answers as Stripe documents, real signatures."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
import stripe
from django.test import Client

from core import job_runs
from orders import gateways
from orders.gateways.base import Asked, NotReached, NotVerified, Refused
from orders.gateways.stripe import HEADER, StripeGateway, in_minor, in_units
from orders.models import GatewayNotice, PaymentRequest
from orders.services import payments
from tests.orders import makers
from tests.orders.test_online_payments import asked as asked_for

OLD, NEW = "whsec_the_one_before", "whsec_the_one_after"
ASKED = Asked(
    request="5f0c1c7e-3f5e-4a52-9b7e-0d6d1f1f2a3b", key="pr:5f0c:1", amount=Decimal("5262.50"), currency="ZAR",
    order="RSB-10482", words="Order RSB-10482", done_url="https://p.example/done", left_url="https://p.example/left",
    language="fr", expires_at=datetime(2026, 11, 26, 8, tzinfo=UTC),
)  # fmt: skip


class Stripe(HTTPServer):
    """Answers with what a test puts into `answers`; keeps what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.came: list[tuple[str, dict[str, str], str]] = []
        self.answers: list[tuple[int, dict[str, Any]]] = []


class _Answer(BaseHTTPRequestHandler):
    server: Stripe

    def do_POST(self) -> None:
        sent = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.server.came.append((self.path, sent, self.headers.get("Idempotency-Key", "")))
        status, answer = self.server.answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_args: Any) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[Stripe]:
    made = Stripe()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def gateway(server: Stripe | None = None, live: bool = False) -> StripeGateway:
    base = f"http://127.0.0.1:{server.server_port if server else 9}"
    client = stripe.StripeClient("sk_test_practice", base_addresses={"api": base}, max_network_retries=0)
    return StripeGateway(client, (OLD, NEW), live)


def event(kind: str, thing: dict[str, Any], **fields: Any) -> bytes:
    """An event as docs.stripe.com/api/events/object shows it."""
    told = {
        "id": "evt_1PgafmB7WZ01zgkWnMWqXWpD", "object": "event", "api_version": "2026-10-28", "created": 1764000000,
        "type": kind, "livemode": False, "pending_webhooks": 1, "request": {"id": None, "idempotency_key": None},
        "data": {"object": thing},
    }  # fmt: skip
    return json.dumps(told | fields, indent=2).encode()


def session(**fields: Any) -> dict[str, Any]:
    return {
        "id": "cs_test_a11YYufWQzNY63zpQ6QSNRQhkUpVph4WRmzW0zWJO2znZKdVujZ0N0S22u", "object": "checkout.session",
        "client_reference_id": ASKED.request, "amount_total": 526250, "currency": "zar", "status": "complete",
        "payment_status": "paid", "payment_intent": "pi_3MtwBwLkdIwHu7ix28a3tqPa", "livemode": False,
    } | fields  # fmt: skip


def signed(body: bytes, secret: str = NEW, at: int | None = None) -> dict[str, str]:
    at = at or int(time.time())
    signature = stripe.WebhookSignature._compute_signature(f"{at}.{body.decode()}", secret)
    return {HEADER: f"t={at},v1={signature}"}


def test_a_page_is_a_checkout_session_with_our_number_the_minor_amount_and_no_personal_data(server: Stripe) -> None:
    server.answers.append(
        (200, {"id": "cs_test_1", "object": "checkout.session", "url": "https://checkout.stripe.com/c/1"})
    )
    made = gateway(server).create(ASKED)
    assert (made.ref, made.url) == ("cs_test_1", "https://checkout.stripe.com/c/1")
    path, sent, key = server.came[0]
    assert (path, key) == ("/v1/checkout/sessions", "pr:5f0c:1")
    assert sent == {
        "mode": "payment",
        "client_reference_id": ASKED.request,
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "zar",
        "line_items[0][price_data][unit_amount]": "526250",
        "line_items[0][price_data][product_data][name]": "Order RSB-10482",
        "success_url": "https://p.example/done",
        "cancel_url": "https://p.example/left",
        "locale": "fr",
        "expires_at": "1795680000",
        "metadata[request]": ASKED.request,
        "metadata[order]": "RSB-10482",
        "payment_intent_data[metadata][request]": ASKED.request,
        "payment_intent_data[metadata][order]": "RSB-10482",
    }


def test_a_refund_goes_to_the_payment_under_its_own_key(server: Stripe) -> None:
    server.answers.append((200, {"id": "re_1", "object": "refund", "status": "succeeded"}))
    assert gateway(server).refund("pi_3Mtw", Decimal("100.00"), "ZAR", "rf:1") == "re_1"
    assert server.came == [("/v1/refunds", {"payment_intent": "pi_3Mtw", "amount": "10000"}, "rf:1")]


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        (402, {"type": "card_error", "code": "charge_already_refunded", "message": "Already refunded."}, Refused),
        (400, {"type": "invalid_request_error", "code": "amount_too_small", "message": "Too small."}, Refused),
        (401, {"type": "invalid_request_error", "message": "Invalid API Key."}, Refused),
        (429, {"type": "invalid_request_error", "code": "rate_limit", "message": "Slow down."}, NotReached),
        (500, {"type": "api_error", "message": "Sorry."}, NotReached),
    ],
)
def test_a_refusal_is_final_and_a_failure_may_be_tried_again(
    server: Stripe, status: int, error: dict[str, str], expected: type[Exception]
) -> None:
    server.answers.append((status, {"error": error}))
    with pytest.raises(expected):
        gateway(server).create(ASKED)


def test_no_answer_at_all_may_be_tried_again() -> None:
    with pytest.raises(NotReached):
        gateway().create(ASKED)


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_both_live_secrets_are_believed(secret: str) -> None:
    body = event("checkout.session.completed", session())
    told = gateway().parse(signed(body, secret), body)
    assert (told.kind, told.request, told.amount, told.currency) == ("paid", ASKED.request, Decimal("5262.50"), "ZAR")
    assert (told.payment, told.event_id) == ("pi_3MtwBwLkdIwHu7ix28a3tqPa", "evt_1PgafmB7WZ01zgkWnMWqXWpD")


def test_everything_else_is_not_believed() -> None:
    body = event("checkout.session.completed", session())
    now = int(time.time())
    good = signed(body)
    wrongs: list[tuple[dict[str, str], bytes]] = [
        ({}, body),
        ({HEADER: ""}, body),
        ({HEADER: "t=1"}, body),
        ({HEADER: good[HEADER].replace("v1=", "v0=")}, body),
        (signed(body, "whsec_another_shop"), body),
        (signed(body, at=now - 301), body),
        (signed(body, at=now + 400), body),
        (good, body.replace(b"526250", b"526251")),
        (good, json.dumps(json.loads(body)).encode()),
        (good, b"\xff\xfe"),
    ]
    for headers, raw in wrongs:
        with pytest.raises(NotVerified):
            gateway().parse(headers, raw)


@pytest.mark.parametrize(
    ("kind", "thing", "expected"),
    [
        ("checkout.session.completed", session(payment_status="unpaid"), "waiting"),
        ("checkout.session.async_payment_succeeded", session(), "paid"),
        ("checkout.session.async_payment_failed", session(payment_status="unpaid"), "declined"),
        ("checkout.session.expired", session(status="expired", payment_status="unpaid"), "expired"),
        ("payment_intent.payment_failed", {"id": "pi_1", "object": "payment_intent", "metadata": {"request": "r"},
                                           "last_payment_error": {"message": "Your card was declined."}}, "declined"),
        ("charge.dispute.created", {"id": "dp_1", "object": "dispute", "payment_intent": "pi_1", "reason": "fraudulent"},
         "disputed"),
        ("refund.failed", {"id": "re_1", "object": "refund", "payment_intent": "pi_1", "failure_reason": "lost_or_stolen_card"},
         "refund_failed"),
        ("customer.created", {"id": "cus_1", "object": "customer"}, "other"),
    ],
)  # fmt: skip
def test_each_event_means_one_thing(kind: str, thing: dict[str, Any], expected: str) -> None:
    assert gateway().read(event(kind, thing)).kind == expected


def test_test_events_do_nothing_on_a_live_account_and_the_other_way_round() -> None:
    assert gateway(live=True).read(event("checkout.session.completed", session())).kind == "other"
    assert gateway().read(event("checkout.session.completed", session(), livemode=True)).kind == "other"


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.34", "ZAR", 1234), ("1200", "JPY", 1200), ("1.23", "KWD", 1230), ("5", "ugx", 500)],
)
def test_amounts_in_the_smallest_unit(amount: str, currency: str, minor: int) -> None:
    assert in_minor(Decimal(amount), currency) == minor
    assert in_units(minor, currency) == Decimal(amount)


@pytest.mark.django_db
def test_a_signed_event_at_the_hook_pays_the_order(
    client: Client, server: Stripe, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PAYMENT_GATEWAY, settings.STRIPE_SECRET_KEY = "stripe", "sk_test_practice"
    monkeypatch.setattr("orders.gateways.stripe.from_settings", lambda: gateway(server))
    order = makers.confirmed(makers.shop())
    server.answers.append((200, {"id": "cs_1", "object": "checkout.session", "url": "https://checkout.stripe.com/c/1"}))
    asked_for(order, "5040.00")
    request = PaymentRequest.objects.get()
    assert (request.gateway, request.session_ref, request.url) == ("stripe", "cs_1", "https://checkout.stripe.com/c/1")
    assert gateways.named(gateways.STAND_IN) is None, "with Stripe on, the stand-in's door is shut"
    thing = session(id="cs_1", client_reference_id=str(request.public_id), amount_total=504000)
    body = event("checkout.session.completed", thing)
    for _time in range(2):
        answer = client.post("/hooks/pay/stripe/", body, content_type="application/json", headers=signed(body))
        assert answer.status_code == 200
    job_runs.run_waiting()
    assert (GatewayNotice.objects.count(), payments.balance(order.pk)) == (1, Decimal("5040.00"))
    request.refresh_from_db()
    assert (request.state, request.payment_ref) == ("paid", "pi_3MtwBwLkdIwHu7ix28a3tqPa")
