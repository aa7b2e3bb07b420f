"""A scheduled report goes out once a time, to each with their own rows, and to nobody who may not see them any more."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from branches.models import Membership, User
from branches.roles import Role
from core import job_runs, jobs
from core.actor import Actor
from core.errors import DomainError, NotVisible
from core.models import Job, JobState
from notifications.models import Message
from records.models import Event
from reports.builder import saving
from reports.exports import opening, shell
from reports.models import Delivery, Export, ExportState, Outcome, RunState, Schedule, ScheduleRun
from reports.schedules import keeping, running
from reports.schedules.keeping import ScheduleData
from tests import factories
from tests.orders import makers
from tests.orders.makers import Shop
from tests.reports.schedules.makers import due, numbers, outcomes, person, scheduled, signed_in

pytestmark = pytest.mark.django_db


def test_each_reader_gets_the_rows_that_they_may_see(shop: Shop) -> None:
    other = makers.shop()
    mine, theirs = makers.confirmed(shop), makers.confirmed(other)
    head = factories.actor(factories.user(Role.HEAD_OFFICE), shop.branch)
    run = due(scheduled(head, person(head), person(shop.manager), person(other.manager)))
    assert run.state == RunState.DONE
    assert set(outcomes(run).values()) == {Outcome.SENT}
    held = {one.person_id: set(numbers(one.export)) for one in run.deliveries.select_related("export")}
    assert held == {
        head.user_id: {mine.number, theirs.number},
        shop.manager.user_id: {mine.number},
        other.manager.user_id: {theirs.number},
    }
    told = {one.recipient: one.body for one in Message.objects.filter(template_key="scheduled_report")}
    export = run.deliveries.get(person_id=other.manager.user_id).export
    assert reverse("reporting:export", args=[export.public_id]) in told[person(other.manager).email]
    assert mine.number not in "".join(told.values())
    assert opening.open_file(other.manager, export.public_id) == export
    with pytest.raises(NotVisible):
        opening.open_file(shop.manager, export.public_id)


def test_who_lost_the_right_or_the_branch_or_left_gets_nothing_and_the_owner_is_told(shop: Shop) -> None:
    makers.confirmed(shop)
    elsewhere = factories.branch()
    stays, demoted, moved, gone = (factories.user(Role.ACCOUNTANT, shop.branch) for _n in range(4))
    schedule = scheduled(shop.manager, stays, demoted, moved, gone)
    Membership.objects.filter(user=demoted).update(role=Role.RECEPTIONIST)
    Membership.objects.filter(user=moved).update(branch=elsewhere)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    run = due(schedule)
    assert run.state == RunState.PARTLY
    assert outcomes(run) == {
        stays.full_name: Outcome.SENT,
        demoted.full_name: Outcome.NO_RIGHT,
        moved.full_name: Outcome.NO_BRANCH,
        gone.full_name: Outcome.GONE,
    }
    assert [one.requested_by for one in Export.objects.all()] == [stays]
    assert [one.recipient for one in Message.objects.filter(template_key="scheduled_report")] == [stays.email]
    told = Message.objects.get(template_key="scheduled_report_trouble")
    assert told.recipient == person(shop.manager).email
    assert f"{demoted.full_name}: No longer has the right" in told.body
    assert f"{moved.full_name}: No longer in the branch" in told.body
    assert f"{gone.full_name}: No longer works here" in told.body
    assert stays.full_name not in told.body
    page = signed_in(shop.manager).get(reverse("notices")).content.decode()
    assert "Not sent to everybody: Orders by number" in page
    rung = {actor.user_id: waiting(actor) for actor in (shop.manager, factories.actor(stays, shop.branch))}
    assert rung == {shop.manager.user_id: 1, stays.pk: 0}


def waiting(actor: Actor) -> int:
    """The number beside the bell for exports and schedules."""
    request: Any = SimpleNamespace(actor=actor, user=person(actor))
    return shell._waiting(request, timezone.now() - timedelta(days=1))


def test_a_run_missed_for_days_goes_out_once(shop: Shop) -> None:
    makers.confirmed(shop)
    schedule = scheduled(shop.manager)
    missed = timezone.now() - timedelta(days=5)
    Schedule.objects.filter(pk=schedule.pk).update(next_at=missed)
    assert [running.start_due(), running.start_due()] == [1, 0]
    job_runs.run_waiting()
    schedule.refresh_from_db()
    assert timezone.now() < schedule.next_at <= timezone.now() + timedelta(days=1)
    assert schedule.runs.get().due_at == missed
    assert Message.objects.filter(template_key="scheduled_report").count() == 1


def test_a_paused_schedule_stays_quiet_and_makes_nothing_up_when_resumed(shop: Shop) -> None:
    schedule = scheduled(shop.manager)
    keeping.pause(shop.manager, schedule.pk)
    Schedule.objects.filter(pk=schedule.pk).update(next_at=timezone.now() - timedelta(days=3))
    assert running.start_due() == 0
    keeping.resume(shop.manager, schedule.pk)
    assert running.start_due() == 0
    schedule.refresh_from_db()
    assert schedule.next_at > timezone.now()
    assert ScheduleRun.objects.count() == 0


def test_a_schedule_whose_owner_lost_the_right_pauses_and_goes_to_who_resumes_it(shop: Shop, accountant: User) -> None:
    schedule = scheduled(factories.actor(accountant, shop.branch), accountant, person(shop.manager))
    Membership.objects.filter(user=accountant).update(role=Role.RECEPTIONIST)
    Schedule.objects.filter(pk=schedule.pk).update(next_at=timezone.now() - timedelta(minutes=1))
    assert running.start_due() == 0
    schedule.refresh_from_db()
    assert schedule.paused_why == f"{accountant.full_name}, who set it up, may not see reports here any more."
    assert ScheduleRun.objects.count() == 0
    assert Event.objects.get(kind="schedule.paused").data == {"what": schedule.report.name}
    assert keeping.resume(shop.manager, schedule.pk).owner_id == shop.manager.user_id


def test_without_rows_nothing_is_sent_unless_wanted(shop: Shop) -> None:
    run = due(scheduled(shop.manager))
    assert (run.state, set(outcomes(run).values())) == (RunState.DONE, {Outcome.EMPTY})
    assert Message.objects.count() == 0
    schedule = run.schedule
    keeping.change(
        shop.manager, schedule, ScheduleData("day", 7, (person(shop.manager).pk,), send_empty=True, format="csv")
    )
    assert set(outcomes(due(schedule)).values()) == {Outcome.SENT}


def test_more_rows_than_one_person_may_take_are_not_sent(shop: Shop, settings: Any) -> None:
    settings.EXPORT_ALONE_ROWS = 1
    makers.confirmed(shop)
    makers.confirmed(shop)
    run = due(scheduled(shop.manager))
    assert (run.state, set(outcomes(run).values())) == (RunState.FAILED, {Outcome.TOO_MANY})
    assert Export.objects.count() == 0


def test_a_worker_that_died_in_between_leaves_no_second_file_and_no_second_mail(
    shop: Shop, accountant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first try ends after one reader; the second serves the other."""
    makers.confirmed(shop)
    schedule = scheduled(shop.manager, person(shop.manager), accountant)
    served: list[int] = []
    whole = running._file

    def dies_at_the_second(run: ScheduleRun, one: Delivery) -> Export:
        served.append(one.person_id)
        if len(served) == 2:
            raise MemoryError
        return whole(run, one)

    monkeypatch.setattr(running, "_file", dies_at_the_second)
    run = due(schedule)
    assert (run.state, sorted(outcomes(run).values())) == (RunState.WAITING, [Outcome.SENT, Outcome.WAITING])
    Job.objects.filter(key=run.job_key).update(not_before=timezone.now())
    job_runs.run_waiting()
    run.refresh_from_db()
    assert (run.state, set(outcomes(run).values())) == (RunState.DONE, {Outcome.SENT})
    assert served == [shop.manager.user_id, accountant.pk, accountant.pk]
    assert Export.objects.filter(state=ExportState.DONE).count() == 2
    assert Message.objects.filter(template_key="scheduled_report").count() == 2


