"""Push notices to a browser that asked for them on the order page."""

from notifications.channels.base import Adapter, Outgoing, Permanent
from notifications.services.outbox import Sent


def adapter() -> Adapter:
    return Adapter("push", send)


def send(out: Outgoing) -> Sent:
    """No browser has subscribed to this order. Raises Permanent."""
    raise Permanent("no browser has asked for notices")
