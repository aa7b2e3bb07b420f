"""The balance kept for lists: added up by the database, always the ledger's sum, and the lists that begin with it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from branches.scope import Scope
from orders.models import EntryKind, Order, OrderBalance
from orders.selectors import listing
from orders.services import ledger, payments
from orders.services.ledger import Entry
from orders.services.payments import AdjustmentData, PaymentData
from records import invariants
from tests.orders import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> makers.Shop:
    return makers.shop("RSB")


def kept(order: Order) -> tuple[Decimal, Decimal, Decimal]:
    row = OrderBalance.objects.get(order=order)
    return row.charged, row.paid, row.owed


def pay(shop: makers.Shop, order: Order, amount: Decimal | str) -> None:
    payments.take(shop.receptionist, PaymentData(order.pk, Decimal(amount), "card", "slip 6021"))


def listed(**query: str) -> list[int]:
    filters, _cleared = listing.read(query, [])
    return [one.pk for one in listing.page_of(Scope(everything=True), filters, "").rows]


def test_a_draft_has_no_balance_and_a_confirmed_order_owes_its_total(shop: makers.Shop) -> None:
    draft, order = makers.order(shop), makers.confirmed(shop)
    assert not OrderBalance.objects.filter(order=draft).exists()
    assert kept(order) == (Decimal("10080.00"), Decimal(0), Decimal("10080.00"))


def test_payments_refunds_and_corrections_are_added_as_they_are_posted(shop: makers.Shop) -> None:
    order = makers.confirmed(shop)
    pay(shop, order, "5040.00")
    payments.adjust(shop.manager, AdjustmentData(order.pk, Decimal("-80.00"), "late"))
    ledger.post(order, Entry(EntryKind.REFUND, Decimal("40.00"), "card", reason="too much"), shop.manager)
    assert kept(order) == (Decimal("10000.00"), Decimal("5000.00"), Decimal("5000.00"))
    money = ledger.money_of(order)
    assert (money.charged, money.paid, money.balance) == kept(order)


def test_an_entry_that_is_rolled_back_leaves_the_balance(shop: makers.Shop) -> None:
    order = makers.confirmed(shop)
    with pytest.raises(RuntimeError), transaction.atomic():
        pay(shop, order, "100.00")
        raise RuntimeError("the till lost its power")
    assert kept(order) == (Decimal("10080.00"), Decimal(0), Decimal("10080.00"))


def test_a_balance_that_is_not_the_ledgers_sum_is_found(shop: makers.Shop) -> None:
    order = makers.confirmed(shop)
    assert "I2f" not in [broken.invariant.code for broken in invariants.violations()]
    OrderBalance.objects.filter(order=order).update(paid=Decimal("1.00"))
    assert "I2f" in [broken.invariant.code for broken in invariants.violations()]


def test_awaiting_payment_lists_the_deposit_and_then_the_rest(shop: makers.Shop) -> None:
    order = makers.confirmed(shop)
    makers.order(shop)
    assert listed(view="payment") == [order.pk]
    pay(shop, order, payments.deposit_missing(order))
    assert listed(view="payment") == []
    Order.objects.filter(pk=order.pk).update(state="ready", ready_at=timezone.now())
    assert listed(view="payment") == [order.pk]
    pay(shop, order, ledger.money_of(order).balance)
    assert listed(view="payment") == []


def test_the_words_of_payment_filter_by_the_same_balance(shop: makers.Shop) -> None:
    paid, pending, overdue = (makers.confirmed(shop) for _n in range(3))
    pay(shop, paid, ledger.money_of(paid).balance)
    Order.objects.filter(pk=overdue.pk).update(payment_due_on=timezone.localdate() - timedelta(days=1))
    assert listed(payment="paid") == [paid.pk]
    assert listed(payment="pending") == [pending.pk]
    assert listed(payment="overdue") == [overdue.pk]


def test_what_awaits_payment_is_found_by_the_index_of_orders_that_owe(shop: makers.Shop) -> None:
    makers.confirmed(shop)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT order_id FROM orders_orderbalance WHERE owed > 0")
        assert "balance_owed" in "\n".join(row[0] for row in cursor.fetchall())
