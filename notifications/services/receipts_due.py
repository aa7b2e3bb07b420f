"""How long we wait for a receipt before the next channel is tried.

Only a provider that reports is waited for: one from which a receipt came lately, and that has not fallen silent since. Without
the first half every message of a plain mail server, which never reports, would go twice; without the second every message
of a provider whose web hook has broken.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from notifications.models import Message, MessageState

_LATELY = timedelta(days=14)
# So many messages in a row without a word are no accident of the customers' telephones.
_SILENT_AFTER = 10


def after(channel: str, provider: str) -> datetime | None:
    """When the receipt of a message that leaves now should have come; None where none is waited for."""
    window = _window(channel)
    return timezone.now() + window if window and reports(channel, provider) else None


def _window(channel: str) -> timedelta:
    minutes = {"sms": settings.SMS_RECEIPT_MINUTES, "email": settings.EMAIL_RECEIPT_MINUTES}.get(channel, 0)
    return timedelta(minutes=minutes)


def reports(channel: str, provider: str) -> bool:
    """A receipt of this provider came within two weeks, and one for its last ten messages whose time is over."""
    sent = Message.objects.filter(channel=channel, provider=provider, provider_id__gt="")
    if not sent.filter(delivered_at__gt=timezone.now() - _LATELY).exists():
        return False
    over = sent.filter(sent_at__lt=timezone.now() - _window(channel)).order_by("-pk")
    heard = [
        delivered or opened or state == MessageState.FAILED
        for delivered, opened, state in over.values_list("delivered_at", "opened_at", "state")[:_SILENT_AFTER]
    ]
    return len(heard) < _SILENT_AFTER or any(heard)


def waiting(limit: int) -> list[int]:
    due = Message.objects.filter(receipt_due_at__lt=Now())
    return list(due.order_by("receipt_due_at").values_list("pk", flat=True)[:limit])


def take(message_id: int) -> Message | None:
    """The message, locked and marked as looked at; None when a receipt came, it was opened, or another worker has it."""
    found: Message | None = (
        Message.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("event", "customer", "order", "branch")
        .filter(pk=message_id, receipt_due_at__isnull=False)
        .first()
    )
    if found is None:
        return None
    found.receipt_due_at = None
    found.save(update_fields=["receipt_due_at"])
    return found if found.state == MessageState.SENT and found.opened_at is None else None


def is_old_news(message: Message) -> bool:
    """A later step of the same order was told since, its day has passed, or a person sent it again, which is waited for itself."""
    if message.expires_at is not None and message.expires_at <= timezone.now():
        return True
    if message.fallbacks.exists():
        return True
    if not message.supersedes_older or message.order_id is None or message.event_id is None:
        return False
    # By the events: an earlier step that went on by another way has the younger message, and is no later step.
    told = Message.objects.filter(order_id=message.order_id, supersedes_older=True)
    return told.filter(event_id__gt=message.event_id).exists()
