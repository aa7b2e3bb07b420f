"""Receive, hold, give back, sell and correct: every number is the ledger's sum."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from branches.roles import Role
from core.errors import DomainError, NotAllowed, NotVisible
from inventory.models import Movement, Reservation, ReservationState, StockEntry, StockItem
from inventory.services import stock
from records.models import Event
from tests.factories import branch, frame, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosebank():
    return branch("RSB", name="Rosebank")


@pytest.fixture
def keeper(rosebank):
    return staff(Role.FRAME_CONTROLLER, rosebank)


@pytest.fixture
def dispenser(rosebank):
    return staff(Role.DISPENSING_OPTICIAN, rosebank)


def numbers(item: StockItem) -> tuple[int, int]:
    item.refresh_from_db()
    ledger = item.entries.aggregate(total=Sum("quantity"))["total"] or 0
    held = item.reservations.filter(state=ReservationState.HELD).aggregate(total=Sum("quantity"))["total"] or 0
    assert (item.on_hand, item.reserved) == (ledger, held)
    return item.on_hand, item.reserved


def test_received_frames_are_on_hand_with_their_cost_and_delivery_note(keeper, rosebank):
    item = stock.receive(keeper, rosebank.pk, frame().pk, 3, Decimal("900.00"), "DN 4471")
    assert numbers(item) == (3, 0)
    entry = item.entries.get()
    assert (entry.movement, entry.quantity, entry.unit_cost, entry.reference) == (
        "received",
        3,
        Decimal(900),
        "DN 4471",
    )
    event = Event.objects.get(kind="stock.received")
    assert (event.branch_id, event.data["quantity"], event.actor_id) == (rosebank.pk, 3, keeper.user_id)


@pytest.mark.parametrize("quantity", [0, -1, 1001])
def test_receiving_refuses_an_impossible_quantity(keeper, rosebank, quantity):
    with pytest.raises(DomainError) as refused:
        stock.receive(keeper, rosebank.pk, frame().pk, quantity)
    assert "quantity" in refused.value.fields
    assert not StockEntry.objects.exists()
    assert not Event.objects.exists()


def test_a_reserved_frame_is_on_hand_but_not_free(keeper, dispenser, rosebank):
    item = stock.receive(keeper, rosebank.pk, frame().pk, 2)
    held = stock.reserve(dispenser, rosebank.pk, item.frame_id, "orders.framechoice:1")
    assert numbers(item) == (2, 1)
    assert item.available == 1
    assert (held.state, held.held_by_id) == (ReservationState.HELD, dispenser.user_id)


def test_reserving_again_for_the_same_reference_holds_one_piece(keeper, dispenser, rosebank):
    item = stock.receive(keeper, rosebank.pk, frame().pk, 2)
    first = stock.reserve(dispenser, rosebank.pk, item.frame_id, "orders.framechoice:1")
    again = stock.reserve(dispenser, rosebank.pk, item.frame_id, "orders.framechoice:1")
    assert first == again
    assert numbers(item) == (2, 1)


def test_the_last_piece_cannot_be_held_twice_and_the_refusal_says_where_else_it_is(keeper, dispenser, rosebank):
    umhlanga = branch("UMH", name="Umhlanga")
    karoo = frame()
    item = stock.receive(keeper, rosebank.pk, karoo.pk, 1)
    stock.receive(staff(Role.FRAME_CONTROLLER, umhlanga), umhlanga.pk, karoo.pk, 2)
    stock.reserve(dispenser, rosebank.pk, karoo.pk, "orders.framechoice:1")
    with pytest.raises(DomainError) as refused:
        stock.reserve(dispenser, rosebank.pk, karoo.pk, "orders.framechoice:2")
    assert refused.value.code == "sold_out"
    assert "Umhlanga 2" in refused.value.fields["frame"]
    assert numbers(item) == (1, 1)
    assert Reservation.objects.count() == 1


def test_a_frame_given_back_is_free_again_and_giving_back_twice_changes_nothing(keeper, dispenser, rosebank):
    item = stock.receive(keeper, rosebank.pk, frame().pk, 1)
    stock.reserve(dispenser, rosebank.pk, item.frame_id, "orders.framechoice:1")
    assert stock.release(dispenser, "orders.framechoice:1").state == ReservationState.RELEASED
    assert stock.release(dispenser, "orders.framechoice:1") is None
    assert numbers(item) == (1, 0)


def test_swapping_holds_the_new_frame_and_frees_the_former(keeper, dispenser, rosebank):
    first = stock.receive(keeper, rosebank.pk, frame().pk, 1)
    second = stock.receive(keeper, rosebank.pk, frame("88").pk, 1)
    stock.reserve(dispenser, rosebank.pk, first.frame_id, "orders.framechoice:1")
    stock.swap(dispenser, rosebank.pk, second.frame_id, "orders.framechoice:1")
    assert (numbers(first), numbers(second)) == ((1, 0), (1, 1))


def test_swapping_for_a_frame_that_is_sold_out_keeps_the_former_held(keeper, dispenser, rosebank):
    first = stock.receive(keeper, rosebank.pk, frame().pk, 1)
    stock.reserve(dispenser, rosebank.pk, first.frame_id, "orders.framechoice:1")
    with pytest.raises(DomainError, match="any branch"):
        stock.swap(dispenser, rosebank.pk, frame("88").pk, "orders.framechoice:1")
    assert numbers(first) == (1, 1)


def test_a_sold_frame_leaves_the_stock(keeper, dispenser, rosebank):
    item = stock.receive(keeper, rosebank.pk, frame().pk, 2)
    stock.reserve(dispenser, rosebank.pk, item.frame_id, "orders.framechoice:1")
    stock.consume(dispenser, "orders.framechoice:1")
    assert numbers(item) == (1, 0)
    assert item.entries.order_by("-pk")[0].movement == Movement.SOLD


def test_selling_what_is_not_held_is_refused(keeper, dispenser, rosebank):
    item = stock.receive(keeper, rosebank.pk, frame().pk, 1)
    with pytest.raises(DomainError) as refused:
        stock.consume(dispenser, "orders.framechoice:1")
    assert refused.value.code == "not_held"
    assert numbers(item) == (1, 0)


def test_a_damaged_frame_is_written_off_with_the_reason(keeper, rosebank):
    item = stock.receive(keeper, rosebank.pk, frame().pk, 2)
    entry = stock.adjust(keeper, item.pk, Movement.DAMAGED, 1, "Hinge broken in the window")
    assert (entry.quantity, entry.reason) == (-1, "Hinge broken in the window")
    assert numbers(item) == (1, 0)


def test_a_held_frame_cannot_be_written_off(keeper, dispenser, rosebank):
    item = stock.receive(keeper, rosebank.pk, frame().pk, 1)
    stock.reserve(dispenser, rosebank.pk, item.frame_id, "orders.framechoice:1")
    with pytest.raises(DomainError) as refused:
        stock.adjust(keeper, item.pk, Movement.DAMAGED, 1, "Lost")
    assert refused.value.code == "too_few"
    assert numbers(item) == (1, 1)


def test_a_correction_needs_a_known_movement_a_quantity_and_a_reason(keeper, rosebank):
    item = stock.receive(keeper, rosebank.pk, frame().pk, 1)
    with pytest.raises(DomainError) as refused:
        stock.adjust(keeper, item.pk, Movement.SOLD, 0, "  ")
    assert set(refused.value.fields) == {"movement", "quantity", "reason"}
    assert numbers(item) == (1, 0)


def test_a_dispenser_may_hold_but_not_receive(dispenser, rosebank):
    with pytest.raises(NotAllowed):
        stock.receive(dispenser, rosebank.pk, frame().pk, 1)
    assert not StockItem.objects.exists()


def test_another_branch_is_not_visible(dispenser):
    umhlanga = branch("UMH", name="Umhlanga")
    with pytest.raises(NotVisible):
        stock.reserve(dispenser, umhlanga.pk, frame().pk, "orders.framechoice:1")
