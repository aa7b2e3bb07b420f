"""What workers and the clock do for measures, exports and reports."""

from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.actor import system
from reports.exports import asking, making
from reports.packs import making as packs
from reports.packs import sending
from reports.privacy import exporting, retention
from reports.reconciling import running
from reports.schedules import running as schedules
from reports.services import backfill, following, rebuilding


@shared_task(name="reports.follow", time_limit=300, soft_time_limit=280)
def follow() -> int:
    """Every fifteen seconds: read new events into facts."""
    total = 0
    while read := following.read_on():
        total += read
    return total


@shared_task(name="reports.pass_of_time", time_limit=300, soft_time_limit=280)
def pass_of_time() -> int:
    """Every hour: promised days that passed, orders nobody fetched, looks at orders, ended months."""
    return following.pass_of_time()


@jobs.handler(backfill.KIND, queue="docs", seconds=3600)
def rebuild_measures(run: jobs.Running) -> Mapping[str, Any]:
    """Every record's facts anew; twice does no harm."""
    return {"records": rebuilding.rebuild(run.job.payload["branch"], run.progress), "url": reverse("measures:rebuild")}


@jobs.handler(asking.JOB, queue="docs", seconds=900)
def make_export(run: jobs.Running) -> Mapping[str, Any]:
    """One file; its page is where the bell leads."""
    export = making.make(run.job.payload["export"], run.progress)
    return {"url": reverse("reporting:export", args=[export.public_id]), "rows": export.rows}


@shared_task(name="reports.remove_expired")
def remove_expired() -> int:
    """Every hour: exported files whose week is over."""
    return making.remove_expired()


@jobs.handler(packs.JOB, queue="docs", seconds=300)
def make_pack(run: jobs.Running) -> Mapping[str, Any]:
    """A month-end pack: PDF and workbook."""
    pack = packs.make(run.job.payload["pack"], run.progress)
    return {"url": reverse("reporting:pack", args=[pack.pk])}


@jobs.handler(schedules.JOB, queue="docs", seconds=1800)
def carry_out_schedule(run: jobs.Running) -> Mapping[str, Any]:
    """One time of a schedule: each reader's own file and the mail about it."""
    made = schedules.carry_out(run.job.payload["run"], run.progress)
    return {"url": reverse("reporting:schedule", args=[made.schedule_id]), "state": made.state}


jobs.on_dead(schedules.given_up)


@shared_task(name="reports.start_scheduled", time_limit=60, soft_time_limit=55)
def start_scheduled() -> int:
    """Every minute: the schedules that are due."""
    return schedules.start_due()


@shared_task(name="reports.send_packs")
def send_packs() -> int:
    """Every quarter of an hour: in branches where a month has just ended, its pack and the mails about it."""
    return sending.send_due()


@jobs.handler(running.JOB, seconds=600)
def reconcile(run: jobs.Running) -> Mapping[str, Any]:
    """Compare orders, payments, stock and messages because a person asked."""
    made = running.run(system())
    return {"url": reverse("reporting:reconciliation"), "differences": sum(made.counts.values())}


@shared_task(name="reports.reconcile_nightly")
def reconcile_nightly() -> None:
    """Every hour: the night's comparison, once a day whatever the clock missed."""
    jobs.enqueue(running.JOB, f"{running.JOB}:{timezone.localdate():%Y-%m-%d}")


@jobs.handler(exporting.JOB, queue="docs", seconds=300)
def make_subject(run: jobs.Running) -> Mapping[str, Any]:
    """The archive of one customer."""
    export = exporting.make(run.job.payload["export"], run.progress)
    return {"url": reverse("reporting:export", args=[export.public_id]), "rows": export.rows}


@shared_task(name="reports.retain")
def retain() -> int:
    """Every night: the words of messages whose days are over, and looks whose months are."""
    return retention.cut_messages() + retention.drop_looks()
