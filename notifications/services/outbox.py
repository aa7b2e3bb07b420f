"""The outbox: put a message in, take one out under a lease, settle what became of it.

Sending itself happens between `claim` and `settle_*`, outside any transaction.
"""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max
from django.db.models.functions import Now
from django.utils import timezone

from notifications.models import Attempt, ChannelPause, Message, MessageState
from notifications.services import receipts_due
from notifications.triggers import BY_TEMPLATE

MOST_ATTEMPTS = 8
_FIRST_DELAY, _LONGEST_DELAY = 20.0, 3600.0
_WAITING = (MessageState.QUEUED, MessageState.RETRY)
_spread = random.SystemRandom()

# Head of line: nothing earlier of the same order and channel may still be on its way. One row at a time, so that a
# lease never has to cover a queue.
_CLAIM = """
UPDATE notifications_message SET state = 'sending', lease_id = %(lease)s, lease_until = clock_timestamp() + make_interval(secs => %(seconds)s),
       attempts_made = attempts_made + 1
 WHERE id = (
   SELECT m.id FROM notifications_message m
    WHERE m.state IN ('queued', 'retry') AND m.not_before <= clock_timestamp()
      AND NOT EXISTS (SELECT 1 FROM notifications_channelpause p
                       WHERE p.channel = m.channel AND p.until > clock_timestamp())
      AND (m.order_id IS NULL OR NOT EXISTS (
           SELECT 1 FROM notifications_message e
            WHERE e.order_id = m.order_id AND e.channel = m.channel AND e.seq < m.seq
              AND e.state IN ('queued', 'retry', 'sending')))
    ORDER BY m.not_before, m.id
      FOR UPDATE OF m SKIP LOCKED LIMIT 1)
RETURNING id
"""


@dataclass(frozen=True)
class Sent:
    """What a channel answers. `delivered`: the provider says it has arrived already."""

    adapter: str
    provider_id: str = ""
    note: str = ""
    delivered: bool = False


def put(message: Message) -> Message | None:
    """Add a message unless its key was there before: then None, and nothing changes."""
    if Message.objects.filter(dedupe_key=message.dedupe_key).exists():
        return None
    return add(message)


def add(message: Message) -> Message:
    """Add a message at the end of its order's line. A progress message replaces older ones that did not leave yet."""
    if message.order_id is not None:
        _lock_line(message.order_id)
        line = Message.objects.filter(order_id=message.order_id, channel=message.channel)
        message.seq = (line.aggregate(last=Max("seq"))["last"] or 0) + 1
        if message.supersedes_older and message.state == MessageState.QUEUED:
            newer = BY_TEMPLATE[message.template_key].label if message.template_key in BY_TEMPLATE else ""
            line.filter(supersedes_older=True, state__in=_WAITING).update(
                state=MessageState.SUPERSEDED, why=f"replaced by: {newer}" if newer else ""
            )
    message.save(force_insert=True)
    return message


def _lock_line(order_id: int) -> None:
    """Numbers of one order are drawn one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7310422, %s)", [order_id % 2**31])


def claim() -> Message | None:
    """The next message that may leave, leased to the caller; None when there is nothing to do."""
    lease = uuid.uuid4()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"lease": lease, "seconds": settings.MESSAGE_LEASE_SECONDS})
        row = cursor.fetchone()
    if row is None:
        return None
    return Message.objects.select_related("order", "customer", "branch").get(pk=row[0], lease_id=lease)


def started(message: Message, adapter: str) -> Attempt:
    """A try is written down before it is made, so that a killed worker leaves its trace."""
    return Attempt.objects.create(message=message, adapter=adapter)


def ended(attempt: Attempt, outcome: str, detail: str = "", provider_id: str = "") -> None:
    attempt.ended_at, attempt.outcome = timezone.now(), outcome
    attempt.detail, attempt.provider_id = detail[:300], provider_id[:160]
    attempt.save(update_fields=["ended_at", "outcome", "detail", "provider_id"])


def settle_sent(message: Message, sent: Sent) -> bool:
    """It left. False when another worker holds the message by now: the late one changes nothing."""
    return _settle(
        message,
        state=MessageState.DELIVERED if sent.delivered else MessageState.SENT,
        provider=sent.adapter,
        provider_id=sent.provider_id[:160],
        why=sent.note[:200],
        sent_at=Now(),
        delivered_at=Now() if sent.delivered else None,
        receipt_due_at=None if sent.delivered else receipts_due.after(message.channel, sent.adapter),
    )


def settle_final(message: Message, state: str, why: str) -> bool:
    """It will not leave: refused, dead, suppressed, withheld."""
    return _settle(message, state=state, why=why[:200])


def settle_later(message: Message, why: str, retry_after: timedelta | None = None) -> bool:
    """Try again after a growing, spread delay; the provider's own wish wins."""
    wait = retry_after or delay_after(message.attempts_made)
    return _settle(message, state=MessageState.RETRY, why=why[:200], not_before=Now() + wait)


def settle_back(message: Message, until: datetime, why: str) -> bool:
    """It was not tried (quiet hours, channel paused): back in line, the attempt not counted."""
    return _settle(
        message, state=MessageState.QUEUED, why=why[:200], not_before=until, attempts_made=F("attempts_made") - 1
    )


def _settle(message: Message, **values: object) -> bool:
    """Only the holder of the lease may write."""
    found = Message.objects.filter(pk=message.pk, lease_id=message.lease_id, state=MessageState.SENDING)
    changed: int = found.update(lease_id=None, lease_until=None, **values)
    return changed == 1


def return_expired() -> list[int]:
    """Messages whose worker died come back in line, or are dead after the last try. Returns the dead."""
    expired = Message.objects.filter(state=MessageState.SENDING, lease_until__lt=Now())
    with transaction.atomic():
        dead = list(
            expired.select_for_update(skip_locked=True)
            .filter(attempts_made__gte=MOST_ATTEMPTS)
            .values_list("pk", flat=True)
        )
        Message.objects.filter(pk__in=dead).update(
            state=MessageState.DEAD, lease_id=None, lease_until=None, why="its worker ended without a word each time"
        )
        expired.filter(attempts_made__lt=MOST_ATTEMPTS).update(
            state=MessageState.RETRY, lease_id=None, lease_until=None, why="its worker ended without a word"
        )
    return dead


def pause(channel: str, why: str, wait: timedelta = timedelta(minutes=5)) -> None:
    """Hold a channel that cannot work now; after the pause the first message tries it again."""
    ChannelPause.objects.update_or_create(channel=channel, defaults={"until": timezone.now() + wait, "why": why[:200]})


def pause_unreachable(channel: str, why: str) -> None:
    """Nobody answers there: look again in a minute, for as long as it takes."""
    pause(channel, why, timedelta(seconds=60 * settings.MESSAGE_DELAY_SCALE))


def delay_after(attempts: int) -> timedelta:
    """Growing from 20 seconds to an hour, spread so that many failures do not come back at once."""
    longest = min(_LONGEST_DELAY, _FIRST_DELAY * 2 ** max(attempts - 1, 0)) * settings.MESSAGE_DELAY_SCALE
    return timedelta(seconds=longest * _spread.uniform(0.5, 1))
