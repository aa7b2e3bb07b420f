"""A decision made again on live values: read at the click, refused when they moved, by its owner or who holds the right."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from branches.models import User
from branches.roles import Role
from catalogue.models import Frame, LensProduct
from catalogue.services import frames, lenses
from catalogue.services.common import Opened
from core.actor import Actor
from core.errors import DomainError, GateClosed, NotAllowed
from labjobs.services import release
from orders.models import Order
from records.models import Approval, Review
from records.services import changes, deciding, reviews
from tests import factories
from tests.orders import makers

pytestmark = pytest.mark.django_db
ENDED = frozenset({"discontinued_on"})


@pytest.fixture
def shop() -> makers.Shop:
    return makers.shop()


@pytest.fixture
def keeper(shop: makers.Shop) -> Actor:
    return factories.staff(Role.FRAME_CONTROLLER, shop.branch)


def lens_ends(keeper: Actor, order: Order, on: date) -> Review:
    product = order.lens_specification.right
    lenses.discontinue(keeper, product.pk, on, Opened(reason="supplier stopped it"))
    return Review.objects.get(order_id=order.pk, decision="lens_supply")


def seen_of(review: Review) -> str:
    asked = deciding.question(review)
    assert asked is not None
    return asked.seen


def codes(order: Order) -> list[str]:
    return [one.code for one in release.missing_for(order)]


def test_what_the_panel_lists_is_what_is_opened(shop: makers.Shop, keeper: Actor) -> None:
    order = makers.confirmed(shop)
    product = order.lens_specification.right
    listed = [
        (one.dependency.decision, one.affected.order_id, one.affected.owner_id)
        for one in changes.preview(product, ENDED)
        if one.dependency.reopens
    ]
    review = lens_ends(keeper, order, date(2026, 1, 1))
    assert listed == [("lens_supply", order.pk, shop.optician.user_id)]
    assert [(review.decision, review.order_id, review.owner_id)] == listed
    assert Review.objects.count() == 1


def test_the_owner_confirms_the_supply_and_the_release_opens(shop: makers.Shop, keeper: Actor) -> None:
    order = makers.confirmed(shop)
    review = lens_ends(keeper, order, date(2026, 1, 1))
    assert {"lens_discontinued", "review"} <= set(codes(order))
    approval = deciding.confirm(shop.optician, review.pk, seen_of(review), "two blanks lie at the supplier")
    review.refresh_from_db()
    assert (review.state, review.resolution_reason) == ("decided", "two blanks lie at the supplier")
    product = LensProduct.objects.get(pk=order.lens_specification.right_id)
    assert [(one.record_id, one.record_version) for one in approval.inputs.all()] == [(product.pk, product.version)]
    assert not {"lens_discontinued", "review"} & set(codes(order))


def test_values_that_moved_since_the_page_was_opened_are_shown_and_nothing_is_decided(
    shop: makers.Shop, keeper: Actor
) -> None:
    order = makers.confirmed(shop)
    review = lens_ends(keeper, order, date(2026, 1, 1))
    seen = seen_of(review)
    lens_ends(keeper, order, date(2026, 2, 1))
    with pytest.raises(GateClosed) as refused:
        deciding.confirm(shop.optician, review.pk, seen, "fine")
    [moved] = refused.value.missing
    assert "1 Jan 2026 → Sun 1 Feb 2026" in moved.message
    assert Approval.objects.filter(kind="lens_supply").count() == 0
    assert reviews.open_reviews(order_id=order.pk).count() == 1


def test_only_the_owner_or_the_right_decides_and_always_with_a_reason(shop: makers.Shop, keeper: Actor) -> None:
    review = lens_ends(keeper, makers.confirmed(shop), date(2026, 1, 1))
    with pytest.raises(NotAllowed):
        deciding.confirm(shop.receptionist, review.pk, seen_of(review), "fine")
    with pytest.raises(DomainError, match="Say why"):
        deciding.confirm(shop.optician, review.pk, seen_of(review), " ")
    review.refresh_from_db()
    assert review.state == "open"


def test_a_later_change_puts_the_confirmation_out_of_date(shop: makers.Shop, keeper: Actor) -> None:
    order = makers.confirmed(shop)
    review = lens_ends(keeper, order, date(2026, 1, 1))
    approval = deciding.confirm(shop.optician, review.pk, seen_of(review), "in stock")
    product = order.lens_specification.right
    lenses.discontinue(keeper, product.pk, date(2026, 2, 1), Opened(reason="earlier than said"))
    approval.refresh_from_db()
    assert approval.out_of_date_at is not None
    assert {"lens_discontinued", "review"} <= set(codes(order))


def test_a_held_frame_needs_no_decision_but_one_that_has_to_come_does(shop: makers.Shop, keeper: Actor) -> None:
    held, coming = makers.confirmed(shop), makers.confirmed(shop)
    coming.frame_choice.status = "to_come"
    coming.frame_choice.save()
    for order in (held, coming):
        frames.discontinue(keeper, order.frame_choice.frame_id, date(2026, 1, 1), Opened(reason="end of the line"))
    assert list(Review.objects.values_list("order_id", "decision", "owner_role")) == [
        (coming.pk, "frame_supply", Role.FRAME_CONTROLLER)
    ]


def test_a_new_price_reopens_quotations_that_wait_and_no_agreed_order(shop: makers.Shop, keeper: Actor) -> None:
    waiting, agreed = makers.quoted(shop).order, makers.confirmed(shop)
    for order in (waiting, agreed):
        frame = Frame.objects.get(pk=order.frame_choice.frame_id)
        frame.price += Decimal(100)
        frame.version += 1
        frame.save()
        change = changes.Change([changes.FieldChange("price", "price", "2450", "2550")], "", "new list")
        changes.announce(frame, change, keeper)
    assert list(Review.objects.values_list("order_id", "decision")) == [(waiting.pk, "quoted_price")]


def test_the_page_shows_the_live_values_and_takes_the_decision(shop: makers.Shop, keeper: Actor) -> None:
    order = makers.confirmed(shop)
    review = lens_ends(keeper, order, date(2026, 1, 1))
    url = f"/records/reviews/{review.pk}/decide/"
    client, stranger = Client(), Client()
    client.force_login(User.objects.get(pk=shop.optician.user_id))
    stranger.force_login(User.objects.get(pk=makers.shop().optician.user_id))
    assert stranger.get(url).status_code == 404
    text = client.get(url).content.decode()
    assert "1 Jan 2026" in text and "It holds" in text
    assert url in client.get(f"/orders/{order.number}/").content.decode()
    stale = client.post(url, {"seen": json.dumps({"Lens": {"x": "1"}}), "reason": "fine"})
    assert stale.status_code == 422 and "Something changed since you opened this page" in stale.content.decode()
    assert client.post(url, {"seen": seen_of(review), "reason": "in stock"}).status_code == 303
    review.refresh_from_db()
    assert review.state == "decided"
