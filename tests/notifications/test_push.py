"""Push notices end to end: a real push service on this machine gets what only the browser's key opens."""

import base64
import json
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from py_vapid import Vapid02

from branches.roles import Role
from core.actor import customer as by_link
from core.actor import system
from core.errors import DomainError
from customers import consent
from notifications import vapid
from notifications.models import Message, MessageState, PushSubscription
from notifications.services import delivery, planning, subscriptions
from orders.models import Order, OrderLink
from orders.services import links, orders
from orders.services.common import tell
from runner.environment import push_key
from tests import factories
from tests.notifications.push_service import Phone, Receiver, receiving
from tests.orders import makers
from tests.worlds import Once

pytestmark = pytest.mark.django_db


@dataclass
class PushService(Receiver):
    """A push service on this machine, beside it the order whose customer subscribes."""

    order: Order
    link: OrderLink


@pytest.fixture(scope="module")
def sold(once: Once) -> Iterator[Order]:
    with once():
        yield makers.confirmed(makers.shop())


@pytest.fixture
def confirmed(sold: Order) -> tuple[Order, OrderLink]:
    order = deepcopy(sold)
    links.link_for(order, "email")
    return order, OrderLink.objects.get(order=order, channel="email")


@pytest.fixture
def service(settings: Any, confirmed: tuple[Order, OrderLink]) -> Iterator[PushService]:
    settings.PUSH_HOSTS = ["127.0.0.1"]
    settings.VAPID_PRIVATE_KEY = push_key()
    settings.QUIET_HOURS = ""
    with receiving(PushService(*confirmed)) as kept:
        yield kept


def subscribed(service: PushService, phone: Phone) -> Order:
    subscriptions.subscribe(by_link("Thandi"), service.link, phone.at(f"{service.address}/send/1"))
    return service.order


def push_of(order: Order, template: str = "order_ready") -> Message:
    return Message.objects.get(order=order, template_key=template, channel="push")


def system_ready(order: Order) -> None:
    tell("order.ready", system(), order)
    planning.plan_waiting()
    delivery.deliver_due()


def test_a_notice_is_encrypted_for_the_browser_and_signed_with_our_key(service: PushService) -> None:
    phone = Phone()
    order = subscribed(service, phone)
    system_ready(order)
    assert push_of(order).state == MessageState.SENT
    path, headers, body = service.got[-1]
    shown = phone.read(body)
    assert shown["title"] == "Your glasses are ready" and order.number in shown["body"]
    assert shown["url"] == f"/t/order/{order.public_code}/"
    assert path == "/send/1" and headers["ttl"] == "86400" and headers["content-encoding"] == "aes128gcm"
    token, key = (part.partition("=")[2] for part in headers["authorization"].removeprefix("vapid ").split(","))
    assert key == vapid.public_key()
    assert Vapid02.verify(f"vapid t={token},k={key}")
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert (claims["aud"], claims["sub"]) == (service.address, "mailto:orders@practice.example")
    assert time.time() < claims["exp"] <= time.time() + 24 * 3600


def test_nothing_clinical_no_amount_and_no_token_is_in_a_notice(service: PushService) -> None:
    phone = Phone()
    order = subscribed(service, phone)
    system_ready(order)
    texts = [json.dumps(phone.read(body), ensure_ascii=False) for _path, _headers, body in service.got]
    tokens = [links.token_of(link) for link in order.links.all()]
    for canary in [*tokens, order.customer.phone, order.customer.email, "Mokoena", "2.25", "R\u00a0", "Vista"]:
        assert all(canary not in text for text in texts), canary
    assert all(order.number not in headers.get("topic", "") for _path, headers, _body in service.got)


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten_and_the_news_goes_another_way(service: PushService, status: int) -> None:
    order = subscribed(service, Phone())
    service.status = status
    planning.plan_waiting()
    delivery.deliver_due()
    assert not PushSubscription.objects.exists()
    orders.start_production(makers_optician(order), order.pk)
    planning.plan_waiting()
    delivery.deliver_due()
    assert Message.objects.get(template_key="order_confirmed", channel="push").state == MessageState.FAILED


@pytest.mark.parametrize("status", [404, 410])
def test_progress_that_no_browser_takes_any_more_goes_by_mail_once(service: PushService, status: int) -> None:
    order = subscribed(service, Phone())
    orders.start_production(makers_optician(order), order.pk)
    planning.plan_waiting()
    delivery.deliver_due()
    service.status = status
    tell("labjob.released", system(), order)
    planning.plan_waiting()
    for _again in range(2):
        delivery.deliver_due()
    told = {one.channel: one for one in Message.objects.filter(order=order, template_key="in_production")}
    assert {name: one.state for name, one in told.items()} == {"push": "failed", "email": "sent"}
    assert told["email"].fallback_of_id == told["push"].pk
    assert not PushSubscription.objects.exists()


