"""What the worker and the clock do for shipping: apply carriers' events, look for parcels that stand still."""

from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django.utils import timezone

from core import jobs
from shipping.services import inbound, papers, trackers, trouble


@jobs.handler(inbound.JOB, queue="default", seconds=60)
def apply_notice(run: jobs.Running) -> Mapping[str, Any]:
    return {"result": inbound.apply(run.job.payload["notice"])}


@jobs.handler(papers.JOB, queue="docs", seconds=60)
def make_paper(run: jobs.Running) -> Mapping[str, Any]:
    told = run.job.payload
    paper = papers.make(told["paper"], told["shipment"], told["kind"])
    return {"paper": paper.pk, "sha256": paper.sha256}


@jobs.handler(trackers.JOB, queue="default", seconds=60)
def follow_number(run: jobs.Running) -> Mapping[str, Any]:
    """Ask a tracking service to follow a parcel; not reached, it is tried again."""
    return {"result": trackers.register(run.job.payload["shipment"], run.job.payload["door"])}


@shared_task(name="shipping.look")
def look() -> int:
    """Every half hour: branches lie in several zones, so the day ends at several hours."""
    return trouble.look(timezone.now())
