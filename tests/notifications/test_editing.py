"""Managers change texts and rules: versions, named mistakes, and nobody else."""

import pytest
from django.test import Client

from branches.models import User
from core.actor import Actor
from notifications.models import Message, Template, TriggerSwitch
from notifications.services import planning
from tests.orders import makers

pytestmark = pytest.mark.django_db
TEXT = "/messages/texts/order_confirmed/sms/en/"


def as_staff(client: Client, actor: Actor) -> Client:
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def test_a_published_text_is_a_version_and_used_from_then_on(client: Client) -> None:
    shop = makers.shop()
    as_staff(client, shop.manager)
    sent = {"body": "{shop}: thanks {name}! {link}", "reason": "Shorter", "seen": "0"}
    assert client.post(TEXT, sent).status_code == 303
    assert Template.objects.get().version == 1
    makers.confirmed(shop)
    planning.plan_waiting()
    made = Message.objects.get(template_key="order_confirmed", channel="sms")
    assert made.body.startswith("Meridian Optical Branch") and "thanks Thandi!" in made.body
    assert made.template_version == 1
    late = client.post(TEXT, sent)
    assert late.status_code == 422 and "Somebody else published" in late.content.decode()
    assert Template.objects.count() == 1


def test_an_unknown_variable_is_named_with_its_line_and_nothing_is_published(client: Client) -> None:
    as_staff(client, makers.shop().manager)
    answer = client.post(TEXT, {"body": "Hello {name}\nYour {sphere} is here", "reason": "x", "seen": "0"})
    assert answer.status_code == 422
    assert "Line 2: {sphere} is not known to this message." in answer.content.decode()
    assert not Template.objects.exists()


def test_the_preview_shows_what_is_typed_and_saves_nothing(client: Client) -> None:
    as_staff(client, makers.shop().manager)
    typed = {"body": "Just {name}", "preview": "1", "sample": "longest", "reason": "", "seen": "0"}
    answer = client.post(TEXT, typed).content.decode()
    assert "Just Keanu-Nkosiyabo Sandile Mlungisi" in answer and "1 SMS" in answer
    assert not Template.objects.exists()


def test_a_line_switched_off_is_not_sent_by_that_channel(client: Client) -> None:
    shop = makers.shop()
    as_staff(client, shop.manager)
    assert client.get("/messages/rules/").status_code == 200
    assert client.post("/messages/rules/order_confirmed/sms/off/").status_code == 303
    assert TriggerSwitch.objects.get().enabled is False
    makers.confirmed(shop)
    planning.plan_waiting()
    assert set(Message.objects.values_list("channel", flat=True)) == {"email"}


def test_texts_and_rules_are_for_managers(client: Client) -> None:
    as_staff(client, makers.shop().receptionist)
    for address in ("/messages/rules/", TEXT, "/messages/texts/order_confirmed/en/mail/"):
        assert client.get(address).status_code == 403
    assert client.post("/messages/rules/order_confirmed/sms/off/").status_code == 403
    assert not TriggerSwitch.objects.exists()
