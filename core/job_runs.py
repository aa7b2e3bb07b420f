"""How a worker does a job: claim it under a lease, keep the lease alive, do the work, settle."""

import logging
import random
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from core import jobs
from core.errors import Busy, DomainError
from core.models import Job, JobState

log = logging.getLogger(__name__)
_FIRST_DELAY_SECONDS, _LONGEST_DELAY_SECONDS = 5, 3600
_ERROR_LENGTH = 500
_spread = random.SystemRandom()


class LeaseLost(Exception):
    """Another worker, or a cancellation, took the job away: whatever this worker did is not settled."""


def lease_time() -> timedelta:
    """How long a job stays with a worker that gives no sign; renewed four times in that span."""
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def due() -> QuerySet[Job]:
    """Jobs that may be claimed now: waiting and due, or left by a worker whose lease ran out."""
    waiting = Q(state=JobState.WAITING, not_before__lte=Now())
    left = Q(state=JobState.RUNNING, lease_until__lt=Now())
    return Job.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING]).filter(waiting | left)


def run(job_id: int, *, keep_alive: bool = True) -> bool:
    """Do one job if it is due and free; True if this call did or gave up the job.

    `keep_alive=False` leaves out the thread that renews the lease, for tests inside one transaction.
    """
    job = claim(job_id)
    if job is None:
        return False
    if job.state == JobState.DEAD:
        return True
    pulse = Pulse(job, alive=keep_alive)
    try:
        with pulse:
            _do(job, pulse)
    except (LeaseLost, jobs.Cancelled):
        log.info("Job %s was cancelled or taken over", job.pk)
    except SoftTimeLimitExceeded:
        _fail(job, "took longer than its time limit", final=False)
    except jobs.GiveUp as error:
        _fail(job, str(error) or "given up", final=True)
    except DomainError as error:
        _fail(job, f"{error.code}: {error.message}", final=not isinstance(error, Busy))
    except Exception as error:  # a handler may fail in any way; the job is tried again, then given up
        log.exception("Job %s (%s) failed", job.pk, job.kind)
        _fail(job, f"{type(error).__name__}: {error}", final=False)
    return True


def run_waiting(limit: int = 100) -> int:
    """Do every due job here and now, in order; how many were done. For tests and for a shell."""
    done = 0
    while done < limit:
        first = due().order_by("not_before", "id").values_list("pk", flat=True).first()
        if first is None:
            break
        run(first, keep_alive=False)
        done += 1
    return done


def claim(job_id: int) -> Job | None:
    """Take the job under a new lease and count the attempt; None when it is not due or not free.

    A job that has used up its attempts (its workers died) comes back dead.
    """
    with transaction.atomic():
        job = due().select_for_update(skip_locked=True).filter(pk=job_id).first()
        if job is None:
            return None
        if job.attempts >= jobs.MOST_ATTEMPTS:
            _bury(job, job.last_error or "its worker ended without a word each time")
            return job
        lease = uuid.uuid4()
        Job.objects.filter(pk=job.pk).update(
            state=JobState.RUNNING, attempts=F("attempts") + 1, lease_id=lease, lease_until=Now() + lease_time()
        )
    job.refresh_from_db()
    return job


def _do(job: Job, pulse: "Pulse") -> None:
    known = jobs.handler_of(job.kind)
    if known is None:
        raise jobs.GiveUp(f"nothing is registered for jobs of kind {job.kind}")
    if known.atomic:
        with transaction.atomic():
            result = known.work(pulse)
            _settle(job, pulse, result)
        return
    result = known.work(pulse)
    _settle(job, pulse, result)


def _settle(job: Job, pulse: "Pulse", result: Mapping[str, Any] | None) -> None:
    pulse.stop()
    changed = Job.objects.filter(pk=job.pk, lease_id=job.lease_id).update(
        state=JobState.DONE,
        result=dict(result) if result is not None else None,
        progress=pulse.done,
        total=pulse.total,
        lease_id=None,
        lease_until=None,
        last_error="",
        finished_at=Now(),
    )
    if not changed:
        raise LeaseLost


def _fail(job: Job, error: str, *, final: bool) -> None:
    """Put the job back with a growing delay, or give it up."""
    with transaction.atomic():
        held = Job.objects.select_for_update().filter(pk=job.pk, lease_id=job.lease_id).first()
        if held is None:
            return
        if final or held.attempts >= jobs.MOST_ATTEMPTS:
            _bury(held, error)
            return
        Job.objects.filter(pk=job.pk).update(
            state=JobState.WAITING,
            not_before=Now() + delay_after(held.attempts),
            lease_id=None,
            lease_until=None,
            last_error=error[:_ERROR_LENGTH],
        )


def _bury(job: Job, error: str) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=JobState.DEAD, lease_id=None, lease_until=None, last_error=error[:_ERROR_LENGTH], finished_at=Now()
    )
    job.refresh_from_db()
    jobs.tell_dead(job)


def delay_after(attempts: int) -> timedelta:
    """Growing and spread, so that many failures at once do not come back at once."""
    longest = min(_LONGEST_DELAY_SECONDS, _FIRST_DELAY_SECONDS * 2 ** (attempts - 1))
    return timedelta(seconds=longest * _spread.uniform(0.5, 1))


@dataclass
class Pulse:
    """Keeps a lease alive from a thread of its own and carries the progress that the handler reports.

    The thread has its own database connection, so progress is seen at once even while the handler is in a transaction.
    """

    job: Job
    alive: bool = True
    done: int = 0
    total: int = 0
    _lost: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> "Pulse":
        self.total = self.job.total
        if self.alive:
            self._thread = threading.Thread(target=self._keep, name=f"lease of job {self.job.pk}", daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def progress(self, done: int, total: int | None = None) -> None:
        self.done = done
        if total is not None:
            self.total = total
        if not self.alive:
            self._renew()
        if self._lost.is_set():
            raise jobs.Cancelled

    def _keep(self) -> None:
        try:
            told = (self.done, self.total)
            since = 0.0
            while not self._ended.wait(1.0) and not self._lost.is_set():
                since += 1.0
                if since >= settings.JOB_LEASE_SECONDS / 4 or told != (self.done, self.total):
                    told, since = (self.done, self.total), 0.0
                    self._renew_safely()
        finally:
            connection.close()

    def _renew_safely(self) -> None:
        try:
            self._renew()
        except DatabaseError:
            log.warning("The lease of job %s could not be renewed", self.job.pk)
            connection.close()

    def _renew(self) -> None:
        changed = Job.objects.filter(pk=self.job.pk, lease_id=self.job.lease_id).update(
            lease_until=Now() + lease_time(), progress=self.done, total=self.total
        )
        if not changed:
            self._lost.set()
