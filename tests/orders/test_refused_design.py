"""A design that cannot be made any more stays ticked with what stands against it; nobody chooses another in a person's place."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from branches.roles import Role
from catalogue.models import AddOnKind, LensAddOn, LensProduct
from orders.models import LensSpecification, Measurement, Order
from orders.services import dispense
from tests import factories
from tests.orders.test_dispense_page import MEASURES

pytestmark = pytest.mark.django_db
LOW = MEASURES | {"right_height_mm": "17", "left_height_mm": "17"}


@pytest.fixture
def order(client: Client) -> Order:
    at = factories.branch("RSB", name="Rosebank")
    person = factories.user(Role.DISPENSING_OPTICIAN, at)
    client.force_login(person)
    order = factories.started_order(factories.actor(person, at), at)
    karoo = factories.stocked(at=at)
    dispense.choose_frame(factories.actor(person, at), order.pk, dispense.FrameData(frame_id=karoo.pk))
    return order


@pytest.fixture
def tall() -> LensProduct:
    return factories.lens()


@pytest.fixture
def short() -> LensProduct:
    return factories.lens(
        name="Vista Short 1.60", family="Vista Short", corridor_mm=Decimal(11), minimum_fitting_height_mm=Decimal(16),
        price=Decimal(2940),
    )  # fmt: skip


def url(order: Order) -> str:
    return reverse("orders:dispense", args=[order.number])


def shown(client: Client, order: Order, **ticks: str) -> str:
    answer = client.get(url(order), LOW | ticks, headers={"HX-Request": "true"})
    return " ".join(answer.content.decode().split())


def test_the_ticked_design_stays_with_its_reason_and_the_others_are_offered(
    client: Client, order: Order, tall: LensProduct, short: LensProduct
) -> None:
    body = shown(client, order, design="Vista HD progressive", index="1.600")
    assert 'value="Vista HD progressive" checked' in body and "Cannot be made" in body
    assert 'value="Vista Short" ><' in body
    assert "Vista HD progressive cannot be made for these values: choose another design." in body
    assert 'type="hidden" name="index" value="1.600"' in body
    assert "Fitting height 18 mm or more" in body and ">Does not fit<" in body
    assert 'value="Vista Short" checked' in shown(client, order, design="Vista Short", index="1.600")


def test_saving_keeps_the_measurements_and_no_lens_that_nobody_chose(
    client: Client, order: Order, tall: LensProduct, short: LensProduct
) -> None:
    for button in ("save", "quote"):
        sent = LOW | {"design": "Vista HD progressive", "index": "1.600", "do": button}
        answer = client.post(url(order), sent, follow=True)
        assert answer.redirect_chain == [(f"{url(order)}#lenses", 303)]
        assert "Vista HD progressive cannot be made for these values" in answer.content.decode()
    assert Measurement.objects.get().right_height_mm == Decimal(17)
    assert not LensSpecification.objects.exists()


def test_a_saved_design_that_the_new_heights_refuse_stays_saved_until_another_is_chosen(
    client: Client, order: Order, tall: LensProduct, short: LensProduct
) -> None:
    client.post(url(order), MEASURES | {"design": "Vista HD progressive", "do": "save"})
    versions = LensSpecification.objects.get().version + Measurement.objects.get().version
    sent = LOW | {"design": "Vista HD progressive", "_version": str(versions), "do": "save"}
    assert client.post(url(order), sent).status_code == 303
    assert LensSpecification.objects.get().right == tall
    body = client.get(url(order)).content.decode()
    assert "Cannot be made" in body and 'value="Vista HD progressive" checked' in body
    versions = LensSpecification.objects.get().version + Measurement.objects.get().version
    client.post(url(order), LOW | {"design": "Vista Short", "_version": str(versions), "do": "save"})
    assert LensSpecification.objects.get().right == short


def test_a_coating_that_another_design_lacks_is_named(
    client: Client, order: Order, tall: LensProduct, short: LensProduct
) -> None:
    clear = LensAddOn.objects.create(
        code="CS", supplier=tall.supplier, name="ClearShield", kind=AddOnKind.COATING, cost=Decimal(1), price=Decimal(2)
    )
    tall.add_ons.add(clear)
    body = shown(client, order, design="Vista Short", index="1.670", coating=str(clear.pk))
    assert "This lens is not made with 1.67, ClearShield." in body
    assert "is not made with" not in shown(client, order, design="Vista Short", index="1.600")
