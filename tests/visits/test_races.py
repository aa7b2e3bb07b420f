"""Two desks and one free time, each on a connection of its own: one gets it, the other is told."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from django.db import connection

from core.errors import DomainError
from tests import factories as make
from tests.visits.makers import NOW, Shop, shop
from visits.models import Appointment, Visit
from visits.services import appointments, visits

pytestmark = pytest.mark.django_db(transaction=True)
DESKS = 6


def at_once(work: Callable[[int], object]) -> list[object]:
    """Run `work(n)` in as many threads as there are desks, all starting together; refusals come back as values."""
    start = Barrier(DESKS)

    def one(number: int) -> object:
        try:
            start.wait(timeout=20)
            return work(number)
        except DomainError as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(DESKS) as pool:
        return list(pool.map(one, range(DESKS)))


def everybody_wants_eleven(at: Shop) -> list[object]:
    people = [make.customer(at.branch) for _ in range(DESKS)]

    def book(number: int) -> object:
        appointments.book(at.desk, at.booking(60 + number % 3 * 5, customer=people[number]), at=NOW)
        return "booked"

    return at_once(book)


def test_one_desk_gets_the_time_and_the_others_are_told() -> None:
    answers = everybody_wants_eleven(shop())
    assert sorted(map(str, answers)) == ["booked"] + ["taken"] * (DESKS - 1)
    assert Appointment.objects.count() == 1


def test_the_last_room_goes_to_one() -> None:
    at = shop()
    people = [make.customer(at.branch) for _ in range(DESKS)]
    clinicians = [make.user("optometrist", at.branch) for _ in range(DESKS)]

    def book(number: int) -> object:
        booking = at.booking(customer=people[number], clinician_id=clinicians[number].pk, room_id=at.room.pk)
        appointments.book(at.desk, booking, at=NOW)
        return "booked"

    assert sorted(map(str, at_once(book))) == ["booked"] + ["taken"] * (DESKS - 1)


@contextmanager
def without(constraint: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [constraint])
        (definition,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE visits_appointment DROP CONSTRAINT {constraint}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM visits_appointment")
            cursor.execute(f"ALTER TABLE visits_appointment ADD CONSTRAINT {constraint} {definition}")


def test_without_the_constraint_the_same_race_double_books() -> None:
    """The control: were this to end with one booking, the race above would prove nothing."""
    at = shop()
    with without("clinician_not_double_booked"):
        answers = everybody_wants_eleven(at)
        assert answers == ["booked"] * DESKS
        assert Appointment.objects.count() == DESKS


def test_a_customer_received_at_six_desks_at_once_waits_once() -> None:
    at = shop()

    def receive(number: int) -> object:
        visits.walk_in(at.desk, at.branch.pk, at.thandi.pk, str(number))
        return "waiting"

    assert sorted(map(str, at_once(receive))) == ["already_here"] * (DESKS - 1) + ["waiting"]
    assert Visit.objects.count() == 1
