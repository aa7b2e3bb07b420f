"""Long imports, worked off in the background."""

from collections.abc import Mapping
from typing import Any

from branches.workers import actor_of
from catalogue.services import imports
from core import jobs
from core.jobs import Running


@jobs.handler("catalogue.import_check", seconds=600)
def check(running: Running) -> Mapping[str, Any] | None:
    """The dry run of a long list."""
    payload = running.job.payload
    batch = imports.dry_run(actor_of(payload["user"]), payload["batch"], payload["columns"], running.progress)
    return dict(batch.counts)


@jobs.handler("catalogue.import_apply", seconds=600)
def apply(running: Running) -> Mapping[str, Any] | None:
    """The good rows of a long list, all of them or none."""
    payload = running.job.payload
    batch = imports.apply(actor_of(payload["user"]), payload["batch"], running.progress)
    return dict(batch.counts)
