"""No receipt in time: the next channel of the customer is tried once, for providers that report at all.

The outbox is the real one; the gateway is a real HTTP server that takes messages and says nothing more.
"""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

import notifications.tasks  # the handlers of its jobs
from cases.models import Case
from core import job_runs
from notifications.models import Message, MessageState
from notifications.services import delivery, messages, planning
from orders.models import Order
from orders.services import orders
from records.models import Event
from tests.notifications.test_inbound_and_rules import post
from tests.notifications.test_log import as_staff
from tests.orders import makers
from tests.orders.makers import Shop
from tests.orders.test_pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> Iterator[list[dict[str, str]]]:
    """What the gateway took."""
    took: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            took.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            body = json.dumps({"id": f"gw-{len(took)}"}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    assert notifications.tasks.apply_inbound
    settings.QUIET_HOURS, settings.SMS_ADAPTER, settings.SMS_HTTP_SECRET = "", "http", "between-us"
    settings.SMS_HTTP_URL = f"http://127.0.0.1:{server.server_port}/send"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield took
    server.shutdown()
    server.server_close()


@pytest.fixture
def shop() -> Shop:
    return makers.shop("RSB")


@pytest.fixture
def order(shop: Shop) -> Order:
    return told_by_sms(shop)


def told_by_sms(shop: Shop) -> Order:
    """Confirmed and told; the customer likes SMS best."""
    made = makers.confirmed(shop)
    made.customer.preferred_channel = "sms"
    made.customer.save()
    planning.plan_waiting()
    delivery.deliver_due()
    return made


def receipt(message: Message, kind: str = "delivered") -> None:
    assert post({"id": f"r-{message.pk}-{kind}", "type": kind, "message": message.provider_id}) == 200
    job_runs.run_waiting()


def cancelled(shop: Shop, order: Order) -> Message:
    """A message that goes by one channel at a time; here by SMS."""
    orders.cancel(shop.manager, order.pk, "The customer moved away")
    planning.plan_waiting()
    delivery.deliver_due()
    return Message.objects.get(template_key="order_cancelled", channel="sms", order=order)


def hours_later(message: Message) -> None:
    Message.objects.filter(pk=message.pk, receipt_due_at__isnull=False).update(
        receipt_due_at=timezone.now() - timedelta(minutes=1)
    )
    delivery.deliver_due()


def mails() -> list[Message]:
    return list(Message.objects.filter(template_key="order_cancelled", channel="email"))


def test_without_a_receipt_in_time_the_email_goes_once_and_the_log_says_so(
    shop: Shop, order: Order, gateway: list[dict[str, str]], client: Client
) -> None:
    receipt(Message.objects.get(template_key="order_confirmed", channel="sms"))
    first = cancelled(shop, order)
    assert first.receipt_due_at is not None and first.receipt_due_at > timezone.now() + timedelta(minutes=59)
    delivery.deliver_due()
    assert mails() == [], "the time is not over"
    for _again in range(3):
        hours_later(first)
    first.refresh_from_db()
    [second] = mails()
    assert (second.state, second.fallback_of_id) == (MessageState.SENT, first.pk)
    assert (first.state, first.why, first.receipt_due_at) == ("sent", "no receipt in time, went on by email", None)
    assert len([one for one in mail.outbox if "cancelled" in one.subject]) == 1 and len(gateway) == 2
    assert Event.objects.filter(kind="message.unconfirmed").count() == 1
    desk = as_staff(client, shop.manager)
    assert "no receipt in time, went on by E-mail" in text(desk.get(f"/messages/{first.pk}/"))
    assert "The first message" in text(desk.get(f"/messages/{second.pk}/"))


def test_a_provider_that_fell_silent_doubles_ten_messages_and_no_more(shop: Shop, order: Order) -> None:
    told = Message.objects.get(template_key="order_confirmed", channel="sms")
    receipt(told)
    first, second = cancelled(shop, order), cancelled(shop, told_by_sms(shop))
    assert first.receipt_due_at is not None
    hours_ago = timezone.now() - timedelta(hours=2)
    silent = [
        Message(
            dedupe_key=f"silent-{n}", template_key="order_link", channel="sms", recipient="+27825550100", body="-",
            state="sent", provider=told.provider, provider_id=f"x-{n}", sent_at=hours_ago,
        )
        for n in range(10)
    ]  # fmt: skip
    Message.objects.bulk_create(silent[:9])
    hours_later(first)
    assert len(mails()) == 1, "nine in a row may be an accident"
    Message.objects.bulk_create(silent[9:])
    hours_later(second)
    second.refresh_from_db()
    assert (len(mails()), second.receipt_due_at) == (1, None)
    assert second.why == "no receipt, nor for the others: the provider has stopped reporting"
    assert cancelled(shop, told_by_sms(shop)).receipt_due_at is None, "nothing more is waited for"
    receipt(Message.objects.get(dedupe_key="silent-9"))
    assert cancelled(shop, told_by_sms(shop)).receipt_due_at is not None, "it reports again"


def test_a_receipt_in_time_keeps_it_at_one(shop: Shop, order: Order) -> None:
    receipt(Message.objects.get(template_key="order_confirmed", channel="sms"))
    first = cancelled(shop, order)
    receipt(first)
    hours_later(first)
    first.refresh_from_db()
    assert (first.state, mails()) == (MessageState.DELIVERED, [])


def test_what_was_opened_has_arrived(shop: Shop, order: Order) -> None:
    receipt(Message.objects.get(template_key="order_confirmed", channel="sms"))
    first = cancelled(shop, order)
    receipt(first, "opened")
    hours_later(first)
    first.refresh_from_db()
    assert (first.state, first.receipt_due_at, mails()) == (MessageState.SENT, None, [])


def test_what_a_person_sent_again_is_waited_for_in_its_place(shop: Shop, order: Order) -> None:
    receipt(Message.objects.get(template_key="order_confirmed", channel="sms"))
    first = cancelled(shop, order)
    again = messages.resend(shop.manager, first.pk)
    delivery.deliver_due()
    hours_later(first)
    assert mails() == []
    hours_later(again)
    [second] = mails()
    assert second.fallback_of_id == again.pk


def test_a_way_that_cannot_be_written_comes_to_a_person_and_holds_up_nobody(
    shop: Shop, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt(Message.objects.get(template_key="order_confirmed", channel="sms"))
    first = cancelled(shop, order)
    waiting = makers.confirmed(shop)
    planning.plan_waiting()
    with monkeypatch.context() as broken:
        broken.setattr(planning, "draft", lambda *_args: 1 / 0)
        hours_later(first)
    first.refresh_from_db()
    assert (first.receipt_due_at, mails()) == (None, [])
    assert first.why == "no receipt in time, and no other way could be written"
    assert Case.objects.get(kind="dead_message").order_id == order.pk
    assert not Message.objects.filter(order=waiting, state=MessageState.QUEUED).exists()
    hours_later(first)
    assert Case.objects.filter(kind="dead_message").count() == 1


def test_a_gateway_that_never_reports_is_not_waited_for(shop: Shop, order: Order) -> None:
    first = cancelled(shop, order)
    assert first.receipt_due_at is None
    hours_later(first)
    assert mails() == []


def test_nought_minutes_never_waits(shop: Shop, order: Order, settings: Any) -> None:
    settings.SMS_RECEIPT_MINUTES = 0
    receipt(Message.objects.get(template_key="order_confirmed", channel="sms"))
    assert cancelled(shop, order).receipt_due_at is None


def test_a_bounce_after_the_second_way_went_brings_no_case_and_no_third_message(shop: Shop, order: Order) -> None:
    receipt(Message.objects.get(template_key="order_confirmed", channel="sms"))
    first = cancelled(shop, order)
    hours_later(first)
    receipt(first, "failed")
    first.refresh_from_db()
    assert first.state == MessageState.FAILED and len(mails()) == 1
    assert not Event.objects.filter(kind="message.failed").exists()


def test_news_that_a_later_step_has_overtaken_is_not_told_again(shop: Shop, order: Order) -> None:
    receipt(Message.objects.get(template_key="order_confirmed", channel="sms"))
    orders.start_production(shop.optician, order.pk)
    orders.mark_ready(shop.optician, order.pk)
    orders.collect(shop.optician, order.pk)
    planning.plan_waiting()
    delivery.deliver_due()
    made = Message.objects.get(template_key="order_collected", channel="sms")
    Message.objects.create(
        dedupe_key="later", event=Event.objects.order_by("-pk").first(), template_key="delivered", channel="email", customer=order.customer, order=order, branch=order.branch, recipient="a@b.example", body="-", supersedes_older=True, state="sent", seq=99,
    )  # fmt: skip
    hours_later(made)
    assert not Message.objects.filter(template_key="order_collected", channel="email").exists()
