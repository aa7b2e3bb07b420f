"""Many people at once, each on a connection of their own: never more held than there is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from branches.roles import Role
from core.actor import Actor
from core.errors import DomainError
from inventory.models import Reservation, ReservationState, StockItem
from inventory.services import stock
from tests.factories import branch, frame, staff

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8


def at_once(work: Callable[[int], object]) -> list[object]:
    """Run `work(n)` in as many threads as there are people, all starting together; refusals come back as values."""
    start = Barrier(PEOPLE)

    def one(number: int) -> object:
        try:
            start.wait(timeout=20)
            return work(number)
        except DomainError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(one, range(PEOPLE)))


def shop(pieces: int) -> tuple[Actor, StockItem]:
    rosebank = branch("RSB", name="Rosebank")
    keeper = staff(Role.BRANCH_MANAGER, rosebank)
    return keeper, stock.receive(keeper, rosebank.pk, frame().pk, pieces)


def held(item: StockItem) -> int:
    return Reservation.objects.filter(item=item, state=ReservationState.HELD).count()


def test_of_many_people_exactly_one_gets_the_last_piece():
    actor, item = shop(1)
    answers = at_once(lambda n: stock.reserve(actor, item.branch_id, item.frame_id, f"orders.framechoice:{n}"))
    assert held(item) == 1
    assert sorted(getattr(answer, "code", "held") for answer in answers) == ["held"] + ["sold_out"] * (PEOPLE - 1)
    item.refresh_from_db()
    assert (item.on_hand, item.reserved) == (1, 1)


def test_three_pieces_go_to_three_of_many():
    actor, item = shop(3)
    at_once(lambda n: stock.reserve(actor, item.branch_id, item.frame_id, f"orders.framechoice:{n}"))
    assert held(item) == 3


def test_without_the_guard_the_same_race_sells_the_last_piece_more_than_once(monkeypatch):
    """The control: were this to pass with one holder, the race above would prove nothing."""
    actor, item = shop(1)
    everyone_has_looked = Barrier(PEOPLE)

    def look_then_take(branch_id: int, frame_id: int) -> bool:
        seen = StockItem.objects.get(branch_id=branch_id, frame_id=frame_id)
        everyone_has_looked.wait(timeout=20)
        if seen.available < 1:
            return False
        seen.reserved += 1
        seen.save()
        return True

    monkeypatch.setattr(stock, "_take_one", look_then_take)
    at_once(lambda n: stock.reserve(actor, item.branch_id, item.frame_id, f"orders.framechoice:{n}"))
    assert held(item) == PEOPLE


def test_two_people_who_swap_the_same_two_frames_both_get_theirs():
    actor, one = shop(4)
    other = stock.receive(actor, one.branch_id, frame("88").pk, 4)
    for number in range(PEOPLE):
        wanted = (one if number % 2 else other).frame_id
        stock.reserve(actor, one.branch_id, wanted, f"orders.framechoice:{number}")
    stock.receive(actor, one.branch_id, one.frame_id, 4)
    stock.receive(actor, one.branch_id, other.frame_id, 4)

    def cross(number: int) -> object:
        wanted = (other if number % 2 else one).frame_id
        return stock.swap(actor, one.branch_id, wanted, f"orders.framechoice:{number}")

    at_once(cross)
    assert (held(one), held(other)) == (4, 4)


def test_giving_back_and_selling_at_once_does_one_of_them():
    actor, item = shop(1)
    stock.reserve(actor, item.branch_id, item.frame_id, "orders.framechoice:1")

    def end(number: int) -> object:
        verb = stock.release if number % 2 else stock.consume
        return verb(actor, "orders.framechoice:1")

    at_once(end)
    item.refresh_from_db()
    reservation = Reservation.objects.get()
    sold = reservation.state == ReservationState.CONSUMED
    assert (item.on_hand, item.reserved) == ((0, 0) if sold else (1, 0))
    assert item.entries.count() == (2 if sold else 1)
