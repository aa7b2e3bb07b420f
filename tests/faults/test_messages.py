"""Messages under killed workers, a moody mail server and a lost broker: none lost, order kept, doubles only where
a worker died between sending and settling. Real processes and a real SMTP server."""

import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction

from notifications.models import Attempt, Message, MessageState
from notifications.services import outbox
from orders.models import Order
from tests.faults.mail_server import MailServer, Mood
from tests.faults.stack import Broker, Stack, wait_for
from tests.orders import makers

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]
ORDERS, EACH, KILLS = 8, 52, 6


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    own = MailServer()
    own.begin()
    settings = {
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(own.port),
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "MESSAGE_LEASE_SECONDS": "3",
        "MESSAGE_DELAY_SCALE": "0.02",
        "QUIET_HOURS": "",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    yield own
    own.end()


def some_orders(count: int) -> list[Order]:
    shop = makers.shop()
    return [makers.order(shop) for _number in range(count)]


def fill(orders: list[Order], each: int) -> None:
    """`each` messages an order, put in turn about, as a busy day does."""
    for number in range(each):
        with transaction.atomic():
            for order in orders:
                outbox.add(_message(order, number))


def _message(order: Order, number: int) -> Message:
    return Message(
        dedupe_key=f"chaos:{order.pk}:{number}",
        template_key="payment_taken",
        channel="email",
        customer=order.customer,
        order=order,
        branch=order.branch,
        recipient=order.customer.email,
        subject=f"Message {number}",
        body=f"Message {number} of {order.number}",
    )


def all_sent() -> bool:
    return not Message.objects.exclude(state=MessageState.SENT).exists()


def states() -> Counter[str]:
    return Counter(Message.objects.values_list("state", flat=True))


def assert_order_kept(taken: list[int]) -> None:
    """Judged by the first arrival of each: a double is no disorder."""
    first = {number: place for place, number in reversed(list(enumerate(taken)))}
    for order_id in set(Message.objects.values_list("order_id", flat=True)):
        line = Message.objects.filter(order_id=order_id).order_by("seq").values_list("pk", flat=True)
        places = [first[number] for number in line]
        assert places == sorted(places), order_id


def test_four_hundred_messages_under_killed_workers_arrive_in_order_and_none_is_lost(
    stack: Stack, server: MailServer
) -> None:
    server.mood = Mood(greylist=0.05, seconds=0.01)
    fill(some_orders(ORDERS), EACH)
    stack.clock()
    worker = stack.worker()
    for _kill in range(KILLS):
        time.sleep(random.uniform(4, 7))
        worker.kill()
        worker.wait()
        worker = stack.worker()
    assert wait_for(all_sent, 240), states()
    numbers = set(Message.objects.values_list("pk", flat=True))
    assert set(server.taken) == numbers and len(numbers) == ORDERS * EACH
    assert_order_kept(server.taken)
    doubles = [number for number, times in Counter(server.taken).items() if times > 1]
    unanswered = set(Attempt.objects.filter(ended_at=None).values_list("message_id", flat=True))
    assert set(doubles) <= unanswered, (doubles, unanswered)


def test_a_mail_server_that_is_down_and_one_that_drops_only_delay(stack: Stack, server: MailServer) -> None:
    fill(some_orders(2), 6)
    server.end()
    stack.clock()
    stack.worker()
    assert wait_for(lambda: Attempt.objects.filter(outcome="later").count() >= 2, 60), states()
    server.mood = Mood(drop=0.2)
    server.begin()
    assert wait_for(all_sent, 120), states()
    assert set(server.taken) == set(Message.objects.values_list("pk", flat=True))
    assert_order_kept(server.taken)


def test_a_refused_message_is_given_up_with_a_case_and_does_not_hold_up_the_next(
    stack: Stack, server: MailServer
) -> None:
    from cases.models import Case

    [order] = some_orders(1)
    fill([order], 2)
    server.mood = Mood(refuse="550 5.1.1 no such person")
    stack.clock()
    stack.worker()
    assert wait_for(lambda: states()["failed"] == 2, 60), states()
    assert Case.objects.filter(kind="dead_message").count() == 2


def test_an_event_whose_bell_was_lost_with_the_broker_is_told_late(
    stack: Stack, broker: Broker, server: MailServer
) -> None:
    broker.kill()
    order = makers.confirmed(makers.shop())
    assert not Message.objects.exists()
    broker.begin()
    stack.clock()
    stack.worker()
    told = Message.objects.filter(order=order, template_key="order_confirmed", state=MessageState.SENT)
    assert wait_for(lambda: told.count() == 2, 60), states()
    assert len(server.taken) == 1


def test_the_measure_sees_a_loss_when_messages_are_marked_before_they_are_sent(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the order of sending and settling turned round, a worker that dies loses its message."""
    fill(some_orders(1), 3)
    for _worker in range(3):
        message = outbox.claim()
        assert message is not None
        outbox.settle_sent(message, outbox.Sent("smtp"))  # and here the worker dies, before it has sent
    assert all_sent()
    assert set(server.taken) != set(Message.objects.values_list("pk", flat=True))
