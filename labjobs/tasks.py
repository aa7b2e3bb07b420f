"""What the worker and the clock do for the laboratory: tickets as PDF, cases for what is late."""

from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django.utils import timezone

from core import jobs
from labjobs.services import delays, tickets


@jobs.handler(tickets.JOB, queue="docs", seconds=60)
def make_ticket(run: jobs.Running) -> Mapping[str, Any]:
    told = run.job.payload
    paper = tickets.make(told["paper"], told["job"], told["size"], told["by"])
    return {"paper": paper.pk, "sha256": paper.sha256}


@shared_task(name="labjobs.open_delays")
def open_delays() -> int:
    """Every quarter of an hour: branches lie in several zones, so the day ends at several hours."""
    return delays.open_due(timezone.now())
