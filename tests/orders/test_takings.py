"""The day's takings: sums by method, the drawer beside its count, the ledger beside the gateway."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from branches.models import Branch, User
from branches.roles import Role
from core.actor import Actor
from orders.models import LedgerEntry
from orders.selectors import takings
from orders.services import credits, drawers, payments
from orders.services.common import today
from orders.services.payments import PaymentData, RefundData
from tests import factories
from tests.orders import makers
from tests.orders.test_online_payments import asked, body_of, job_runs, tell

pytestmark = pytest.mark.django_db


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def test_a_day_by_branch_and_method_with_credit_left_out() -> None:
    shop, other = makers.shop("RSB"), makers.shop("DUR")
    order = makers.confirmed(shop)
    drawers.start(shop.receptionist, shop.branch.pk, Decimal(500))
    payments.take(shop.receptionist, PaymentData(order.pk, Decimal(4000), "card"))
    payments.take(shop.receptionist, PaymentData(order.pk, Decimal(80), "cash"))
    payments.refund(shop.manager, RefundData(order.pk, Decimal(30), "cash", "scratch"))
    payments.take(shop.receptionist, PaymentData(order.pk, Decimal(6100), "card", as_credit=True))
    second = makers.confirmed(shop, customer=order.customer)
    credits.use(shop.receptionist, order.pk, second.pk, Decimal(70))
    first, empty = takings.of_day([shop.branch, other.branch], today(shop.branch))
    assert [(line.method, line.came, line.went, line.count) for line in first.lines] == [
        ("card", Decimal("10100.00"), Decimal(0), 2),
        ("cash", Decimal("80.00"), Decimal("30.00"), 2),
    ]
    assert (first.came, first.went, first.net) == (Decimal("10180.00"), Decimal("30.00"), Decimal("10150.00"))
    assert (empty.lines, empty.differences) == ([], [])
    assert takings.of_day([shop.branch], today(shop.branch) - timedelta(days=1))[0].lines == []


def test_a_branch_that_closed_keeps_the_days_on_which_it_took_money() -> None:
    shop = makers.shop("RSB")
    accountant = Client()
    accountant.force_login(factories.user(Role.ACCOUNTANT))
    payments.take(shop.receptionist, PaymentData(makers.confirmed(shop).pk, Decimal(80), "card"))
    other = makers.shop("DUR")
    Branch.objects.filter(pk=shop.branch.pk).update(is_active=False)
    told = accountant.get("/takings/").context
    assert [one.branch for one in told["takings"]] == [other.branch, shop.branch], "the closed one after the open one"
    assert told["came"] == Decimal(80)
    day_before = (today(shop.branch) - timedelta(days=1)).isoformat()
    assert [one.branch for one in accountant.get("/takings/", {"day": day_before}).context["takings"]] == [other.branch]


def test_what_does_not_add_up_is_listed_with_where_to_mend_it() -> None:
    shop = makers.shop()
    drawer = drawers.start(shop.receptionist, shop.branch.pk, Decimal(500))
    drawers.close(shop.receptionist, drawer.pk, Decimal(490), "a note fell behind the counter")
    order = makers.confirmed(shop)
    tell(body_of(asked(order), amount="1.00"))
    job_runs.run_waiting()
    found = takings.of_day([shop.branch], today(shop.branch))[0].differences
    words = " | ".join(one.what for one in found)
    assert "a note fell behind the counter" in words and "another amount than was asked" in words
    assert f"Payment of {order.number}" in words
    assert found[0].amount == Decimal("-10.00")
    assert takings.of_day([makers.shop().branch], today(shop.branch))[0].differences == []


def test_an_entry_that_no_gateway_knows_shows_on_its_day() -> None:
    shop = makers.shop()
    LedgerEntry.objects.create(
        order=makers.confirmed(shop), branch=shop.branch, kind="payment", number="X-1", amount=Decimal(-50),
        method="online", source="api",
    )  # fmt: skip
    found = takings.of_day([shop.branch], today(shop.branch))[0].differences
    assert [one.what for one in found] == ["X-1 was posted as paid online without a payment behind it."]


def test_the_accountant_sees_the_day_and_others_do_not() -> None:
    shop, elsewhere = makers.shop("RSB", name="Rosebank"), makers.shop("DUR", name="Durban North")
    order = makers.confirmed(shop)
    payments.take(shop.receptionist, PaymentData(order.pk, Decimal(4000), "card"))
    farah = signed_in(factories.staff("accountant", shop.branch))
    text = farah.get("/takings/").content.decode()
    assert "4\u00a0000.00" in text and "Durban North" not in text
    assert farah.get("/takings/?day=nonsense&branch=DUR").status_code == 200
    assert "No money moved on this day" in farah.get("/takings/?day=2020-02-29").content.decode()
    assert signed_in(shop.receptionist).get("/takings/").status_code == 403
    drawer = drawers.start(shop.receptionist, shop.branch.pk, Decimal(500))
    assert farah.get(f"/orders/drawer/{drawer.pk}/").status_code == 200
    assert signed_in(elsewhere.receptionist).get(f"/orders/drawer/{drawer.pk}/").status_code == 404


def test_the_day_costs_the_same_for_few_and_many_entries() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            takings.of_day([shop.branch], today(shop.branch))
        return len(caught)

    few = queries()
    for _n in range(10):
        payments.take(shop.receptionist, PaymentData(order.pk, Decimal(1), "card"))
    assert queries() == few <= 12
