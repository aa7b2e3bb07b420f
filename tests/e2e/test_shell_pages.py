"""Every page of the shell, wide and narrow, light and dark, in the state it is opened in and after a refusal."""

import pytest

from branches.roles import Role
from tests import factories
from tests.e2e import axe
from tests.e2e.conftest import DESK, PHONE, enter

STAFF = [
    "/profile/", "/profile/pin/", "/profile/sessions/", "/branch/", "/settings/", "/settings/practice/", "/settings/branches/",
    "/settings/branches/new/", "/settings/staff/", "/settings/staff/new/", "/settings/roles/", "/settings/computers/",
    "/find/?q=go", "/notices/", "/help/", "/help/components/", "/accounts/password/change/", "/accounts/2fa/", "/nothing/here/",
]  # fmt: skip
SIGNED_OUT = [
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/signup/",
    "/help/",
]


@pytest.fixture
def head_office(context, practice, live_server):
    user = factories.user(Role.HEAD_OFFICE, None, full_name="Head Office")
    enter(context, user, live_server)
    return user


def look(page, path, size, scheme):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    page.goto(path)
    axe.check(page)


def test_staff_pages_are_accessible(page, head_office):
    for path in STAFF:
        page.goto(path)
        axe.check_everywhere(page)


def test_signed_out_pages_are_accessible(page, manager):
    for path in SIGNED_OUT:
        look(page, path, DESK, "light")
        look(page, path, PHONE, "dark")


def test_the_first_day_is_accessible_and_shows_what_is_missing(page):
    look(page, "/setup/", PHONE, "light")
    page.get_by_role("button", name="Start working").click()
    page.wait_for_load_state()
    assert page.title().startswith("Error: Set up your practice")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    axe.check(page)


@pytest.mark.parametrize(
    "path", ["/settings/staff/new/", "/settings/branches/new/", "/profile/pin/", "/settings/computers/"]
)
def test_a_refused_form_leads_to_its_fields(page, head_office, path):
    page.goto(path)
    page.locator("main button[data-kind=primary]").click()
    page.wait_for_selector(".error-summary")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    axe.check(page)
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


@pytest.mark.parametrize("path", ["/settings/staff/new/", "/help/components/", "/settings/staff/"])
def test_every_stop_of_the_tab_key_is_seen(page, head_office, path):
    page.goto(path)
    assert axe.hidden_stops(page) == []


def test_nothing_is_lost_at_320_and_at_four_times_zoom(page, head_office):
    page.set_viewport_size({"width": 320, "height": 640})
    for path in ("/settings/staff/", "/help/components/", "/settings/branches/new/", "/profile/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
