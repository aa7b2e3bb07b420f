"""Targets from a day on, and the dashboards of one's own work."""

import uuid
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches.roles import Role
from core.errors import DomainError, NotAllowed
from labjobs.models import Lab
from records.models import Event
from reports import pages, periods, roles, selectors
from reports.measures import Kind, get
from reports.models import Target
from reports.services import sums, targets
from reports.services.targets import TargetData
from tests import factories
from tests.reports import makers

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=ZoneInfo("Africa/Johannesburg"))  # where the shop is


@pytest.fixture
def shop():
    return factories.branch("RSB", name="Rosebank")


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_manager_sets_a_target_and_the_page_measures_against_it(shop) -> None:
    makers.many("rework", shop, TODAY, 22)
    makers.many("rework", shop, TODAY, 3, hit=1, causes={"cause": "L02"})
    client = client_of(factories.user(Role.BRANCH_MANAGER, shop))
    url = reverse("measures:target", args=["rework"])
    sent = {"_key": uuid.uuid4(), "branch": str(shop.pk), "value": "5", "begins_on": TODAY.isoformat()}
    assert client.post(url, sent).status_code == 303
    page = client.get(reverse("measures:measure", args=["rework"])).content.decode()
    assert "target 5.0 %" in page
    assert "Rosebank" in client.get(url).content.decode()
    event = Event.objects.get(kind="target.set")
    assert (event.new, event.data["measure"]) == ({"target": "5.00"}, "rework")


def test_a_later_target_leaves_earlier_days_as_they_were(shop) -> None:
    manager = factories.staff(Role.BRANCH_MANAGER, shop)
    later = TODAY + timedelta(days=10)
    targets.set_target(manager, TargetData("rework", shop.pk, Decimal(5), TODAY), TODAY)
    targets.set_target(manager, TargetData("rework", shop.pk, Decimal(4), later), TODAY)
    assert selectors.targets([shop.pk], TODAY)["rework", shop.pk] == 5
    assert selectors.targets([shop.pk], later)["rework", shop.pk] == 4
    targets.set_target(manager, TargetData("rework", shop.pk, Decimal(3), later), TODAY)
    assert Target.objects.count() == 2
    assert Event.objects.filter(kind="target.set").latest("pk").old == {"target": "4.00"}


def test_past_days_nonsense_and_other_branches_are_refused(shop) -> None:
    manager = factories.staff(Role.BRANCH_MANAGER, shop)
    with pytest.raises(DomainError) as refused:
        targets.set_target(manager, TargetData("rework", shop.pk, Decimal(101), TODAY - timedelta(days=1)), TODAY)
    assert set(refused.value.fields) == {"value", "begins_on"}
    with pytest.raises(NotAllowed):
        targets.set_target(manager, TargetData("rework", None, Decimal(5), TODAY), TODAY)
    with pytest.raises(DomainError):
        targets.set_target(manager, TargetData("rework", factories.branch().pk, Decimal(5), TODAY), TODAY)
    assert Target.objects.count() == 0


def test_a_branchs_own_target_goes_before_the_practices(shop) -> None:
    other = factories.branch()
    Target.objects.create(measure="rework", value=6, begins_on=TODAY)
    Target.objects.create(measure="rework", branch=shop, value=4, begins_on=TODAY)
    found = selectors.targets([shop.pk, other.pk], TODAY)
    assert selectors.target_of(found, get("rework"), [shop.pk]) == 4
    assert selectors.target_of(found, get("rework"), [other.pk]) == 6
    assert selectors.target_of(found, get("rework"), [shop.pk, other.pk]) == 6


def test_an_optometrist_sees_the_own_tests_beside_everybodys(shop) -> None:
    person = factories.user(Role.OPTOMETRIST, shop)
    mine, theirs = {"prescriber": str(person.pk)}, {"prescriber": "999999"}
    makers.many("capture", shop, TODAY, 15, hit=1, causes=mine)
    makers.many("capture", shop, TODAY, 5, causes=mine)
    makers.many("capture", shop, TODAY, 20, causes=theirs)
    client = client_of(person)
    cards = {card.label: card for card in client.get(reverse("measures:mine")).context["cards"]}
    capture = cards["Capture rate"]
    assert (capture.value, capture.everybody, capture.counted) == ("75.0 %", "37.5 %", "15 of 20")
    rows = client.get(capture.url)
    assert len(rows.context["lines"]) == 20
    assert client.get(reverse("measures:dashboard")).status_code == 403


def test_a_technician_sees_the_own_laboratory_for_every_branch(shop) -> None:
    place = factories.branch(is_lab=True, name="Midrand")
    lab = Lab.objects.create(name="Meridian Lab", code="MID", branch=place)
    for hours in range(1, 26):
        makers.fact("lab_turnaround", shop, TODAY, amount=hours, causes={"lab": str(lab.pk)})
    makers.fact("lab_turnaround", shop, TODAY, amount=999, causes={"lab": "999999"})
    makers.summed()
    client = client_of(factories.user(Role.LAB_TECHNICIAN, place))
    cards = {card.label: card for card in client.get(reverse("measures:lab")).context["cards"]}
    assert (cards["Laboratory turnaround"].value, cards["Laboratory turnaround"].counted) == ("13 h", "25 jobs")
    assert len(client.get(cards["Laboratory turnaround"].url).context["lines"]) == 25
    stranger = client_of(factories.user(Role.LAB_TECHNICIAN, factories.branch()))
    assert "No laboratory of yours" in stranger.get(reverse("measures:lab")).content.decode()
    assert stranger.get(reverse("measures:lab_rows", args=["MID", "rework"])).status_code == 404


def test_every_own_figure_in_hours_has_its_hours_kept() -> None:
    keys = {
        key
        for own in (roles.OPTOMETRIST, roles.LABORATORY)
        for code, key in own.items()
        if get(code).kind == Kind.HOURS
    }
    assert keys == set(sums.WITH_HOURS) - {""}


def test_own_hours_are_the_median_of_the_own_alone_with_their_trend(shop) -> None:
    for day, mine, theirs in ((0, 10, 90), (3, 20, 90), (9, 30, 90), (20, 40, 90)):
        for _n in range(5):
            at = TODAY - timedelta(days=day)
            makers.fact("order_turnaround", shop, at, amount=Decimal(mine), causes={"prescriber": "7"})
            makers.fact("order_turnaround", shop, at, amount=Decimal(theirs), causes={"prescriber": "8"})
    makers.summed()
    month = periods.of_kind("30", TODAY)
    trend = selectors.narrowed({"order_turnaround": "prescriber"}, "7", [shop.pk], month)["order_turnaround"]
    assert (trend.now.facts, trend.now.percentile(Decimal("0.5")), trend.before.facts) == (20, 20, 0)
    points = [sums.percentile(Decimal("0.5")) for _piece, sums in pages.pieces(get("order_turnaround"), month, trend)]
    assert points == [None, 40, 30, 10]
