"""Frames between branches: nothing is lost on the way without a case."""

import pytest
from django.db.models import Sum

from branches.roles import Role
from cases.models import Case
from core.errors import DomainError, IllegalTransition, NotAllowed, NotVisible, StaleRecord
from inventory.models import Reservation, StockEntry, StockItem, Transfer, TransferState
from inventory.services import stock, transfers
from tests.factories import branch, frame, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosebank():
    return branch("RSB", name="Rosebank")


@pytest.fixture
def umhlanga():
    return branch("UMH", name="Umhlanga")


@pytest.fixture
def sender(rosebank):
    return staff(Role.FRAME_CONTROLLER, rosebank)


@pytest.fixture
def receiver(umhlanga):
    return staff(Role.FRAME_CONTROLLER, umhlanga)


@pytest.fixture
def karoo(sender, rosebank):
    return stock.receive(sender, rosebank.pk, frame().pk, 3).frame


@pytest.fixture
def sent(sender, rosebank, umhlanga, karoo) -> Transfer:
    transfer = transfers.start(sender, rosebank.pk, umhlanga.pk)
    transfers.put(sender, transfer.pk, karoo.pk, 2)
    return transfers.send(sender, transfer.pk)


def on_hand(at, of) -> int:
    found = StockItem.objects.filter(branch=at, frame=of).first()
    if found is None:
        return 0
    ledger = StockEntry.objects.filter(item=found).aggregate(total=Sum("quantity"))["total"] or 0
    assert found.on_hand == ledger
    return found.on_hand


def test_sent_frames_are_in_neither_branch(sent, rosebank, umhlanga, karoo):
    assert (on_hand(rosebank, karoo), on_hand(umhlanga, karoo)) == (1, 0)
    assert sent.state == TransferState.SENT


def test_received_frames_are_in_the_other_branch(sent, receiver, rosebank, umhlanga, karoo):
    transfers.receive(receiver, sent.pk, {karoo.pk: 2})
    assert (on_hand(rosebank, karoo), on_hand(umhlanga, karoo)) == (1, 2)
    assert not Case.objects.exists()


@pytest.mark.parametrize(("counted", "arrived"), [({}, 0), (1, 1), (3, 3)])
def test_a_difference_is_booked_as_counted_and_opens_a_case_of_the_receiver(
    sent, receiver, umhlanga, karoo, counted, arrived
):
    transfers.receive(receiver, sent.pk, {karoo.pk: counted} if counted else {})
    assert on_hand(umhlanga, karoo) == arrived
    case = Case.objects.get()
    assert (case.kind, case.branch, case.subject_id) == ("transfer_variance", umhlanga, sent.pk)
    assert f"sent 2, received {arrived}" in case.description
    assert sent.lines.get().difference == arrived - 2


def test_a_frame_that_was_not_sent_cannot_be_received_on_the_transfer(sent, receiver, umhlanga, karoo):
    with pytest.raises(DomainError) as refused:
        transfers.receive(receiver, sent.pk, {karoo.pk: 2, frame("88").pk: 1})
    assert refused.value.code == "not_on_transfer"
    assert on_hand(umhlanga, karoo) == 0


def test_only_free_frames_can_be_listed_and_sent(sender, rosebank, umhlanga, karoo):
    dispenser = staff(Role.DISPENSING_OPTICIAN, rosebank)
    transfer = transfers.start(sender, rosebank.pk, umhlanga.pk)
    with pytest.raises(DomainError):
        transfers.put(sender, transfer.pk, karoo.pk, 4)
    transfers.put(sender, transfer.pk, karoo.pk, 3)
    stock.reserve(dispenser, rosebank.pk, karoo.pk, "orders.framechoice:1")
    with pytest.raises(DomainError) as refused:
        transfers.send(sender, transfer.pk)
    assert refused.value.code == "too_few"
    assert (on_hand(rosebank, karoo), Reservation.objects.count()) == (3, 1)
    assert Transfer.objects.get().state == TransferState.DRAFT


def test_an_empty_list_is_not_sent(sender, rosebank, umhlanga):
    transfer = transfers.start(sender, rosebank.pk, umhlanga.pk)
    with pytest.raises(DomainError):
        transfers.send(sender, transfer.pk)


def test_a_branch_does_not_send_to_itself(sender, rosebank):
    with pytest.raises(DomainError):
        transfers.start(sender, rosebank.pk, rosebank.pk)


def test_what_is_sent_is_neither_sent_again_nor_cancelled(sent, sender, rosebank, karoo):
    for verb in (transfers.send, transfers.cancel):
        with pytest.raises(IllegalTransition):
            verb(sender, sent.pk)
    assert on_hand(rosebank, karoo) == 1


def test_the_sender_does_not_receive_and_a_third_branch_sees_nothing(sent, sender, rosebank):
    with pytest.raises(NotAllowed):
        transfers.receive(staff(Role.DISPENSING_OPTICIAN, rosebank), sent.pk, {})
    with pytest.raises(DomainError):
        transfers.receive(sender, sent.pk, {})
    with pytest.raises(NotVisible):
        transfers.receive(staff(Role.FRAME_CONTROLLER, branch()), sent.pk, {})
    sent.refresh_from_db()
    assert sent.state == TransferState.SENT


def test_two_people_who_receive_the_same_transfer_book_it_once(sent, receiver, umhlanga, karoo):
    transfers.receive(receiver, sent.pk, {karoo.pk: 2}, version=sent.version)
    with pytest.raises((StaleRecord, IllegalTransition)):
        transfers.receive(receiver, sent.pk, {karoo.pk: 2}, version=sent.version)
    assert on_hand(umhlanga, karoo) == 2
