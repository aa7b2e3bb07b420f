from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.models import Branch
from branches.roles import Role
from cases.services import cases
from core import actor, job_runs
from core.errors import NotAllowed
from core.models import Job
from reports import tasks
from reports.measures import MEASURES, Unit
from reports.models import Fact, MonthSummary, Reader, Summary
from reports.services import backfill, facts, following, rebuilding
from tests import factories
from tests.reports import makers, year

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


def test_check_finds_a_wrong_month_and_a_rebuild_mends_it() -> None:
    shop = factories.branch()
    cases.open_case(actor.system(), cases.CaseData("complaint", shop, shop.pk, "Waited"))
    rebuilding.rebuild()
    assert MonthSummary.objects.get(measure="cases_opened", cause="").hit == 1
    MonthSummary.objects.filter(measure="cases_opened", cause="").update(hit=5)
    Summary.objects.filter(measure="cases_opened", cause="party").delete()
    assert {one.span for one in rebuilding.check()} == {"reports_summary", "reports_monthsummary"}
    rebuilding.rebuild(shop.pk)
    assert rebuilding.check() == []
    assert MonthSummary.objects.get(measure="cases_opened", cause="").hit == 1


def test_a_rebuild_removes_the_fact_of_a_record_that_is_gone() -> None:
    shop = factories.branch()
    makers.many("cases_opened", shop, timezone.localdate(), 1, hit=1)
    rebuilding.rebuild(factories.branch().pk)
    assert Fact.objects.count() == 1, "another branch's is left alone"
    rebuilding.rebuild(shop.pk)
    assert (Fact.objects.count(), Summary.objects.count(), MonthSummary.objects.count()) == (0, 0, 0)


def test_what_is_as_it_was_is_not_written_again() -> None:
    shop = factories.branch()
    case = cases.open_case(actor.system(), cases.CaseData("complaint", shop, shop.pk, "Waited"))
    facts.refresh(Unit.CASE, [case.pk])
    rows = list(Summary.objects.order_by("pk").values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as caught:
        facts.refresh(Unit.CASE, [case.pk])
    assert not any("reports_summary" in query["sql"] for query in caught)
    assert list(Summary.objects.order_by("pk").values_list("pk", flat=True)) == rows


def test_the_clock_counts_what_no_event_speaks_of_once_its_time_is_over() -> None:
    """A recall counts when its 60 days are over, and not a day before: then nothing has happened, but time passed."""
    who = factories.customer()
    early = year.tell(
        "customer.recall_due", "customers.customer", who.pk, timezone.now() - timedelta(days=59), customer_id=who.pk
    )
    over = year.tell(
        "customer.recall_due", "customers.customer", who.pk, timezone.now() - timedelta(days=61), customer_id=who.pk
    )
    Reader.objects.update_or_create(name=following.READER, defaults={"event_id": max(early.pk, over.pk)})
    assert following.read_on() == 0
    assert following.pass_of_time() == 1
    (fact,) = Fact.objects.filter(measure="recall")
    assert (fact.unit_id, fact.day) == (over.pk, timezone.localdate() - timedelta(days=1))
    assert following.pass_of_time() == 0


def _signed_in(role: str, at: Branch) -> Client:
    client = Client()
    client.force_login(factories.user(role, at))
    return client
