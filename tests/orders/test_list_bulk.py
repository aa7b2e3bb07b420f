"""What is done to several orders of the list at once: seen before, all or nothing, once, only by who may."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from branches.roles import Role
from customers.models import ConsentPurpose
from customers.services import consents
from notifications.models import Message
from orders.models import Order, PaymentMethod
from orders.services import payments
from orders.services.payments import PaymentData
from records.models import Event
from tests import factories
from tests.orders import makers
from tests.orders.makers import Shop
from tests.orders.test_pages import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return makers.shop("RSB", name="Rosebank")


@pytest.fixture
def desk(shop: Shop) -> Client:
    return signed_in(shop.optician)


def moved(first: Order, **fields: Any) -> dict[str, Any]:
    assert first.promised_on is not None
    day = first.promised_on + timedelta(days=7)
    return {"new_date": day.isoformat(), "cause": "lab_delay", "reason": "The machine is down.", **fields}


def test_the_bar_carries_the_selection_and_the_way_back(desk: Client, shop: Shop) -> None:
    first, second = makers.confirmed(shop), makers.confirmed(shop)
    back = f"{reverse('orders:list')}?view=late"
    answer = desk.post(reverse("orders:bulk"), {"do": "date", "pick": [first.pk, second.pk], "next": back})
    assert answer.status_code == 303
    assert answer["Location"].startswith(f"{reverse('orders:bulk_date')}?pick={first.pk}&pick={second.pk}&next=")
    shown = desk.get(answer["Location"])
    assert first.number in text(shown) and f'href="{back}"' in shown.content.decode()
    outside = desk.post(reverse("orders:bulk"), {"do": "", "pick": [first.pk], "next": "https://else.example/"})
    assert outside["Location"] == reverse("orders:list")


def test_the_messages_are_seen_before_a_date_moves_and_name_date_and_reason(desk: Client, shop: Shop) -> None:
    first, second = makers.confirmed(shop), makers.confirmed(shop)
    consents.withdraw_consent(shop.optician, second.customer_id, ConsentPurpose.ORDER_MESSAGES, "sms", "asked")
    consents.withdraw_consent(shop.optician, second.customer_id, ConsentPurpose.ORDER_MESSAGES, "email", "asked")
    posted = moved(first, pick=[first.pk, second.pk])
    answer = desk.post(reverse("orders:bulk_date"), posted)
    said = text(answer)
    assert answer.status_code == 200
    assert "What the customers will read" in said and "The machine is down." in said
    assert "does not want messages" in said and "Customers without a message have to be called." in said
    assert "Promise this date for 2 orders" in said
    assert not Event.objects.filter(kind="order.repromised").exists()
    assert not Message.objects.filter(template_key="new_date").exists()
    assert Order.objects.get(pk=first.pk).promised_on == first.promised_on


def test_several_orders_get_a_new_date_together_or_not_at_all(desk: Client, shop: Shop) -> None:
    first, second, draft = makers.confirmed(shop), makers.confirmed(shop), makers.order(shop)
    posted = moved(first, sure="1")
    refused = desk.post(reverse("orders:bulk_date"), {**posted, "pick": [first.pk, draft.pk]})
    assert refused.status_code == 422
    assert Order.objects.get(pk=first.pk).promised_on == first.promised_on
    sent = {**posted, "pick": [first.pk, second.pk], "_key": str(uuid.uuid4())}
    assert desk.post(reverse("orders:bulk_date"), sent).status_code == 303
    assert desk.post(reverse("orders:bulk_date"), sent).status_code == 303
    dates = set(Order.objects.filter(pk__in=[first.pk, second.pk]).values_list("promised_on", flat=True))
    assert [day.isoformat() for day in dates if day] == [posted["new_date"]]
    causes = Event.objects.filter(kind="order.repromised").values_list("reason_code", flat=True)
    assert list(causes) == ["lab_delay", "lab_delay"]


def test_one_note_stands_on_every_selected_order(desk: Client, shop: Shop) -> None:
    first, second, third = makers.confirmed(shop), makers.confirmed(shop), makers.confirmed(shop)
    answer = desk.post(reverse("orders:bulk_note"), {"text": "Customer called", "pick": [first.pk, second.pk]})
    assert answer.status_code == 303
    notes = dict(Order.objects.values_list("pk", "note"))
    assert notes == {first.pk: "Customer called", second.pk: "Customer called", third.pk: ""}


def test_orders_of_another_branch_cannot_be_selected(desk: Client, shop: Shop) -> None:
    strange = makers.confirmed(makers.shop("DUR"))
    assert "No order is selected" in text(desk.get(f"{reverse('orders:bulk_note')}?pick={strange.pk}"))
    desk.post(reverse("orders:bulk_note"), {"text": "x", "pick": [strange.pk]})
    assert Order.objects.get(pk=strange.pk).note == ""


def test_who_may_not_promise_dates_sees_no_button_for_it(shop: Shop) -> None:
    makers.confirmed(shop)
    front = signed_in(shop.receptionist).get(reverse("orders:list")).content.decode()
    assert 'value="note"' in front and 'value="date"' not in front
    manager = signed_in(factories.staff(Role.BRANCH_MANAGER, shop.branch)).get(reverse("orders:list"))
    assert 'value="date"' in manager.content.decode()


def test_tickets_of_orders_that_the_laboratory_has_not_are_refused_in_words(desk: Client, shop: Shop) -> None:
    order = makers.confirmed(shop)
    answer = desk.get(f"{reverse('labjobs:tickets')}?pick={order.pk}")
    assert answer.status_code == 422
    assert "None of these orders is in the laboratory" in text(answer)


def test_the_payment_filter_says_paid_pending_or_overdue(desk: Client, shop: Shop) -> None:
    paid, pending, overdue = makers.confirmed(shop), makers.confirmed(shop), makers.confirmed(shop)
    owed = payments.balance(paid.pk)
    payments.take(shop.receptionist, PaymentData(paid.pk, owed, PaymentMethod.CARD, "slip 1"))
    assert overdue.payment_due_on is not None
    Order.objects.filter(pk=overdue.pk).update(payment_due_on=overdue.payment_due_on - timedelta(days=90))
    makers.order(shop)

    def numbers(word: str) -> set[str]:
        answer = desk.get(f"{reverse('orders:list')}?payment={word}")
        return {row.number for row in answer.context["rows"]}

    assert numbers("paid") == {paid.number}
    assert numbers("pending") == {pending.number}
    assert numbers("overdue") == {overdue.number}
    assert "Not possible, so left out: payment" in text(desk.get(f"{reverse('orders:list')}?payment=maybe"))


def test_orders_seen_from_another_branch_are_left_out_and_named(desk: Client, shop: Shop) -> None:
    mine, elsewhere = makers.confirmed(shop), makers.confirmed(makers.shop("DUR"))
    Order.objects.filter(pk=elsewhere.pk).update(made_branch=shop.branch)
    posted = moved(mine, pick=[mine.pk, elsewhere.pk])
    said = text(desk.post(reverse("orders:bulk_date"), posted))
    assert "Left out: these belong to another branch" in said and elsewhere.number in said
    assert "Promise this date for 1 order" in said
    assert desk.post(reverse("orders:bulk_date"), {**posted, "sure": "1"}).status_code == 303
    assert Order.objects.get(pk=elsewhere.pk).promised_on == elsewhere.promised_on
    assert Order.objects.get(pk=mine.pk).promised_on != mine.promised_on
