"""The worker's second process comes for work that waits, and not for rings of the clock."""

from types import SimpleNamespace

import pytest
from celery.worker import state

from optics import scaling
from optics.scaling import Patient


class Pool:
    """What the autoscaler asks of Celery's pool: how many processes, one more, one less."""

    num_processes = 1

    def grow(self, n: int) -> None:
        self.num_processes += n

    def shrink(self, n: int) -> None:
        self.num_processes -= n

    def maintain_pool(self) -> None:
        pass


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [1000.0]
    monkeypatch.setattr(scaling, "monotonic", lambda: moment[0])
    monkeypatch.setattr("celery.worker.autoscale.monotonic", lambda: moment[0])
    return moment


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[object]:
    requests: set[object] = set()
    monkeypatch.setattr(state, "reserved_requests", requests)
    return requests


@pytest.fixture
def scaler(now: list[float], asked: set[object]) -> Patient:
    return Patient(Pool(), max_concurrency=2, min_concurrency=1, worker=SimpleNamespace(), keepalive=30)


def test_two_rings_at_once_need_no_second_process(scaler: Patient, now: list[float], asked: set[object]) -> None:
    asked.update({1, 2})
    scaler.maybe_scale("ring")
    assert scaler.processes == 1
    asked.clear()
    now[0] += 5
    scaler.maybe_scale("ring")
    asked.update({3, 4})
    scaler.maybe_scale("ring")
    assert scaler.processes == 1


def test_work_that_waits_gets_one_and_gives_it_back(scaler: Patient, now: list[float], asked: set[object]) -> None:
    asked.update({"export", "relay"})
    scaler.maybe_scale("relay")
    now[0] += 5
    scaler.maybe_scale("relay")
    assert scaler.processes == 2
    asked.clear()
    now[0] += 31
    scaler.maybe_scale()
    assert scaler.processes == 1
