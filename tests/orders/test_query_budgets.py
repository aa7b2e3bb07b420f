"""What the way from a measured pair to a confirmed order may ask of the database, page by page; nothing there grows with rows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.client import fields
from branches.roles import Role
from customers.models import Channel
from orders.models import Order
from orders.services import links
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    rosebank = factories.branch("RSB")
    thandi = factories.customer(rosebank, email="thandi@mokoena.example")
    return factories.dispensed_order(factories.optometrist(rosebank), rosebank, customer=thandi)


def asked(ask: Callable[[], Any]) -> tuple[Any, int]:
    with CaptureQueriesContext(connection) as counted:
        answer = ask()
    assert answer.status_code in (200, 302, 303)
    return answer, len(counted)


def test_the_way_to_a_confirmed_order_stays_within_its_queries(client: Client, order: Order) -> None:
    client.force_login(factories.user(Role.BRANCH_MANAGER, order.branch))
    page, guest, taken = f"/orders/{order.number}/", Client(), []

    def get(who: Client, path: str) -> dict[str, str]:
        answer, number = asked(lambda: who.get(path))
        taken.append(number)
        return fields(answer.content.decode())

    def post(who: Client, path: str, values: dict[str, str]) -> None:
        taken.append(asked(lambda: who.post(path, values))[1])

    get(client, page)
    post(client, f"{page}quote/", get(client, f"{page}quote/"))
    post(client, f"{page}send/", get(client, f"{page}send/") | {"channel": "email"})
    link = links.link_for(order, Channel.EMAIL)
    get(guest, link[link.index("/t/") :])
    answer = f"/t/order/{order.public_code}/approve/"
    post(guest, answer, get(guest, answer) | {"name": "Thandi Mokoena", "agree": "on"})
    order.refresh_from_db()
    assert order.state == "confirmed"
    most = [32, 30, 36, 16, 17, 4, 11, 32]
    assert all(number <= bound for number, bound in zip(taken, most, strict=True)), taken
