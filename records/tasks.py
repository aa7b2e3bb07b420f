"""What the clock does with records."""

from celery import shared_task

from records.services import sealing


@shared_task(name="records.seal")
def seal() -> int:
    """Every minute: seal what is new in the append-only tables."""
    return sealing.seal_new()
