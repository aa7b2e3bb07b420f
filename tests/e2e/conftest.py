"""A real browser against the product on a free port. Without Chromium these tests are skipped, and say why."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from branches.models import Branch, Organisation, User
from branches.roles import Role
from tests import factories
from tests.e2e.axe import DESK
from tests.e2e.axe import PHONE as PHONE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed (apt-get install chromium)"))


@pytest.fixture(scope="session")
def _browsers() -> Iterator[Callable[[], Browser]]:
    """One browser for all tests; a new one when it has died."""
    # Playwright keeps an event loop in this thread, and Django would take every query for one made inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    running: list[Browser] = []
    with sync_playwright() as playwright:

        def alive() -> Browser:
            if not running or not running[-1].is_connected():
                running.append(playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]))
            return running[-1]

        yield alive
        for one in running:
            one.close()


@pytest.fixture
def browser(_browsers: Callable[[], Browser]) -> Browser:
    return _browsers()


@pytest.fixture
def practice() -> Branch:
    Organisation.objects.create(name="Meridian Optical", currency="ZAR")
    return factories.branch("RSB", name="Rosebank", colour="green", city="Johannesburg")


@pytest.fixture
def manager(practice: Branch) -> User:
    return factories.user(Role.BRANCH_MANAGER, practice, email="manager@practice.example", full_name="Naledi Khumalo")


@pytest.fixture
def context(browser: Browser, live_server) -> Iterator[BrowserContext]:
    """A window of a desk computer. `page` in it fails the test on any console error."""
    window = browser.new_context(viewport=DESK, base_url=live_server.url, locale="en-ZA", reduced_motion="reduce")
    window.set_default_timeout(30_000)
    yield window
    window.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    # A refused form (4xx) is reported by the browser itself; everything else is ours.
    ours = [text for text in complaints if "Failed to load resource" not in text and "ERR_" not in text]
    assert ours == []


def enter(context: BrowserContext, user: User, live_server) -> None:
    """Sign somebody in without the form."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": live_server.url}]
    )


@pytest.fixture
def as_manager(context: BrowserContext, manager: User, live_server) -> User:
    enter(context, manager, live_server)
    return manager
