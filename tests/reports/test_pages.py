"""Tile, bars and rows show the same numbers; a manager sees own branches only."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.models import Membership
from branches.roles import Role
from reports import board, selectors
from reports.models import Fact, Target
from reports.services import following
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.branch("RSB", name="Rosebank")


@pytest.fixture
def other():
    return factories.branch("DUR", name="Durban North")


@pytest.fixture
def today():
    return timezone.localdate()


def signed_in(role: str, at=None) -> Client:
    client = Client()
    client.force_login(factories.user(role, at))
    return client


def shown(client: Client, name: str, *args: str, **query: str) -> str:
    answer = client.get(reverse(f"measures:{name}", args=args), query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def rework(shop, today) -> None:
    """30 lens orders, 4 of them reworked (3 for S02, 1 for L02); the 30 days before 40 and 2."""
    makers.many("rework", shop, today, 26)
    makers.many("rework", shop, today - timedelta(days=3), 3, hit=1, causes={"cause": "S02", "party": "shop"})
    makers.many("rework", shop, today - timedelta(days=9), 1, hit=1, causes={"cause": "L02", "party": "lab"})
    makers.many("rework", shop, today - timedelta(days=40), 38)
    makers.many("rework", shop, today - timedelta(days=41), 2, hit=1, causes={"cause": "L02", "party": "lab"})


def test_three_steps_lead_from_the_tile_to_the_records(shop, today) -> None:
    rework(shop, today)
    client = signed_in(Role.BRANCH_MANAGER, shop)
    board = shown(client, "dashboard")
    assert '<span class="v">13.3 <small>%</small></span>' in board
    assert "8.3 points worse" in board
    assert "4 of 30" in board
    first = re.search(r'<a class="stat" href="([^"]*rework[^"]*)"', board)
    assert first is not None
    causes = client.get(first[1]).content.decode()
    assert "Rework rate rose from 5.0 % to 13.3 %." in causes
    assert "The largest mover is S02 Measurement of PD or height: 3, was 0." in causes
    bar = re.search(r'<a href="([^"]*value=S02)" aria-label', causes)
    assert bar is not None
    rows = client.get(bar[1].replace("&amp;", "&")).content.decode()
    assert rows.count("<tbody>") == 1
    assert len(re.findall(r'<th scope="row">', rows)) == 3
    assert "3 records" in rows


def test_bars_add_up_to_the_tile_for_every_cause(shop, today) -> None:
    rework(shop, today)
    client = signed_in(Role.BRANCH_MANAGER, shop)
    for cause in ("cause", "party", "lab", "kind", "design", "material", "supplier", "prescriber"):
        answer = client.get(reverse("measures:measure", args=["rework"]), {"by": cause})
        found = answer.context["breakdown"]
        assert found.cause == cause
        assert sum(row.weight for row in found.rows) == found.total == 4
        assert sum(row.facts for row in found.rows) == found.facts == 30
        for row in found.rows:
            listed = client.get(row.url).context
            assert listed["count"] == len(listed["lines"]) == row.weight


def test_more_values_than_bars_become_one_bar_that_leads_to_the_table(shop, today) -> None:
    codes = ["L01", "L02", "L03", "L04", "L05", "L06", "L07", "S01", "S02", "C01"]
    for number, code in enumerate(codes, start=1):
        makers.many("rework", shop, today, number, hit=1, causes={"cause": code})
    text = shown(signed_in(Role.BRANCH_MANAGER, shop), "measure", "rework")
    wide = text[text.index('class="wide"') : text.index('class="narrow"')]
    ends = [int(words) for words in re.findall(r'class="lab"[^>]*>(\d+)</text>', wide)]
    assert sum(ends) == sum(range(1, 11))
    assert len(ends) == 8
    assert '<a href="#table" aria-label="3 others: 6">' in wide


def test_the_list_of_all_counted_holds_the_denominator(shop, today) -> None:
    rework(shop, today)
    answer = signed_in(Role.BRANCH_MANAGER, shop).get(reverse("measures:rows", args=["rework"]), {"all": "1"})
    assert answer.context["count"] == len(answer.context["lines"]) == 30
    assert "<h1>All records counted</h1>" in answer.content.decode()


def test_a_list_of_failures_is_named_after_them(shop, today) -> None:
    rework(shop, today)
    assert "<h1>Lens orders reworked</h1>" in shown(signed_in(Role.BRANCH_MANAGER, shop), "rows", "rework")


def test_a_number_stands_once_in_a_row_of_its_causes(shop, today) -> None:
    makers.many("cases_opened", shop, today, 3, hit=1, causes={"case_kind": "complaint"})
    text = shown(signed_in(Role.BRANCH_MANAGER, shop), "measure", "cases_opened", by="case_kind")
    table = text[text.index('id="table"') :]
    assert re.findall(r'data-label="([^"]+)">3<', table) == ["Cases opened", "Cases opened"]  # the kind's and the total
    assert '<td class="none" colspan="4">' in table


def test_rows_page_by_key_without_loss_or_doubles(shop, today) -> None:
    for day in range(6):
        makers.many("rework", shop, today - timedelta(days=day), 20, hit=1)
    client, url, seen = signed_in(Role.BRANCH_MANAGER, shop), reverse("measures:rows", args=["rework"]), []
    after = ""
    while True:
        page = client.get(url, {"after": after}).context["page"]
        seen += [fact.pk for fact in page.rows]
        after = page.next_key
        if not after:
            break
    assert len(seen) == len(set(seen)) == 120


def test_few_orders_show_no_rate_and_nothing_is_no_zero(shop, today) -> None:
    makers.many("rework", shop, today, 5, hit=1)
    client = signed_in(Role.BRANCH_MANAGER, shop)
    board = shown(client, "dashboard")
    assert "Fewer than 20 lens orders: not shown." in board
    assert "100.0" not in board
    empty = signed_in(Role.BRANCH_MANAGER, factories.branch())
    assert "Nothing has been counted yet" in shown(empty, "dashboard")


def test_hours_show_median_and_ninth_decile(shop, today) -> None:
    for hours in range(1, 31):
        makers.fact("lab_turnaround", shop, today, amount=Decimal(hours * 4), causes={"stage": "coating"})
    makers.summed()
    text = shown(signed_in(Role.BRANCH_MANAGER, shop), "measure", "lab_turnaround")
    assert '<p class="v">2.5 <small>days</small></p>' in text
    assert "median; nine in ten within 4.5 days" in text
    assert "1860 h" in text


def test_another_branch_is_not_found_and_never_added(shop, other, today) -> None:
    makers.many("rework", shop, today, 25)
    makers.many("rework", other, today, 25, hit=1)
    client = signed_in(Role.BRANCH_MANAGER, shop)
    for name, args in (("dashboard", []), ("measure", ["rework"]), ("rows", ["rework"])):
        url = reverse(f"measures:{name}", args=args)
        assert client.get(url, {"branch": "DUR"}).status_code == 404
        every = client.get(url, {"branch": "all"}).content.decode()
        assert "Durban North" not in every
        assert "25 of 50" not in every
    assert client.get(reverse("measures:rows", args=["rework"]), {"branch": "all", "all": "1"}).context["count"] == 25
    listed = client.get(
        reverse("measures:rows", args=["rework"]), {"branch": "all", "by": "branch", "value": str(other.pk), "all": "1"}
    )
    assert (listed.context["count"], listed.context["lines"]) == (0, [])


def test_the_right_counts_where_it_is_held_not_where_one_works(shop, other, today) -> None:
    makers.many("rework", other, today, 25)
    person = factories.user(Role.BRANCH_MANAGER, shop)
    Membership.objects.create(user=person, branch=other, role=Role.RECEPTIONIST)
    client = Client()
    client.force_login(person)
    url = reverse("measures:dashboard")
    answer = client.get(url, {"branch": "DUR"})
    assert answer.status_code in (403, 404)


def test_head_office_sees_branches_side_by_side(shop, other, today) -> None:
    makers.many("rework", shop, today, 25)
    makers.many("rework", other, today, 20)
    makers.many("rework", other, today, 5, hit=1, causes={"cause": "L02"})
    client = signed_in(Role.HEAD_OFFICE)
    board = shown(client, "dashboard")
    assert "Branches side by side" in board
    assert '20.0 %</a> <span class="mark" data-tone="warning"' in board
    answer = client.get(reverse("measures:measure", args=["rework"]), {"by": "branch"})
    weights = {row.name: row.weight for row in answer.context["breakdown"].rows}
    assert weights == {"Rosebank": 0, "Durban North": 5}
    one = client.get(reverse("measures:measure", args=["rework"]), {"branch": "RSB", "by": "cause"})
    others = {row.name: row.others for row in one.context["breakdown"].rows}
    assert others["L02 Axis"] == "5 only"


def test_queries_do_not_grow_with_what_is_counted(shop, today) -> None:
    client = signed_in(Role.BRANCH_MANAGER, shop)
    makers.many("rework", shop, today, 30, hit=1, causes={"cause": "L02"})
    urls = [
        reverse("measures:dashboard"),
        reverse("measures:measure", args=["rework"]),
        reverse("measures:rows", args=["rework"]),
    ]
    client.get(urls[0])
    few = [_queries_anew(client, url) for url in urls]
    for code in ("L01", "L03", "L04", "S01", "S02", "C01", "P01", "W01", "W02", "W03"):
        makers.many("rework", shop, today - timedelta(days=2), 4, hit=1, causes={"cause": code})
    assert [_queries_anew(client, url) for url in urls] == few
    assert max(few) - _queries(client, reverse("help")) <= 6, "beside what the shell around every page asks"


def test_a_dashboard_asks_three_questions_and_a_cause_page_five(shop, other, today) -> None:
    """Beside what the shell asks: sums, targets, freshness, and hours once they changed; for a cause its values and names."""
    makers.many("rework", shop, today, 30, hit=1, causes={"cause": "L02"})
    client = signed_in(Role.HEAD_OFFICE)
    client.get(reverse("measures:dashboard"))
    shell = _queries(client, reverse("help"))
    assert _queries(client, reverse("measures:dashboard")) - shell <= 3
    assert _queries_anew(client, reverse("measures:dashboard") + "?period=year") - shell <= 4
    assert _queries(client, reverse("measures:dashboard") + "?period=year") - shell <= 3
    assert _queries(client, reverse("measures:measure", args=["rework"]) + "?by=lab") - shell <= 5


def test_a_board_that_was_drawn_is_drawn_anew_when_a_figure_a_target_or_a_name_changes(shop, other, today) -> None:
    makers.many("rework", shop, today, 30)
    makers.many("rework", other, today, 30)
    client = signed_in(Role.HEAD_OFFICE)
    assert "0 of 60" in shown(client, "dashboard")
    makers.many("rework", other, today, 1, hit=1)
    board = shown(client, "dashboard")
    assert "1 of 61" in board
    assert "1 of 31" in board
    Target.objects.create(measure="rework", value=Decimal("4.50"), begins_on=today)
    assert "target 4.5 %" in shown(client, "dashboard")
    other.name = "Umhlanga"
    other.save()
    board = shown(client, "dashboard")
    assert "Umhlanga" in board
    assert "Durban North" not in board


def test_one_changed_figure_is_drawn_anew_alone(shop, other, today, monkeypatch) -> None:
    for code in ("rework", "on_time", "capture"):
        makers.many(code, shop, today, 30)
    client, drawn = signed_in(Role.HEAD_OFFICE), []
    shown(client, "dashboard")
    card = board.pages.card
    monkeypatch.setattr(
        board.pages, "card", lambda asked, measure, *rest: drawn.append(measure.code) or card(asked, measure, *rest)
    )
    assert "0 of 30" in shown(client, "dashboard")
    assert drawn == []
    makers.many("rework", shop, today, 1, hit=1)
    assert "1 of 31" in shown(client, "dashboard")
    assert drawn == ["rework"]
    Target.objects.create(measure="on_time", value=Decimal("97.00"), begins_on=today)
    assert "97.0 %" in shown(client, "dashboard")
    assert drawn == ["rework", "on_time"]
    makers.many("rework", other, today, 1)
    assert "1 of 32" in shown(client, "dashboard")
    assert len(drawn) == 21, "another branch beside: every row of branches has one figure more"


def test_a_board_is_drawn_anew_when_only_the_hours_changed(shop, today) -> None:
    """Ten jobs of 10 and ten of 90 hours sum up as twenty of 50 do; their median does not."""
    for hours in (10, 90):
        makers.many("lab_turnaround", shop, today, 10, amount=Decimal(hours))
    client = signed_in(Role.BRANCH_MANAGER, shop)
    assert '<span class="v">10 <small>h</small></span>' in shown(client, "dashboard")
    Fact.objects.update(amount=50)
    makers.summed()
    assert '<span class="v">2.1 <small>days</small></span>' in shown(client, "dashboard")


def test_a_year_reads_months_and_the_days_beside_them_and_counts_each_fact_once(shop, today) -> None:
    for days in (0, 3, 40, 75, 200, 364, 365, 500, 729, 730):
        makers.fact("rework", shop, today - timedelta(days=days), hit=1, causes={"cause": "L02"})
    makers.summed()
    client = signed_in(Role.BRANCH_MANAGER, shop)
    page = client.get(reverse("measures:measure", args=["rework"]), {"period": "year", "by": "cause"})
    (row,) = page.context["breakdown"].rows
    assert (row.weight, row.before_text) == (6, "3")
    listed = client.get(reverse("measures:rows", args=["rework"]), {"period": "year"})
    assert listed.context["count"] == len(listed.context["lines"]) == 6


def _queries_anew(client: Client, url: str) -> int:
    """Of a page that nobody has drawn yet."""
    board._drawn.cache_clear()
    board._kept.clear()
    selectors._hours.clear()
    return _queries(client, url)


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_freshness_is_shown_and_an_old_reading_is_marked(shop, today) -> None:
    makers.many("rework", shop, today, 1)
    client = signed_in(Role.BRANCH_MANAGER, shop)
    assert "not counted yet" in shown(client, "dashboard")
    following.read_on()
    assert "figures to" in shown(client, "dashboard")
    assert "Out of date" not in shown(client, "dashboard")


def test_an_unknown_measure_is_not_found(shop) -> None:
    assert signed_in(Role.BRANCH_MANAGER, shop).get(reverse("measures:measure", args=["nothing"])).status_code == 404
