"""What the clock does with cases."""

from celery import shared_task
from django.utils import timezone

from cases.services import escalation, nightly


@shared_task(name="cases.escalate")
def escalate() -> int:
    """Every few minutes: cases nobody took, and late ones."""
    return escalation.escalate_due(timezone.now())


@shared_task(name="cases.check_invariants", time_limit=900, soft_time_limit=840)
def check_invariants() -> int:
    """Nightly: a case for every broken statement about the data, and for a broken seal of the history."""
    return nightly.check()


@shared_task(name="cases.check_files", time_limit=3600, soft_time_limit=3500)
def check_files() -> int:
    """Weekly: a case for every file of evidence that is missing or changed."""
    return nightly.check_files(timezone.now())
