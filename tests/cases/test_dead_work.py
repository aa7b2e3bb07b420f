"""Background work that is given up has an owner: a case in the branch that asked for it."""

import pytest

from cases.models import Case
from core import job_runs, jobs
from core.actor import Actor, Source
from core.models import JobState
from tests import factories

pytestmark = pytest.mark.django_db
KIND = "nobody.does_this"


def test_a_dead_job_opens_a_case_in_the_branch_that_asked() -> None:
    factories.branch()
    durban = factories.branch()
    asking = Actor(name="N. Khumalo", role="branch_manager", source=Source.COUNTER, branch_id=durban.pk)
    job = jobs.enqueue(KIND, "work:1", actor=asking)
    job_runs.run_waiting()
    case = Case.objects.get()
    assert (case.kind, case.branch_id, case.subject_id) == ("dead_job", durban.pk, job.pk)
    assert case.title == "Background work given up: nobody, does this"
    assert "nothing is registered for jobs of kind nobody.does_this" in case.description


def test_work_that_no_branch_asked_for_goes_to_the_first() -> None:
    first = factories.branch()
    factories.branch()
    jobs.enqueue(KIND, "work:1")
    job_runs.run_waiting()
    assert Case.objects.get().branch_id == first.pk


def test_work_given_up_a_second_time_is_noted_on_the_open_case() -> None:
    factories.branch()
    job = jobs.enqueue(KIND, "work:1")
    job_runs.run_waiting()
    jobs.retry(job.pk)
    job_runs.run_waiting()
    job.refresh_from_db()
    assert (job.state, Case.objects.count()) == (JobState.DEAD, 1)


def test_a_practice_without_branches_only_keeps_the_dead_job() -> None:
    job = jobs.enqueue(KIND, "work:1")
    job_runs.run_waiting()
    job.refresh_from_db()
    assert (job.state, Case.objects.count()) == (JobState.DEAD, 0)
