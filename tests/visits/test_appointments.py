"""Booking, moving and leaving a time; every refusal leaves things as they were."""

from datetime import timedelta

import pytest

from branches.models import Room
from branches.roles import Role
from core.errors import DomainError, IllegalTransition, NotAllowed, NotVisible, StaleRecord
from records.models import Event
from tests import factories as make
from tests.visits.makers import NOW, Shop, shop
from visits import selectors
from visits.models import Appointment, AppointmentState
from visits.services import appointments

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosebank() -> Shop:
    return shop()


def booked(at: Shop, minutes_from_now: int = 60, **more: object) -> Appointment:
    return appointments.book(at.desk, at.booking(minutes_from_now, **more), at=NOW)


def test_a_booking_holds_the_time_and_tells_the_story(rosebank: Shop) -> None:
    made = booked(rosebank, room_id=rosebank.room.pk)
    made.refresh_from_db()
    assert made.state == AppointmentState.BOOKED
    assert (made.period.lower, made.period.upper) == (NOW + timedelta(minutes=60), NOW + timedelta(minutes=90))
    event = Event.objects.get()
    assert (event.kind, event.customer_id, event.branch_id) == (
        "appointment.booked",
        rosebank.thandi.pk,
        rosebank.branch.pk,
    )
    assert event.new == {"period": "Tue 24 Nov 2026 11:00"}


def test_a_clinician_is_not_booked_twice(rosebank: Shop) -> None:
    booked(rosebank)
    other = make.customer(rosebank.branch)
    with pytest.raises(DomainError) as refused:
        booked(rosebank, 75, customer=other)
    assert refused.value.code == "taken"
    assert refused.value.fields == {"starts_at": "Taken 11:00–11:30 for another customer. Choose another time."}
    assert Appointment.objects.count() == Event.objects.count() == 1


def test_the_next_may_begin_when_the_last_ends(rosebank: Shop) -> None:
    booked(rosebank)
    booked(rosebank, 90, customer=make.customer(rosebank.branch))
    assert Appointment.objects.count() == 2


def test_a_room_is_not_booked_twice(rosebank: Shop) -> None:
    booked(rosebank, room_id=rosebank.room.pk)
    lerato = make.user(Role.OPTOMETRIST, rosebank.branch)
    with pytest.raises(DomainError) as refused:
        booked(rosebank, 75, clinician_id=lerato.pk, room_id=rosebank.room.pk)
    assert list(refused.value.fields) == ["room"]
    assert Appointment.objects.count() == 1


def test_nobody_is_in_two_branches_at_once(rosebank: Shop) -> None:
    booked(rosebank)
    durban = make.branch("DUR")
    make.Membership.objects.create(user=rosebank.naledi, branch=durban, role=Role.OPTOMETRIST)
    booking = appointments.Booking(durban.pk, rosebank.thandi.pk, "eye_test", rosebank.slot(60))
    with pytest.raises(DomainError) as refused:
        appointments.book(make.staff(Role.RECEPTIONIST, durban), booking, at=NOW)
    assert refused.value.code == "taken"


def test_a_cancelled_time_is_free_again(rosebank: Shop) -> None:
    first = booked(rosebank)
    appointments.cancel(rosebank.desk, first.pk, "Has the flu")
    booked(rosebank, customer=make.customer(rosebank.branch))
    first.refresh_from_db()
    assert (first.state, first.cancelled_reason) == (AppointmentState.CANCELLED, "Has the flu")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"minutes_from_now": -60}, "starts_at"),
        ({"minutes_from_now": 7 * 60}, "starts_at"),
        ({"minutes": 3}, "minutes"),
        ({"minutes": 600}, "minutes"),
        ({"clinician_id": 999_999}, "clinician"),
        ({"room_id": 999_999}, "room"),
    ],
)
def test_what_cannot_be_booked_is_said_at_its_field(rosebank: Shop, change: dict[str, int], field: str) -> None:
    with pytest.raises(DomainError) as refused:
        booked(rosebank, **change)
    assert list(refused.value.fields) == [field]
    assert not Appointment.objects.exists() and not Event.objects.exists()


def test_outside_the_opening_hours_only_on_purpose(rosebank: Shop) -> None:
    with pytest.raises(DomainError) as refused:
        booked(rosebank, 7 * 60 + 30)
    assert refused.value.fields == {"starts_at": "Rosebank is open 08:30–17:00 on this day."}
    assert booked(rosebank, 7 * 60 + 30, outside_hours=True).pk


def test_a_room_of_another_branch_is_refused(rosebank: Shop) -> None:
    elsewhere = Room.objects.create(branch=make.branch("DUR"), name="Room 1")
    with pytest.raises(DomainError) as refused:
        booked(rosebank, room_id=elsewhere.pk)
    assert list(refused.value.fields) == ["room"]


