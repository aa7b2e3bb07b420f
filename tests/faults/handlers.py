"""Jobs for the fault tests, run by real workers: they leave a row for each execution and each effect."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

from django.db import connection

from core import jobs
from reports.exports import files


def note(what: str, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO fault_note (what, key, pid) VALUES (%s, %s, %s)", [what, key, os.getpid()])


def noted(what: str) -> list[str]:
    """The keys noted so far, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM fault_note WHERE what = %s ORDER BY id", [what])
        return [key for (key,) in cursor.fetchall()]


@jobs.handler("fault.effect", atomic=True)
def effect(run: jobs.Running) -> None:
    """One effect in the job's own transaction; slow enough to be killed in the middle."""
    note("effect", run.job.key)
    time.sleep(run.job.payload.get("seconds", 0))


@jobs.handler("fault.die_once")
def die_once(run: jobs.Running) -> None:
    """Kills its own process the first time, as the kernel does to a process that took too much memory."""
    note("execution", run.job.key)
    if run.job.attempts == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    note("effect", run.job.key)


@jobs.handler("fault.poison")
def poison(run: jobs.Running) -> None:
    note("execution", run.job.key)
    os.kill(os.getpid(), signal.SIGKILL)


@jobs.handler("fault.endless", seconds=2)
def endless(run: jobs.Running) -> None:
    note("execution", run.job.key)
    time.sleep(600)


@jobs.on_dead
def tell(job: object) -> None:
    note("dead", getattr(job, "key", ""))


SLOW = "A slow export"
_write_csv = files.write_csv


def _slowly(content: files.Content, into: IO[bytes]) -> None:
    """The real writer; an export of this one title gives a killer time to come in the middle."""
    note("execution", content.title)
    _write_csv(replace(content, rows=_waiting(content.rows)) if content.title == SLOW else content, into)


def _waiting(rows: Any) -> Iterator[Any]:
    for row in rows:
        time.sleep(0.003)
        yield row


if os.environ.get("FAULT_WORKER"):
    files.WRITERS["csv"] = _slowly
