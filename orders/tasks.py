"""What the worker does for orders: papers as PDF, quotations that lapse."""

from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django.utils import timezone

from core import jobs
from core.actor import system
from orders.services import papers, quotations


@jobs.handler(papers.JOB, queue="docs", seconds=60)
def make_paper(run: jobs.Running) -> Mapping[str, Any]:
    paper = papers.make(run.job.payload["paper"])
    return {"paper": paper.pk, "sha256": paper.sha256}


@shared_task(name="orders.lapse_quotations")
def lapse_quotations() -> int:
    """Every hour: branches lie in several zones, so the day ends at several hours."""
    return quotations.lapse_expired(system(), timezone.now())
