"""The customer's pages in Arabic on a phone: from right to left, nothing sticks out, and axe finds nothing."""

from playwright.sync_api import Browser

from customers.models import Customer
from tests.aftersales import makers
from tests.e2e import axe
from tests.e2e.conftest import PHONE
from tests.e2e.test_customer_phone import enter
from tests.orders import makers as selling


def test_arabic_pages_run_from_right_to_left_and_fit_a_phone(browser: Browser, live_server) -> None:
    shop = selling.shop("RSB", name="Rosebank", phone="+27 11 555 0142")
    order = makers.handed_over(shop)
    Customer.objects.filter(pk=order.customer_id).update(language="ar")
    window = browser.new_context(viewport=PHONE, base_url=live_server.url, locale="ar")
    page = window.new_page()
    enter(page, order)
    base = page.url
    for address in ("", "return/", "feedback/", "problem/", "privacy/", "details/"):
        page.goto(base + address)
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl", address
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        assert axe.violations(page) == [], address
    page.goto(base)
    heading, edge = page.locator("h1").bounding_box(), page.locator("main .wrap").bounding_box()
    assert heading is not None and edge is not None
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).textAlign") in ("start", "right")
    # A number reads from left to right inside the line: its plus sign stands at its left.
    number = page.locator("footer a[href^='tel:']")
    assert number.inner_text() == "+27 11 555 0142"
    assert number.evaluate("node => getComputedStyle(node).direction") == "ltr"
    window.close()
