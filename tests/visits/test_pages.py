"""The counter through HTTP: board, poll, walk-in, booking, steps."""

import zoneinfo
from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.roles import Role
from customers.models import Customer
from tests import factories as make
from tests.visits.makers import NOW, Shop, shop
from visits.models import Appointment, AppointmentState, Visit, VisitState
from visits.services import appointments, visits
from visits.services.slots import Slot

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def rosebank() -> Shop:
    return shop()


@pytest.fixture
def desk(rosebank: Shop, client: Client) -> Client:
    client.force_login(rosebank.desk_user)
    return client


@pytest.fixture(autouse=True)
def ten_in_the_morning():
    with mock.patch.object(timezone, "now", lambda: NOW):
        yield


def today(desk: Client, **more: str) -> str:
    answer = desk.get(reverse("visits:today"), more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_board_is_the_first_page(desk: Client, rosebank: Shop) -> None:
    appointments.book(rosebank.desk, rosebank.booking())
    visits.walk_in(
        rosebank.desk, rosebank.branch.pk, make.customer(rosebank.branch, family_name="Dlamini").pk, "Broken arm"
    )
    page = today(desk)
    assert "Today at Rosebank" in page
    assert "Tue 24 Nov 2026, 10:00" in page
    assert "Mokoena, Thandi" in page and "Dlamini, Thandi" in page
    assert "1 booked, 0 seen" in page
    assert 'class="now"' in page


def test_who_does_not_receive_customers_starts_elsewhere(client: Client, rosebank: Shop) -> None:
    client.force_login(make.user(Role.LAB_TECHNICIAN, rosebank.branch))
    answer = client.get("/")
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    assert b"Today at" not in client.get(answer["Location"]).content


def test_an_empty_day_says_so_and_offers_to_book(desk: Client) -> None:
    assert "No appointments today at Rosebank." in today(desk)
    assert "The branch is closed on this day." in today(desk, day="2026-11-22")
    assert "Nobody is waiting." in today(desk)


def test_a_day_that_is_no_day_is_today(desk: Client) -> None:
    assert "Today at Rosebank" in today(desk, day="2026-02-31")


def test_another_branchs_appointments_are_not_on_the_board(client: Client, rosebank: Shop) -> None:
    appointments.book(rosebank.desk, rosebank.booking())
    client.force_login(make.user(Role.RECEPTIONIST, make.branch("DUR", name="Durban North")))
    assert "Mokoena" not in today(client)


def test_the_poll_answers_304_until_something_happens(desk: Client, rosebank: Shop) -> None:
    made = appointments.book(rosebank.desk, rosebank.booking())
    first = desk.get("/", headers=HTMX)
    assert b"<html" not in first.content and b"Mokoena" in first.content
    again = desk.get("/", headers={**HTMX, "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    visits.arrive(rosebank.desk, made.pk)
    changed = desk.get("/", headers={**HTMX, "If-None-Match": first["ETag"]})
    assert changed.status_code == 200 and changed["ETag"] != first["ETag"]
    assert b"Arrived" in changed.content


def test_waiting_ages_with_the_clock(desk: Client, rosebank: Shop) -> None:
    for minutes, tone in ((34, "danger"), (17, "warning"), (6, "neutral")):
        who = make.customer(rosebank.branch)
        visits.walk_in(rosebank.desk, rosebank.branch.pk, who.pk, "", at=NOW - timedelta(minutes=minutes))
        assert f'data-tone="{tone}"' in today(desk)
    page = today(desk)
    assert page.index("34 min") < page.index("17 min") < page.index("6 min")


@pytest.mark.parametrize("zone", ["Europe/London", "Asia/Kathmandu"])
def test_times_are_the_branchs_own(client: Client, zone: str) -> None:
    local = zoneinfo.ZoneInfo(zone)
    branch = make.branch("FAR", name="Far away", time_zone=zone)
    desk_user, clinician = make.user(Role.RECEPTIONIST, branch), make.user(Role.OPTOMETRIST, branch)
    desk = make.actor(desk_user, branch)
    # The Sunday on which London's clocks go back: 10:00 is another instant than the day before.
    day = datetime(2026, 10, 25, 10, 0, tzinfo=local)
    slot = Slot(day, 30, clinician.pk, outside_hours=True)
    booking = appointments.Booking(branch.pk, make.customer(branch).pk, "eye_test", slot)
    appointments.book(desk, booking, at=day - timedelta(days=1))
    client.force_login(desk_user)
    page = today(client, day="2026-10-25")
    assert "Mokoena" in page and "Appointments from 10:00 to 10:30" in page
    assert "Mokoena" not in today(client, day="2026-10-24")


def test_queries_do_not_grow_with_the_day(desk: Client, rosebank: Shop) -> None:
    def fill(start: int, count: int) -> None:
        for n in range(count):
            who = make.customer(rosebank.branch)
            appointments.book(rosebank.desk, rosebank.booking(15 * (start + n), customer=who, minutes=15))
            visits.walk_in(rosebank.desk, rosebank.branch.pk, make.customer(rosebank.branch).pk, "")

    fill(0, 1)
    today(desk)
    with CaptureQueriesContext(connection) as few:
        today(desk)
    fill(1, 15)
    with CaptureQueriesContext(connection) as many:
        today(desk)
    assert len(many) == len(few) <= 20


def test_one_post_arrives_and_comes_back_to_the_card(desk: Client, rosebank: Shop) -> None:
    made = appointments.book(rosebank.desk, rosebank.booking())
    answer = desk.post(reverse("visits:appointment_step", args=[made.pk, "arrive"]), {"next": f"/#a{made.pk}"})
    assert (answer.status_code, answer["Location"]) == (303, f"/#a{made.pk}")
    assert Visit.objects.get().state == VisitState.WAITING


def test_start_receives_and_begins_in_one_step(desk: Client, rosebank: Shop) -> None:
    made = appointments.book(rosebank.desk, rosebank.booking())
    assert desk.post(reverse("visits:appointment_step", args=[made.pk, "start"])).status_code == 303
    assert Visit.objects.get().state == VisitState.IN_TEST


def test_a_step_that_is_not_allowed_explains_itself(desk: Client, rosebank: Shop) -> None:
    made = appointments.book(rosebank.desk, rosebank.booking())
    appointments.cancel(rosebank.desk, made.pk, "Flu")
    answer = desk.post(reverse("visits:appointment_step", args=[made.pk, "arrive"]))
    assert answer.status_code == 409
    assert "Cancelled" in answer.content.decode()


@pytest.mark.parametrize("verb", ["arrive", "start", "no_show", "undo_no_show", "undo_arrival", "explode"])
def test_steps_of_another_branch_are_not_found(client: Client, rosebank: Shop, verb: str) -> None:
    made = appointments.book(rosebank.desk, rosebank.booking())
    client.force_login(make.user(Role.RECEPTIONIST, make.branch("DUR")))
    assert client.post(reverse("visits:appointment_step", args=[made.pk, verb])).status_code == 404
    made.refresh_from_db()
    assert made.state == AppointmentState.BOOKED


@pytest.mark.parametrize("name", ["walk_in", "book"])
def test_who_only_looks_may_not_receive(client: Client, rosebank: Shop, name: str) -> None:
    client.force_login(make.user(Role.ACCOUNTANT, rosebank.branch))
    assert client.get(reverse(f"visits:{name}")).status_code == 403
    assert client.post(reverse(f"visits:{name}"), {"name": "A B"}).status_code == 403
    assert not Visit.objects.exists()


@pytest.mark.parametrize("name", ["today", "walk_in", "book", "known"])
def test_a_stranger_is_led_to_log_in(client: Client, rosebank: Shop, name: str) -> None:
    answer = client.get(reverse(f"visits:{name}"))
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


def test_a_get_changes_nothing(desk: Client, rosebank: Shop) -> None:
    made = appointments.book(rosebank.desk, rosebank.booking())
    assert desk.get(reverse("visits:appointment_step", args=[made.pk, "arrive"])).status_code == 405


def test_a_new_walk_in_is_made_and_queued(desk: Client, rosebank: Shop) -> None:
    answer = desk.post(
        reverse("visits:walk_in"),
        {"name": "Chidi Okafor", "phone": "083 555 0119", "agrees": "on", "reason": "Eye test"},
    )
    visit = Visit.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/#v{visit.pk}")
    assert (visit.customer.given_names, visit.customer.family_name) == ("Chidi", "Okafor")
    assert visit.customer.consents.get().granted


def test_a_name_with_a_comma_begins_with_the_family(desk: Client) -> None:
    desk.post(reverse("visits:walk_in"), {"name": "Van der Merwe, Ilse Maria"})
    made = Customer.objects.get(family_name="Van der Merwe")
    assert made.given_names == "Ilse Maria"


def test_somebody_alike_is_offered_first(desk: Client, rosebank: Shop) -> None:
    rosebank.thandi.phone, rosebank.thandi.search_text = "+27831234417", " thandi mokoena"
    rosebank.thandi.save()
    typed = {"name": "Tandi Mokoena", "phone": "083 123 4417", "reason": "Test"}
    offered = desk.post(reverse("visits:walk_in"), typed)
    page = offered.content.decode()
    assert "Could it be one of these?" in page and 'value="Tandi Mokoena"' in page
    assert not Visit.objects.exists()
    assert desk.post(reverse("visits:walk_in"), typed | {"known": rosebank.thandi.number}).status_code == 303
    assert Visit.objects.get().customer_id == rosebank.thandi.pk
    assert Customer.objects.count() == 1


def test_saying_no_makes_the_new_customer(desk: Client, rosebank: Shop) -> None:
    rosebank.thandi.phone = "+27831234417"
    rosebank.thandi.save()
    typed = {"name": "Kagiso Mokoena", "phone": "083 123 4417", "another": "on"}
    assert desk.post(reverse("visits:walk_in"), typed).status_code == 303
    assert Customer.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "anchor"),
    [({"name": " ", "reason": "Test"}, "id_name"), ({"name": "Chidi", "phone": "1x", "reason": "Test"}, "id_phone")],
)
def test_a_wrong_walk_in_keeps_the_text(desk: Client, typed: dict[str, str], anchor: str) -> None:
    answer = desk.post(reverse("visits:walk_in"), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{anchor}"' in page and 'value="Test"' in page
    assert not Visit.objects.exists() and Customer.objects.count() == 1


def test_known_people_come_up_while_typing(desk: Client, rosebank: Shop) -> None:
    rosebank.thandi.search_text = " thandi mokoena"
    rosebank.thandi.save()
    answer = desk.get(reverse("visits:known"), {"name": "moko"}, headers=HTMX)
    assert rosebank.thandi.number.encode() in answer.content


def test_without_script_a_button_shows_the_free_times_of_another_day(desk: Client, rosebank: Shop) -> None:
    answer = desk.post(reverse("visits:book"), booking_form(rosebank, starts_at="", show="1", note="Bring old glasses"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="starts_at" value="08:30"' in page and 'value="Bring old glasses"' in page
    assert not Appointment.objects.exists()


def test_a_full_day_leads_to_the_next_free_one(desk: Client, rosebank: Shop) -> None:
    whole = {"customer": rosebank.thandi.number, "clinician": str(rosebank.naledi.pk), "minutes": "60"}
    appointments.book(rosebank.desk, rosebank.booking(0, minutes=240))
    appointments.book(rosebank.desk, rosebank.booking(240, minutes=180, customer=make.customer(rosebank.branch)))
    page = desk.get(reverse("visits:book"), whole | {"day": "2026-11-24"}).content.decode()
    assert "Next free day: Wed 25 Nov" in page
    assert "Wed 25 Nov" in desk.get(reverse("visits:book"), whole).content.decode()


def booking_form(rosebank: Shop, **more: object) -> dict[str, object]:
    return {
        "customer": rosebank.thandi.number,
        "kind": "eye_test",
        "clinician": rosebank.naledi.pk,
        "day": "2026-11-25",
        "minutes": "30",
        "starts_at": "11:00",
        **more,
    }


def test_a_booking_takes_the_time_in_the_branchs_zone(desk: Client, rosebank: Shop) -> None:
    answer = desk.post(reverse("visits:book"), booking_form(rosebank))
    made = Appointment.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/?day=2026-11-25#a{made.pk}")
    assert made.period.lower.isoformat() == "2026-11-25T09:00:00+00:00"


def test_the_page_shows_what_is_free_while_choosing(desk: Client, rosebank: Shop) -> None:
    appointments.book(rosebank.desk, rosebank.booking(60))
    wanted = {
        "clinician": str(rosebank.naledi.pk),
        "day": "2026-11-24",
        "minutes": "30",
        "customer": rosebank.thandi.number,
    }
    page = desk.get(reverse("visits:book"), wanted, headers=HTMX).content.decode()
    assert "<html" not in page
    assert 'value="10:30"' in page and 'value="11:00"' not in page and 'value="11:30"' in page
    assert "11:00–11:30" in page


@pytest.mark.parametrize(
    ("change", "anchor"),
    [
        ({"customer": "C-000000"}, "id_customer"),
        ({"day": "soon"}, "id_day"),
        ({"starts_at": "25:99"}, "id_starts_at"),
        ({"starts_at": ""}, "id_starts_at"),
        ({"minutes": "long"}, "id_minutes"),
        ({"minutes": "1"}, "id_minutes"),
        ({"starts_at": "05:00"}, "id_starts_at"),
        ({"clinician": "999999"}, "id_clinician"),
        ({"kind": "surgery"}, "id_kind"),
    ],
)
def test_a_wrong_booking_speaks_at_the_field(desk: Client, rosebank: Shop, change: dict[str, str], anchor: str) -> None:
    answer = desk.post(reverse("visits:book"), booking_form(rosebank, note="Bring old glasses", **change))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{anchor}"' in page and 'value="Bring old glasses"' in page
    assert not Appointment.objects.exists()


def test_a_taken_time_is_told_at_the_time(desk: Client, rosebank: Shop) -> None:
    appointments.book(rosebank.desk, rosebank.booking(60))
    answer = desk.post(reverse("visits:book"), booking_form(rosebank, day="2026-11-24", starts_at="11:15"))
    assert answer.status_code == 422
    assert b"taken 11:00" in answer.content.lower()


def test_an_appointment_is_moved_and_cancelled_on_its_page(desk: Client, rosebank: Shop) -> None:
    made = appointments.book(rosebank.desk, rosebank.booking())
    page = reverse("visits:appointment", args=[made.pk])
    typed = booking_form(rosebank, starts_at="15:00", _version=1)
    assert desk.post(page, typed).status_code == 303
    made.refresh_from_db()
    assert made.period.lower.isoformat() == "2026-11-25T13:00:00+00:00"
    assert desk.post(page, typed | {"starts_at": "15:30"}).status_code == 409
    cancel = reverse("visits:cancel", args=[made.pk])
    assert desk.post(cancel, {"reason": ""}).status_code == 422
    assert desk.post(cancel, {"reason": "Flu"}).status_code == 303
    made.refresh_from_db()
    assert made.state == AppointmentState.CANCELLED


def test_a_visit_ends_with_its_outcome(desk: Client, rosebank: Shop) -> None:
    visit = visits.walk_in(rosebank.desk, rosebank.branch.pk, rosebank.thandi.pk, "")
    page = reverse("visits:end", args=[visit.pk])
    assert desk.post(page, {"what": "vanished"}).status_code == 422
    assert desk.post(page, {"what": "ordered", "note": "two pairs"}).status_code == 303
    visit.refresh_from_db()
    assert (visit.state, visit.outcome) == (VisitState.DONE, "Ordered: two pairs")


def test_due_recalls_are_counted_and_called(desk: Client, rosebank: Shop) -> None:
    rosebank.thandi.recall_on = NOW.date()
    rosebank.thandi.save()
    assert "Calls to make" in today(desk)
    assert b"Mokoena, Thandi" in desk.get(reverse("customers:recalls")).content
    page = reverse("customers:recall", args=[rosebank.thandi.number])
    assert desk.post(page, {"outcome": ""}).status_code == 422
    assert desk.post(page, {"outcome": "not reached", "again_on": "2026-11-24"}).status_code == 422
    assert desk.post(page, {"outcome": "not reached", "again_on": "2026-12-01"}).status_code == 303
    assert "Calls to make" not in today(desk)
    rosebank.thandi.refresh_from_db()
    assert str(rosebank.thandi.recall_on) == "2026-12-01"
