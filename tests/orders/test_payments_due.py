"""The checkpoint "payment captured": the deposit for the laboratory, all of it to hand over or to send."""

from decimal import Decimal

import pytest

from orders.services import payments
from orders.services.payments import PaymentData
from orders.services.payments_due import Before, missing, still_due
from tests.orders import makers

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("paid", "laboratory", "collection"),
    [("0", "5040.00", "10080.00"), ("5040.00", "0.00", "5040.00"), ("10080.00", "0.00", "0.00")],
)
def test_what_is_still_due_before_each_step(paid: str, laboratory: str, collection: str) -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    if Decimal(paid):
        payments.take(shop.receptionist, PaymentData(order.pk, Decimal(paid), "card", "slip"))
    assert still_due(order, Before.LABORATORY) == Decimal(laboratory)
    assert still_due(order, Before.COLLECTION) == still_due(order, Before.SHIPPING) == Decimal(collection)


def test_the_reason_names_the_amount_who_mends_it_and_where() -> None:
    order = makers.confirmed(makers.shop())
    found = missing(order, Before.SHIPPING)
    assert [one.code for one in found] == ["payment"]
    assert found[0].message == "R\u00a010\u00a0080.00 is still to pay: an order is sent when it is paid in full."
    assert (found[0].owner, found[0].url) == ("Receptionist", f"/orders/{order.number}/pay/")


def test_an_order_that_is_not_confirmed_is_not_captured_and_a_paid_one_passes() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop)
    assert [one.code for one in missing(quotation.order, Before.SHIPPING)] == ["payment"]
    order = makers.confirmed(shop)
    payments.take(shop.receptionist, PaymentData(order.pk, Decimal("10080.00"), "card", "slip"))
    assert missing(order, Before.SHIPPING) == []
