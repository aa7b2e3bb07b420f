"""What comes back from providers, what consent and quiet hours do, and that nothing private leaks."""

import json
import logging
import re
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client

import notifications.tasks  # the handlers of its jobs
from core import job_runs
from core.models import Job
from customers.services import consents
from notifications import quiet
from notifications.channels import mail as mail_channel
from notifications.channels import sms as sms_channel
from notifications.channels.base import Outgoing, Permanent
from notifications.models import Message, MessageState, Suppression
from notifications.services import delivery, planning
from orders.services import links, orders
from records.models import Event
from tests.orders import makers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _set_up(settings: object) -> None:
    assert notifications.tasks.apply_inbound
    settings.QUIET_HOURS = ""
    settings.SMS_HTTP_SECRET = "between-us"


def post(notice: dict[str, str], secret: str = "", at: int = 0) -> int:
    raw = json.dumps(notice).encode()
    signature = sms_channel.sign(raw, secret or "between-us", at or int(time.time()))
    return Client().post("/hooks/sms/", raw, "application/json", headers={"X-Signature": signature}).status_code


def test_stop_blocks_the_number_at_planning_and_for_what_waits() -> None:
    order = makers.confirmed(makers.shop())
    planning.plan_waiting()
    stop = {"id": "in-1", "type": "sms", "from": order.customer.phone, "text": "Stop."}
    assert [post(stop), post(stop)] == [200, 200]
    job_runs.run_waiting()
    assert Suppression.objects.count() == 1
    delivery.deliver_due()
    waiting = Message.objects.get(template_key="order_confirmed", channel="sms")
    assert (waiting.state, waiting.why) == (MessageState.SUPPRESSED, "address is blocked")
    assert Message.objects.get(template_key="order_confirmed", channel="email").state == MessageState.SENT


@pytest.mark.parametrize(("secret", "age"), [("wrong", 0), ("", 400)])
def test_a_forged_or_old_notice_changes_nothing(secret: str, age: int) -> None:
    makers.shop()
    notice = {"id": "in-1", "type": "sms", "from": "+27825554417", "text": "STOP"}
    assert post(notice, secret, int(time.time()) - age) == 401
    assert not Job.objects.filter(kind="notifications.inbound").exists()


def test_a_failure_after_sending_blocks_the_address_and_opens_a_case_or_falls_back() -> None:
    order = makers.confirmed(makers.shop())
    planning.plan_waiting()
    delivery.deliver_due()
    Message.objects.filter(channel="sms").update(provider="http")
    sent = Message.objects.get(template_key="order_confirmed", channel="sms")
    post({"id": "r-1", "type": "delivered", "message": sent.provider_id})
    post({"id": "r-2", "type": "failed", "message": sent.provider_id})
    post({"id": "r-3", "type": "delivered", "message": sent.provider_id})
    job_runs.run_waiting()
    sent.refresh_from_db()
    assert sent.state == MessageState.FAILED
    assert planning.is_suppressed("sms", order.customer.phone)


def test_without_consent_nothing_goes_and_the_log_says_why() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop)
    for channel in ("email", "sms"):
        consents.withdraw_consent(shop.receptionist, quotation.order.customer_id, "order_messages", channel)
    from orders.services import decisions

    decisions.approve(shop.optician, quotation.pk, makers.answer(quotation))
    planning.plan_waiting()
    [only] = Message.objects.filter(template_key="order_confirmed")
    assert (only.state, only.why) == (MessageState.SUPPRESSED, "no consent")
    delivery.deliver_due()
    assert not mail.outbox


def test_quiet_hours_follow_the_customers_clock(settings: object) -> None:
    settings.QUIET_HOURS = "20:00-08:00"
    at = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)  # 21:30 in Johannesburg, 14:30 in New York
    here, there = ZoneInfo("Africa/Johannesburg"), ZoneInfo("America/New_York")
    assert quiet.until("sms", at, here) == datetime(2026, 11, 24, 8, 0, tzinfo=here)
    assert quiet.until("sms", at, there) is None
    assert quiet.until("email", at, here) is None


def test_a_refused_sms_is_followed_by_the_email_it_would_have_been(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    order.customer.preferred_channel = "sms"
    order.customer.save()
    orders.cancel(shop.manager, order.pk, "The customer moved away")

    def refuse(out: Outgoing) -> None:
        raise Permanent("no such number")

    monkeypatch.setattr(sms_channel, "keep", refuse)
    planning.plan_waiting()
    delivery.deliver_due()
    first = Message.objects.get(template_key="order_cancelled", channel="sms")
    second = Message.objects.get(template_key="order_cancelled", channel="email")
    assert (first.state, second.state, second.fallback_of_id) == (MessageState.FAILED, MessageState.SENT, first.pk)


def test_an_older_progress_message_that_did_not_leave_is_replaced() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    orders.start_production(shop.optician, order.pk)
    orders.mark_ready(shop.optician, order.pk)
    orders.collect(shop.optician, order.pk)
    planning.plan_waiting()
    states = dict(Message.objects.filter(channel="email").values_list("template_key", "state"))
    assert states["order_ready"] == MessageState.SUPERSEDED
    assert states["order_collected"] == states["order_confirmed"] == MessageState.QUEUED


@pytest.mark.parametrize("evil", ["a@b.example\r\nBcc: x@y.example", "Subject\nX: y"])
def test_a_line_break_never_reaches_a_header(evil: str) -> None:
    with pytest.raises(Permanent):
        mail_channel.send(Outgoing("message-1", evil, evil, "text"))
    assert not mail.outbox


def test_nothing_clinical_no_token_and_no_full_phone_gets_out(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shop = makers.shop()
    order = makers.confirmed(shop)
    orders.start_production(shop.optician, order.pk)
    orders.mark_ready(shop.optician, order.pk)
    planning.plan_waiting()
    delivery.deliver_due()
    tokens = [links.token_of(link) for link in order.links.all()]
    assert tokens
    said = " ".join(f"{one.subject} {one.body} {one.html}" for one in Message.objects.all())
    sent = " ".join(str(one.message()) for one in mail.outbox)
    kept = json.dumps(list(Job.objects.values_list("payload", flat=True)))
    kept += json.dumps(list(Event.objects.filter(kind__startswith="message.").values_list("data", flat=True)))
    clinical = ["-2.25", "\u22122.25", "-0.75", "\u22120.75", "+2.00", "065", "31.5", "Mokoena", "1974"]
    birth = order.customer.birth_date
    assert birth is not None
    for canary in [*clinical, birth.isoformat(), f"{birth:%d %b %Y}", *tokens, order.customer.phone]:
        # By itself, not inside a longer number: a mail's seam or a branch code may hold its digits by chance.
        alone = re.compile(rf"(?<![\dB]){re.escape(canary)}(?!\d)")
        assert not alone.search(said), canary
        assert not alone.search(kept) and not alone.search(caplog.text), canary
        assert canary not in clinical[:6] or not alone.search(sent), canary
