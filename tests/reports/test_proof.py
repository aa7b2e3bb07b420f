"""Every figure of a seeded year a second time in plain SQL: equal to the cent and the hour, by measure, branch and cause."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches.models import Branch
from branches.roles import Role
from core import formats
from orders.models import Order
from reports import figures, listing, pages, rows_page, selectors
from reports.figures import Sums
from reports.listing import Behind
from reports.measures import MEASURES, Kind, Measure
from reports.models import Fact
from reports.periods import Period
from reports.services import rebuilding
from tests import factories
from tests.reports import year
from tests.reports.plain import PLAIN

by_code = {"ids": lambda one: one.code}


@pytest.fixture(scope="module")
def branches(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[list[Branch]]:
    """Built once for the module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield year.build()
        transaction.set_rollback(True)


@pytest.fixture
def unblocked(branches: list[Branch], django_db_blocker: Any) -> Iterator[list[Branch]]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield branches
        transaction.set_rollback(True)


def periods() -> list[Period]:
    today = timezone.localdate()
    return [Period(today - timedelta(days=420), today), Period(today - timedelta(days=75), today - timedelta(days=30))]


def summed(measure: Measure, branch_ids: list[int], period: Period, cause: str = "") -> dict[str, tuple[Any, ...]]:
    """Facts, counted, hit and amount by the values of a cause (or all under an empty one)."""
    name = f"COALESCE(p.\"{cause}\", '')" if cause else "''"
    query = f"""SELECT {name}, count(*), sum(counted), sum(hit), sum(amount) FROM ({PLAIN[measure.code]}) p
                WHERE branch_id = ANY(%s) AND day BETWEEN %s AND %s GROUP BY 1"""
    with connection.cursor() as cursor:
        cursor.execute(query, [branch_ids, period.first, period.last])
        return {row[0]: tuple(row[1:]) for row in cursor.fetchall()}


def as_row(sums: Sums) -> tuple[Any, ...]:
    return (sums.facts, sums.counted, sums.hit, sums.amount)


def test_every_measure_has_a_second_computation() -> None:
    assert set(PLAIN) == {measure.code for measure in MEASURES}


@pytest.mark.parametrize("measure", MEASURES, **by_code)
def test_tiles_equal_plain_sql(measure: Measure, unblocked: list[Branch]) -> None:
    ids = [branch.pk for branch in unblocked]
    seen = 0
    for period in periods():
        found = selectors.trends([measure], ids, period)
        for chosen in ([pk] for pk in ids), [ids]:
            for some in chosen:
                now = pages.trend_of(found, measure, some).now
                expected = summed(measure, some, period).get("", (0, 0, 0, 0))
                assert as_row(now) == expected, (measure.code, some, period)
                seen += now.facts
    assert seen > 0, "the year has nothing of this measure"


@pytest.mark.parametrize("measure", MEASURES, **by_code)
def test_bars_of_every_cause_equal_plain_sql_and_add_up_to_the_tile(measure: Measure, unblocked: list[Branch]) -> None:
    ids = [branch.pk for branch in unblocked]
    for period in periods():
        for chosen in ([ids[0]], [ids[1]], [ids[2]], ids):
            tile = pages.trend_of(selectors.trends([measure], chosen, period), measure, chosen).now
            for cause in measure.causes:
                parts = {part.value: part.now for part in selectors.causes(measure, cause.key, chosen, ids, period)}
                found = {value: as_row(sums) for value, sums in parts.items() if sums.facts}
                assert found == summed(measure, chosen, period, cause.key), (measure.code, cause.key)
                assert sum((figures.weight(measure, one) for one in parts.values()), Decimal(0)) == figures.weight(
                    measure, tile
                )
                for value, sums in list(parts.items())[:3]:
                    rows = every_page(Behind(measure, chosen, period, cause.key, value, weighed_only=False))
                    assert len(rows) == sums.facts
                    bar = every_page(Behind(measure, chosen, period, cause.key, value))
                    assert weighed(measure, bar) == figures.weight(measure, sums), (
                        "the rows behind a bar are its length"
                    )
                    listed = rows_page.listed(measure, sums, weighed_only=True)
                    assert listed is None or listed == len(bar)


def every_page(behind: Behind) -> list[Fact]:
    """The rows behind a bar as they are paged."""
    found, after = [], ""
    while True:
        page = listing.page(behind, after)
        found += page.rows
        after = page.next_key
        if not after:
            return found


def weighed(measure: Measure, rows: list[Fact]) -> Decimal:
    """The weight of some facts, each counted by itself."""
    facts = [figures.weight(measure, Sums(1, one.counted, one.hit, one.amount)) for one in rows]
    return sum(facts, Decimal(0))


@pytest.mark.parametrize("measure", MEASURES, **by_code)
def test_the_year_has_something_to_say_about_every_cause(measure: Measure, unblocked: list[Branch]) -> None:
    """A cause whose values are all empty would be equal in both computations whatever they do."""
    ids, period = [branch.pk for branch in unblocked], periods()[0]
    silent = [one.key for one in measure.causes if not set(summed(measure, ids, period, one.key)) - {""}]
    assert silent == []


