"""Links to an order: the same until revoked, worthless from the database alone, all failures alike."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from branches.roles import Role
from core.errors import NotAllowed
from orders.models import OrderLink
from orders.services import links, orders
from tests import factories as make
from tests.orders import makers

pytestmark = pytest.mark.django_db


def token(url: str) -> str:
    return url.rsplit("/", 1)[1]


def test_each_channel_has_its_own_link_and_keeps_it() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    mail, text = links.link_for(order, "email"), links.link_for(order, "sms")
    assert links.link_for(order, "email") == mail != text
    assert len(token(mail)) == 22
    found = links.resolve(token(mail))
    assert found is not None and (found.order_id, found.channel) == (order.pk, "email")


def test_the_database_alone_does_not_hold_the_token() -> None:
    shop = makers.shop()
    url = links.link_for(makers.confirmed(shop), "email")
    row = OrderLink.objects.values().get()
    assert token(url) not in str(row)


def test_a_revoked_an_expired_and_an_unknown_link_are_the_same_nothing() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    mail, text = token(links.link_for(order, "email")), token(links.link_for(order, "sms"))
    with pytest.raises(NotAllowed):
        links.revoke(shop.receptionist, order.pk)
    assert links.revoke(shop.optician, order.pk, "email") == 1
    assert links.resolve(mail) is None and links.resolve(text) is not None
    assert token(links.link_for(order, "email")) != mail
    OrderLink.objects.filter(channel="sms").update(expires_at=timezone.now() - timedelta(seconds=1))
    assert links.resolve(text) is None
    assert links.resolve("A" * 22) is None and links.resolve("") is None and links.resolve("x" * 9000) is None


def test_a_link_ends_two_months_after_completion() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    mail = token(links.link_for(order, "email"))
    orders.cancel(shop.optician, order.pk, "no")
    now = timezone.now()
    assert links.resolve(mail, now + timedelta(days=59)) is not None
    assert links.resolve(mail, now + timedelta(days=61)) is None


def test_staff_see_how_often_a_link_was_opened_and_cut_it_off(client: Client) -> None:
    order = makers.confirmed(makers.shop())
    address = links.link_for(order, "email")
    found = links.resolve(token(address))
    assert found is not None
    links.used(found)
    client.force_login(make.user(Role.DISPENSING_OPTICIAN, order.branch))
    shown = client.get(f"/orders/{order.number}/links/").content.decode()
    assert "opened once, " in shown and "Cut off all links" in shown and address not in shown
    assert client.post(f"/orders/{order.number}/links/cut-off/").status_code == 303
    assert links.resolve(token(address)) is None
    shown = client.get(f"/orders/{order.number}/links/").content.decode()
    assert "Cut off all links" not in shown and "The links no longer open." in shown
    assert links.link_for(order, "email") != address
