import pytest

from reports import tasks
from reports.measures import MEASURES, Unit
from reports.models import Fact, Summary
from reports.services import facts, following, rebuilding

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
