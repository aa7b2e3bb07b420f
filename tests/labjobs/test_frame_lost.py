"""A frame that is held for an order breaks: the stock loses it, the order's release waits, a job in hand is stopped."""

import pytest
from django.test import Client
from django.urls import reverse

from branches.roles import Role
from core.errors import DomainError, NotAllowed
from inventory.models import Movement, Reservation, StockItem
from inventory.services import stock
from orders.models import FrameChoice
from orders.services import dispense
from orders.services import orders as order_verbs
from orders.services.dispense import FrameData
from records.invariants import violations
from records.models import Review
from tests import factories
from tests.labjobs import makers as lab
from tests.orders import makers

pytestmark = pytest.mark.django_db


def held_for(order_id: int) -> Reservation:
    choice = FrameChoice.objects.get(order_id=order_id)
    return Reservation.objects.get(reference=choice.reservation_reference, state="held")


def test_a_held_frame_is_written_off_and_its_order_hears_of_it() -> None:
    shop = makers.shop("RSB")
    order = makers.confirmed(shop)
    held = held_for(order.pk)
    entry = stock.write_off_held(shop.manager, held.pk, Movement.DAMAGED, "Hinge broke in the window")
    held.refresh_from_db()
    item = StockItem.objects.get(pk=held.item_id)
    assert (held.state, item.on_hand, item.reserved) == ("lost", 1, 0)
    assert (entry.movement, entry.quantity, entry.reason, entry.reference) == (
        "damaged", -1, "Hinge broke in the window", held.reference,
    )  # fmt: skip
    review = Review.objects.get(order_id=order.pk)
    assert (review.decision, review.blocks, review.state, review.owner_id) == (
        "frame_lost", "release", "open", shop.optician.user_id,
    )  # fmt: skip
    assert "Hinge broke in the window" in review.what_changed
    assert not order_verbs.frame_held(FrameChoice.objects.get(order=order))
    assert violations() == []


def test_another_piece_of_the_same_frame_closes_the_review() -> None:
    shop = makers.shop("RSB")
    order = makers.order(shop)
    stock.write_off_held(shop.manager, held_for(order.pk).pk, Movement.DAMAGED, "Broke")
    choice = FrameChoice.objects.get(order=order)
    dispense.choose_frame(shop.optician, order.pk, FrameData(frame_id=choice.frame_id))
    assert order_verbs.frame_held(choice)
    assert Review.objects.get(order_id=order.pk).state == "decided"
    assert held_for(order.pk).item.reserved == 1


def test_a_job_in_hand_is_stopped_when_its_frame_is_lost() -> None:
    bench = lab.bench()
    job = lab.released(bench)
    manager = factories.staff(Role.BRANCH_MANAGER, job.order.branch)
    stock.write_off_held(manager, held_for(job.order_id).pk, Movement.DAMAGED, "Cracked while cutting")
    job.refresh_from_db()
    assert job.on_hold_since is not None
    assert set(Review.objects.filter(order_id=job.order_id).values_list("decision", flat=True)) == {
        "frame_lost",
        "lab_job",
    }


def test_what_is_refused_changes_nothing() -> None:
    shop = makers.shop("RSB")
    order = makers.order(shop)
    held = held_for(order.pk)
    for movement, reason in ((Movement.DAMAGED, " "), (Movement.RETURNED, "Came back")):
        with pytest.raises(DomainError):
            stock.write_off_held(shop.manager, held.pk, movement, reason)
    with pytest.raises(NotAllowed):
        stock.write_off_held(shop.receptionist, held.pk, Movement.DAMAGED, "Broke")
    held.refresh_from_db()
    assert (held.state, held.item.on_hand, Review.objects.count()) == ("held", 2, 0)
    stock.write_off_held(shop.manager, held.pk, Movement.DAMAGED, "Broke")
    with pytest.raises(DomainError) as refused:
        stock.write_off_held(shop.manager, held.pk, Movement.DAMAGED, "Broke")
    assert refused.value.code == "not_held"
    assert StockItem.objects.get(pk=held.item_id).on_hand == 1


def test_the_page_shows_who_hears_of_it_before(client: Client) -> None:
    shop = makers.shop("RSB")
    order = makers.confirmed(shop)
    client.force_login(factories.user(Role.FRAME_CONTROLLER, shop.branch))
    url = reverse("inventory:write_off", args=[held_for(order.pk).pk])
    assert order.number in client.get(url).content.decode()
    assert client.post(url, {"movement": "damaged", "reason": ""}).status_code == 422
    assert client.post(url, {"movement": "damaged", "reason": "Broke"}).status_code == 303
    assert "Not held any more" in client.get(url).content.decode()
