"""Workers die, the broker is lost: work is late, never lost, and has one effect. Real processes, killed outright."""

import random
import signal
import time

import pytest
from django.db import transaction

from core import jobs
from core.models import Job, JobState
from tests.faults.handlers import noted
from tests.faults.stack import Broker, Stack, wait_for

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def enqueue(kind: str, count: int, **payload: object) -> list[str]:
    keys = [f"{kind}:{number}" for number in range(count)]
    with transaction.atomic():
        for key in keys:
            jobs.enqueue(kind, key, payload)
    return keys


def all_done(count: int) -> bool:
    return Job.objects.filter(state=JobState.DONE).count() == count


def states() -> dict[str, tuple[str, int, str]]:
    return {job.key: (job.state, job.attempts, job.last_error) for job in Job.objects.all()}


def test_work_survives_workers_killed_at_any_moment(stack: Stack) -> None:
    stack.clock()
    worker = stack.worker()
    keys = enqueue("fault.effect", 30, seconds=0.3)
    for _kill in range(4):
        time.sleep(random.uniform(0.5, 3))
        worker.kill()
        worker.wait()
        worker = stack.worker()
    assert wait_for(lambda: all_done(30)), states()
    assert sorted(noted("effect")) == sorted(keys)


def test_a_job_whose_process_is_killed_runs_again(stack: Stack) -> None:
    stack.clock()
    stack.worker()
    (key,) = enqueue("fault.die_once", 1)
    assert wait_for(lambda: all_done(1)), states()
    assert noted("execution") == [key, key]
    assert noted("effect") == [key]
    assert Job.objects.get().attempts == 2


def test_a_poisonous_job_is_given_up_after_five_executions_and_harms_no_other(stack: Stack) -> None:
    stack.clock()
    stack.worker()
    (poison,) = enqueue("fault.poison", 1)
    keys = enqueue("fault.effect", 20)
    assert wait_for(lambda: all_done(20)), states()
    assert sorted(noted("effect")) == sorted(keys)
    assert wait_for(lambda: Job.objects.get(key=poison).state == JobState.DEAD, 90), states()
    assert noted("execution") == [poison] * 5
    assert noted("dead") == [poison]


def test_a_job_that_never_ends_is_stopped_and_counted(stack: Stack) -> None:
    stack.clock()
    stack.worker()
    (key,) = enqueue("fault.endless", 1)
    assert wait_for(lambda: Job.objects.get(key=key).last_error == "took longer than its time limit"), states()
    assert set(noted("execution")) == {key}


def test_work_enqueued_while_the_broker_is_gone_is_late_not_lost(stack: Stack, broker: Broker) -> None:
    stack.clock()
    stack.worker()
    before = enqueue("fault.die_once", 1)
    broker.kill()
    keys = enqueue("fault.effect", 10)
    assert Job.objects.filter(key__in=keys, state=JobState.WAITING).count() == 10
    broker.begin()
    assert wait_for(lambda: all_done(11)), states()
    assert sorted(noted("effect")) == sorted(keys + before)


def test_without_the_sweeper_that_work_would_be_lost(stack: Stack, broker: Broker) -> None:
    """The control: no clock sweeps here, and the worker is ready before; what was not rung for stays undone."""
    stack.worker()
    (first,) = enqueue("fault.effect", 1)
    assert wait_for(lambda: all_done(1)), states()
    broker.kill()
    with transaction.atomic():
        late = jobs.enqueue("fault.effect", "late")
    broker.begin()
    assert not wait_for(lambda: Job.objects.get(pk=late.pk).state == JobState.DONE, 12)
    assert noted("effect") == [first]


def test_a_hanging_broker_delays_a_page_once_and_loses_nothing(stack: Stack, broker: Broker) -> None:
    stack.clock()
    stack.worker()
    broker.send(signal.SIGSTOP)
    keys = enqueue("fault.effect", 5)
    assert Job.objects.filter(state=JobState.WAITING).count() == 5
    broker.send(signal.SIGCONT)
    assert wait_for(lambda: all_done(5)), states()
    assert sorted(noted("effect")) == sorted(keys)
