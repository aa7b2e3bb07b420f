"""Background jobs inside one process: what is written, tried again, given up, cancelled."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from core import job_runs, jobs
from core.actor import Actor, Source
from core.errors import DomainError
from core.models import Job, JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A private register with one kind that notes each run."""
    monkeypatch.setattr(jobs, "_handlers", {})
    monkeypatch.setattr(jobs, "_dead_hooks", [])
    seen: list[int] = []

    @jobs.handler("note")
    def note(run: jobs.Running) -> dict[str, Any]:
        seen.append(run.job.payload["number"])
        run.progress(1, 2)
        return {"noted": run.job.payload["number"]}

    return seen


def later() -> None:
    Job.objects.update(not_before=timezone.now())


def test_a_job_runs_once_and_keeps_its_result(ran: list[int]) -> None:
    job = jobs.enqueue("note", "note:7", {"number": 7})
    assert job_runs.run_waiting() == 1
    assert job_runs.run_waiting() == 0
    job.refresh_from_db()
    assert (ran, job.state, job.attempts, job.result) == ([7], JobState.DONE, 1, {"noted": 7})
    assert (job.progress, job.total, job.lease_id) == (1, 2, None)
    assert job.finished_at is not None


def test_the_same_key_is_the_same_job(ran: list[int]) -> None:
    first = jobs.enqueue("note", "note:7", {"number": 7})
    assert jobs.enqueue("note", "note:7", {"number": 8}).pk == first.pk
    job_runs.run_waiting()
    assert ran == [7]


def test_a_job_remembers_who_asked(ran: list[int]) -> None:
    actor = Actor(name="N. Khumalo", role="branch_manager", source=Source.COUNTER, user_id=3, branch_id=4)
    job = jobs.enqueue("note", "note:1", {"number": 1}, actor=actor)
    assert (job.requested_by_id, job.branch_id) == (3, 4)


def test_a_job_of_a_rolled_back_transaction_does_not_exist(ran: list[int]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue("note", "note:7", {"number": 7})
        raise ZeroDivisionError
    assert Job.objects.count() == 0


def test_a_job_waits_for_its_time(ran: list[int]) -> None:
    jobs.enqueue("note", "note:7", {"number": 7}, not_before=timezone.now() + timedelta(minutes=1))
    assert job_runs.run_waiting() == 0
    later()
    assert job_runs.run_waiting() == 1


def test_a_failing_job_is_tried_five_times_with_growing_delays_then_given_up(ran: list[int]) -> None:
    executions: list[int] = []
    told: list[tuple[str, str]] = []

    @jobs.handler("broken")
    def broken(run: jobs.Running) -> None:
        executions.append(1)
        raise ValueError("no such frame")

    jobs.on_dead(lambda job: told.append((job.key, job.state)))
    job = jobs.enqueue("broken", "broken:1")
    waits = []
    for _round in range(8):
        job_runs.run_waiting()
        job.refresh_from_db()
        if job.state == JobState.WAITING:
            waits.append((job.not_before - timezone.now()).total_seconds())
        later()
    assert len(executions) == 5
    assert (job.state, job.attempts, job.last_error) == (JobState.DEAD, 5, "ValueError: no such frame")
    assert told == [("broken:1", JobState.DEAD)]
    for wait, longest in zip(waits, [5, 10, 20, 40], strict=True):
        assert longest / 2 - 1 < wait <= longest


def test_a_refusal_by_a_rule_is_not_tried_again(ran: list[int]) -> None:
    @jobs.handler("refused")
    def refused(run: jobs.Running) -> None:
        raise DomainError("The order is cancelled.", code="cancelled")

    job = jobs.enqueue("refused", "refused:1")
    job_runs.run_waiting()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == (JobState.DEAD, 1, "cancelled: The order is cancelled.")


def test_a_kind_nobody_knows_is_given_up_and_others_go_on(ran: list[int]) -> None:
    unknown = jobs.enqueue("never heard of", "x:1")
    jobs.enqueue("note", "note:7", {"number": 7})
    assert job_runs.run_waiting() == 2
    unknown.refresh_from_db()
    assert unknown.state == JobState.DEAD
    assert ran == [7]


def test_an_atomic_job_that_fails_leaves_no_effect(ran: list[int]) -> None:
    @jobs.handler("half", atomic=True)
    def half(run: jobs.Running) -> None:
        Job.objects.create(kind="effect", key="effect:1", not_before=timezone.now() + timedelta(days=1))
        raise ValueError("half way")

    job = jobs.enqueue("half", "half:1")
    job_runs.run_waiting()
    job.refresh_from_db()
    assert job.state == JobState.WAITING
    assert not Job.objects.filter(key="effect:1").exists()


def test_a_dead_hook_that_fails_does_not_revive_the_job(ran: list[int]) -> None:
    jobs.on_dead(lambda job: 1 / 0)
    job = jobs.enqueue("never heard of", "x:1")
    job_runs.run_waiting()
    job.refresh_from_db()
    assert job.state == JobState.DEAD


def test_a_waiting_job_can_be_cancelled_and_started_again(ran: list[int]) -> None:
    job = jobs.enqueue("note", "note:7", {"number": 7})
    assert jobs.cancel(job.pk)
    assert job_runs.run_waiting() == 0
    assert jobs.retry(job.pk)
    assert job_runs.run_waiting() == 1
    assert not jobs.cancel(job.pk)
    assert ran == [7]


def test_a_running_job_hears_of_its_cancellation_at_the_next_progress_report(ran: list[int]) -> None:
    reached = []

    @jobs.handler("long")
    def long(run: jobs.Running) -> None:
        for step in range(3):
            run.progress(step, 3)
            reached.append(step)
            jobs.cancel(run.job.pk)

    job = jobs.enqueue("long", "long:1")
    job_runs.run_waiting()
    job.refresh_from_db()
    assert (reached, job.state) == ([0], JobState.CANCELLED)


def test_a_late_worker_cannot_settle_a_job_that_another_took_over(ran: list[int]) -> None:
    @jobs.handler("slow")
    def slow(run: jobs.Running) -> dict[str, str]:
        Job.objects.filter(pk=run.job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert job_runs.claim(run.job.pk) is not None
        return {"by": "the late one"}

    job = jobs.enqueue("slow", "slow:1")
    job_runs.run(job.pk, keep_alive=False)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result) == (JobState.RUNNING, 2, None)


def test_a_running_job_cannot_be_claimed_before_its_lease_ends(ran: list[int]) -> None:
    job = jobs.enqueue("note", "note:7", {"number": 7})
    assert job_runs.claim(job.pk) is not None
    assert job_runs.claim(job.pk) is None
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert job_runs.claim(job.pk) is not None


def test_a_job_whose_workers_died_five_times_is_dead_without_a_sixth_execution(ran: list[int]) -> None:
    job = jobs.enqueue("note", "note:7", {"number": 7})
    for _death in range(5):
        assert job_runs.claim(job.pk) is not None
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert job_runs.run_waiting() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, ran) == (JobState.DEAD, 5, [])


def test_two_handlers_for_one_kind_are_refused(ran: list[int]) -> None:
    with pytest.raises(ValueError, match="Two handlers for jobs of kind note"):
        jobs.handler("note")(lambda run: None)
