"""The customer's way by phone at 390 px: follow, bring back, answer. With script and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from aftersales.models import Feedback, Return
from aftersales.services import returns
from cases.models import Case
from orders.models import Order
from orders.services import links
from tests.aftersales import makers
from tests.e2e import axe
from tests.e2e.conftest import PHONE
from tests.orders import makers as selling
from tests.orders.makers import Shop


@pytest.fixture
def shop() -> Shop:
    return selling.shop("RSB", name="Rosebank", phone="+27 11 555 0142")


@pytest.fixture
def order(shop: Shop) -> Order:
    return makers.handed_over(shop)


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def phone(request: pytest.FixtureRequest, browser: Browser, live_server) -> Iterator[Page]:
    """A phone with a page; its `received` counts answers and bytes."""
    window = browser.new_context(
        viewport=PHONE, base_url=live_server.url, java_script_enabled=request.param, reduced_motion="reduce"
    )
    window.set_default_timeout(30_000)
    yield window.new_page()
    window.close()


def enter(phone: Page, order: Order) -> None:
    phone.goto("/" + links.link_for(order, "sms").partition("//")[2].partition("/")[2])


def test_bring_back_in_seven_taps_then_answer_in_three(phone: Page, shop: Shop, order: Order) -> None:
    answers: list[int] = []
    phone.on("response", lambda response: answers.append(len(response.body()) if response.status == 200 else 0))
    enter(phone, order)
    assert phone.locator("h1").inner_text() == "Your glasses have been handed over."
    assert len(answers) <= 5 and sum(answers) <= 60_000, answers
    taps = ["Return or exchange", "Karoo 214, havana", "Arrived damaged", "Go on", "Exchange"]
    phone.get_by_role("link", name=taps[0]).click()
    phone.get_by_label(taps[1]).check()
    phone.get_by_label(taps[2]).check()
    phone.get_by_role("button", name=taps[3]).click()
    assert "Possible within 180 days" in phone.locator("main").inner_text()
    phone.get_by_label(taps[4]).check()
    phone.get_by_label("What is wrong?").fill("The hinge is loose.")
    phone.get_by_role("button", name="Ask for it").click()
    found = Return.objects.get()
    assert (found.reason, found.remedy, found.words) == ("damaged", "exchange", "The hinge is loose.")
    assert found.number in phone.locator("main").inner_text()
    returns.approve(shop.manager, found.pk)
    phone.get_by_role("link", name="Back to your order").click()
    assert "Your return is approved" in phone.locator("main").inner_text()

    phone.get_by_role("link", name="Tell us how it was").click()
    for tap in ("5 · Very good", "2 · Poor", "4 · Good"):
        phone.get_by_role("button", name=tap).click()
    assert "We are sorry that not everything was good." in phone.locator("main").inner_text()
    row = Feedback.objects.get()
    assert (row.tracking, row.time, row.product) == (5, 2, 4)
    assert Case.objects.get(kind="low_feedback").owner_id == shop.manager.user_id
    phone.go_back()
    assert phone.locator("h1").inner_text() == "Thank you for your answer"
    assert Feedback.objects.count() == 1


def test_the_pages_fit_a_narrow_phone_and_axe_finds_nothing(browser: Browser, live_server, order: Order) -> None:
    window = browser.new_context(viewport={"width": 320, "height": 700}, base_url=live_server.url)
    page = window.new_page()
    makers.asked(order)
    enter(page, order)
    base = page.url
    for address in ("", "feedback/", "return/", "return/thanks/"):
        page.goto(base + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
        assert axe.violations(page) == [], address
    window.close()
