"""What e-mail providers report, as django-anymail hands it over: kept like every other notice, applied as a job."""

import json
from typing import Any

from anymail.signals import EventType, tracking

from notifications.services import inbound

# Theirs to ours. What is not here (queued, clicked, deferred …) changes nothing.
_KINDS = {
    EventType.DELIVERED: "delivered",
    EventType.OPENED: "opened",
    EventType.BOUNCED: "failed",
    EventType.REJECTED: "failed",
    EventType.FAILED: "failed",
    EventType.COMPLAINED: "complained",
    EventType.UNSUBSCRIBED: "complained",
}


def connect() -> None:
    tracking.connect(_heard, dispatch_uid="notifications.receipts")


def _heard(sender: object, event: Any, esp_name: str, **_more: object) -> None:
    """One event of a provider whose webhook anymail has verified. Stored once by the provider's own number."""
    kind = _KINDS.get(event.event_type)
    if kind is None or not event.message_id:
        return
    provider = esp_name.lower().replace(" ", "_")
    number = str(event.event_id or f"{event.message_id}:{kind}")
    raw = json.dumps({"id": number, "type": kind, "message": str(event.message_id)})
    inbound.keep(provider, number, raw.encode())
