"""What the clock does for the measures."""

from celery import shared_task
from django.utils import timezone

from reports.services import following


@shared_task(name="reports.follow", time_limit=300, soft_time_limit=280)
def follow() -> int:
    """Every half minute: read new events into facts."""
    total = 0
    while read := following.read_on():
        total += read
    return total


@shared_task(name="reports.pass_of_time", time_limit=300, soft_time_limit=280)
def pass_of_time() -> int:
    """Every hour: orders whose promised day has passed."""
    return following.pass_of_time(timezone.localdate())
