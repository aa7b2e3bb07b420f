"""Money: a balance is a sum, one form posts once, corrections are counter-entries, two people above the limit."""

import threading
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import DomainError, NotAllowed, NotVisible
from orders.models import LedgerEntry
from orders.services import credits, drawers, ledger, payments
from orders.services.payments import AdjustmentData, PaymentData, RefundData
from orders.services.quotations import QuoteRequest
from records.models import Event
from tests.orders import makers

pytestmark = pytest.mark.django_db


def card(order_id: int, amount: str, **fields: Any) -> PaymentData:
    return PaymentData(order_id, Decimal(amount), "card", "slip 6021", **fields)


def test_a_deposit_by_card_leaves_the_rest_as_balance() -> None:
    shop = makers.shop("RSB")
    order = makers.confirmed(shop)
    assert payments.deposit_missing(order) == Decimal("5040.00")
    entry = payments.take(shop.receptionist, card(order.pk, "5040.00"))
    assert (entry.amount, entry.reference) == (Decimal("-5040.00"), "slip 6021")
    assert entry.number == f"RSB-R{entry.at.year % 100}-000001"
    assert payments.balance(order.pk) == Decimal("5040.00")
    assert payments.deposit_missing(order) == 0
    event = Event.objects.get(kind="payment.taken")
    assert (event.customer_id, event.order_id, event.data["amount"]) == (order.customer_id, order.pk, "-5040.00")


def test_numbers_have_no_gap_even_when_a_payment_fails() -> None:
    shop = makers.shop("GAP")
    order = makers.confirmed(shop)
    payments.take(shop.receptionist, card(order.pk, "100"))
    with pytest.raises(RuntimeError), transaction.atomic():
        payments.take(shop.receptionist, card(order.pk, "200"))
        raise RuntimeError("the till lost its power")
    payments.take(shop.receptionist, card(order.pk, "300"))
    numbers = LedgerEntry.objects.filter(kind="payment").order_by("pk").values_list("number", flat=True)
    assert [number[-6:] for number in numbers] == ["000001", "000002"]


def test_the_same_form_twice_is_one_payment_and_other_contents_are_refused() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    key = uuid.uuid4()
    first = payments.take(shop.receptionist, card(order.pk, "100", key=key))
    assert payments.take(shop.receptionist, card(order.pk, "100", key=key)).pk == first.pk
    with pytest.raises(DomainError) as refused:
        payments.take(shop.receptionist, card(order.pk, "101", key=key))
    assert refused.value.code == "key_reused"
    assert LedgerEntry.objects.filter(kind="payment").count() == 1


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal(-5)}, "amount"),
        ({"amount": Decimal("10080.01")}, "amount"),
        ({"method": "shells"}, "method"),
        ({"method": "transfer", "reference": ""}, "reference"),
        ({"method": "cash", "tendered": Decimal(50)}, "tendered"),
        ({"method": "cash"}, "method"),
    ],
)
def test_a_payment_that_makes_no_sense_posts_nothing(data: dict[str, Any], field: str) -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    values: dict[str, Any] = {"order_id": order.pk, "amount": Decimal(100), "method": "card", "reference": "1"}
    with pytest.raises(DomainError) as refused:
        payments.take(shop.receptionist, PaymentData(**(values | data)))
    assert field in refused.value.fields
    assert LedgerEntry.objects.filter(kind="payment").count() == 0


def test_more_than_the_balance_becomes_credit_only_when_asked() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    payments.take(shop.receptionist, card(order.pk, "10100.00", as_credit=True))
    assert payments.balance(order.pk) == Decimal("-20.00")


def test_nothing_is_taken_before_the_order_is_confirmed() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop)
    with pytest.raises(DomainError) as refused:
        payments.take(shop.receptionist, card(quotation.order_id, "100"))
    assert refused.value.code == "not_confirmed"


def test_a_voucher_is_used_once() -> None:
    shop = makers.shop()
    first, second = makers.confirmed(shop), makers.confirmed(shop)
    payments.take(shop.receptionist, PaymentData(first.pk, Decimal(200), "voucher", "GIFT-77"))
    with pytest.raises(DomainError) as refused:
        payments.take(shop.receptionist, PaymentData(second.pk, Decimal(200), "voucher", "gift-77 "))
    assert "reference" in refused.value.fields


def test_cash_goes_through_the_open_drawer_and_is_counted_at_close() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    drawer = drawers.start(shop.receptionist, shop.branch.pk, Decimal("500.00"))
    entry = payments.take(
        shop.receptionist, PaymentData(order.pk, Decimal("262.50"), "cash", tendered=Decimal("300.00"))
    )
    assert (entry.drawer_id, entry.tendered) == (drawer.pk, Decimal("300.00"))
    assert drawers.expected(drawer) == Decimal("762.50")
    with pytest.raises(DomainError) as refused:
        drawers.close(shop.receptionist, drawer.pk, Decimal("760.00"))
    assert "variance_reason" in refused.value.fields
    closed = drawers.close(shop.receptionist, drawer.pk, Decimal("760.00"), "a coin fell behind the counter")
    assert (closed.counted, closed.expected) == (Decimal("760.00"), Decimal("762.50"))
    with pytest.raises(DomainError) as refused:
        drawers.close(shop.receptionist, drawer.pk, Decimal("760.00"))
    assert refused.value.code == "already_closed"


