"""What the clock rings for at the counter."""

from celery import shared_task
from django.utils import timezone

from visits.services import reminders


@shared_task(name="visits.remind")
def remind() -> int:
    """Appointments of tomorrow, and recalls that came due. What was told stands in the database."""
    now = timezone.now()
    return reminders.remind(now) + reminders.note_recalls(now)
