"""Background work for every app: a row in the business transaction, a ring after the commit.

`enqueue` writes the row; the broker is only told its number. With the broker lost the sweeper rings again, so work is
late, never lost. A handler may run twice (its worker may die after the effect): it must be safe to repeat.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from core.actor import Actor
from core.models import Job, JobState

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
_QUIET_SECONDS = 5.0


class Running(Protocol):
    """What a handler gets: its job, and a way to report progress and to hear of a cancellation."""

    @property
    def job(self) -> Job: ...

    def progress(self, done: int, total: int | None = None) -> None:
        """Tell how far the work is. Raises Cancelled when a person has cancelled it or another worker took over."""


Work = Callable[[Running], Mapping[str, Any] | None]
DeadHook = Callable[[Job], None]


@dataclass(frozen=True)
class Handler:
    """How one kind of job is done. `seconds` is its time limit; `atomic`: effect and settlement commit together."""

    kind: str
    work: Work
    queue: str
    seconds: int
    atomic: bool


class Cancelled(Exception):
    """Raised inside a handler at its next progress report after a cancellation; leave it alone."""


class GiveUp(Exception):
    """Raised by a handler when trying again cannot help: the job is dead at once."""


_handlers: dict[str, Handler] = {}
_dead_hooks: list[DeadHook] = []


def handler(kind: str, *, queue: str = "default", seconds: int = 60, atomic: bool = False) -> Callable[[Work], Work]:
    """Register the function that does jobs of `kind`. Put it in an app's `tasks.py`; Celery imports those.

    `atomic=True` runs it in one transaction with its settlement: exactly one effect, for work that only touches the
    database. Without it the handler opens its own transactions and may do network calls between them.
    """

    def register(work: Work) -> Work:
        if kind in _handlers and _handlers[kind].work is not work:
            raise ValueError(f"Two handlers for jobs of kind {kind}")
        _handlers[kind] = Handler(kind, work, queue, seconds, atomic)
        return work

    return register


def handler_of(kind: str) -> Handler | None:
    return _handlers.get(kind)


def on_dead(hook: DeadHook) -> DeadHook:
    """Register what happens in the same transaction when a job is given up (for example: a case is opened)."""
    if hook not in _dead_hooks:
        _dead_hooks.append(hook)
    return hook


def enqueue(
    kind: str,
    key: str,
    payload: Mapping[str, Any] | None = None,
    *,
    not_before: datetime | None = None,
    actor: Actor | None = None,
) -> Job:
    """Write a job in the caller's transaction and ring for it after the commit.

    `key` names the work, once and for all: enqueuing the same key again returns the first job. `payload` holds ids,
    never personal data. `not_before` is when it may start (default: now).
    """
    job, created = Job.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "payload": dict(payload or {}),
            "not_before": not_before or timezone.now(),
            "requested_by_id": actor.user_id if actor else None,
            "branch_id": actor.branch_id if actor else None,
        },
    )
    if created and (not_before is None or not_before <= timezone.now()):
        transaction.on_commit(lambda: ring(job.pk, kind))
    return job


def cancel(job_id: int) -> bool:
    """Cancel a job that is not finished; a running one stops at its next progress report. False if it was finished."""
    changed = Job.objects.filter(pk=job_id, state__in=[JobState.WAITING, JobState.RUNNING]).update(
        state=JobState.CANCELLED, lease_id=None, lease_until=None, finished_at=Now()
    )
    return changed == 1


def retry(job_id: int) -> bool:
    """Give a dead or cancelled job a new start, with its attempts counted from nothing. False if it is neither."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id, state__in=[JobState.DEAD, JobState.CANCELLED]).first()
        if job is None:
            return False
        job.state, job.attempts, job.not_before = JobState.WAITING, 0, timezone.now()
        job.finished_at, job.last_error = None, ""
        job.save(update_fields=["state", "attempts", "not_before", "finished_at", "last_error"])
        transaction.on_commit(lambda: ring(job.pk, job.kind))
    return True


def tell_dead(job: Job) -> None:
    """Run the hooks for a job given up; one that fails is logged and does not bring the job back to life."""
    for hook in _dead_hooks:
        try:
            with transaction.atomic():
                hook(job)
        except Exception:  # a hook of another app must not keep a poisonous job alive
            log.exception("A hook for dead jobs failed for job %s", job.pk)


class _Bell:
    """Rings the broker; after a failure keeps quiet for a while so that a lost Redis costs a page only once."""

    def __init__(self) -> None:
        self._quiet_until = 0.0

    def ring(self, job_id: int, kind: str) -> bool:
        from core.tasks import run_job

        if time.monotonic() < self._quiet_until:
            return False
        known = _handlers.get(kind)
        queue, seconds = (known.queue, known.seconds) if known else ("default", 60)
        try:
            run_job.apply_async((job_id,), queue=queue, soft_time_limit=seconds, time_limit=seconds + 30)
        except Exception as error:  # whatever the broker's client raises: the row is safe and the sweeper rings again
            self._quiet_until = time.monotonic() + _QUIET_SECONDS
            log.warning("The broker could not be told of job %s (%s); the sweeper will", job_id, type(error).__name__)
            return False
        return True


ring = _Bell().ring
