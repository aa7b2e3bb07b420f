"""What the worker does for every app: run a job when the bell rings, and look for jobs nobody rang for."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from core import job_runs, jobs
from core.broker import waiting_messages
from core.heart import beat_heart
from core.idempotency import forget_old

_SWEEP_LOCK = 7_310_421
_MOST_RINGS, _FULL_QUEUE = 100, 200


@shared_task(name="core.run_job")
def run_job(job_id: int) -> None:
    job_runs.run(job_id)


@shared_task(name="core.sweep_jobs")
def sweep_jobs() -> int:
    """Ring for due jobs whose own ring was lost. Its running at all is the worker's sign of life."""
    beat_heart("worker")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SWEEP_LOCK])
        (alone,) = cursor.fetchone()
        if not alone or waiting_messages() > _FULL_QUEUE:  # more ringing would only pile up
            return 0
        late = (
            job_runs.due()
            .filter(not_before__lte=Now() - timedelta(seconds=settings.JOB_SWEEP_SECONDS / 3))
            .order_by("not_before", "id")
        )
        found = list(late.values_list("pk", "kind")[:_MOST_RINGS])
    return sum(jobs.ring(job_id, kind) for job_id, kind in found)


@shared_task(name="core.tidy_up")
def tidy_up() -> None:
    """Forget idempotency keys that nobody will send again."""
    forget_old()
