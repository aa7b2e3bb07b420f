"""A branch that closed keeps its past: in the totals and in the choices of every span in which it counted anything."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.models import Branch, Membership
from branches.roles import Role
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=100)


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def shop(today: date) -> Branch:
    found = factories.branch("RSB", name="Rosebank")
    makers.many("rework", found, today, 30)
    return found


@pytest.fixture
def closed(today: date) -> Branch:
    """Its name comes first, and its last 24 lens orders lie a hundred days back, four of them reworked."""
    found = factories.branch("BEN", name="Benoni", is_active=False)
    makers.many("rework", found, today - LONG_AGO, 20)
    makers.many("rework", found, today - LONG_AGO, 4, hit=1, causes={"cause": "L02"})
    return found


def signed_in(role: str, at: Branch | None = None) -> Client:
    client = Client()
    client.force_login(factories.user(role, at))
    return client


def page(client: Client, name: str, *args: str, **query: str) -> str:
    answer = client.get(reverse(f"measures:{name}", args=args), query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_year_counts_a_branch_that_closed_in_it_and_names_it_last(shop: Branch, closed: Branch) -> None:
    text = page(signed_in(Role.HEAD_OFFICE), "dashboard", period="year")
    assert "4 of 54" in text
    choices = re.findall(r"branch=(\w+)&amp;period=year\"[^>]*>\s*([^<]+?)\s*<", text)
    assert choices[:3] == [("all", "All branches"), ("RSB", "Rosebank"), ("BEN", "Benoni (closed)")]
    side_by_side = text[text.index("Branches side by side") :]
    assert side_by_side.index(">Rosebank<") < side_by_side.index(">Benoni (closed)<")
    assert "4 of 24" in side_by_side


def test_tile_bars_and_rows_agree_with_a_branch_that_closed(shop: Branch, closed: Branch) -> None:
    client = signed_in(Role.HEAD_OFFICE)
    query = {"branch": "all", "period": "year"}
    for cause in ("cause", "branch"):
        shown = client.get(reverse("measures:measure", args=["rework"]), query | {"by": cause}).context
        bars = shown["breakdown"]
        assert (shown["card"].sums.facts, shown["card"].sums.hit) == (54, 4)
        assert sum(row.weight for row in bars.rows) == bars.total == 4
        for row in bars.rows:
            listed = client.get(row.url).context
            assert listed["count"] == len(listed["lines"]) == row.weight
    assert {row.name: row.weight for row in bars.rows} == {"Rosebank": 0, "Benoni (closed)": 4}
    every = client.get(reverse("measures:rows", args=["rework"]), query).context
    assert {line.branch for line in every["lines"]} == {"Benoni (closed)"}


def test_a_span_in_which_it_did_nothing_is_silent_about_a_closed_branch(shop: Branch, closed: Branch) -> None:
    client = signed_in(Role.HEAD_OFFICE)
    month = page(client, "dashboard")
    assert "0 of 30" in month
    assert "Benoni" not in month
    before = page(
        client,
        "dashboard",
        period="own",
        **{"from": str(timezone.localdate() - timedelta(days=60)), "to": str(timezone.localdate())},
    )
    assert "Benoni (closed)" in before, "the equal span before has its last orders"


def test_a_closed_branch_that_is_asked_for_is_shown_whatever_the_span(shop: Branch, closed: Branch) -> None:
    client = signed_in(Role.HEAD_OFFICE)
    assert "4 of 24" in page(client, "dashboard", branch="BEN", period="year")
    assert "Measures, Benoni (closed)" in page(client, "dashboard", branch="BEN")


def test_a_manager_sees_the_own_closed_branch_and_no_other(shop: Branch, closed: Branch) -> None:
    client = signed_in(Role.BRANCH_MANAGER, shop)
    text = page(client, "dashboard", branch="all", period="year")
    assert "0 of 30" in text
    assert "Benoni" not in text
    for name, args in (("dashboard", []), ("measure", ["rework"]), ("rows", ["rework"]), ("target", ["rework"])):
        assert client.get(reverse(f"measures:{name}", args=args), {"branch": "BEN"}).status_code == 404
    person = factories.user(Role.BRANCH_MANAGER, shop)
    held = Membership.objects.create(user=person, branch=closed, role=Role.BRANCH_MANAGER)
    client.force_login(person)
    assert "4 of 54" in page(client, "dashboard", branch="all", period="year")
    held.role = Role.RECEPTIONIST
    held.save()
    assert "0 of 30" in page(client, "dashboard", branch="all", period="year")


def test_a_branch_that_opens_again_is_drawn_without_the_word(shop: Branch, closed: Branch) -> None:
    client = signed_in(Role.HEAD_OFFICE)
    assert "Benoni (closed)" in page(client, "dashboard", period="year")
    Branch.objects.filter(pk=closed.pk).update(is_active=True)
    text = page(client, "dashboard", period="year")
    assert "Benoni" in text
    assert "(closed)" not in text


def test_what_an_optometrist_did_in_a_branch_that_closed_counts_as_own(
    shop: Branch, closed: Branch, today: date
) -> None:
    person = factories.user(Role.OPTOMETRIST, shop)
    Membership.objects.create(user=person, branch=closed, role=Role.OPTOMETRIST)
    makers.many("capture", closed, today - LONG_AGO, 25, hit=1, causes={"prescriber": str(person.pk)})
    client = Client()
    client.force_login(person)
    assert "25 of 25" in page(client, "mine", period="year")


def test_a_closed_branch_costs_one_question_and_none_where_there_is_none(shop: Branch, today: date) -> None:
    client = signed_in(Role.HEAD_OFFICE)
    factories.branch("DUR", name="Durban")
    url = reverse("measures:dashboard") + "?period=year"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    late = factories.branch("BEN", is_active=False)
    makers.many("rework", late, today - LONG_AGO, 1)
    client.get(url)
    with CaptureQueriesContext(connection) as more:
        client.get(url)
    assert len(more) == len(few) + 1