def test_one_drawer_per_branch_is_open_and_a_stranger_does_not_see_it() -> None:
    shop, elsewhere = makers.shop(), makers.shop()
    drawer = drawers.start(shop.receptionist, shop.branch.pk, Decimal(0))
    with pytest.raises(DomainError) as refused:
        drawers.start(shop.manager, shop.branch.pk, Decimal(0))
    assert refused.value.code == "already_open"
    with pytest.raises(NotVisible):
        drawers.close(elsewhere.receptionist, drawer.pk, Decimal(0))


def test_a_refund_needs_a_reason_the_right_and_above_the_limit_a_second_person() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    payments.take(shop.receptionist, card(order.pk, "5040.00"))
    with pytest.raises(NotAllowed):
        payments.refund(shop.receptionist, RefundData(order.pk, Decimal(100), "card", "scratch", "r1"))
    with pytest.raises(DomainError) as refused:
        payments.refund(shop.manager, RefundData(order.pk, Decimal(100), "card", " ", "r1"))
    assert "reason" in refused.value.fields
    with pytest.raises(DomainError) as refused:
        payments.refund(shop.manager, RefundData(order.pk, Decimal("5040.01"), "card", "scratch", "r1"))
    assert "amount" in refused.value.fields
    small = payments.refund(shop.manager, RefundData(order.pk, Decimal("1000.00"), "card", "scratch", "r1"))
    assert small.approved_by_id is None
    large = RefundData(order.pk, Decimal("1000.01"), "card", "scratch", "r2")
    for second in (None, shop.manager.user_id, shop.receptionist.user_id):
        with pytest.raises(DomainError) as refused:
            payments.refund(shop.manager, RefundData(**(vars(large) | {"second_person_id": second})))
        assert "second_email" in refused.value.fields
    other = makers.factories.staff("branch_manager", shop.branch)
    done = payments.refund(shop.manager, RefundData(**(vars(large) | {"second_person_id": other.user_id})))
    assert done.approved_by_id == other.user_id
    assert ledger.money_of(order).paid == Decimal("3039.99")


def test_an_adjustment_corrects_what_is_owed_but_not_below_nothing() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    payments.adjust(shop.manager, AdjustmentData(order.pk, Decimal("-200.00"), "delay"))
    assert payments.balance(order.pk) == Decimal("9880.00")
    with pytest.raises(DomainError) as refused:
        payments.adjust(shop.manager, AdjustmentData(order.pk, Decimal("-9880.01"), "delay"))
    assert "amount" in refused.value.fields


def test_the_ledger_refuses_change_deletion_and_wrong_signs_in_the_database() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    entry = payments.take(shop.receptionist, card(order.pk, "100"))
    for statement in (
        "UPDATE orders_ledgerentry SET amount = -1 WHERE id = %s",
        "DELETE FROM orders_ledgerentry WHERE id = %s",
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [entry.pk])
    wrongs = ({"kind": "payment", "amount": 5}, {"kind": "refund", "amount": -5}, {"kind": "charge", "amount": 0})
    for n, wrong in enumerate(wrongs):
        with pytest.raises(IntegrityError), transaction.atomic():
            LedgerEntry.objects.create(
                order=order, branch=shop.branch, number=f"X-{n}", method="card", reason="x", source="counter", **wrong
            )


def test_a_split_payment_is_all_rows_or_none_and_once() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    key = uuid.uuid4()
    rows = [
        card(order.pk, "5000.00", key=key),
        PaymentData(order.pk, Decimal("3000.00"), "transfer", "EFT 7"),
        PaymentData(order.pk, Decimal("2080.00"), "voucher", "GIFT-1"),
    ]
    first, second, third = payments.take_split(shop.receptionist, rows)
    assert [entry.pk for entry in payments.take_split(shop.receptionist, rows)] == [first.pk, second.pk, third.pk]
    assert payments.balance(order.pk) == 0
    assert [entry.split_of_id for entry in (first, second, third)] == [None, first.pk, first.pk]
    assert [entry.number[-6:] for entry in (first, second, third)] == ["000001", "000002", "000003"]


def test_a_split_payment_with_one_wrong_row_posts_nothing_and_names_the_row() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    for wrong, field in (
        (PaymentData(order.pk, Decimal("80.00"), "transfer"), "reference_2"),
        (PaymentData(order.pk, Decimal("80.01"), "card"), "amount_2"),
        (PaymentData(order.pk, Decimal("80.00"), ""), "method_2"),
        (PaymentData(order.pk, Decimal("80.00"), "online"), "method_2"),
        (PaymentData(order.pk, Decimal("80.00"), "cash"), "method_2"),
    ):
        with pytest.raises(DomainError) as refused:
            payments.take_split(shop.receptionist, [card(order.pk, "10000.00"), wrong])
        assert list(refused.value.fields) == [field]
    assert not LedgerEntry.objects.filter(kind="payment").exists()


