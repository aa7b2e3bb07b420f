"""Measures, reports, exports, schedules and audits with a year behind them: accessible wide and narrow, by keyboard, on paper."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from branches.models import Branch, Organisation, User
from branches.roles import Role
from reports.builder import saving
from reports.builder.saving import ReportData
from reports.datasets.base import Definition
from reports.exports import asking, making
from reports.exports.asking import Request
from reports.schedules import keeping
from reports.schedules.keeping import ScheduleData
from tests import factories
from tests.e2e import axe
from tests.e2e.conftest import DESK, PHONE, enter
from tests.reports import year

NUMBERS = Definition("orders", ("number", "branch", "state", "total"), sort="number")


@pytest.fixture
def head_office(context: BrowserContext, live_server) -> User:
    """Sees every branch of a year that `tests.reports.year` seeds."""
    Organisation.objects.create(name="Meridian Optical", currency="ZAR")
    year.build()
    user = factories.user(Role.HEAD_OFFICE, None, full_name="Grace Mbeki")
    enter(context, user, live_server)
    return user


def span() -> str:
    today = timezone.localdate()
    return f"period=own&from={today - timedelta(days=300)}&to={today}&branch=all"


def kept(user: User) -> list[str]:
    """A saved report, its schedule and a finished file: the addresses of their pages."""
    actor = factories.actor(user, Branch.objects.get(code="Y0"))
    report = saving.keep(actor, ReportData("Orders by number", NUMBERS.as_json()))
    schedule = keeping.keep(actor, report, ScheduleData("month", 7, (user.pk,), day=31))
    export = asking.prepare(actor, Request(NUMBERS, "csv", report.name), actor)
    making.make(export.pk, lambda done, total: None)
    return [
        reverse("reporting:saved", args=[report.pk]),
        reverse("reporting:schedule_new", args=[report.pk]),
        reverse("reporting:schedule", args=[schedule.pk]),
        reverse("reporting:schedule_change", args=[schedule.pk]),
        reverse("reporting:export", args=[export.public_id]),
    ]


def test_every_page_with_figures_is_accessible_wide_and_narrow(page: Page, head_office: User) -> None:
    pages = [
        f"/measures/?{span()}",
        f"/measures/rework/?{span()}&by=lab",
        f"/measures/lab_turnaround/?{span()}&by=stage",
        f"/measures/rework/rows/?{span()}&all=1",
        *(
            reverse(f"reporting:{name}")
            for name in ("index", "exports", "schedules", "packs", "audits", "reconciliation")
        ),
        reverse("reporting:ready", args=["sales"]),
        reverse("reporting:audit", args=["approvals"]),
        *kept(head_office),
    ]
    wrong = {}
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        for path in pages:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            found = axe.violations(page)
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                found.append("scrolls sideways")
            if found:
                wrong[path, size["width"]] = found
    assert wrong == {}


def test_arrows_move_between_tiles_and_enter_opens_the_measure(page: Page, head_office: User) -> None:
    page.goto(f"/measures/?{span()}")
    tiles = page.locator("[data-arrows] a")
    tiles.first.focus()
    page.keyboard.press("ArrowRight")
    assert tiles.nth(1).evaluate("tile => tile === document.activeElement")
    page.keyboard.press("ArrowLeft")
    assert tiles.first.evaluate("tile => tile === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/measures/lab_turnaround/**")


def test_on_paper_charts_are_black_on_white_whatever_the_screen(page: Page, head_office: User) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(f"/measures/rework/?{span()}&by=lab")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    colours = page.evaluate(
        """() => { const of = (query, what) => getComputedStyle(document.querySelector(query))[what];
        return { paper: of('html', 'backgroundColor'), body: of('body', 'backgroundColor'), words: of('h1', 'color'),
          now: of('.wide .chart .now rect', 'fill'), before: of('.wide .chart .before rect', 'fill'),
          edge: of('.wide .chart .before rect', 'stroke'), line: of('.wide .chart .l1', 'stroke') }; }"""
    )
    black, white = "rgb(0, 0, 0)", "rgb(255, 255, 255)"
    assert colours["paper"] == white
    assert colours["body"] in (white, "rgba(0, 0, 0, 0)")
    assert (colours["now"], colours["before"], colours["edge"], colours["line"]) == (black, white, black, black)
    red, green, blue = (int(part) for part in colours["words"].removeprefix("rgb(").removesuffix(")").split(","))
    assert max(red, green, blue) < 90


def test_on_paper_tables_stay_tables_and_what_a_click_opens_is_open(page: Page, head_office: User) -> None:
    """A sheet of A4 between its margins is as narrow as a tablet."""
    page.set_viewport_size({"width": 703, "height": 1000})
    page.goto(f"/measures/rework/?{span()}&by=lab")
    assert page.locator(".how dl").bounding_box() is None or not page.locator(".how dl").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".how dl").is_visible()
    assert page.locator(".twin table").is_visible()
    assert page.locator("#table thead th").first.is_visible()
    assert page.locator("#table tbody td").first.evaluate("cell => getComputedStyle(cell).display") == "table-cell"
    assert page.locator("nav.filters").first.is_hidden()


def test_bars_are_walked_opened_and_left_by_keyboard_and_tell_their_value(page: Page, head_office: User) -> None:
    measure = f"/measures/lab_turnaround/?{span()}&by=stage"
    page.goto(f"/measures/?{span()}")
    page.goto(measure)
    bars = page.locator("figure.drawn .wide .now a")
    assert bars.count() >= 2
    page.locator("figure.drawn .wide .chart a").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    names, outlines = [], []
    for _place in range(bars.count()):
        told = page.evaluate(
            """() => { const at = document.activeElement, told = at.querySelector('title');
            return { name: at.getAttribute('aria-label'), hover: told && told.textContent,
                     href: at.getAttribute('href'), outline: getComputedStyle(at).outlineStyle,
                     ring: getComputedStyle(at.querySelector('rect') || at).outlineStyle }; }"""
        )
        assert told["name"], "the focus is on a bar"
        assert told["hover"] == told["name"]
        names.append(told["name"])
        outlines.append((told["outline"], told["ring"]))
        page.keyboard.press("ArrowDown")
    assert len(set(names)) == len(names)
    assert all("h" in name and "was" in name for name in names)
    assert all(set(pair) != {"none"} for pair in outlines), "one sees where the focus is"
    last = page.evaluate("document.activeElement.getAttribute('aria-label')").split(":")[0]
    page.keyboard.press("Enter")
    page.wait_for_url("**/measures/lab_turnaround/rows/**")
    assert last in page.locator("h1").inner_text()
    page.keyboard.press("Backspace")
    page.wait_for_url("**/measures/lab_turnaround/?**")
    assert "by=stage" in page.url
    left = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert left is not None
    assert left.split(":")[0] == last, "the cursor is on the bar that was opened"
    page.keyboard.press("Backspace")
    page.wait_for_url("**/measures/?**")
