"""Is the practice well? Probes answer within two seconds each; apps add their own with `probe`."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, connections

from core import broker
from core.models import Heartbeat

log = logging.getLogger(__name__)
LIMIT_SECONDS = 2.0
# The worker's sign of life is a task it did, so two long tasks at once may delay it; the clock has no such excuse.
STALE = {"worker": timedelta(seconds=120), "beat": timedelta(seconds=60)}


@dataclass(frozen=True)
class Finding:
    """What a probe found. Figures beside it are for people who watch."""

    well: bool
    facts: dict[str, Any]


Probe = Callable[[], Finding]
_probes: dict[str, Probe] = {}


def probe(name: str) -> Callable[[Probe], Probe]:
    """Add a probe to `/health/`; register it in an app's `ready()`. It must be quick and safe at any time."""

    def register(function: Probe) -> Probe:
        _probes[name] = function
        return function

    return register


def forget_hearts() -> None:
    """At a fresh start: signs of life from the run before say nothing about this one."""
    Heartbeat.objects.all().delete()


def examine() -> tuple[bool, dict[str, dict[str, Any]]]:
    """Run every probe at the same time, all within the limit. Whether all is well, and what each found."""
    asked = {name: _ask(name, function) for name, function in _probes.items()}
    end = time.monotonic() + LIMIT_SECONDS
    answers: dict[str, dict[str, Any]] = {}
    for name, question in asked.items():
        question.thread.join(max(0.0, end - time.monotonic()))
        found = question.found or Finding(False, {"error": "no answer in time"})
        answers[name] = {"ok": found.well, **found.facts}
    return all(answer["ok"] for answer in answers.values()), answers


class _Question:
    """A probe running in a thread. A probe that hangs is not asked a second time beside the first."""

    def __init__(self, function: Probe) -> None:
        self.found: Finding | None = None
        self._function = function
        self.thread = threading.Thread(target=self._run, name="health", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.found = self._function()
        except Exception as error:  # a probe may fail in any way; that is its answer
            log.warning("A health probe failed: %s", type(error).__name__)
            self.found = Finding(False, {"error": type(error).__name__})
        finally:
            connections.close_all()


_hanging: dict[str, _Question] = {}


def _ask(name: str, function: Probe) -> _Question:
    before = _hanging.get(name)
    if before is not None and before.thread.is_alive():
        return before
    _hanging[name] = question = _Question(function)
    return question


@probe("database")
def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding(True, {})


@probe("redis")
def _redis() -> Finding:
    with broker.connect() as client:
        client.ping()
    return Finding(True, {})


def _alive(name: str) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXTRACT(EPOCH FROM clock_timestamp() - beaten_at)::float FROM core_heartbeat WHERE name = %s",
            [name],
        )
        row = cursor.fetchone()
    if row is None:
        return Finding(False, {"error": "no sign of life yet"})
    return Finding(row[0] < STALE[name].total_seconds(), {"age_seconds": round(row[0], 1)})


@probe("worker")
def _worker() -> Finding:
    return _alive("worker")


@probe("beat")
def _beat() -> Finding:
    return _alive("beat")
