"""The pages in Arabic: from right to left, nothing sticks out, axe finds nothing, and a sign stays before its number."""

from playwright.sync_api import Browser

from branches.models import User
from customers.models import Customer
from tests.aftersales import makers
from tests.e2e import axe
from tests.e2e.conftest import PHONE
from tests.e2e.conftest import enter as sign_in
from tests.e2e.test_customer_phone import enter
from tests.labjobs import makers as making
from tests.orders import makers as selling

# Every signed number on the page whose sign does not stand at the left of its first digit.
TURNED = """() => {
  const found = [], walker = document.createTreeWalker(document.querySelector("#main"), NodeFilter.SHOW_TEXT);
  const left = (node, at) => {
    const range = document.createRange(); range.setStart(node, at); range.setEnd(node, at + 1);
    const box = range.getBoundingClientRect(); return box.width ? box.left : null;
  };
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const match of node.data.matchAll(/[+\u2212](?=\\d)/g)) {
      const [sign, digit] = [left(node, match.index), left(node, match.index + 1)];
      if (sign !== null && digit !== null && sign > digit) found.push(node.data.trim());
    }
  }
  return found;
}"""


def test_a_sign_stands_before_its_number_on_pages_that_run_from_right_to_left(browser: Browser, live_server) -> None:
    at = making.bench()
    job = making.at_quality(at)
    order, manager = job.order, User.objects.get(pk=at.shop.manager.user_id)
    User.objects.filter(pk=manager.pk).update(language="ar")
    window = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    sign_in(window, manager, live_server)
    page = window.new_page()
    addresses = {
        f"/customers/{order.customer.number}/": "−2.25",
        f"/prescriptions/{order.prescription_id}/": "−2.25",
        f"/orders/{order.number}/": "−2.25",
        f"/orders/{order.number}/dispense/": "−2.25",
        f"/lab/jobs/{job.number}/": "−2.25",
        f"/lab/jobs/{job.number}/quality/": "−2.25",
        "/lab/": "−2.25",
    }
    for address, value in addresses.items():
        page.goto(address)
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl", address
        assert value in page.locator("#main").inner_text(), address
        assert page.evaluate(TURNED) == [], address
    window.close()


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
