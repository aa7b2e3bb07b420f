"""From an order's event to the two messages its customer gets."""

import re
from decimal import Decimal
from email.utils import parseaddr

import pytest
from django.core import mail

from customers.models import Channel
from notifications.models import Message, MessageState, Planned
from notifications.services import delivery, planning
from orders.models import Delivery, Order, PaymentMethod
from orders.services import orders, payments
from orders.services.payments import PaymentData
from tests.orders import makers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(settings: object) -> None:
    settings.QUIET_HOURS = ""


def by_channel(template: str) -> dict[str, Message]:
    return {one.channel: one for one in Message.objects.filter(template_key=template)}


def test_a_confirmed_order_is_told_by_email_and_sms_with_every_fact() -> None:
    shop = makers.shop(
        phone="011 555 0142", line1="12 Cradock Walk", city="Johannesburg", email="rosebank@practice.example"
    )
    order = makers.confirmed(shop)
    planning.plan_waiting()
    made = by_channel("order_confirmed")
    assert set(made) == {"email", "sms"}
    assert made["email"].subject == f"Your order {order.number} is confirmed"
    text = made["email"].body
    for fact in (
        "Thank you Thandi",
        order.number,
        "received",
        "being processed",
        "Karoo 214",
        "R\u00a010\u00a0080.00",
        "011 555 0142",
    ):
        assert fact in text, fact
    assert "R 10 080.00" in made["sms"].body
    delivery.deliver_due()
    assert {one.state for one in Message.objects.filter(template_key="order_confirmed")} == {MessageState.SENT}
    [sent] = [one for one in mail.outbox if "confirmed" in one.subject]
    assert parseaddr(sent.from_email) == (f"Meridian Optical {shop.branch.name}", "orders@practice.example")
    assert sent.reply_to == ["rosebank@practice.example"]
    link = re.search(r"http://\S+/t/[\w-]{22}", sent.body)
    assert link, sent.body
    assert "{{" not in sent.body + sent.alternatives[0][0]
    assert sent.extra_headers["Message-ID"] == f"<message-{made['email'].pk}@practice.example>"
    assert "/t/" not in made["email"].body


def test_planning_again_makes_nothing_twice() -> None:
    makers.confirmed(makers.shop())
    planning.plan_waiting()
    before = Message.objects.count()
    assert before > 0
    assert planning.plan_waiting() == 0
    Planned.objects.all().delete()
    planning.plan_waiting()
    assert Message.objects.count() == before


def test_a_payment_sends_its_receipt_by_the_preferred_channel_only() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    order.customer.preferred_channel = Channel.SMS
    order.customer.save()
    payments.take(shop.optician, PaymentData(order.pk, Decimal(5040), PaymentMethod.CARD, "slip 1"))
    planning.plan_waiting()
    made = by_channel("payment_taken")
    assert list(made) == ["sms"]
    assert "R 5 040.00" in made["sms"].body


def test_who_gets_a_parcel_is_told_that_it_is_sent_and_never_asked_to_come() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    Order.objects.filter(pk=order.pk).update(delivery=Delivery.SHIP)
    orders.start_production(shop.optician, order.pk)
    orders.mark_ready(shop.optician, order.pk)
    planning.plan_waiting()
    told = {one.channel: one.body for one in Message.objects.filter(template_key="ready_to_send")}
    assert set(told) == {"email", "sms"} and not Message.objects.filter(template_key="order_ready").exists()
    assert "We pack them and send them to you." in told["email"] and "We pack them and send them to you." in told["sms"]
    confirmed = Message.objects.get(template_key="order_confirmed", channel="email")
    assert "How you get them: we send them to you." in confirmed.body
    assert "ollect" not in " ".join([*told.values(), confirmed.body])


def test_who_collects_is_told_where() -> None:
    shop = makers.shop("RSB", name="Rosebank")
    order = makers.confirmed(shop)
    orders.start_production(shop.optician, order.pk)
    orders.mark_ready(shop.optician, order.pk)
    planning.plan_waiting()
    confirmed = Message.objects.get(template_key="order_confirmed", channel="email")
    assert "How you get them: you collect them at Rosebank." in confirmed.body
    assert "Collect at Rosebank" in Message.objects.get(template_key="order_ready", channel="sms").body
    assert not Message.objects.filter(template_key="ready_to_send").exists()
