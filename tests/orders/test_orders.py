"""The verbs of an order: cancel, promise anew, assign, note; three branches see it, one may change it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from branches.roles import Role
from branches.scope import Scope
from core.errors import DomainError, IllegalTransition, NotAllowed, NotVisible
from inventory.models import StockItem
from orders import followers, numbering
from orders.models import FrameChoice, Order, OrderState
from orders.services import ledger, orders, payments
from orders.services.payments import PaymentData
from records.models import Event
from tests import factories
from tests.orders import makers

pytestmark = pytest.mark.django_db


def test_cancelling_gives_the_frame_back_and_shows_the_refund_due() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    payments.take(shop.receptionist, PaymentData(order.pk, Decimal("5040.00"), "card", "slip 1"))
    frame = FrameChoice.objects.get(order=order)
    assert StockItem.objects.get(frame=frame.frame).reserved == 1
    with pytest.raises(DomainError) as refused:
        orders.cancel(shop.optician, order.pk, "")
    assert "reason" in refused.value.fields
    orders.cancel(shop.optician, order.pk, "customer moves abroad")
    order.refresh_from_db()
    assert (order.state, order.cancelled_reason) == (OrderState.CANCELLED, "customer moves abroad")
    assert StockItem.objects.get(frame=frame.frame).reserved == 0
    assert ledger.money_of(order).balance == Decimal("-5040.00")
    assert Event.objects.get(kind="order.cancelled").data == {"number": order.number, "refund_due": "5040.00"}
    with pytest.raises(IllegalTransition):
        orders.cancel(shop.optician, order.pk, "again")


def test_a_follower_may_refuse_a_cancellation_and_then_nothing_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(order: Order, actor: object, reason: str) -> None:
        raise DomainError("the lens is cut already", code="too_late")

    monkeypatch.setitem(followers._followers, followers.CANCELLED, [refuse])
    shop = makers.shop()
    order = makers.confirmed(shop)
    with pytest.raises(DomainError, match="cut already"):
        orders.cancel(shop.optician, order.pk, "late")
    order.refresh_from_db()
    assert order.state == OrderState.CONFIRMED
    assert ledger.money_of(order).balance == Decimal("10080.00")


def test_a_new_promise_keeps_the_first_and_names_its_cause() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    first = order.promised_on
    assert first is not None
    orders.repromise(shop.optician, order.pk, first + timedelta(days=4), "lab_delay", "the lens broke")
    order.refresh_from_db()
    assert (order.first_promised_on, order.promised_on) == (first, first + timedelta(days=4))
    event = Event.objects.get(kind="order.repromised")
    assert (event.reason_code, event.old, event.new) == (
        "lab_delay",
        {"promised": first.isoformat()},
        {"promised": (first + timedelta(days=4)).isoformat()},
    )


@pytest.mark.parametrize(("days", "cause", "reason", "field"), [
    (-30, "lab_delay", "x", "new_date"), (0, "lab_delay", "x", "new_date"), (3, "", "x", "cause"), (3, "lab_delay", " ", "reason"),
])  # fmt: skip
def test_a_new_promise_without_sense_is_refused(days: int, cause: str, reason: str, field: str) -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    assert order.promised_on is not None
    with pytest.raises(DomainError) as refused:
        orders.repromise(shop.optician, order.pk, order.promised_on + timedelta(days=days), cause, reason)
    assert field in refused.value.fields
    assert Order.objects.get(pk=order.pk).promised_on == order.promised_on


def test_an_owner_works_in_one_of_the_orders_branches() -> None:
    shop, elsewhere = makers.shop(), makers.shop()
    order = makers.order(shop)
    assert shop.manager.user_id and elsewhere.manager.user_id
    orders.assign(shop.optician, order.pk, shop.manager.user_id)
    assert Order.objects.get(pk=order.pk).owner_id == shop.manager.user_id
    with pytest.raises(DomainError) as refused:
        orders.assign(shop.optician, order.pk, elsewhere.manager.user_id)
    assert "owner" in refused.value.fields


def test_sold_made_and_collected_at_three_branches_all_see_it_and_a_fourth_does_not() -> None:
    sold, made, collected, fourth = makers.shop(), makers.shop(), makers.shop(), makers.shop()
    order = makers.confirmed(sold, collect_branch=collected.branch)
    orders.start_production(sold.optician, order.pk, made.branch.pk)
    for shop, sees in ((sold, True), (made, True), (collected, True), (fourth, False)):
        assert Order.objects.visible_to(Scope.of(shop.manager)).filter(pk=order.pk).exists() is sees
    orders.note(collected.receptionist, order.pk, "asked to be called")
    payments.take(collected.receptionist, PaymentData(order.pk, Decimal(10), "card", "s"))
    technician = factories.staff(Role.LAB_TECHNICIAN, made.branch)
    with pytest.raises(NotAllowed):
        payments.take(technician, PaymentData(order.pk, Decimal(10), "card", "s"))
    with pytest.raises(NotAllowed):
        payments.take(made.receptionist, PaymentData(order.pk, Decimal(10), "card", "s"))
    with pytest.raises(NotVisible):
        payments.take(fourth.manager, PaymentData(order.pk, Decimal(10), "card", "s"))
    assert ledger.money_of(order).paid == Decimal(10)


def test_the_laboratorys_steps_follow_the_table() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    orders.start_production(shop.optician, order.pk)
    orders.mark_ready(shop.optician, order.pk)
    orders.send_back(shop.optician, order.pk, "nose pads press")
    orders.mark_ready(shop.optician, order.pk)
    orders.collect(shop.optician, order.pk)
    with pytest.raises(DomainError) as refused:
        orders.close(shop.optician, order.pk)
    assert refused.value.code == "balance_due"
    payments.take(shop.receptionist, PaymentData(order.pk, Decimal("10080.00"), "card", "s"))
    orders.close(shop.optician, order.pk)
    with pytest.raises(IllegalTransition):
        orders.mark_ready(shop.optician, order.pk)
    assert Order.objects.get(pk=order.pk).state == OrderState.CLOSED


def test_public_codes_catch_a_slip_of_the_tongue() -> None:
    code = numbering.public_code()
    plain = code.replace("-", "")
    assert numbering.read_public_code(plain.lower()) == code
    for place in range(6):
        sign = "Z" if plain[place] != "Z" else "Y"
        assert numbering.read_public_code(plain[:place] + sign + plain[place + 1 :]) is None
    swapped = plain[1] + plain[0] + plain[2:]
    if swapped != plain:
        assert numbering.read_public_code(swapped) is None
    assert numbering.read_public_code("K7-4QF9") is None


def test_order_numbers_count_per_branch() -> None:
    rosebank, durban = factories.branch("RSB"), factories.branch("DUR")
    numbers = [numbering.order_number(at) for at in (rosebank, rosebank, durban)]
    assert numbers == ["RSB-00001", "RSB-00002", "DUR-00001"]
