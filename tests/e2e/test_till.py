"""Money by keyboard and by link, in a real browser: few keys, one effect, and no script needed for the customer."""

from decimal import Decimal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from branches.models import User
from core import job_runs
from orders.models import LedgerEntry, Order
from orders.services import links, payments
from tests.e2e import axe
from tests.e2e.conftest import enter
from tests.orders import makers


@pytest.fixture
def order(context: BrowserContext, live_server) -> Order:
    shop = makers.shop("RSB", name="Rosebank")
    enter(context, User.objects.get(pk=shop.receptionist.user_id), live_server)
    return makers.confirmed(shop)


def taken() -> list[tuple[Decimal, str]]:
    return list(LedgerEntry.objects.filter(kind="payment").order_by("pk").values_list("amount", "method"))


def test_a_deposit_takes_two_keys_and_the_full_balance_by_transfer_few_more(page: Page, order: Order) -> None:
    page.goto(f"/orders/{order.number}/")
    page.keyboard.press("p")
    page.wait_for_function("document.activeElement.name === 'amount'")
    assert page.evaluate("document.activeElement.value") == "5040.00"
    with page.expect_navigation(url="**/receipts/**"):
        page.keyboard.press("Control+Enter")
    assert taken() == [(Decimal("-5040.00"), "card")]
    page.goto(f"/orders/{order.number}/")
    page.keyboard.press("p")
    page.wait_for_function("document.activeElement.name === 'amount'")
    page.keyboard.press("h")
    assert page.evaluate("document.activeElement.value") == "2520.00"
    page.keyboard.press("a")
    page.keyboard.press("t")
    assert page.evaluate("document.activeElement.value") == "5040.00"
    with page.expect_response(f"**/orders/{order.number}/pay/") as answer:
        page.keyboard.press("Control+Enter")
    assert answer.value.status == 422, "a transfer needs its reference"
    page.locator("main input[name=reference]").fill("EFT 7")
    with page.expect_navigation(url="**/receipts/**"):
        page.keyboard.press("Control+Enter")
    assert taken()[1:] == [(Decimal("-5040.00"), "transfer")]


def test_a_double_click_and_a_reload_take_the_money_once(page: Page, order: Order) -> None:
    page.goto(f"/orders/{order.number}/pay/")
    axe.check(page)
    with page.expect_navigation(url="**/receipts/**"):
        page.locator("main button[data-kind=primary]").dblclick()
    page.reload()
    assert taken() == [(Decimal("-5040.00"), "card")]


def test_a_customer_pays_without_script_on_a_narrow_phone(browser: Browser, order: Order, live_server) -> None:
    phone = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page = phone.new_page()
    page.goto(live_server.url + "/t/" + links.link_for(order, "sms").rsplit("/", 1)[1])
    page.get_by_text("Pay the balance now").click()
    assert page.locator("h1").inner_text() == "Pay online"
    page.get_by_role("button", name="Go to the payment page").click()
    page.get_by_role("button", name="Let the card be declined").click()
    job_runs.run_waiting()
    page.reload()
    assert page.locator("h1").inner_text() == "The payment was declined"
    page.get_by_role("link", name="Try again").click()
    page.get_by_label("All of it").check()
    page.get_by_role("button", name="Go to the payment page").click()
    page.get_by_role("button", name="Pay", exact=True).click()
    job_runs.run_waiting()
    page.reload()
    assert page.locator("h1").inner_text() == "Thank you"
    assert payments.balance(order.pk) == 0
    phone.close()
