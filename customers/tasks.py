"""Long imports of customers, worked off in the background."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from branches.workers import actor_of
from core import jobs
from core.jobs import Running
from customers.models import CustomerImport
from customers.services import import_writing, importing


def _told(batch: CustomerImport) -> Mapping[str, Any]:
    return {**batch.counts, "url": reverse("customers:import", args=[batch.number])}


@jobs.handler("customers.import_check", queue="docs", seconds=3600)
def check(running: Running) -> Mapping[str, Any] | None:
    """The dry run of a long list."""
    said = running.job.payload
    actor = actor_of(said["user"])
    return _told(importing.dry_run(actor, said["batch"], said["columns"], said["day_order"], running.progress))


@jobs.handler("customers.import_write", queue="docs", seconds=3600)
def write(running: Running) -> Mapping[str, Any] | None:
    """Write its customers, portion by portion; after a restart from the first row that is not done."""
    said = running.job.payload
    return _told(import_writing.write(actor_of(said["user"]), said["batch"], running.progress))


@jobs.handler("customers.import_undo", queue="docs", seconds=3600)
def undo(running: Running) -> Mapping[str, Any] | None:
    """Take a long import back, all of it or nothing."""
    said = running.job.payload
    batch = CustomerImport.objects.get(pk=said["batch"])
    back = import_writing.take_back(actor_of(said["user"]), batch.pk, batch.reversed_reason, running.progress)
    return _told(back)
