"""What the worker does when the bell rings, or every five seconds: plan what is new, deliver what is due."""

from celery import shared_task

from core import jobs
from notifications.services import calendar, delivery, inbound, planning


@shared_task(name="notifications.relay")
def relay() -> int:
    """Safe to run twice and side by side: one plans, each message is delivered under a lease."""
    planning.plan_waiting()
    return delivery.deliver_due()


@jobs.handler(inbound.JOB, queue="inbound", atomic=True)
def apply_inbound(run: jobs.Running) -> dict[str, str]:
    """A provider's notice, stored before: receipts, STOP and START."""
    return {"result": inbound.apply(run.job.payload["inbound"])}


@shared_task(name="notifications.fall_due")
def fall_due() -> int:
    """Reminders and questions that are due by the day."""
    return calendar.fall_due()
