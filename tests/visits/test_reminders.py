"""Reminders and recalls: once each, at the right time, and never for what is off."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from records.models import Event
from tests import factories as make
from tests.visits.makers import NOW, Shop, shop
from visits.models import Appointment
from visits.services import appointments, reminders

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def rosebank() -> Shop:
    return shop()


def booked(at: Shop, minutes: int, earlier: timedelta = 2 * DAY) -> Appointment:
    booking = at.booking(minutes, customer=make.customer(at.branch), outside_hours=True)
    made = appointments.book(at.desk, booking, at=NOW - earlier)
    Appointment.objects.filter(pk=made.pk).update(recorded_at=NOW - earlier)
    return made


def reminded() -> list[int]:
    return list(Event.objects.filter(kind="appointment.reminder_due").values_list("subject_id", flat=True))


def test_tomorrows_appointment_is_reminded_of_once(rosebank: Shop) -> None:
    made = booked(rosebank, 24 * 60)
    assert [reminders.remind(NOW), reminders.remind(NOW + timedelta(minutes=15))] == [1, 0]
    assert reminded() == [made.pk]
    made.refresh_from_db()
    assert (made.reminder_sent_at, made.version) == (NOW, 1)


def test_not_too_early_not_too_late_not_just_booked_and_not_when_off(rosebank: Shop) -> None:
    booked(rosebank, 3 * 24 * 60)
    booked(rosebank, 60)
    booked(rosebank, 25 * 60, earlier=timedelta(hours=2))
    off = booked(rosebank, 26 * 60)
    appointments.cancel(rosebank.desk, off.pk, "Flu")
    assert reminders.remind(NOW) == 0 and reminded() == []


def test_a_moved_appointment_is_reminded_of_again(rosebank: Shop) -> None:
    made = booked(rosebank, 24 * 60)
    reminders.remind(NOW)
    appointments.move(rosebank.desk, made.pk, 1, rosebank.slot(48 * 60, outside_hours=True), at=NOW)
    assert reminders.remind(NOW + DAY) == 1


def test_a_recall_is_noted_once_for_its_date(rosebank: Shop) -> None:
    rosebank.thandi.recall_on = NOW.date()
    rosebank.thandi.save()
    assert [reminders.note_recalls(NOW), reminders.note_recalls(NOW + DAY)] == [1, 0]
    rosebank.thandi.recall_on = NOW.date() + DAY
    rosebank.thandi.save()
    assert reminders.note_recalls(NOW + DAY) == 1
    assert Event.objects.filter(kind="customer.recall_due", customer_id=rosebank.thandi.pk).count() == 2


def test_the_reminder_falls_due_at_nine_of_the_day_before_by_the_branchs_clock(rosebank: Shop) -> None:
    zone = ZoneInfo(rosebank.branch.time_zone)
    made = booked(rosebank, 24 * 60)
    starts = made.period.lower.astimezone(zone)
    day_before = (starts - DAY).replace(hour=8, minute=59)
    assert reminders.remind(day_before) == 0
    assert reminders.remind(day_before + timedelta(minutes=1)) == 1