def makers_optician(order: Order) -> Any:
    return factories.staff(Role.DISPENSING_OPTICIAN, order.branch)


@pytest.mark.parametrize(
    ("status", "state"), [(503, MessageState.RETRY), (429, MessageState.RETRY), (401, MessageState.QUEUED)]
)
def test_a_service_in_trouble_is_tried_again_and_keeps_the_browser(
    service: PushService, status: int, state: str
) -> None:
    order = subscribed(service, Phone())
    service.status = status
    system_ready(order)
    assert push_of(order, "order_confirmed").state == state
    assert PushSubscription.objects.count() == 1


def test_a_redirect_is_not_followed(service: PushService) -> None:
    order = subscribed(service, Phone())
    service.status = 307
    system_ready(order)
    assert {path for path, _headers, _body in service.got} == {"/send/1"}
    assert push_of(order, "order_confirmed").state == MessageState.RETRY


def test_of_two_browsers_one_that_is_gone_does_not_hold_up_the_other(service: PushService) -> None:
    first, second = Phone(), Phone()
    order, link = service.order, service.link
    subscriptions.subscribe(by_link("Thandi"), link, first.at("http://127.0.0.1:9/gone"))
    subscriptions.subscribe(by_link("Thandi"), link, second.at(f"{service.address}/send/2"))
    system_ready(order)
    assert push_of(order).state == MessageState.SENT
    assert second.read(service.got[-1][2])["title"] == "Your glasses are ready"


def test_progress_goes_to_the_browser_first_and_else_by_mail(service: PushService) -> None:
    order = subscribed(service, Phone())
    orders.start_production(makers_optician(order), order.pk)
    tell("labjob.released", system(), order)
    planning.plan_waiting()
    assert Message.objects.get(template_key="in_production").channel == "push"
    other = makers.confirmed(makers.shop())
    tell("labjob.released", system(), other)
    planning.plan_waiting()
    assert Message.objects.get(template_key="in_production", order=other).channel == "email"


def test_a_revoked_link_ends_its_notices(service: PushService) -> None:
    order = subscribed(service, Phone())
    OrderLink.objects.filter(order=order).update(revoked_at=timezone.now())
    system_ready(order)
    assert not Message.objects.filter(template_key="order_ready", channel="push").exists() and not service.got


@pytest.mark.parametrize(
    "address",
    [
        "https://169.254.169.254/latest", "https://localhost/x", "http://fcm.googleapis.com/x", "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.evil.example/x", "https://user@fcm.googleapis.com/x", "file:///etc/passwd", "https://[::1/",
        "https://evil.example/?fcm.googleapis.com", "https://fcm.googleapis.com/" + "x" * 1000,
    ],
)  # fmt: skip
def test_only_push_services_of_browsers_are_called(
    settings: Any, confirmed: tuple[Order, OrderLink], address: str
) -> None:
    settings.VAPID_PRIVATE_KEY = push_key()
    _order, link = confirmed
    with pytest.raises(DomainError) as refused:
        subscriptions.subscribe(by_link("Thandi"), link, Phone().at(address))
    assert refused.value.code == "unknown_service"
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["https://fcm.googleapis.com/fcm/send/x", "https://web.push.apple.com/x", "https://a.notify.windows.com/x"],
)
def test_the_services_of_the_browsers_are_known(address: str) -> None:
    assert subscriptions.is_known_service(address)


def test_subscribing_is_the_consent_and_the_last_device_ends_it(service: PushService) -> None:
    order = subscribed(service, Phone())
    assert consent.answers(order.customer)[("order_messages", "push")] is True
    [row] = PushSubscription.objects.all()
    assert subscriptions.unsubscribe(by_link("Thandi"), order, row.pk) is True
    assert subscriptions.unsubscribe(by_link("Thandi"), order, row.pk) is False
    assert consent.answers(order.customer)[("order_messages", "push")] is False


def test_a_sixth_browser_is_refused_and_the_same_one_is_no_second(service: PushService) -> None:
    link = service.link
    for number in (1, 1, 2, 3, 4, 5):
        subscriptions.subscribe(by_link("Thandi"), link, Phone().at(f"{service.address}/{number}"))
    assert PushSubscription.objects.count() == 5
    with pytest.raises(DomainError) as refused:
        subscriptions.subscribe(by_link("Thandi"), link, Phone().at(f"{service.address}/6"))
    assert refused.value.code == "too_many"


def test_a_new_key_is_printed_ready_for_the_settings(capsys: pytest.CaptureFixture[str], settings: Any) -> None:
    call_command("make_push_key")
    name, _sign, value = capsys.readouterr().out.strip().partition("=")
    settings.VAPID_PRIVATE_KEY = value
    assert name == "VAPID_PRIVATE_KEY" and len(base64.urlsafe_b64decode(vapid.public_key() + "=")) == 65
