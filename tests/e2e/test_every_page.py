"""Every page that the resolver knows, opened in a browser: axe finds nothing, nothing scrolls sideways, no script fails.

The table of addresses (`tests/security/routes.py`) and the shop of the security tests give each page its example, so a new
page is looked at without a line here. Each is looked at wide in light colours, then narrow in dark ones.
"""

from collections import defaultdict
from typing import Any

from django.urls import reverse
from playwright.sync_api import Browser, Error, Page

from tests.e2e import axe
from tests.e2e.conftest import DESK, PHONE, enter
from tests.security import world as worlds
from tests.security.routes import ROUTES

# Who looks: the first who may.
LOOKERS = ("branch_manager", "optometrist", "dispensing_optician", "lab_technician", "accountant", "frame_controller")
# What width can change; the rest of a page is the same in both. Colours are tokens: contrast is measured where every
# component stands, in `test_shell_pages.py`, light and dark.
AT_A_GLANCE = ["target-size", "scrollable-region-focusable"]
# Asked for by a script or a program: fragments, not pages. A mail as it arrives lets no script run, axe neither.
NO_PAGES = {"find", "keys", "notices", "awake_ping", "scan", "orders:search_frames", "visits:known", "messages:html"}


def addresses(world: worlds.World) -> dict[str, list[tuple[str, str]]]:
    """The addresses of the staff, by who looks at them: (name, path)."""
    found = defaultdict(list)
    for route in ROUTES.values():
        if route.method == "get" and route.door == "staff" and route.name not in NO_PAGES:
            who = next((role for role in LOOKERS if route.allows(role)), None)
            if who:
                found[who].append((route.name, reverse(route.name, args=world.args(route.object))))
    return found


def opens(page: Page, path: str) -> bool:
    """Whether the address answers with a page of its own: nothing to download, nothing that leads elsewhere."""
    try:
        answer = page.goto(path)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    assert answer is not None and answer.status < 500, path
    is_page = answer.headers.get("content-type", "").startswith("text/html")
    return is_page and answer.status in (200, 404) and answer.request.redirected_from is None


def wrong_with(page: Page) -> list[str]:
    """What is wrong with the page in view at this width and in these colours."""
    found = []
    if page.locator("h1:visible").count() != 1:
        found.append("not one h1")
    if not page.title().strip():
        found.append("no title")
    width = (page.viewport_size or DESK)["width"]
    scrolls = page.evaluate("document.documentElement.scrollWidth")
    if scrolls > width:
        found.append(f"scrolls sideways: {scrolls} of {width}")
    return found


def look(page: Page) -> list[str]:
    """At a page just opened wide and light; it ends narrow and dark."""
    wide = [*axe.violations(page, contrast=False), *wrong_with(page)]
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    return [*wide, *(f"narrow: {one}" for one in [*axe.found_by(page, AT_A_GLANCE), *wrong_with(page)])]


def test_every_page_is_clean(browser: Browser, live_server: Any) -> None:
    world = worlds.build()
    wrong: dict[str, list[str]] = {}
    for role, listed in addresses(world).items():
        window = browser.new_context(viewport=DESK, base_url=live_server.url, locale="en-ZA", reduced_motion="reduce")
        enter(window, world.people[f"{role}@{world.shop.code}"], live_server)
        page = window.new_page()
        said: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        for name, path in listed:
            page.emulate_media(color_scheme="light")
            page.set_viewport_size(DESK)
            found = look(page) if opens(page, path) else []
            found += [text for text in said if "Failed to load resource" not in text]
            said.clear()
            if found:
                wrong[name] = found
        window.close()
    assert wrong == {}, "\n".join(f"{name}: {one}" for name, found in wrong.items() for one in found)
