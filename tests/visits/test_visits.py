"""Receiving customers: the queue, the steps of a visit, and their reversal."""

from datetime import timedelta

import pytest

from branches.roles import Role
from core.errors import DomainError, IllegalTransition, NotAllowed, NotVisible
from customers import services as customers
from customers.data import CustomerData
from customers.models import Customer
from records.models import Event
from tests import factories as make
from tests.visits.makers import NOW, Shop, shop
from visits import reception
from visits.models import AppointmentState, Visit, VisitState
from visits.services import appointments, visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosebank() -> Shop:
    return shop()


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_a_walk_in_goes_through_test_and_dispensing_to_an_outcome(rosebank: Shop) -> None:
    visit = visits.walk_in(rosebank.desk, rosebank.branch.pk, rosebank.thandi.pk, "Broken arm", at=NOW)
    naledi = make.actor(rosebank.naledi, rosebank.branch)
    visits.start_test(naledi, visit.pk, at=NOW + timedelta(minutes=5))
    visits.start_dispensing(rosebank.desk, visit.pk, at=NOW + timedelta(minutes=25))
    ended = visits.end(rosebank.desk, visit.pk, "Ordered", at=NOW + timedelta(minutes=50))
    ended.refresh_from_db()
    assert (ended.state, ended.outcome, ended.walk_in) == (VisitState.DONE, "Ordered", True)
    assert ended.attended_by_id == rosebank.naledi.pk
    assert ended.test_started_at == NOW + timedelta(minutes=5)
    assert kinds() == ["visit.started", "visit.test_started", "visit.dispensing_started", "visit.ended"]


def test_nobody_is_in_the_queue_twice(rosebank: Shop) -> None:
    visits.walk_in(rosebank.desk, rosebank.branch.pk, rosebank.thandi.pk, "")
    with pytest.raises(DomainError) as refused:
        visits.walk_in(rosebank.desk, rosebank.branch.pk, rosebank.thandi.pk, "")
    assert refused.value.code == "already_here"
    assert Visit.objects.count() == Event.objects.count() == 1


def test_an_arrival_is_one_action_on_appointment_and_visit(rosebank: Shop) -> None:
    made = appointments.book(rosebank.desk, rosebank.booking(), at=NOW)
    visit = visits.arrive(rosebank.desk, made.pk, at=NOW)
    made.refresh_from_db()
    assert (made.state, visit.state, visit.walk_in) == (AppointmentState.ARRIVED, VisitState.WAITING, False)
    assert Event.objects.exclude(kind="appointment.booked").values("action").distinct().count() == 1
    visits.start_test(rosebank.desk, visit.pk)
    visits.end(rosebank.desk, visit.pk, "Served")
    made.refresh_from_db()
    visit.refresh_from_db()
    assert made.state == AppointmentState.DONE
    assert visit.attended_by_id == rosebank.naledi.pk


def test_arriving_twice_is_refused(rosebank: Shop) -> None:
    made = appointments.book(rosebank.desk, rosebank.booking(), at=NOW)
    visits.arrive(rosebank.desk, made.pk)
    with pytest.raises(IllegalTransition):
        visits.arrive(rosebank.desk, made.pk)
    assert Visit.objects.count() == 1


def test_an_arrival_by_mistake_is_taken_back_and_can_come_again(rosebank: Shop) -> None:
    made = appointments.book(rosebank.desk, rosebank.booking(), at=NOW)
    visits.arrive(rosebank.desk, made.pk)
    assert visits.undo_arrival(rosebank.desk, made.pk).state == AppointmentState.BOOKED
    assert visits.arrive(rosebank.desk, made.pk).state == VisitState.WAITING


def test_an_arrival_cannot_be_taken_back_once_the_test_began(rosebank: Shop) -> None:
    made = appointments.book(rosebank.desk, rosebank.booking(), at=NOW)
    visits.start_test(rosebank.desk, visits.arrive(rosebank.desk, made.pk).pk)
    with pytest.raises(IllegalTransition):
        visits.undo_arrival(rosebank.desk, made.pk)
    made.refresh_from_db()
    assert made.state == AppointmentState.ARRIVED


