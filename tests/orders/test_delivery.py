"""How an order reaches its customer: chosen at the counter, kept with its earlier value, refused once it is on its way."""

import pytest
from django.test import Client

from branches.roles import Role
from core.errors import DomainError, NotAllowed, StaleRecord
from orders.models import Delivery, Order
from orders.services import delivery
from records.models import Event
from tests import factories as make
from tests.orders import makers
from tests.orders.makers import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return makers.shop()


@pytest.fixture
def order(shop: Shop) -> Order:
    made = makers.confirmed(shop)
    made.customer.line1 = "12 Cradock Avenue"
    made.customer.save()
    return made


def test_sending_is_chosen_on_the_page_and_the_story_tells_both(client: Client, shop: Shop, order: Order) -> None:
    client.force_login(make.user(Role.RECEPTIONIST, shop.branch))
    assert f"/orders/{order.number}/delivery/" in client.get(f"/orders/{order.number}/").content.decode()
    answer = client.post(f"/orders/{order.number}/delivery/", {"way": "ship"})
    assert answer.status_code == 303
    order.refresh_from_db()
    assert (order.delivery, order.collect_branch_id) == (Delivery.SHIP, shop.branch.pk)
    told = Event.objects.get(kind="order.delivery_changed")
    assert told.old == {"way": f"Collection in the shop, {shop.branch.name}"}
    assert told.new == {"way": "Shipping"}


def test_another_shop_to_collect_at(shop: Shop, order: Order) -> None:
    other = make.branch("UMH", name="Umhlanga")
    actor = make.staff(Role.RECEPTIONIST, shop.branch)
    delivery.choose(actor, order.pk, Delivery.COLLECT, other.pk)
    order.refresh_from_db()
    assert order.collect_branch_id == other.pk


@pytest.mark.parametrize(("way", "field"), [("pigeon", "way"), ("collect", "shop"), ("ship", "way")])
def test_what_cannot_be_is_said_at_the_field_and_changes_nothing(
    shop: Shop, order: Order, way: str, field: str
) -> None:
    order.customer.line1 = ""
    order.customer.save()
    with pytest.raises(DomainError) as refused:
        delivery.choose(make.staff(Role.RECEPTIONIST, shop.branch), order.pk, way, 999_999)
    assert list(refused.value.fields) == [field]
    order.refresh_from_db()
    assert order.delivery == Delivery.COLLECT
    assert not Event.objects.filter(kind="order.delivery_changed").exists()


def test_an_order_on_its_way_keeps_its_delivery(shop: Shop, order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(state="shipped")
    with pytest.raises(DomainError) as refused:
        delivery.choose(make.staff(Role.RECEPTIONIST, shop.branch), order.pk, Delivery.SHIP, None)
    assert refused.value.code == "too_late"


def test_a_stale_page_and_a_role_without_the_right_are_refused(shop: Shop, order: Order) -> None:
    with pytest.raises(StaleRecord):
        delivery.choose(make.staff(Role.RECEPTIONIST, shop.branch), order.pk, Delivery.SHIP, None, order.version - 1)
    with pytest.raises(NotAllowed):
        delivery.choose(make.staff(Role.LAB_TECHNICIAN, shop.branch), order.pk, Delivery.SHIP, None)
    order.refresh_from_db()
    assert order.delivery == Delivery.COLLECT
