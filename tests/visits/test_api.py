"""The counter over the API: the same verbs, rights and refusals as the pages."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches.roles import Role
from tests import factories as make
from tests.visits.makers import NOW, Shop, shop
from visits.models import Appointment, AppointmentState, Visit, VisitState
from visits.services import appointments

pytestmark = pytest.mark.django_db
BOOK = reverse("visits_api:appointments")


@pytest.fixture
def rosebank() -> Shop:
    return shop()


@pytest.fixture
def desk(rosebank: Shop, client: Client) -> Client:
    client.force_login(rosebank.desk_user)
    return client


@pytest.fixture(autouse=True)
def ten_in_the_morning() -> Iterator[None]:
    with mock.patch.object(timezone, "now", lambda: NOW):
        yield


def send(desk: Client, verb: str, url: str, body: Any = None) -> Any:
    return getattr(desk, verb)(url, json.dumps(body or {}), content_type="application/json")


def body(rosebank: Shop, **more: Any) -> dict[str, Any]:
    return {
        "customer": rosebank.thandi.number,
        "kind": "eye_test",
        "clinician": rosebank.naledi.email,
        "starts_at": "2026-11-24T11:00:00+02:00",
        "minutes": 30,
        **more,
    }


def step(name: str, pk: int) -> str:
    return reverse(f"visits_api:{name}", args=[pk])


def test_booked_listed_moved_arrived_tested_and_ended(desk: Client, rosebank: Shop) -> None:
    made = send(desk, "post", BOOK, body(rosebank, room="room 1"))
    assert (made.status_code, made.json()["room"], made.json()["state"]) == (201, "Room 1", "booked")
    pk = made.json()["id"]
    assert [one["id"] for one in desk.get(BOOK, {"day": "2026-11-24"}).json()["results"]] == [pk]
    moved = send(
        desk, "patch", step("appointment", pk), body(rosebank, version=1, starts_at="2026-11-24T12:00:00+02:00")
    )
    assert moved.json()["starts_at"] == "2026-11-24T10:00:00+00:00"
    assert send(desk, "post", step("arrive", pk)).json()["state"] == "arrived"
    (visit,) = desk.get(reverse("visits_api:list")).json()["results"]
    assert send(desk, "post", step("start_test", visit["id"])).json()["state"] == "in_test"
    assert send(desk, "post", step("end", visit["id"]), {"reason": "Ordered"}).json()["outcome"] == "Ordered"
    assert Appointment.objects.get().state == AppointmentState.DONE


def test_free_times_and_a_taken_one(desk: Client, rosebank: Shop) -> None:
    appointments.book(rosebank.desk, rosebank.booking())
    asked = {"clinician": rosebank.naledi.email, "day": "2026-11-24", "minutes": "30"}
    found = desk.get(reverse("visits_api:free"), asked).json()["results"]
    assert "2026-11-24T10:30:00+02:00" in found and "2026-11-24T11:00:00+02:00" not in found
    refused = send(desk, "post", BOOK, body(rosebank, starts_at="2026-11-24T11:15:00+02:00"))
    assert (refused.status_code, refused.json()["code"], list(refused.json()["fields"])) == (
        422,
        "taken",
        ["starts_at"],
    )
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"customer": "C-0"}, 422),
        ({"clinician": "nobody@practice.example"}, 422),
        ({"clinician": "x"}, 400),
        ({"room": "Attic"}, 422),
        ({"kind": "surgery"}, 400),
        ({"starts_at": "soon"}, 400),
        ({"starts_at": "2026-11-24T04:00:00+02:00"}, 422),
        ({"minutes": 3}, 422),
    ],
)
def test_a_wrong_body_saves_nothing(desk: Client, rosebank: Shop, change: dict[str, Any], status: int) -> None:
    assert send(desk, "post", BOOK, body(rosebank, **change)).status_code == status
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"), [("day", "2026-02-31"), ("minutes", "-5"), ("minutes", "x"), ("clinician", "")]
)
def test_wrong_parameters_are_named(desk: Client, rosebank: Shop, name: str, value: str) -> None:
    asked = {"clinician": rosebank.naledi.email, name: value}
    answer = desk.get(reverse("visits_api:free"), asked)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [name])


def test_a_walk_in_and_a_second_one(desk: Client, rosebank: Shop) -> None:
    url = reverse("visits_api:list")
    assert send(desk, "post", url, {"customer": rosebank.thandi.number, "reason": "Repair"}).status_code == 201
    refused = send(desk, "post", url, {"customer": rosebank.thandi.number})
    assert (refused.status_code, refused.json()["code"]) == (422, "already_here")
    visit = Visit.objects.get()
    assert send(desk, "post", step("leave", visit.pk)).json()["state"] == VisitState.LEFT
    assert send(desk, "post", step("end", visit.pk)).status_code == 409


def test_another_branch_is_not_found_and_a_smaller_role_refused(client: Client, rosebank: Shop) -> None:
    made = appointments.book(rosebank.desk, rosebank.booking())
    client.force_login(make.user(Role.RECEPTIONIST, make.branch("DUR")))
    assert client.get(step("appointment", made.pk)).status_code == 404
    assert send(client, "post", step("cancel", made.pk), {"reason": "x"}).status_code == 404
    client.force_login(make.user(Role.ACCOUNTANT, rosebank.branch))
    for url in (BOOK, reverse("visits_api:list"), step("appointment", made.pk)):
        assert client.get(url).status_code == 403
    made.refresh_from_db()
    assert made.state == AppointmentState.BOOKED


def test_cancelling_needs_a_reason(desk: Client, rosebank: Shop) -> None:
    made = appointments.book(rosebank.desk, rosebank.booking())
    assert list(send(desk, "post", step("cancel", made.pk)).json()["fields"]) == ["reason"]
    assert send(desk, "post", step("no_show", made.pk)).json()["code"] == "too_early"
    with mock.patch.object(timezone, "now", lambda: NOW + timedelta(hours=2)):
        assert send(desk, "post", step("no_show", made.pk)).json()["state"] == "no_show"


def test_the_schema_describes_the_counter(desk: Client) -> None:
    schema = desk.get(reverse("api_schema"), {"format": "json"}, headers={"Accept": "application/json"})
    assert schema.status_code == 200
    assert "/api/v1/visits/appointments/" in schema.content.decode()
