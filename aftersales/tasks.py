"""What the clock does after the sale."""

from celery import shared_task
from django.utils import timezone

from aftersales.services import waiting


@shared_task(name="aftersales.look_after")
def look_after() -> int:
    """Returns that wait too long get a case; replaced ones close once the replacement was handed over."""
    return waiting.look_after(timezone.now())
