"""Rings for new messages after the transaction that recorded an event of interest. Losing the ring costs seconds."""

from django.db import transaction

from notifications.bell import ring
from notifications.triggers import EVENTS
from records import events
from records.models import Event


def connect() -> None:
    events.heard(_ring_after_commit)


def _ring_after_commit(event: Event) -> None:
    if event.kind in EVENTS:
        transaction.on_commit(ring, robust=True)
