"""What the portal has done by the clock."""

from celery import shared_task

from portal import limits


@shared_task(name="portal.forget_knocks")
def forget_knocks() -> int:
    """Counted tries are forgotten after a day."""
    return limits.forget_old()
