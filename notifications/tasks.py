"""What the worker does when the bell rings, or every five seconds: plan what is new, deliver what is due."""

from celery import shared_task

from notifications.services import delivery, planning


@shared_task(name="notifications.relay")
def relay() -> int:
    """Safe to run twice and side by side: one plans, each message is delivered under a lease."""
    planning.plan_waiting()
    return delivery.deliver_due()
