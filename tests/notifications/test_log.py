"""The message log: who may see it, what it hides, what one may do."""

import pytest
from django.test import Client
from django.utils import translation

from branches.models import User
from core.actor import Actor
from customers.models import Channel
from notifications import reasons
from notifications.models import Message, MessageState
from notifications.services import delivery, planning
from tests import factories
from tests.orders import makers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(settings: object) -> None:
    settings.QUIET_HOURS = ""


def as_staff(client: Client, actor: Actor) -> Client:
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def test_the_log_shows_masked_recipients_and_the_exact_text(client: Client) -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    planning.plan_waiting()
    delivery.deliver_due()
    as_staff(client, shop.receptionist)
    listed = client.get("/messages/").content.decode()
    assert "Order confirmed" in listed and "•• ••• 4417" in listed
    assert "+27825554417" not in listed and order.customer.email not in listed
    sms = Message.objects.get(channel=Channel.SMS, template_key="order_confirmed")
    answer = client.get(f"/messages/{sms.pk}/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Total R 10 080.00" in text and "/t/••••••" in text
    mail = Message.objects.get(channel=Channel.EMAIL, template_key="order_confirmed")
    shown = client.get(f"/messages/{mail.pk}/html/")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert client.get(f"/messages/{mail.pk}/").status_code == 200


def test_another_branch_sees_nothing_and_a_small_role_is_refused(client: Client) -> None:
    shop, other = makers.shop(), makers.shop()
    makers.confirmed(shop)
    planning.plan_waiting()
    message = Message.objects.first()
    as_staff(client, other.receptionist)
    assert client.get(f"/messages/{message.pk}/").status_code == 404
    assert client.get(f"/messages/{message.pk}/html/").status_code == 404
    assert client.post(f"/messages/{message.pk}/resend/").status_code == 404
    assert (
        "Order confirmed" not in client.get("/messages/").content.decode().split("<tbody>")[-1].split("</select>")[-1]
    )
    as_staff(client, factories.staff("lab_technician", shop.branch))
    assert client.get("/messages/").status_code == 403
    client.logout()
    assert client.get("/messages/").status_code == 302


def test_sending_again_makes_one_new_message_for_one_click(client: Client) -> None:
    shop = makers.shop()
    makers.confirmed(shop)
    planning.plan_waiting()
    delivery.deliver_due()
    sms = Message.objects.get(channel=Channel.SMS, template_key="order_confirmed")
    as_staff(client, shop.receptionist)
    key = "7f3c4f0e-6f55-4a63-9a3c-0d7b6ff3c001"
    first = client.post(f"/messages/{sms.pk}/resend/", {"_key": key})
    second = client.post(f"/messages/{sms.pk}/resend/", {"_key": key})
    assert first.status_code == second.status_code == 303
    again = Message.objects.get(fallback_of=sms)
    assert again.body == sms.body and again.state == MessageState.QUEUED
    assert again.requested_by_id == shop.receptionist.user_id


def test_a_customer_who_said_no_is_not_written_to_again(client: Client) -> None:
    from customers.services import consents

    shop = makers.shop()
    order = makers.confirmed(shop)
    planning.plan_waiting()
    delivery.deliver_due()
    consents.withdraw_consent(shop.receptionist, order.customer_id, "order_messages", "sms")
    sms = Message.objects.get(channel=Channel.SMS, template_key="order_confirmed")
    as_staff(client, shop.receptionist)
    answer = client.post(f"/messages/{sms.pk}/resend/")
    assert answer.status_code == 422
    assert not Message.objects.filter(fallback_of=sms).exists()


def test_a_reason_is_read_in_the_readers_language() -> None:
    """A reason of ours; what a provider answered stays."""
    kept = ("no address", "replaced by: In transit", "no receipt in time, went on by sms", "550 mailbox full")
    with translation.override("fr"):
        assert [reasons.in_words(why) for why in kept] == [
            "aucune adresse enregistrée", "remplacé par\u00a0: En transit", "pas d'accusé à temps, envoyé par SMS", "550 mailbox full",
        ]  # fmt: skip
