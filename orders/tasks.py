"""What the worker does for orders: papers as PDF, quotations that lapse."""

from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django.utils import timezone

from core import jobs
from core.actor import system
from orders.services import declined, gateway_notices, papers, paying_back, quotations


@jobs.handler(papers.JOB, queue="docs", seconds=60)
def make_paper(run: jobs.Running) -> Mapping[str, Any]:
    paper = papers.make(run.job.payload["paper"])
    return {"paper": paper.pk, "sha256": paper.sha256}


@jobs.handler(gateway_notices.JOB, queue="inbound", atomic=True)
def apply_notice(run: jobs.Running) -> Mapping[str, Any]:
    """A payment gateway's notice, verified and stored before."""
    return {"result": gateway_notices.apply(run.job.payload["notice"])}


@jobs.handler(paying_back.JOB)
def pay_back(run: jobs.Running) -> Mapping[str, Any]:
    """Ask the gateway to pay back, then tell the ledger. Not reached: it is tried again under the same key."""
    return {"state": paying_back.pay_back(run.job.payload["refund"])}


@shared_task(name="orders.lapse_quotations")
def lapse_quotations() -> int:
    """Every hour: branches lie in several zones, so the day ends at several hours."""
    return quotations.lapse_expired(system(), timezone.now())


@shared_task(name="orders.chase_declined")
def chase_declined() -> int:
    """Declined payments that nobody made good come to a person."""
    return declined.open_unpaid(timezone.now())
