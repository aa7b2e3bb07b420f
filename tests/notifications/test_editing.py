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
    sent = {"body": "{shop}: thanks {name}! {link}", "reason": "Shorter", "_version": "0"}
    assert client.post(TEXT, sent).status_code == 303
    assert Template.objects.get().version == 1
    makers.confirmed(shop)
    planning.plan_waiting()
    made = Message.objects.get(template_key="order_confirmed", channel="sms")
    assert made.body.startswith("Meridian Optical Branch") and "thanks Thandi!" in made.body
    assert made.template_version == 1
    late = client.post(TEXT, sent | {"body": "{shop}: hello {name}! {link}"})
    assert late.status_code == 409
    page = late.content.decode()
    assert "thanks {name}" in page and "hello {name}" in page and 'name="_merge_body"' in page
    assert Template.objects.count() == 1


def test_a_preview_does_not_hide_that_somebody_published_meanwhile(client: Client) -> None:
    as_staff(client, makers.shop().manager)
    client.post(TEXT, {"body": "{shop}: one {link}", "reason": "First", "_version": "0"})
    shown = client.post(TEXT, {"body": "{shop}: two {link}", "reason": "", "_version": "0", "preview": "1"})
    assert 'name="_version" value="0"' in shown.content.decode()
    late = client.post(TEXT, {"body": "{shop}: two {link}", "reason": "Second", "_version": "0"})
    assert late.status_code == 409
    assert Template.objects.get().body == "{shop}: one {link}"


def test_an_unknown_variable_is_named_with_its_line_and_nothing_is_published(client: Client) -> None:
    as_staff(client, makers.shop().manager)
    answer = client.post(TEXT, {"body": "Hello {name}\nYour {sphere} is here", "reason": "x", "_version": "0"})
    assert answer.status_code == 422
    assert "Line 2: {sphere} is not known to this message." in answer.content.decode()
    assert not Template.objects.exists()


def test_the_preview_shows_what_is_typed_and_saves_nothing(client: Client) -> None:
    as_staff(client, makers.shop().manager)
    typed = {"body": "Just {name}", "preview": "1", "sample": "longest", "reason": "", "_version": "0"}
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


def test_the_preview_follows_the_typing_with_difference_and_segments_and_saves_nothing(client: Client) -> None:
    as_staff(client, makers.shop().manager)
    typed = {"body": "{shop}: thanks {name}, ж", "preview": "1", "sample": "rtl", "reason": "", "_version": "0"}
    answer = client.post(TEXT, typed, headers={"HX-Request": "true"}).content.decode()
    assert answer.lstrip().startswith("<div") and "<html" not in answer
    assert "UCS-2" in answer and "<ins>{shop}: thanks {name}, ж</ins>" in answer and "<del>" in answer
    assert "{link}" in answer.replace("&#123;", "{").replace("&#125;", "}")
    assert not Template.objects.exists()


def test_an_earlier_text_comes_back_as_a_new_version(client: Client) -> None:
    shop = makers.shop()
    as_staff(client, shop.manager)
    client.post(TEXT, {"body": "{shop}: one {link}", "reason": "First", "_version": "0"})
    client.post(TEXT, {"body": "{shop}: two {link}", "reason": "Second", "_version": "1"})
    page = client.get(f"{TEXT}?from=1").content.decode()
    assert "{shop}: one {link}</textarea>" in page and "Back to version 1" in page
    client.post(TEXT, {"body": "{shop}: one {link}", "reason": "Back to version 1", "_version": "2"})
    assert Template.objects.order_by("-version").values_list("version", "body").first() == (3, "{shop}: one {link}")
    assert "received and being processed" in client.get(f"{TEXT}?from=0").content.decode()


def test_the_frame_draws_the_mail_as_typed_for_its_writer_alone(client: Client) -> None:
    shop = makers.shop()
    as_staff(client, shop.manager)
    address = "/messages/texts/order_confirmed/email/en/"
    typed = {
        "subject": "Hi",
        "body": "# Hello {name}, typed",
        "preview": "1",
        "sample": "everyday",
        "reason": "",
        "_version": "0",
    }
    client.post(address, typed)
    frame = "/messages/texts/order_confirmed/en/mail/?draft=1"
    assert "Hello Thandi, typed" in client.get(frame).content.decode()
    other = Client()
    as_staff(other, makers.shop().manager)
    assert "typed" not in other.get(frame).content.decode()


def test_who_switched_a_message_is_listed(client: Client) -> None:
    shop = makers.shop()
    as_staff(client, shop.manager)
    client.post("/messages/rules/order_confirmed/sms/off/")
    page = client.get("/messages/rules/").content.decode()
    assert "switched off" in page and User.objects.get(pk=shop.manager.user_id).full_name in page
