"""Orders, quotations and payments for programs: the same verbs, rights and refusals as the pages."""

import uuid
from typing import Any

import pytest
from django.test import Client

from branches.models import User
from core.actor import Actor
from orders.models import LedgerEntry, Order, OrderState
from tests.orders import makers
from tests.orders.makers import Shop

pytestmark = pytest.mark.django_db
BASE = "/api/v1/orders/"


@pytest.fixture
def shop() -> Shop:
    return makers.shop("RSB", name="Rosebank")


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def post(client: Client, path: str, body: dict[str, Any], key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"{BASE}{path}", body, content_type="application/json", headers=headers)


def test_from_quotation_over_approval_to_payment(shop: Shop) -> None:
    client, order = signed_in(shop.optician), makers.order(shop)
    discount = {"line": "frame", "percent": "10", "reason": "loyalty"}
    quoted = post(client, f"{order.number}/quotations/", {"discounts": [discount]})
    assert quoted.status_code == 201
    assert (quoted.json()["total"], quoted.json()["tax"]) == ("9835.00", "1282.82")
    answer = {"name": "Thandi Mokoena", "seen_hash": quoted.json()["content_hash"]}
    approved = post(client, f"{order.number}/quotations/1/approve/", answer)
    assert approved.json()["state"] == "approved"
    shown = client.get(f"{BASE}{order.number}/").json()
    assert (shown["state"], shown["charged"], shown["balance"]) == ("confirmed", "9835.00", "9835.00")
    key = str(uuid.uuid4())
    body = {"amount": "4917.50", "method": "card", "reference": "slip 1"}
    first, second = (post(client, f"{order.number}/payments/", body, key) for _n in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json()["number"] == second.json()["number"]
    assert LedgerEntry.objects.filter(kind="payment").count() == 1
    other = post(client, f"{order.number}/payments/", body | {"amount": "1.00"}, key)
    assert other.status_code == 422
    ledger = client.get(f"{BASE}{order.number}/payments/").json()["results"]
    assert [entry["amount"] for entry in ledger] == ["9835.00", "-4917.50"]


def test_refusals_say_code_and_field(shop: Shop) -> None:
    client, order = signed_in(shop.optician), makers.order(shop)
    too_much = post(
        client, f"{order.number}/quotations/", {"discounts": [{"line": "frame", "percent": "20", "reason": "x"}]}
    )
    assert too_much.status_code == 422 and "second_email" in too_much.json()["fields"]
    early = post(client, f"{order.number}/payments/", {"amount": "5", "method": "card", "reference": "1"})
    assert (early.status_code, early.json()["code"]) == (422, "not_confirmed")
    assert post(client, f"{order.number}/payments/", {"amount": "-5", "method": "card"}).status_code == 400
    assert post(client, f"{order.number}/payments/", {"amount": "5", "method": "card"}, "no-uuid").status_code == 422
    assert post(client, f"{order.number}/cancel/", {"reason": "no longer wanted"}).json()["state"] == "cancelled"
    assert post(client, f"{order.number}/cancel/", {"reason": "again"}).status_code == 409


def test_the_list_pages_by_key_and_keeps_to_the_callers_branches(shop: Shop) -> None:
    elsewhere = makers.shop("DUR", name="Durban")
    order, other = makers.order(shop), makers.order(elsewhere)
    found = signed_in(shop.receptionist).get(BASE).json()
    assert [row["number"] for row in found["results"]] == [order.number]
    assert signed_in(shop.receptionist).get(f"{BASE}{other.number}/").status_code == 404
    assert Client().get(BASE).status_code == 403
    refused = post(signed_in(shop.receptionist), f"{order.number}/quotations/", {})
    assert refused.status_code == 403
    assert Order.objects.get(pk=order.pk).state == OrderState.DRAFT


def test_claims_and_refunds_by_program_are_once_and_refuse_like_the_pages(shop: Shop) -> None:
    order, desk, manager = makers.confirmed(shop), signed_in(shop.receptionist), signed_in(shop.manager)
    key = str(uuid.uuid4())
    body = {"insurer": "Discovery Health", "member_number": "DH 1", "amount": "6000.00"}
    first, second = (post(desk, f"{order.number}/claims/", body, key) for _n in range(2))
    assert first.status_code == 201 and first.json()["id"] == second.json()["id"]
    claim = first.json()["id"]
    refused = post(desk, f"{order.number}/claims/{claim}/answer/", {"approved": "4500.00"})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["reason"])
    answered = post(desk, f"{order.number}/claims/{claim}/answer/", {"approved": "4500.00", "reason": "used up"})
    assert (answered.json()["state"], answered.json()["shortfall"]) == ("part_approved", "1500.00")
    other = makers.confirmed(shop)
    assert post(desk, f"{other.number}/claims/{claim}/answer/", {"approved": "0"}).status_code == 404
    post(desk, f"{order.number}/payments/", {"amount": "500.00", "method": "card"})
    back = {"amount": "100.00", "method": "card", "reference": "r1", "reason": "scratch"}
    assert post(desk, f"{order.number}/refunds/", back).status_code == 403
    key = str(uuid.uuid4())
    once, again = (post(manager, f"{order.number}/refunds/", back, key) for _n in range(2))
    assert once.status_code == 201 and once.json()["number"] == again.json()["number"]
    assert post(manager, f"{order.number}/refunds/", back | {"amount": "400.01"}).status_code == 422
    assert post(manager, f"{order.number}/payments/", {"amount": "1", "method": "online"}).status_code == 400
