"""What is not over is not drawn as if it was: the running month in drawing, hover, table and spark."""

from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches.roles import Role
from reports import pages, periods
from reports.figures import Sums
from reports.measures import get
from reports.packs import content
from reports.periods import Period
from reports.selectors import Trend
from tests import factories
from tests.reports import makers

NUMBER, RATE = get("cases_opened"), get("rework")


def trend(period: Period) -> Trend:
    """A fact on every day of it."""
    return Trend([Sums(cut.days, cut.days, cut.days) for cut in period.cuts()], Sums())


def test_a_number_is_counted_by_whole_months_and_short_ends_stand_apart_and_say_so() -> None:
    today = date(2026, 11, 10)
    period = periods.of_kind("year", today)
    found = pages.pieces(NUMBER, period, trend(period))
    assert [sums.hit for _piece, sums in found] == [20, 31, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 10]
    notes = [pages.unfinished(NUMBER, piece, today) for piece, _sums in found]
    assert notes == ["20 days only", *[""] * 11, "so far"]


def test_of_everything_else_a_short_end_joins_its_neighbour() -> None:
    today = date(2026, 11, 10)
    period = periods.of_kind("year", today)
    found = pages.pieces(RATE, period, trend(period))
    assert [sums.counted for _piece, sums in found] == [20, 31, 31, 28, 31, 30, 31, 30, 31, 31, 30, 41]
    assert [piece.days for piece, _sums in found] == [sums.counted for _piece, sums in found]
    assert [pages.unfinished(RATE, piece, today) for piece, _sums in found] == [*[""] * 11, "so far"]


def test_a_span_that_is_over_has_nothing_unfinished() -> None:
    last = periods.of_kind("last", date(2026, 11, 10))
    assert last.last == date(2026, 10, 31)
    found = pages.pieces(RATE, last, trend(last))
    assert {pages.unfinished(RATE, piece, date(2026, 11, 10)) for piece, _sums in found} == {""}


@pytest.mark.django_db
def test_the_page_tells_that_the_last_days_are_not_over() -> None:
    shop, today = factories.branch("RSB"), timezone.localdate()
    for days in (0, 35, 70, 105, 140):
        makers.many("cases_opened", shop, today - timedelta(days=days), 3, hit=1)
    client = Client()
    client.force_login(factories.user(Role.BRANCH_MANAGER, shop))
    url = reverse("measures:measure", args=["cases_opened"])
    running = client.get(url, {"period": "year"})
    story = running.context["story"]
    assert story.rows[-1]["note"] == "so far"
    assert sum(int(row["text"]) for row in story.rows) == 15
    assert ", so far</title>" in story.chart
    assert story.chart.count('class="f1 open"') == 1 + bool(story.rows[0]["note"])
    text = running.content.decode()
    assert "<small>so far</small>" in text
    assert f'<span class="key open"></span> {story.hollow}' in text
    spark = client.get(reverse("measures:dashboard"), {"period": "year"}).content.decode()
    assert 'class="open"' in spark
    over = {"period": "own", "from": str(today - timedelta(days=150)), "to": str(today - timedelta(days=30))}
    past = client.get(url, over)
    assert "so far" not in past.content.decode()


@pytest.mark.django_db
def test_the_paper_of_a_running_month_says_so_under_the_line_and_that_of_one_that_is_over_does_not() -> None:
    shop, today = factories.branch("RSB"), timezone.localdate()
    for days in range(0, 320, 30):
        makers.many("rework", shop, today - timedelta(days=days), 25, hit=1, causes={"cause": "L02"})

    def paper(month: date) -> str:
        return render_to_string(
            "reporting/pack_paper.html", content.context(content.collect([shop], "Shop", month, today))
        )

    assert ": so far</p>" in paper(today.replace(day=1))
    assert "so far" not in paper((today.replace(day=1) - timedelta(days=1)).replace(day=1))
