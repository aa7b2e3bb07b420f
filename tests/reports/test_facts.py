import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from branches.models import Branch
from branches.roles import Role
from cases.services import cases
from core import actor, job_runs
from core.errors import NotAllowed
from core.models import Job
from reports import tasks
from reports.measures import MEASURES, Unit
from reports.models import Fact, Summary
from reports.services import backfill, facts, following, rebuilding
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("unit", list(Unit))
def test_every_query_runs_and_makes_nothing_of_nothing(unit: Unit) -> None:
    assert facts.refresh(unit, [1, 2, 3]) == 3
    assert Fact.objects.count() == 0
    assert Summary.objects.count() == 0


def test_every_measure_says_how_it_is_counted() -> None:
    for measure in MEASURES:
        for words in (measure.definition, measure.population, measure.edge_cases, measure.source, measure.question):
            assert len(str(words)) > 10, measure.code
        assert len({cause.key for cause in measure.causes}) == len(measure.causes) > 0


def test_a_rebuild_of_an_empty_practice_differs_in_nothing() -> None:
    assert following.read_on() == 0
    assert rebuilding.rebuild() == 0
    assert rebuilding.check() == []


def test_the_hourly_task_finds_nothing_in_an_empty_practice() -> None:
    assert tasks.pass_of_time() == 0
    assert tasks.follow() == 0


def test_a_rebuild_is_asked_for_once_and_done_by_a_worker() -> None:
    shop = factories.branch()
    manager = factories.staff(Role.BRANCH_MANAGER, shop)
    cases.open_case(actor.system(), cases.CaseData("complaint", shop, shop.pk, "Waited"))
    first = backfill.ask(manager, shop.pk)
    assert backfill.ask(manager, shop.pk) == first
    job_runs.run(first.pk, keep_alive=False)
    first.refresh_from_db()
    assert (first.state, first.result["records"]) == ("done", 1)
    assert Summary.objects.get(measure="cases_opened", cause="").hit == 1
    page = _signed_in(Role.BRANCH_MANAGER, shop).get(reverse("measures:rebuild")).content.decode()
    assert "1 records, done" in page


def test_only_head_office_rebuilds_every_branch() -> None:
    with pytest.raises(NotAllowed):
        backfill.ask(factories.staff(Role.BRANCH_MANAGER, factories.branch()), None)
    assert Job.objects.count() == 0


def test_check_fails_loudly_on_a_difference() -> None:
    shop = factories.branch()
    cases.open_case(actor.system(), cases.CaseData("complaint", shop, shop.pk, "Waited"))
    rebuilding.rebuild()
    call_command("rebuild_measures", "--check")
    Summary.objects.filter(measure="cases_opened", cause="").update(hit=2)
    with pytest.raises(CommandError, match="1 sums differ"):
        call_command("rebuild_measures", "--check")


def _signed_in(role: str, at: Branch) -> Client:
    client = Client()
    client.force_login(factories.user(role, at))
    return client