@pytest.mark.parametrize("measure", [one for one in MEASURES if one.kind == Kind.HOURS], **by_code)
def test_median_and_ninth_decile_equal_those_of_the_database(measure: Measure, unblocked: list[Branch]) -> None:
    ids, period = [branch.pk for branch in unblocked], periods()[0]
    query = f"""SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY amount), percentile_disc(0.9) WITHIN GROUP (ORDER BY amount)
                FROM ({PLAIN[measure.code]}) p WHERE branch_id = ANY(%s) AND day BETWEEN %s AND %s"""
    with connection.cursor() as cursor:
        cursor.execute(query, [ids, period.first, period.last])
        expected = cursor.fetchone()
    now = pages.trend_of(selectors.trends([measure], ids, period), measure, ids).now
    assert (now.percentile(Decimal("0.5")), now.percentile(Decimal("0.9"))) == expected


def test_the_page_prints_what_plain_sql_counts(unblocked: list[Branch]) -> None:
    client, period = Client(), periods()[0]
    client.force_login(factories.user(Role.BRANCH_MANAGER, unblocked[0]))
    query = {"period": "own", "from": period.first.isoformat(), "to": period.last.isoformat()}
    board = client.get(reverse("measures:dashboard"), query)
    for card in board.context["cards"]:
        expected = summed(card.measure, [unblocked[0].pk], period).get("", (0, 0, 0, 0))
        assert as_row(card.sums) == expected, card.measure.code
    _facts, counted, hit, _amount = summed(MEASURES[1], [unblocked[0].pk], period)[""]
    assert f"{formats.number(hit / counted * 100)} <small>%</small>" in board.content.decode()


def test_a_branch_that_closed_since_is_in_the_tile_the_bars_and_the_rows_as_plain_sql_counts_them(
    unblocked: list[Branch],
) -> None:
    ids, period = [branch.pk for branch in unblocked], periods()[0]
    Branch.objects.filter(pk=ids[0]).update(is_active=False)
    client = Client()
    client.force_login(factories.user(Role.HEAD_OFFICE))
    query = {"branch": "all", "period": "own", "from": period.first.isoformat(), "to": period.last.isoformat()}
    every = list(Branch.objects.values_list("pk", flat=True))
    for measure in MEASURES:
        shown = client.get(reverse("measures:measure", args=[measure.code]), query).context
        bars = shown["breakdown"]
        assert as_row(shown["card"].sums) == summed(measure, every, period)[""], measure.code
        assert as_row(shown["card"].sums) != summed(measure, ids[1:], period).get(""), "the closed one has a part in it"
        found = {row.value: row.facts for row in bars.rows if row.facts}
        assert found == {value: row[0] for value, row in summed(measure, every, period, bars.cause).items()}
        listed = client.get(reverse("measures:rows", args=[measure.code]), query | {"all": "1"}).context
        assert listed["count"] == shown["card"].sums.facts


def test_who_runs_one_branch_sees_the_share_elsewhere_and_no_figure(unblocked: list[Branch]) -> None:
    """The share of each cause in the other branches together, of values that the own branch has too."""
    own = unblocked[0].pk
    others = list(Branch.objects.exclude(pk=own).values_list("pk", flat=True))
    measure, period = next(one for one in MEASURES if one.code == "lab_turnaround"), periods()[0]
    parts = selectors.causes(measure, "lab", [own], [own], period)
    beyond = summed(measure, others, period, "lab")
    whole = sum(row[3] for row in beyond.values())
    assert {part.value: part.elsewhere for part in parts} == {
        part.value: beyond[part.value][3] / whole * 100 for part in parts
    }
    assert all(part.others == figures.NOTHING for part in parts)
    client = Client()
    client.force_login(factories.user(Role.BRANCH_MANAGER, unblocked[0]))
    query = {"period": "own", "from": period.first.isoformat(), "to": period.last.isoformat(), "by": "lab"}
    shown = client.get(reverse("measures:measure", args=[measure.code]), query).content.decode()
    assert "Share elsewhere" in shown
    assert "Other branches" not in shown


def test_one_branch_alone_is_never_told_as_elsewhere(unblocked: list[Branch]) -> None:
    first, _second, third = [branch.pk for branch in unblocked]
    reach = list(Branch.objects.exclude(pk=third).values_list("pk", flat=True))
    measure, period = next(one for one in MEASURES if one.code == "lab_turnaround"), periods()[0]
    for part in selectors.causes(measure, "lab", [first], reach, period):
        assert part.elsewhere is None


def test_what_was_followed_equals_what_is_rebuilt(unblocked: list[Branch]) -> None:
    assert rebuilding.check() == []


def test_an_order_told_late_lands_on_the_day_it_happened(unblocked: list[Branch]) -> None:
    """A branch was offline: the order of three weeks ago and its events arrive now."""
    order = Order.objects.filter(branch=unblocked[1], collected_at__isnull=False).latest("pk")
    moment = order.collected_at - timedelta(days=9)
    Order.objects.filter(pk=order.pk).update(collected_at=moment)
    year.tell("order.collected", "orders.order", order.pk, order_id=order.pk, customer_id=order.customer_id)
    year.read()
    measure = next(one for one in MEASURES if one.code == "order_turnaround")
    for period in periods():
        now = pages.trend_of(selectors.trends([measure], [unblocked[1].pk], period), measure, [unblocked[1].pk]).now
        assert as_row(now) == summed(measure, [unblocked[1].pk], period).get("", (0, 0, 0, 0))
    assert rebuilding.check() == []
