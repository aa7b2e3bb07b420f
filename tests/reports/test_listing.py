"""Pages of the records behind a figure: all of them, each once, the newest first, whatever their number and their days."""

import base64
import json
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches.models import Branch
from reports import listing
from reports.listing import Behind
from reports.measures import get
from reports.models import Fact
from reports.periods import Period
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
LABS = ("1", "2", "")


@pytest.fixture
def shops() -> list[Branch]:
    return [factories.branch(), factories.branch()]


def period(days: int = 60) -> Period:
    today = timezone.localdate()
    return Period(today - timedelta(days=days - 1), today)


def spread(code: str, shops: Sequence[Branch], number: int) -> list[Fact]:
    """Facts on days near and far, some of them crowded; half are hits."""
    chance, last = Random(code), period().last
    found = [
        makers.fact(
            code,
            chance.choice(shops),
            last - timedelta(days=min(chance.randrange(80), chance.randrange(80)) // 2 * 2),
            hit=Decimal(chance.randrange(2)),
            causes={"lab": chance.choice(LABS)} if get(code).cause("lab") else {},
        )
        for _n in range(number)
    ]
    makers.summed()
    return found


def paged(behind: Behind) -> list[int]:
    found, after = [], ""
    while True:
        page = listing.page(behind, after)
        found += [fact.pk for fact in page.rows]
        assert len(page.rows) == 50 or not page.next_key, "no page is short but the last one"
        after = page.next_key
        if not after:
            return found


def expected(facts: Sequence[Fact], behind: Behind) -> list[int]:
    """The same in plain Python."""
    measure, span = behind.measure, behind.period
    kept = [
        fact
        for fact in facts
        if fact.branch_id in behind.branch_ids
        and span.first <= fact.day <= span.last
        and (not behind.cause or fact.causes[behind.cause] == behind.value)
        and (
            measure.kind != "rate"
            or not behind.weighed_only
            or (fact.hit < fact.counted if measure.counts_misses else fact.hit > 0)
        )
    ]
    return [fact.pk for fact in sorted(kept, key=lambda fact: (fact.day, fact.pk), reverse=True)]


@pytest.mark.parametrize("code", ["rework", "on_time", "old_stock", "order_turnaround", "cases_opened"])
def test_every_record_is_on_one_page_in_order(code: str, shops: list[Branch]) -> None:
    facts, measure = spread(code, shops, 400), get(code)
    ids = [shop.pk for shop in shops]
    cuts = [("", ""), *(("lab", lab) for lab in LABS if measure.cause("lab"))]
    for chosen in (ids, ids[:1]):
        for cause, value in cuts:
            for weighed_only in (True, False):
                behind = Behind(measure, chosen, period(), cause, value, weighed_only)
                found = paged(behind)
                assert found == expected(facts, behind)
                assert found
    of_one = Behind(measure, ids, period(), "branch", str(ids[1]))
    assert paged(of_one) == paged(Behind(measure, ids[1:], period()))
    assert paged(Behind(measure, ids[:1], period(), "branch", str(ids[1]))) == []


def test_a_record_that_comes_late_is_no_reason_to_lose_or_repeat_another(shops: list[Branch]) -> None:
    facts = spread("rework", shops, 400)
    behind = Behind(get("rework"), [shop.pk for shop in shops], period())
    first = listing.page(behind)
    late = [
        makers.fact("rework", shops[0], first.rows[n].day, hit=Decimal(1), causes={"lab": "1"}) for n in (0, 20, 49)
    ]
    makers.summed()
    second = listing.page(behind, first.next_key)
    shown = [fact.pk for fact in [*first.rows, *second.rows] if fact.pk not in {one.pk for one in late}]
    assert shown == expected(facts, behind)[: len(shown)]
    assert second.is_later


def test_a_page_is_one_question_and_a_key_that_is_not_ours_begins_anew(shops: list[Branch]) -> None:
    spread("rework", shops, 200)
    behind = Behind(get("rework"), [shop.pk for shop in shops], period())
    with CaptureQueriesContext(connection) as caught:
        first = listing.page(behind)
    assert len(caught) == 1
    for key in (
        "nonsense",
        *(
            base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
            for values in ([1, 2], ["2026-99-01", 3], ["x"])
        ),
    ):
        again = listing.page(behind, key)
        assert [fact.pk for fact in again.rows] == [fact.pk for fact in first.rows]
        assert not again.is_later
