"""A real browser on the real server, signed in as one person."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from branches.models import User

CHROMIUM = "/usr/bin/chromium"


@contextmanager
def signed_in(server: Any, person: User, width: int = 1280, **options: Any) -> Iterator[Page]:
    """A page whose session is this person's; a console error or an uncaught exception fails the test."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(base_url=server.url, viewport={"width": width, "height": 900}, **options)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server.url}])
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda said: problems.append(said.text) if said.type == "error" and "422" not in said.text else None,
        )
        yield page
        browser.close()
        assert problems == []
