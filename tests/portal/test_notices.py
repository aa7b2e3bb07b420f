"""The page of push notices: opt-in by a press, a list of devices, and only with this order's link."""

import json
from typing import Any

import pytest
from django.test import Client

from notifications.models import PushSubscription
from orders.models import Order
from orders.services import links
from runner.environment import push_key
from tests.notifications.push_service import Phone
from tests.orders import makers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _key(settings: Any) -> None:
    settings.VAPID_PRIVATE_KEY = push_key()


def opened(client: Client) -> tuple[Order, str, str]:
    """An order's page of notices, entered by its link: order, address, and the form's token."""
    order = makers.confirmed(makers.shop())
    client.get(links.link_for(order, "email"))
    page = f"/t/order/{order.public_code}/notices/"
    body = client.get(page).content.decode()
    return order, page, body.partition('data-token="')[2].partition('"')[0]


def subscription(address: str = "https://fcm.googleapis.com/fcm/send/abc", phone: Phone | None = None) -> str:
    browser = (phone or Phone()).at(address)
    return json.dumps({"endpoint": address, "keys": {"p256dh": browser.p256dh, "auth": browser.auth}})


def test_a_browser_is_switched_on_listed_and_switched_off_without_script(client: Client) -> None:
    order, page, token = opened(client)
    agent = {"User-Agent": "Mozilla/5.0 (Linux; Android 15) Gecko/148.0 Firefox/148.0"}
    posted = {"form_token": token, "subscription": subscription()}
    assert client.post(f"{page}on/", posted, headers=agent).status_code == 201
    assert "Firefox, Android" in client.get(f"{page}?saved=on").content.decode()
    [row] = PushSubscription.objects.all()
    assert row.order_id == order.pk
    off = client.post(f"{page}{row.pk}/off/", {"form_token": token})
    assert off.status_code == 303 and not PushSubscription.objects.exists()


@pytest.mark.parametrize("sent", ["", "{}", "[]", "nonsense", '{"endpoint": 1, "keys": []}', "x" * 5000])
def test_what_is_no_subscription_is_refused_with_words(client: Client, sent: str) -> None:
    _order, page, token = opened(client)
    answer = client.post(f"{page}on/", {"form_token": token, "subscription": sent})
    assert answer.status_code == 422 and answer.json()["why"]
    assert not PushSubscription.objects.exists()


def test_an_address_inside_our_network_is_refused(client: Client) -> None:
    _order, page, token = opened(client)
    answer = client.post(f"{page}on/", {"form_token": token, "subscription": subscription("https://10.0.0.1/x")})
    assert (answer.status_code, PushSubscription.objects.count()) == (422, 0)
    assert "push service" in answer.json()["why"]


def test_without_the_link_or_its_form_nothing_is_taken(client: Client) -> None:
    _order, page, token = opened(client)
    sent = {"form_token": token, "subscription": subscription()}
    assert Client().post(f"{page}on/", sent).status_code == 404
    assert client.post(f"{page}on/", {**sent, "form_token": "forged"}).status_code == 404
    assert not PushSubscription.objects.exists()


def test_another_orders_device_stays_when_a_stranger_switches_it_off(client: Client) -> None:
    _order, page, token = opened(client)
    client.post(f"{page}on/", {"form_token": token, "subscription": subscription()})
    [row] = PushSubscription.objects.all()
    stranger = Client()
    _other, elsewhere, key = opened(stranger)
    assert stranger.post(f"{elsewhere}{row.pk}/off/", {"form_token": key}).status_code == 303
    assert PushSubscription.objects.count() == 1


def test_without_a_key_the_order_page_offers_no_notices(client: Client, settings: Any) -> None:
    settings.VAPID_PRIVATE_KEY = ""
    order, page, _token = opened(client)
    assert "sends no push notices" in client.get(page).content.decode()
    assert "notices/" not in client.get(f"/t/order/{order.public_code}/").content.decode()


def test_manifest_and_worker_make_the_pages_installable(client: Client) -> None:
    makers.shop()
    manifest = client.get("/t/app.webmanifest")
    told = manifest.json()
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    assert (told["name"], told["start_url"], told["scope"], told["display"]) == (
        "Meridian Optical",
        "/t/",
        "/t/",
        "standalone",
    )
    assert {icon["sizes"] for icon in told["icons"]} >= {"192x192", "512x512"}
    worker = client.get("/t/sw.js")
    assert (
        worker.headers["Content-Type"].startswith("text/javascript") and worker.headers["Cache-Control"] == "no-cache"
    )
    assert "caches" not in worker.content.decode()


NEW = "https://fcm.googleapis.com/fcm/send/new"
RENEWED = "/t/notices/renewed/"


def test_a_new_push_address_goes_on_with_the_notices_of_the_old_one(client: Client) -> None:
    order, page, token = opened(client)
    phone, fresh = Phone(), Phone()
    old = subscription(phone=phone)
    client.post(f"{page}on/", {"form_token": token, "subscription": old})
    answer = Client(enforce_csrf_checks=True).post(RENEWED, {"old": old, "new": subscription(NEW, fresh)})
    assert answer.status_code == 204
    [row] = PushSubscription.objects.all()
    assert (row.order_id, row.endpoint, row.auth) == (order.pk, NEW, fresh.at(NEW).auth)
    again = Client().post(RENEWED, {"old": old, "new": subscription("https://fcm.googleapis.com/fcm/send/third")})
    assert again.status_code == 204 and PushSubscription.objects.get().endpoint == NEW


def test_a_browser_that_was_switched_on_anew_already_is_kept_once(client: Client) -> None:
    _order, page, token = opened(client)
    phone, fresh = Phone(), Phone()
    for sent in (subscription(phone=phone), subscription(NEW, fresh)):
        client.post(f"{page}on/", {"form_token": token, "subscription": sent})
    client.post(RENEWED, {"old": subscription(phone=phone), "new": subscription(NEW, fresh)})
    assert PushSubscription.objects.get().endpoint == NEW


def test_nobody_moves_notices_without_the_old_secret_or_to_an_address_of_their_own(client: Client) -> None:
    _order, page, token = opened(client)
    phone = Phone()
    old = subscription(phone=phone)
    client.post(f"{page}on/", {"form_token": token, "subscription": old})
    stranger = subscription(phone=Phone())
    inside = subscription("https://10.0.0.1/x", phone)
    tries = [{"old": stranger, "new": subscription(NEW)}, {"old": old, "new": inside}, {"old": old}, {}]
    for sent in tries:
        assert client.post(RENEWED, sent).status_code == 204
    other_site = client.post(RENEWED, {"old": old, "new": subscription(NEW)}, headers={"Sec-Fetch-Site": "cross-site"})
    assert other_site.status_code == 204
    row = PushSubscription.objects.get()
    assert (row.endpoint, row.auth) == ("https://fcm.googleapis.com/fcm/send/abc", phone.at("").auth)


def test_new_push_addresses_are_not_tried_out_by_the_hundred(client: Client) -> None:
    makers.shop()
    assert [client.post(RENEWED).status_code for _n in range(11)] == [204] * 10 + [429]