def test_a_merged_customer_cannot_be_booked(rosebank: Shop) -> None:
    other = make.customer(rosebank.branch)
    other.merged_into = rosebank.thandi
    other.save()
    with pytest.raises(DomainError) as refused:
        booked(rosebank, customer=other)
    assert refused.value.code == "merged"


def test_moving_keeps_the_earlier_time(rosebank: Shop) -> None:
    made = booked(rosebank)
    moved = appointments.move(rosebank.desk, made.pk, 1, rosebank.slot(150), at=NOW)
    assert moved.period.lower == NOW + timedelta(minutes=150)
    event = Event.objects.get(kind="appointment.moved")
    assert (event.old["period"], event.new["period"]) == ("Tue 24 Nov 2026 11:00", "Tue 24 Nov 2026 12:30")
    assert made.history.count() == 2


def test_an_appointment_may_move_within_its_own_time(rosebank: Shop) -> None:
    made = booked(rosebank)
    assert appointments.move(rosebank.desk, made.pk, 1, rosebank.slot(75), at=NOW).version == 2


def test_moving_onto_another_leaves_it_where_it_was(rosebank: Shop) -> None:
    made = booked(rosebank)
    booked(rosebank, 120, customer=make.customer(rosebank.branch))
    with pytest.raises(DomainError):
        appointments.move(rosebank.desk, made.pk, 1, rosebank.slot(110), at=NOW)
    made.refresh_from_db()
    assert (made.period.lower, made.version) == (NOW + timedelta(minutes=60), 1)


def test_a_stale_move_is_refused(rosebank: Shop) -> None:
    made = booked(rosebank)
    appointments.move(rosebank.desk, made.pk, 1, rosebank.slot(150), at=NOW)
    with pytest.raises(StaleRecord):
        appointments.move(rosebank.desk, made.pk, 1, rosebank.slot(200), at=NOW)


def test_cancelling_needs_a_reason(rosebank: Shop) -> None:
    made = booked(rosebank)
    with pytest.raises(DomainError) as refused:
        appointments.cancel(rosebank.desk, made.pk, "  ")
    assert list(refused.value.fields) == ["reason"]
    made.refresh_from_db()
    assert made.state == AppointmentState.BOOKED


def test_nobody_is_absent_before_their_time(rosebank: Shop) -> None:
    made = booked(rosebank)
    with pytest.raises(DomainError) as refused:
        appointments.no_show(rosebank.desk, made.pk, at=NOW)
    assert refused.value.code == "too_early"
    assert (
        appointments.no_show(rosebank.desk, made.pk, at=NOW + timedelta(minutes=75)).state == AppointmentState.NO_SHOW
    )


def test_a_no_show_whose_time_was_given_away_does_not_come_back(rosebank: Shop) -> None:
    made = booked(rosebank)
    appointments.no_show(rosebank.desk, made.pk, at=NOW + timedelta(minutes=61))
    booked(rosebank, customer=make.customer(rosebank.branch))
    with pytest.raises(DomainError) as refused:
        appointments.undo_no_show(rosebank.desk, made.pk)
    assert refused.value.code == "taken"
    made.refresh_from_db()
    assert made.state == AppointmentState.NO_SHOW


def test_a_cancelled_appointment_allows_nothing_more(rosebank: Shop) -> None:
    made = booked(rosebank)
    appointments.cancel(rosebank.desk, made.pk, "Moved away")
    with pytest.raises(IllegalTransition):
        appointments.move(rosebank.desk, made.pk, 2, rosebank.slot(150), at=NOW)


def test_another_branch_sees_nothing_and_a_smaller_role_may_not(rosebank: Shop) -> None:
    made = booked(rosebank)
    with pytest.raises(NotVisible):
        appointments.cancel(make.staff(Role.RECEPTIONIST, make.branch("DUR")), made.pk, "x")
    with pytest.raises(NotAllowed):
        appointments.cancel(make.staff(Role.LAB_TECHNICIAN, rosebank.branch), made.pk, "x")
    made.refresh_from_db()
    assert made.state == AppointmentState.BOOKED


def test_free_times_leave_out_what_is_taken_and_what_has_passed(rosebank: Shop) -> None:
    booked(rosebank)
    found = selectors.free_slots(rosebank.branch, rosebank.naledi.pk, NOW.date(), timedelta(minutes=30), NOW)
    assert [f"{slot.start:%H:%M}" for slot in found][:5] == ["10:00", "10:15", "10:30", "11:30", "11:45"]
    assert f"{found[-1].start:%H:%M}" == "16:30"
