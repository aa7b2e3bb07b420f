"""Claims on insurers: what they do not pay is the customer's, and every step is once, with its reason."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches.models import User
from core.errors import DomainError, IllegalTransition, NotAllowed, NotVisible, StaleRecord
from orders import rules
from orders.models import Claim, LedgerEntry, Order
from orders.services import claims, ledger, online, orders, payments
from orders.services.claims import Answer, ClaimData
from orders.services.payments import PaymentData
from orders.services.payments_due import Before, still_due
from records.models import Event
from tests import factories
from tests.orders import makers
from tests.orders.makers import Shop
from tests.orders.test_payments import _in_parallel

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return makers.shop()


def claimed(shop: Shop, amount: str = "6000.00", **fields: Any) -> tuple[Order, Claim]:
    order = makers.confirmed(shop)
    data = ClaimData(order.pk, "Discovery Health", "DH 4471", Decimal(amount), **fields)
    return order, claims.submit(shop.receptionist, data)


def word(order: Order) -> str:
    return rules.payment_word(ledger.money_of(order), timezone.localdate())


def test_a_submitted_claim_is_not_asked_of_the_customer_but_not_captured_either(shop: Shop) -> None:
    order, claim = claimed(shop)
    money = ledger.money_of(order)
    assert (money.balance, money.insured, money.share) == (Decimal("10080.00"), Decimal("6000.00"), Decimal("4080.00"))
    assert online.due(order) == Decimal("4080.00")
    assert still_due(order, Before.COLLECTION) == Decimal("10080.00")
    assert (claim.state, claim.shortfall) == ("submitted", None)


def test_a_part_approval_counts_as_captured_and_the_shortfall_is_the_customers(shop: Shop) -> None:
    order, claim = claimed(shop)
    claim = claims.answer(shop.receptionist, Answer(claim.pk, Decimal("4500.00"), "benefit used up", "AUTH 9"))
    assert (claim.state, claim.shortfall, claim.authorisation) == ("part_approved", Decimal("1500.00"), "AUTH 9")
    assert ledger.money_of(order).share == Decimal("5580.00")
    assert still_due(order, Before.COLLECTION) == Decimal("5580.00")
    assert still_due(order, Before.LABORATORY) == Decimal("540.00"), "the deposit of 5040 less what is promised"
    payments.take(shop.receptionist, PaymentData(order.pk, Decimal("5580.00"), "card"))
    assert (word(order), still_due(order, Before.SHIPPING)) == ("insurer", 0)
    event = Event.objects.get(kind="claim.answered")
    assert (event.reason, event.data["shortfall"]) == ("benefit used up", "1500.00")


def test_a_rejected_claim_leaves_everything_with_the_customer(shop: Shop) -> None:
    order, claim = claimed(shop)
    claim = claims.answer(shop.receptionist, Answer(claim.pk, Decimal(0), "not covered"))
    assert (claim.state, claim.shortfall) == ("rejected", Decimal("6000.00"))
    assert ledger.money_of(order).share == Decimal("10080.00")
    with pytest.raises(IllegalTransition):
        claims.pay(shop.receptionist, claim.pk, Decimal(1), "x")


def test_the_insurers_payment_is_posted_once_and_less_than_promised_goes_to_the_customer(shop: Shop) -> None:
    order, claim = claimed(shop)
    claims.answer(shop.receptionist, Answer(claim.pk, Decimal("6000.00")))
    for _time in range(2):
        claim = claims.pay(shop.receptionist, claim.pk, Decimal("5900.00"), "DH-PAY-1")
    assert (claim.state, claim.shortfall) == ("paid", Decimal("100.00"))
    entry = order.ledger.get(kind="payment")
    assert (entry.amount, entry.method, entry.reference) == (Decimal("-5900.00"), "insurer", "DH-PAY-1")
    assert claim.entry_id == entry.pk
    assert ledger.money_of(order).share == Decimal("4180.00")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"amount": Decimal("10080.01")}, "amount"),
        ({"amount": Decimal(0)}, "amount"),
        ({"insurer": " "}, "insurer"),
        ({"member_number": ""}, "member_number"),
    ],
)
def test_a_claim_that_makes_no_sense_is_not_kept(shop: Shop, fields: dict[str, Any], wrong: str) -> None:
    order = makers.confirmed(shop)
    good = {"order_id": order.pk, "insurer": "Discovery", "member_number": "1", "amount": Decimal(10)}
    with pytest.raises(DomainError) as refused:
        claims.submit(shop.receptionist, ClaimData(**(good | fields)))
    assert wrong in refused.value.fields
    assert not Claim.objects.exists()


def test_no_more_is_claimed_than_is_owed_and_the_same_form_is_one_claim(shop: Shop) -> None:
    key = uuid.uuid4()
    order, claim = claimed(shop, "10000.00", key=key)
    data = ClaimData(order.pk, "Discovery Health", "DH 4471", Decimal("10000.00"), key=key)
    assert claims.submit(shop.receptionist, data).pk == claim.pk
    with pytest.raises(DomainError):
        claims.submit(shop.receptionist, ClaimData(order.pk, "Gap cover", "7", Decimal("80.01")))
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(("approved", "reason"), [("6000.01", "x"), ("-1", "x"), ("5999.99", " ")])
def test_an_answer_out_of_range_or_without_reason_is_refused(shop: Shop, approved: str, reason: str) -> None:
    _order, claim = claimed(shop)
    with pytest.raises(DomainError):
        claims.answer(shop.receptionist, Answer(claim.pk, Decimal(approved), reason))
    claim.refresh_from_db()
    assert (claim.state, claim.version) == ("submitted", 1)


def test_a_stale_page_a_stranger_and_a_smaller_role_change_nothing(shop: Shop) -> None:
    _order, claim = claimed(shop)
    with pytest.raises(StaleRecord):
        claims.answer(shop.receptionist, Answer(claim.pk, Decimal("6000.00"), version=0))
    with pytest.raises(NotVisible):
        claims.answer(makers.shop().receptionist, Answer(claim.pk, Decimal("6000.00")))
    with pytest.raises(NotAllowed):
        claims.answer(factories.staff("lab_technician", shop.branch), Answer(claim.pk, Decimal("6000.00")))
    claims.answer(factories.staff("accountant", shop.branch), Answer(claim.pk, Decimal("6000.00")))
    claim.refresh_from_db()
    assert claim.state == "approved"
    assert [row.state for row in claim.history.order_by("history_id")] == ["submitted", "approved"]


def test_cancelling_the_order_withdraws_its_open_claims(shop: Shop) -> None:
    order, claim = claimed(shop)
    orders.cancel(shop.manager, order.pk, "moved abroad")
    claim.refresh_from_db()
    assert (claim.state, ledger.money_of(order).insured) == ("withdrawn", 0)


def test_the_database_keeps_claims_straight(shop: Shop) -> None:
    _order, claim = claimed(shop)
    for change in (
        {"state": "paid"},
        {"state": "approved"},
        {"state": "part_approved", "approved": Decimal(1)},
        {"approved": Decimal("6000.01")},
        {"amount": Decimal(0)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(**change)


def test_the_pages_take_a_claim_from_submission_to_payment(client: Client, shop: Shop) -> None:
    client.force_login(User.objects.get(pk=shop.receptionist.user_id))
    order = makers.confirmed(shop)
    form = client.get(reverse("orders:claim_submit", args=[order.number]))
    assert 'value="10080.00"' in form.content.decode()
    wrong = client.post(
        reverse("orders:claim_submit", args=[order.number]),
        {"insurer": "Discovery Health", "member_number": "", "amount": "lots"},
    )
    assert wrong.status_code == 422 and 'value="lots"' in wrong.content.decode()
    client.post(
        reverse("orders:claim_submit", args=[order.number]),
        {"insurer": "Discovery Health", "member_number": "DH 1", "amount": "6000"},
    )
    claim = Claim.objects.get()
    where = reverse("orders:claim", args=[order.number, claim.pk])
    client.post(where, {"approved": "4500", "reason": "benefit used up", "_version": claim.version})
    text = client.get(where).content.decode()
    assert "Part approved" in text and "R\u00a01\u00a0500.00" in text and "benefit used up" in text
    claim.refresh_from_db()
    client.post(where, {"amount": "4500", "reference": "DH-1", "_version": claim.version})
    claim.refresh_from_db()
    assert (claim.state, payments.balance(order.pk)) == ("paid", Decimal("5580.00"))
    page = client.get(reverse("orders:page", args=[order.number])).content.decode()
    assert "Discovery Health" in page and "1\u00a0500.00" in page
    assert client.get(reverse("orders:claim", args=[makers.confirmed(shop).number, claim.pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_an_insurers_payment_posted_twice_at_once_is_posted_once(shop: Shop) -> None:
    _order, claim = claimed(shop)
    claim = claims.answer(shop.receptionist, Answer(claim.pk, Decimal("6000.00")))
    results = _in_parallel(2, lambda: claims.pay(shop.receptionist, claim.pk, Decimal("6000.00"), "EFT 9"))
    assert Claim.objects.get().state == "paid"
    assert LedgerEntry.objects.filter(kind="payment", method="insurer").count() == 1
    assert len(results) == 2


@pytest.mark.django_db(transaction=True)
def test_two_claims_at_once_never_ask_for_more_than_the_order(shop: Shop) -> None:
    order = makers.confirmed(shop)
    data = ClaimData(order.pk, "Discovery Health", "DH 4471", Decimal("6000.00"))
    results = _in_parallel(2, lambda: claims.submit(shop.receptionist, data))
    assert sorted(type(one).__name__ for one in results) == ["Claim", "DomainError"]
    assert Claim.objects.count() == 1