def test_a_late_customer_arrives_after_being_given_up(rosebank: Shop) -> None:
    made = appointments.book(rosebank.desk, rosebank.booking(), at=NOW)
    appointments.no_show(rosebank.desk, made.pk, at=NOW + timedelta(minutes=70))
    assert visits.arrive(rosebank.desk, made.pk).state == VisitState.WAITING


def test_a_visit_that_ended_allows_nothing_more(rosebank: Shop) -> None:
    visit = visits.walk_in(rosebank.desk, rosebank.branch.pk, rosebank.thandi.pk, "")
    visits.leave(rosebank.desk, visit.pk)
    for verb in (visits.start_test, visits.start_dispensing, visits.wait, visits.leave):
        with pytest.raises(IllegalTransition):
            verb(rosebank.desk, visit.pk)
    visit.refresh_from_db()
    assert (visit.state, visit.outcome) == (VisitState.LEFT, "left without being served")


def test_back_to_waiting_keeps_the_arrival(rosebank: Shop) -> None:
    visit = visits.walk_in(rosebank.desk, rosebank.branch.pk, rosebank.thandi.pk, "", at=NOW)
    visits.start_test(rosebank.desk, visit.pk)
    visits.wait(rosebank.desk, visit.pk)
    visit.refresh_from_db()
    assert (visit.state, visit.arrived_at, visit.attended_by) == (VisitState.WAITING, NOW, None)


def test_a_new_person_is_customer_and_in_the_queue_as_one_action(rosebank: Shop) -> None:
    data = CustomerData("Chidi", "Okafor", phone="083 555 0119", preferred_channel="sms")
    visit = reception.receive(rosebank.desk, reception.Arrival(rosebank.branch.pk, "Eye test", new=data, agrees=True))
    assert visit.customer.consents.get().channel == "sms"
    assert kinds() == ["customer.created", "consent.given", "visit.started"]
    assert Event.objects.values("action").distinct().count() == 1


def test_a_wrong_phone_leaves_neither_customer_nor_visit(rosebank: Shop) -> None:
    before = Customer.objects.count()
    with pytest.raises(DomainError) as refused:
        reception.receive(rosebank.desk, reception.Arrival(rosebank.branch.pk, new=CustomerData("Chidi", phone="12")))
    assert list(refused.value.fields) == ["phone"]
    assert Customer.objects.count() == before and not Visit.objects.exists() and not Event.objects.exists()


def test_another_branch_sees_nothing_and_a_smaller_role_may_not(rosebank: Shop) -> None:
    visit = visits.walk_in(rosebank.desk, rosebank.branch.pk, rosebank.thandi.pk, "")
    with pytest.raises(NotVisible):
        visits.end(make.staff(Role.RECEPTIONIST, make.branch("DUR")), visit.pk, "x")
    with pytest.raises(NotAllowed):
        visits.end(make.staff(Role.ACCOUNTANT, rosebank.branch), visit.pk, "x")
    visit.refresh_from_db()
    assert visit.state == VisitState.WAITING


def test_a_merge_takes_open_visit_and_coming_appointments_along(rosebank: Shop) -> None:
    manager = make.staff(Role.BRANCH_MANAGER, rosebank.branch)
    twice = make.customer(rosebank.branch, given_names="Tandi")
    visit = visits.walk_in(rosebank.desk, rosebank.branch.pk, twice.pk, "")
    made = appointments.book(rosebank.desk, rosebank.booking(customer=twice), at=NOW)
    customers.merge(manager, rosebank.thandi.pk, twice.pk, "Same phone")
    visit.refresh_from_db()
    made.refresh_from_db()
    assert visit.customer_id == made.customer_id == rosebank.thandi.pk
    assert Event.objects.filter(kind="customer.merged")[0].data["moved"]["visits"] == 2
