"""Good, better, best on the quotation: what stands side by side, what it costs, and taking one."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from branches.models import User
from catalogue.models import LensProduct
from catalogue.pricebook import When
from orders.dispensing import options
from orders.models import LensSpecification, Order, QuotationState
from orders.services.common import today
from orders.services.quotations import QuoteRequest
from tests import factories
from tests.orders import makers

pytestmark = pytest.mark.django_db


def another(family: str, price: int, design: str = "progressive") -> LensProduct:
    """A lens like the one of the order, of another family."""
    return lens_like(LensProduct.objects.earliest("pk"), family, Decimal(price), design)


def lens_like(one: LensProduct, family: str, price: Decimal, design: str) -> LensProduct:
    if not one.ranges.exists():
        factories.lens_range(one)
    one.pk, one.code, one.family, one.name, one.price, one.design = (
        None,
        family,
        family,
        f"{family} 1.60",
        price,
        design,
    )
    one._state.adding = True
    one.save()
    factories.lens_range(one)
    return one


def families(*prices: int) -> None:
    for price in prices:
        another(f"Family {price}", price)


def columns(order: Order) -> list[tuple[str, str, Decimal, bool]]:
    found = options.three(order, When(today(order.branch), order.branch_id))
    return [(one.name, one.product.family, one.price, one.is_chosen) for one in found]


def test_the_ends_and_the_chosen_lens_stand_side_by_side_with_the_price_of_the_pair() -> None:
    shop = makers.shop()
    order = makers.order(shop)
    families(1000, 2000, 4000, 5000, 6000)
    assert columns(order) == [
        ("Good", "Family 1000", Decimal("2000.00"), False),
        ("Better", "", Decimal("7630.00"), True),
        ("Best", "Family 6000", Decimal("12000.00"), False),
    ]


def test_two_families_are_good_and_best_and_one_alone_is_no_choice() -> None:
    shop = makers.shop()
    order = makers.order(shop)
    assert columns(order) == []
    families(1000)
    assert [one[0] for one in columns(order)] == ["Good", "Best"]


def test_taking_one_changes_the_lens_and_replaces_the_quotation() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop, QuoteRequest())
    order = quotation.order
    families(1000, 5000)
    client = Client()
    client.force_login(User.objects.get(pk=shop.optician.user_id))
    page = client.get(reverse("orders:quote", args=[order.number])).content.decode()
    assert "Lenses side by side" in page
    cheap = options.three(order, When(today(order.branch), order.branch_id))[0].product
    answer = client.post(reverse("orders:take_option", args=[order.number, cheap.pk]))
    assert (answer.status_code, answer["Location"]) == (303, reverse("orders:quote", args=[order.number]))
    assert LensSpecification.objects.get(order=order).right == cheap
    quotation.refresh_from_db()
    assert quotation.state == QuotationState.REPLACED


def test_a_lens_that_is_not_among_the_columns_is_not_taken() -> None:
    shop = makers.shop()
    order = makers.order(shop)
    families(1000)
    other = another("Single", 100, "single_vision")
    client = Client()
    client.force_login(User.objects.get(pk=shop.optician.user_id))
    before = LensSpecification.objects.get(order=order).right
    assert client.post(reverse("orders:take_option", args=[order.number, other.pk])).status_code == 422
    assert LensSpecification.objects.get(order=order).right == before
