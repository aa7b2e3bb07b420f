"""The customer's page by link: plain words, no clinical value, nothing for strangers."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Message
from notifications.services import planning
from orders.models import Order, OrderLink
from orders.services import links, orders
from tests import factories
from tests.orders import makers

pytestmark = pytest.mark.django_db


def opened(client: Client, order: Order, channel: str = "sms") -> str:
    """The address after following the link."""
    token = links.link_for(order, channel).rsplit("/", 1)[1]
    answer = client.get(f"/t/{token}")
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_the_link_leads_to_a_page_without_the_token(client: Client) -> None:
    order = makers.confirmed(makers.shop())
    where = opened(client, order)
    assert where == f"/t/order/{order.public_code}/"
    answer = client.get(where)
    assert answer.status_code == 200
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    text = answer.content.decode()
    assert "Hello Thandi" in text and order.number in text and "Order confirmed" in text
    for secret in ("Mokoena", "+2782", "5554417", "-2.25", "\u22122.25", "065", "1974", "Mar 1974"):
        assert secret not in text, secret
    assert len(answer.content) < 20_000


def test_a_link_with_a_full_stop_behind_it_opens_and_a_wrong_one_is_a_page_of_ours(client: Client) -> None:
    order = makers.confirmed(makers.shop())
    token = links.link_for(order, "sms").rsplit("/", 1)[1]
    for behind in (".", ")", ".,", "./"):
        assert client.get(f"/t/{token}{behind}").status_code == 302, behind
    slash = client.get(f"/t/order/{order.public_code}/problem")
    assert (slash.status_code, slash.headers["Location"]) == (301, f"/t/order/{order.public_code}/problem/")
    for wrong in (f"/t/order/{order.public_code}/nonsense/", "/t/x/y/z/", "/t/x/y/z"):
        answer = client.get(wrong, follow=True, headers={"accept-language": "fr"})
        body = answer.content.decode()
        assert answer.status_code == 404 and "css/public.css" in body and "Not found" not in body, wrong


def test_a_cookie_opens_only_its_own_order(client: Client) -> None:
    shop = makers.shop()
    mine, other = makers.confirmed(shop), makers.confirmed(shop)
    opened(client, mine)
    assert client.get(f"/t/order/{other.public_code}/").status_code == 404


def test_wrong_expired_and_revoked_links_look_the_same(client: Client) -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    token = links.link_for(order, "sms").rsplit("/", 1)[1]
    links.revoke(shop.optician, order.pk)
    old = makers.confirmed(shop)
    expired = links.link_for(old, "sms").rsplit("/", 1)[1]
    OrderLink.objects.filter(order=old).update(expires_at=timezone.now() - timedelta(days=1))
    answers = [client.get(f"/t/{one}") for one in (token, expired, "A" * 22, "x")]
    assert {answer.status_code for answer in answers} == {404}
    import re

    texts = {re.sub(rb'(csrfmiddlewaretoken|_key)" value="[^"]*"', b"", answer.content) for answer in answers}
    assert len(texts) == 1
    assert b"Send me the link" in answers[0].content


def test_a_revoked_link_closes_the_page_that_was_open(client: Client) -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    where = opened(client, order)
    links.revoke(shop.optician, order.pk)
    assert client.get(where).status_code == 404


def test_a_new_date_shows_why_and_what_can_be_done(client: Client) -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    where = opened(client, order)
    later = timezone.localdate() + timedelta(days=30)
    orders.repromise(shop.optician, order.pk, later, "supplier", "The right lens came scratched from the supplier.")
    text = client.get(where).content.decode()
    assert "New date:" in text and "Why it takes longer" in text
    assert "The right lens came scratched from the supplier." in text


def test_a_day_that_passed_without_a_word_is_told_and_not_left_to_be_read(client: Client) -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    page = opened(client, order)
    assert "The day that we named has passed" not in client.get(page).content.decode()
    makers.make_late(order)
    body = client.get(page).content.decode()
    assert "The day that we named has passed. We are finding out what is missing." in body
    assert "We write with a new date as soon as we know it." in body
    orders.repromise(shop.optician, order.pk, timezone.localdate() + timedelta(days=3), "supplier", "Coated again")
    assert "The day that we named has passed" not in client.get(page).content.decode()


def test_the_look_up_sends_to_the_contact_on_file_and_says_the_same_to_everybody(client: Client) -> None:
    order = makers.confirmed(makers.shop())
    right = client.post("/t/", {"number": order.number, "phone": "082 555 4417"})
    planning.plan_waiting()
    assert Message.objects.filter(template_key="order_link").count() == 2
    wrong = client.post("/t/", {"number": order.number, "phone": "082 555 0000"})
    nobody = client.post("/t/", {"number": "XXX-99999", "phone": "082 555 4417"})
    planning.plan_waiting()
    assert right.content == wrong.content == nobody.content
    assert Message.objects.filter(template_key="order_link").count() == 2


def test_a_token_that_was_revoked_is_not_written_to_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    token = links.link_for(order, "sms").rsplit("/", 1)[1]
    links.revoke(shop.optician, order.pk)
    assert client.get(f"/t/{token}").status_code == 404
    assert token not in caplog.text


def test_the_look_up_is_limited_by_order(client: Client) -> None:
    makers.organisation()
    factories.user("head_office")
    for _try in range(5):
        assert client.post("/t/", {"number": "RSB-1", "phone": "082 555 4417"}).status_code == 200
    assert client.post("/t/", {"number": "RSB-1", "phone": "082 555 4417"}).status_code == 429
