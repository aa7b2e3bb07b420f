"""A bad day for messages: workers killed, the broker lost, the mail server down for an hour, greylisting all along.

Small in the suite; the full storm (4,000 messages, 20 kills, 5 lost brokers, one hour without mail server in compressed
time) is `STORM=full ./dev test tests/faults/test_storm.py -s`. What it found stands in docs/reference/message-storm.md.
"""

import json
import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass

import pytest

from notifications.models import Attempt, Message
from tests.faults.mail_server import MailServer, Mood
from tests.faults.stack import Broker, Stack, wait_for
from tests.faults.test_messages import all_sent, assert_order_kept, fill, server, some_orders, states

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]
assert server  # a fixture


@dataclass(frozen=True)
class Size:
    """`scale` is a second of the storm for so many seconds of a real one: waits between tries shrink by it."""

    orders: int
    each: int
    kills: int
    brokers: int
    outage_seconds: float
    scale: float
    workers: int
    patience: int

    @property
    def messages(self) -> int:
        return self.orders * self.each


SMALL = Size(8, 20, 3, 1, 3, 0.01, 1, 90)
FULL = Size(80, 50, 20, 5, 36, 0.01, 2, 900)


def test_no_message_is_lost_and_order_is_kept_in_a_storm(
    stack: Stack, broker: Broker, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = FULL if os.environ.get("STORM") == "full" else SMALL
    monkeypatch.setenv("MESSAGE_DELAY_SCALE", str(size.scale))
    monkeypatch.setenv("MESSAGE_LEASE_SECONDS", "3")
    server.mood = Mood(greylist=0.05, drop=0.01)
    fill(some_orders(size.orders), size.each)
    started = time.monotonic()
    stack.clock()
    workers = [stack.worker() for _number in range(size.workers)]
    outage_at, broker_at = size.kills // 2, {round(n * size.kills / size.brokers) for n in range(size.brokers)}
    for kill in range(size.kills):
        time.sleep(random.uniform(2, 4))
        victim = random.randrange(len(workers))
        workers[victim].kill()
        workers[victim].wait()
        workers[victim] = stack.worker()
        if kill in broker_at:
            broker.kill()
            time.sleep(1)
            broker.begin()
        if kill == outage_at:
            server.end()
            time.sleep(size.outage_seconds)
            server.begin()
    back = time.monotonic()
    assert wait_for(all_sent, size.patience), states()
    report(size, server, started, back)


def report(size: Size, server: MailServer, started: float, back: float) -> None:
    """Nothing lost, order kept, doubles only where a worker or an answer was lost between sending and settling."""
    ids = set(Message.objects.values_list("pk", flat=True))
    assert len(ids) == size.messages and set(server.taken) == ids
    assert_order_kept(server.taken)
    doubles = [number for number, times in Counter(server.taken).items() if times > 1]
    unanswered = set(Attempt.objects.filter(ended_at=None).values_list("message_id", flat=True))
    broken_off = set(Attempt.objects.filter(detail__contains="broke off").values_list("message_id", flat=True))
    assert set(doubles) <= unanswered | broken_off, set(doubles) - unanswered - broken_off
    told = {
        "messages": size.messages,
        "kills": size.kills,
        "lost_brokers": size.brokers,
        "outage_seconds_of_storm": size.outage_seconds,
        "lost": 0,
        "out_of_order": 0,
        "doubles_after_a_killed_worker": len(set(doubles) & unanswered),
        "doubles_after_a_lost_answer": len(set(doubles) - unanswered),
        "tries": Attempt.objects.count(),
        "seconds": round(time.monotonic() - started, 1),
        "seconds_after_the_last_fault": round(time.monotonic() - back, 1),
    }
    sys.stdout.write(f"{json.dumps(told)}\n")
