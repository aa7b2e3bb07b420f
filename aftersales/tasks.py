"""What the clock does after the sale."""

from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django.utils import timezone

from aftersales.services import papers, waiting
from core import jobs


@jobs.handler(papers.JOB, queue="docs", seconds=60)
def make_slip(run: jobs.Running) -> Mapping[str, Any]:
    """The return slip as PDF."""
    paper = papers.make(run.job.payload["paper"], run.job.payload["return"])
    return {"paper": paper.pk, "sha256": paper.sha256}


@shared_task(name="aftersales.look_after")
def look_after() -> int:
    """Returns that wait too long get a case; replaced ones close once the replacement was handed over."""
    return waiting.look_after(timezone.now())
