"""What every gateway can do: make a payment page, read its own notices, pay back. Amounts are in the currency's units."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

PAID, DECLINED, EXPIRED, WAITING = "paid", "declined", "expired", "waiting"
REFUND_FAILED, DISPUTED, OTHER = "refund_failed", "disputed", "other"
# A notice older than this, or from the future by as much, is not believed.
WINDOW_SECONDS = 300


class NotVerified(Exception):
    """The notice is not the gateway's, or not of now: nothing of it is kept."""


class NotReadable(Exception):
    """Signed, but not what the gateway documents."""


class NotReached(Exception):
    """No answer, or "later": the same call may be made again under the same key."""


class Refused(Exception):
    """A definite no; `words` may be shown to staff."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class Asked:
    """One amount to be paid. `request` is our public id, `key` makes a repeated call the same call."""

    request: str
    key: str
    amount: Decimal
    currency: str
    order: str
    words: str
    done_url: str
    left_url: str
    language: str
    expires_at: datetime


@dataclass(frozen=True)
class Session:
    """The gateway's payment page."""

    ref: str
    url: str


@dataclass(frozen=True)
class Told:
    """A verified notice in our words. Of `request` and `session` one is enough; `amount` only where money moved."""

    event_id: str
    kind: str
    request: str = ""
    session: str = ""
    payment: str = ""
    amount: Decimal | None = None
    currency: str = ""
    reason: str = ""


class Gateway(Protocol):
    """One adapter. It opens no transaction and writes nothing of ours."""

    @property
    def name(self) -> str: ...

    @property
    def is_stand_in(self) -> bool: ...

    @property
    def page_origins(self) -> tuple[str, ...]:
        """Where its payment page lies, for the pay form's Content Security Policy."""
        ...

    def create(self, asked: Asked) -> Session:
        """A payment page. Raises NotReached, Refused."""
        ...

    def close(self, session: str) -> None:
        """Make an unpaid page unusable. Raises NotReached, Refused (it was paid, or has ended)."""
        ...

    def parse(self, headers: Mapping[str, str], body: bytes) -> Told:
        """Check the signature on the raw bytes and read them. Raises NotVerified, NotReadable."""
        ...

    def read(self, body: bytes) -> Told:
        """Read bytes that were verified before they were stored. Raises NotReadable."""
        ...

    def refund(self, payment: str, amount: Decimal, currency: str, key: str) -> str:
        """Pay back and answer the gateway's number. Raises NotReached, Refused."""
        ...