def test_a_run_given_up_is_failed_and_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def gives_up(run: ScheduleRun, one: Delivery) -> Export:
        raise MemoryError

    makers.confirmed(shop)
    schedule = scheduled(shop.manager)
    monkeypatch.setattr(running, "_file", gives_up)
    run = due(schedule)
    for _n in range(jobs.MOST_ATTEMPTS):
        Job.objects.filter(key=run.job_key, state=JobState.WAITING).update(not_before=timezone.now())
        job_runs.run_waiting()
    run.refresh_from_db()
    assert (run.state, set(outcomes(run).values())) == (RunState.FAILED, {Outcome.REFUSED})
    assert Message.objects.get(template_key="scheduled_report_trouble").recipient == person(shop.manager).email


def test_who_was_taken_off_before_the_worker_came_gets_nothing(shop: Shop, accountant: User) -> None:
    makers.confirmed(shop)
    schedule = scheduled(shop.manager, person(shop.manager), accountant)
    run = running.start_now(shop.manager, schedule.pk)
    keeping.leave(factories.actor(accountant, shop.branch), schedule.pk)
    job_runs.run_waiting()
    run.refresh_from_db()
    assert (run.state, outcomes(run)) == (RunState.DONE, {person(shop.manager).full_name: Outcome.SENT})
    assert Export.objects.get().requested_by_id == shop.manager.user_id
    assert Message.objects.get(template_key="scheduled_report").recipient == person(shop.manager).email


def test_a_schedule_removed_before_the_worker_came_sends_nothing(shop: Shop) -> None:
    makers.confirmed(shop)
    schedule = scheduled(shop.manager)
    run = running.start_now(shop.manager, schedule.pk)
    saving.remove(shop.manager, schedule.report_id)
    job_runs.run_waiting()
    run.refresh_from_db()
    assert (run.state, outcomes(run)) == (RunState.DONE, {})
    assert (Export.objects.count(), Message.objects.filter(template_key__startswith="scheduled").count()) == (0, 0)


def at_once(work: Callable[[], object]) -> list[object]:
    """Twice in the same moment, each on a connection of its own; a refusal is an answer."""
    ready = Barrier(2)

    def one(_number: int) -> object:
        try:
            ready.wait(timeout=20)
            return work()
        except DomainError as refused:
            return refused.message
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, range(2)))


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_start_one_run_and_two_people_send_it_once() -> None:
    at = makers.shop()
    schedule = scheduled(at.manager)
    Schedule.objects.update(next_at=timezone.now() - timedelta(minutes=1))
    assert set(at_once(running.start_due)) == {0, 1}
    assert (schedule.runs.count(), Job.objects.filter(kind=running.JOB).count()) == (1, 1)
    ScheduleRun.objects.update(state=RunState.DONE, finished_at=timezone.now())
    answers = at_once(lambda: running.start_now(at.manager, schedule.pk))
    assert answers.count("It is being sent already.") == 1
    assert (schedule.runs.count(), Job.objects.filter(kind=running.JOB).count()) == (2, 2)


def test_a_removed_report_takes_its_schedules_along(shop: Shop) -> None:
    schedule = scheduled(shop.manager)
    saving.remove(shop.manager, schedule.report_id)
    Schedule.objects.filter(pk=schedule.pk).update(next_at=timezone.now() - timedelta(minutes=1))
    assert running.start_due() == 0
