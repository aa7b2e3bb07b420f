"""What every channel adapter takes, answers and raises."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from notifications.attachments import Attachment
from notifications.services.outbox import Sent


@dataclass(frozen=True)
class Outgoing:
    """One message as it leaves: links filled in. `key` is the same at every try, for providers that fold repeats.

    `topic`: a newer one of the same topic may replace it on a lock screen. `shop` is whom it comes from in words,
    `answers_to` the address that reads what a customer answers; empty: the sender's own.
    """

    key: str
    recipient: str
    subject: str
    body: str
    html: str = ""
    picture: str = ""
    unsubscribe: str = ""
    reference: str = ""
    urgent: bool = False
    topic: str = ""
    attachments: tuple[Attachment, ...] = ()
    shop: str = ""
    answers_to: str = ""


class Permanent(Exception):
    """Trying again cannot help: no such address, refused content."""


class Transient(Exception):
    """Try later: busy, greylisted, down. `retry_after` when the provider said how long."""

    def __init__(self, why: str, retry_after: timedelta | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class Unreachable(Transient):
    """Nobody answers at the provider's address: the channel waits as a whole, and no message loses a try by it."""


class RateLimited(Transient):
    """Too many at once."""


class Misconfigured(Exception):
    """Our own set-up is wrong: the channel pauses and a person is told once, not once per message."""


@dataclass(frozen=True)
class Adapter:
    """One way to send on a channel. `local`: nothing leaves this machine."""

    code: str
    send: Callable[[Outgoing], Sent]
    local: bool = False


def refuse_line_breaks(*values: str) -> None:
    """No header may be split: addresses and subjects hold one line. Raises Permanent."""
    if any(char in value for value in values for char in "\r\n\0"):
        raise Permanent("a line break in an address or subject")