def test_credit_of_one_order_pays_another_of_the_same_customer_once() -> None:
    shop = makers.shop()
    first = makers.confirmed(shop)
    payments.take(shop.receptionist, card(first.pk, "10580.00", as_credit=True))
    second = makers.confirmed(shop, customer=first.customer)
    assert [(one.order.pk, one.amount) for one in credits.of_customer(second)] == [(first.pk, Decimal("500.00"))]
    with pytest.raises(DomainError) as refused:
        credits.use(shop.receptionist, first.pk, second.pk, Decimal("500.01"))
    assert "amount" in refused.value.fields
    key = uuid.uuid4()
    for _time in range(2):
        credits.use(shop.receptionist, first.pk, second.pk, Decimal("500.00"), key)
    assert (payments.balance(first.pk), payments.balance(second.pk)) == (0, Decimal("9580.00"))
    assert credits.of_customer(second) == []
    assert LedgerEntry.objects.filter(method="credit").count() == 2


def test_credit_of_another_customer_or_branch_cannot_be_used() -> None:
    shop, elsewhere = makers.shop(), makers.shop()
    first, stranger = makers.confirmed(shop), makers.confirmed(shop)
    payments.take(shop.receptionist, card(first.pk, "10580.00", as_credit=True))
    with pytest.raises(DomainError) as refused:
        credits.use(shop.receptionist, first.pk, stranger.pk, Decimal(1))
    assert refused.value.code == "other_customer"
    other = makers.confirmed(elsewhere, customer=first.customer)
    with pytest.raises(NotVisible):
        credits.use(elsewhere.receptionist, first.pk, other.pk, Decimal(1))
    assert payments.balance(first.pk) == Decimal("-500.00")


def _in_parallel(count: int, work: Callable[[], object]) -> list[object]:
    results: list[object] = []
    start = threading.Barrier(count)

    def run() -> None:
        start.wait()
        try:
            results.append(work())
        except DomainError as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_posts_of_one_form_are_one_payment() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    key = uuid.uuid4()
    results = _in_parallel(20, lambda: payments.take(shop.receptionist, card(order.pk, "100", key=key)))
    assert {entry.pk for entry in results if isinstance(entry, LedgerEntry)} == set(
        LedgerEntry.objects.filter(kind="payment").values_list("pk", flat=True)
    )
    assert len(results) == 20 and LedgerEntry.objects.filter(kind="payment").count() == 1
    # The control: the same posts with a key each are that many payments, so the test can tell the difference.
    _in_parallel(5, lambda: payments.take(shop.receptionist, card(order.pk, "1", key=uuid.uuid4())))
    assert LedgerEntry.objects.filter(kind="payment").count() == 6
    assert payments.balance(order.pk) == Decimal("9975.00")


def test_an_order_without_price_needs_no_charge() -> None:
    from orders.discounts import Discount

    shop = makers.shop()
    office = makers.factories.staff("head_office", shop.branch)
    order = makers.order(shop)
    free = [
        Discount(key, "staff", percent=Decimal(100))
        for key in [line.key for line in makers.quotations.pricing.lines_of(order)]
    ]
    quotation = makers.quotations.make(office, order.pk, QuoteRequest(free))
    assert quotation.total == 0
    makers.decisions.approve(office, quotation.pk, makers.answer(quotation))
    order.refresh_from_db()
    assert order.state == "confirmed" and not order.ledger.exists()


@pytest.mark.django_db(transaction=True)
def test_a_split_payment_posted_twice_at_once_is_taken_once() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    key = uuid.uuid4()
    rows = [card(order.pk, "100.00", key=key), PaymentData(order.pk, Decimal("50.00"), "transfer", "EFT 1", key=key)]
    results = _in_parallel(2, lambda: payments.take_split(shop.receptionist, rows))
    assert [[one.amount for one in entries] for entries in results] == [[Decimal("-100.00"), Decimal("-50.00")]] * 2
    assert LedgerEntry.objects.filter(kind="payment").count() == 2
    assert payments.balance(order.pk) == Decimal("9930.00")


@pytest.mark.django_db(transaction=True)
def test_credit_used_twice_at_once_is_used_once_and_never_more_than_there_is() -> None:
    shop = makers.shop()
    first = makers.confirmed(shop)
    second = makers.confirmed(shop, customer=first.customer)
    payments.take(shop.receptionist, card(first.pk, "10580.00", as_credit=True))
    key = uuid.uuid4()
    _in_parallel(2, lambda: credits.use(shop.receptionist, first.pk, second.pk, Decimal("200.00"), key))
    assert LedgerEntry.objects.filter(method="credit").count() == 2
    # Two forms, both asking for the 300 that are left: one gets it, the other is refused.
    results = _in_parallel(
        2, lambda: credits.use(shop.receptionist, first.pk, second.pk, Decimal("300.00"), uuid.uuid4())
    )
    assert sorted(type(one).__name__ for one in results) == ["DomainError", "LedgerEntry"]
    assert (payments.balance(first.pk), payments.balance(second.pk)) == (0, Decimal("9580.00"))
