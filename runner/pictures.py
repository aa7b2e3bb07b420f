"""`./dev pictures`: the pictures of the README, taken from the running sample practice in Chromium."""

import email
import os
import re
import sys
from dataclasses import dataclass
from email import policy

from runner.errors import StartError
from runner.libraries import ensure_chromium
from runner.paths import PROJECT, data_folder

FOLDER = PROJECT / "docs" / "pictures"
_SAMPLE_LOGIN = "see-clearly-2026"  # printed at every start of the sample practice
_LINK = re.compile(r"/t/[\w-]{20,64}")


@dataclass(frozen=True)
class Picture:
    """One page as one person sees it. `who` is a sample login's name; empty is a customer with the link of a message."""

    name: str
    who: str
    path: str
    width: int = 1280
    height: int = 860
    dark: bool = False


PICTURES = (
    Picture("today", "zanele", "/"),
    Picture("order", "pieter", "/orders/RSB-10482/"),
    Picture("frame-and-lens", "pieter", "/orders/RSB-10488/dispense/"),
    Picture("laboratory", "riaan", "/lab/", dark=True),
    Picture("measures", "nomvula", "/measures/"),
    Picture("customer", "", "", 390, 844),
)


def run_pictures(arguments: list[str]) -> int:
    """Take all pictures from the practice that `./dev up` runs (PORT, DATA_DIR)."""
    from playwright.sync_api import Browser, Page, sync_playwright

    base = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    chromium = ensure_chromium()
    if chromium is None:
        raise StartError("Pictures need Chromium: apt-get install chromium")

    def sign_in(page: Page, who: str) -> None:
        page.goto(f"{base}/accounts/login/")
        page.fill("[name=login]", f"{who}@practice.example")
        page.fill("[name=password]", _SAMPLE_LOGIN)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        choice = page.locator("main button", has_text="Midrand" if who == "riaan" else "Rosebank")
        if "/branch/" in page.url:
            with page.expect_navigation():
                choice.first.click()

    def take(browser: Browser, picture: Picture) -> None:
        window = browser.new_context(
            viewport={"width": picture.width, "height": picture.height},
            color_scheme="dark" if picture.dark else "light",
            locale="en-ZA",
        )
        page = window.new_page()
        if picture.who:
            sign_in(page, picture.who)
        page.goto(base + (picture.path or _customers_link()))
        page.wait_for_load_state("networkidle")
        page.screenshot(path=FOLDER / f"{picture.name}.png")
        window.close()

    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for picture in PICTURES:
            if not arguments or picture.name in arguments:
                take(browser, picture)
                sys.stdout.write(f"docs/pictures/{picture.name}.png\n")
    return 0


def _customers_link() -> str:
    """The way a customer comes: by the link of the first message in the mail sink."""
    for path in sorted((data_folder() / "mail").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        found = _LINK.search(body.get_content()) if body else None
        if found and "RSB-10482" in str(message["Subject"]):
            return found.group()
    raise StartError("No message with an order's link lies in the mail folder yet; wait a moment and try again.")
