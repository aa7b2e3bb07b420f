"""A blind count: what is seen is scanned, differences are booked and owned."""

import pytest

from branches.roles import Role
from cases.models import Case
from core.errors import DomainError, IllegalTransition, NotAllowed
from inventory.models import Movement, StockCount, StockItem
from inventory.services import counts, stock
from tests.factories import branch, frame, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosebank():
    return branch("RSB", name="Rosebank")


@pytest.fixture
def keeper(rosebank):
    return staff(Role.FRAME_CONTROLLER, rosebank)


def stocked_item(keeper, at, pieces: int) -> StockItem:
    return stock.receive(keeper, at.pk, frame().pk, pieces)


def test_a_count_that_agrees_changes_nothing(keeper, rosebank):
    item = stocked_item(keeper, rosebank, 2)
    count = counts.start(keeper, rosebank.pk)
    counts.scan(keeper, count.pk, item.frame_id)
    assert counts.scan(keeper, count.pk, item.frame_id).expected is None
    counts.post(keeper, count.pk)
    item.refresh_from_db()
    assert (item.on_hand, item.entries.count()) == (2, 1)
    assert item.last_counted_at is not None
    assert not Case.objects.exists()


def test_what_nobody_saw_is_missing_and_what_is_more_is_found(keeper, rosebank):
    missing, more = stocked_item(keeper, rosebank, 1), stocked_item(keeper, rosebank, 1)
    new = frame("88")
    count = counts.start(keeper, rosebank.pk)
    counts.scan(keeper, count.pk, more.frame_id, 2)
    counts.scan(keeper, count.pk, new.pk)
    counts.post(keeper, count.pk)
    on_hand = {item.frame_id: item.on_hand for item in StockItem.objects.all()}
    assert on_hand == {missing.frame_id: 0, more.frame_id: 2, new.pk: 1}
    assert missing.entries.filter(movement=Movement.COUNTED, quantity=-1, reference=count.number).exists()
    case = Case.objects.get()
    assert (case.kind, case.subject_id) == ("count_variance", count.pk)
    assert "3 frames differ" in case.title


def test_a_count_of_a_part_leaves_the_rest_alone(keeper, rosebank):
    other, seen = stocked_item(keeper, rosebank, 1), stocked_item(keeper, rosebank, 1)
    count = counts.start(keeper, rosebank.pk, whole_branch=False)
    counts.scan(keeper, count.pk, seen.frame_id)
    counts.post(keeper, count.pk)
    other.refresh_from_db()
    assert other.on_hand == 1


def test_a_frame_held_for_an_order_that_is_not_found_stops_the_posting(keeper, rosebank):
    held, other = stocked_item(keeper, rosebank, 1), stocked_item(keeper, rosebank, 1)
    stock.reserve(staff(Role.DISPENSING_OPTICIAN, rosebank), rosebank.pk, held.frame_id, "orders.framechoice:1")
    count = counts.start(keeper, rosebank.pk)
    counts.scan(keeper, count.pk, other.frame_id)
    with pytest.raises(DomainError) as refused:
        counts.post(keeper, count.pk)
    assert refused.value.code == "held_missing"
    held.refresh_from_db()
    assert (held.on_hand, StockCount.objects.get().state) == (1, "open")


def test_a_wrong_scan_is_taken_back_but_not_below_nothing(keeper, rosebank):
    count = counts.start(keeper, rosebank.pk)
    one = frame()
    counts.scan(keeper, count.pk, one.pk)
    assert counts.scan(keeper, count.pk, one.pk, -1).counted == 0
    with pytest.raises(DomainError):
        counts.scan(keeper, count.pk, one.pk, -1)


def test_one_count_runs_in_a_branch_and_a_posted_one_is_closed(keeper, rosebank):
    item = stocked_item(keeper, rosebank, 1)
    count = counts.start(keeper, rosebank.pk)
    assert counts.start(keeper, rosebank.pk) == count
    counts.scan(keeper, count.pk, item.frame_id)
    counts.post(keeper, count.pk)
    with pytest.raises(IllegalTransition):
        counts.scan(keeper, count.pk, item.frame_id)


def test_an_empty_count_and_a_dispensers_count_are_refused(keeper, rosebank):
    count = counts.start(keeper, rosebank.pk)
    with pytest.raises(DomainError):
        counts.post(keeper, count.pk)
    with pytest.raises(NotAllowed):
        counts.scan(staff(Role.DISPENSING_OPTICIAN, rosebank), count.pk, frame().pk)
