"""The health page: what each part says, and that a part which hangs does not hang the page."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from core import health
from core.heart import beat_heart
from core.models import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Own copies: a probe of one test is not asked in another."""
    monkeypatch.setattr(health, "_probes", dict(health._probes))
    monkeypatch.setattr(health, "_hanging", {})


def age(name: str, seconds: int) -> None:
    beat_heart(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_heartbeat SET beaten_at = clock_timestamp() - make_interval(secs => %s) WHERE name = %s",
            [seconds, name],
        )


def test_all_is_well_with_fresh_signs_of_life(client: Client) -> None:
    beat_heart("worker")
    beat_heart("beat")
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["ok"]) == (200, True)
    assert answer.json()["worker"]["age_seconds"] < 30
    assert "no-store" in answer["Cache-Control"]


def test_without_a_sign_of_life_it_is_503_and_says_which_part(client: Client) -> None:
    beat_heart("worker")
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["beat"] == {"ok": False, "error": "no sign of life yet"}
    assert answer.json()["worker"]["ok"] is True


@pytest.mark.parametrize(("name", "fresh", "stale"), [("worker", 100, 130), ("beat", 50, 70)])
def test_an_old_sign_of_life_counts_as_down(client: Client, name: str, fresh: int, stale: int) -> None:
    age(name, fresh)
    assert client.get("/health/").json()[name]["ok"] is True
    age(name, stale)
    assert client.get("/health/").json()[name]["ok"] is False


def test_a_lost_broker_is_named_and_the_database_is_still_well(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/valkey.sock?db=0"
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert (answer.json()["redis"], answer.json()["database"]) == (
        {"ok": False, "error": "ConnectionError"},
        {"ok": True},
    )


@pytest.fixture
def released() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_a_probe_that_hangs_is_reported_and_not_asked_twice(client: Client, released: threading.Event) -> None:
    asked: list[int] = []

    @health.probe("hanging")
    def hanging() -> health.Finding:
        asked.append(1)
        released.wait(60)
        return health.Finding(True, {})

    begun = time.monotonic()
    first, second = client.get("/health/"), client.get("/health/")
    assert time.monotonic() - begun < 30
    assert first.json()["hanging"] == second.json()["hanging"] == {"ok": False, "error": "no answer in time"}
    assert asked == [1]
    assert first.json()["database"]["ok"] is True


def test_a_probe_that_fails_is_its_own_answer(client: Client) -> None:
    @health.probe("broken")
    def broken() -> health.Finding:
        raise ZeroDivisionError

    assert client.get("/health/").json()["broken"] == {"ok": False, "error": "ZeroDivisionError"}


def test_it_is_read_only_and_needs_no_log_in(client: Client) -> None:
    assert client.post("/health/").status_code == 405
    assert client.get("/health/").status_code in {200, 503}
    assert Heartbeat.objects.count() == 0
