"""A parcel from the packing table to the customer's door and their answer: the shop at 1280, the customer at 390 px."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page

import shipping.tasks  # the handlers of its jobs
from aftersales.models import Feedback
from branches.models import User
from core import job_runs
from labjobs.models import Job
from shipping.models import Shipment
from tests.e2e import axe
from tests.e2e.conftest import PHONE, enter
from tests.e2e.test_customer_phone import enter as follow_link
from tests.labjobs import makers as lab
from tests.labjobs.makers import Bench
from tests.shipping import makers
from tests.shipping.files import HISTORY
from tests.shipping.makers import NUMBER
from tests.shipping.test_hooks import SECRET, event, post


@pytest.fixture
def at() -> Bench:
    assert shipping.tasks.apply_notice
    return lab.bench()


@pytest.fixture
def job(at: Bench, context: BrowserContext, live_server) -> Job:
    found = makers.sendable(at)
    enter(context, User.objects.get(pk=at.shop.receptionist.user_id), live_server)
    return found


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def phone(request: pytest.FixtureRequest, browser: Browser, live_server) -> Iterator[Page]:
    window = browser.new_context(
        viewport=PHONE, base_url=live_server.url, java_script_enabled=request.param, reduced_motion="reduce"
    )
    window.set_default_timeout(30_000)
    yield window.new_page()
    window.close()


def said(page: Page) -> str:
    return page.locator("#main").inner_text()


def carrier_says(at: Bench, *names: str) -> None:
    """The tracking service posts its history, signed, at the real door; the worker applies it."""
    door = makers.door(at, secret=SECRET)[0]
    for number, upto in enumerate(names):
        assert post(door, event(f"evt_{number}", *HISTORY[: int(upto)])) == 200
    job_runs.run_waiting()


def test_the_shop_packs_with_a_scan_and_follows_the_parcel_to_the_door(page: Page, job: Job, at: Bench) -> None:
    """A refusal keeps what was typed; then the label, and what the carrier says as it comes in."""
    page.goto(reverse("shipping:pack", args=[job.order.number]))
    assert page.locator("h1").inner_text() == "Pack and ship"
    assert "paid as agreed" in said(page) and "Checkpoints" in said(page)
    axe.check(page)
    page.get_by_label("Scan what goes in").fill("T-999")
    page.get_by_label("Tracking number").fill(NUMBER)
    page.get_by_label("Carrier and service").select_option("ups:Standard")
    page.get_by_role("button", name="Pack and hand over").click()
    page.wait_for_selector(".error-summary, .callout[data-tone=danger]")
    assert page.get_by_label("Tracking number").input_value() == NUMBER, "a refusal keeps what was typed"
    assert not Shipment.objects.exists()
    page.get_by_label("Scan what goes in").fill(job.tray.code)
    with page.expect_navigation(url="**-S1/"):
        page.get_by_role("button", name="Pack and hand over").dblclick()
    parcel = Shipment.objects.get()
    assert (parcel.state, parcel.tracking_number) == ("handed_over", NUMBER)
    assert page.locator("h1").inner_text() == parcel.number
    here = page.url
    page.get_by_role("link", name="Label A6").click()
    label = page.locator("body").inner_text()
    assert "12 Bree Street" in label and NUMBER in label
    page.goto(here)
    carrier_says(at, "4")
    page.reload()
    assert "Out for delivery" in page.locator(".head").inner_text()
    assert post(makers.door(at, secret=SECRET)[0], event("evt_last", *HISTORY)) == 200
    job_runs.run_waiting()
    page.reload()
    assert "Delivered" in page.locator(".head").inner_text()
    assert page.locator("#heard tbody tr").count() == len(HISTORY)
    axe.check(page)
    page.goto(reverse("orders:page", args=[job.order.number]))
    assert "Delivered" in said(page) and parcel.number in said(page)


def test_the_customer_follows_it_confirms_and_answers(phone: Page, job: Job, at: Bench) -> None:
    order = job.order
    parcel = makers.packing.pack(at.shop.receptionist, makers.packing_of(job, hand_over=True))
    follow_link(phone, order)
    here = phone.url
    assert phone.locator("h1").inner_text() == "Your glasses are on their way."
    assert f"Follow parcel {NUMBER}" in said(phone) and "Handed to the carrier" in said(phone)
    for private in ("12 Bree Street", "Mokoena", order.customer.phone):
        assert private not in phone.content(), private
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    carrier_says(at, "4")
    phone.reload()
    assert "Out for delivery since" in said(phone) and "Comes today" not in said(phone)  # that was some days ago
    assert post(makers.door(at, secret=SECRET)[0], event("evt_last", *HISTORY)) == 200
    job_runs.run_waiting()
    phone.reload()
    assert phone.locator("h1").inner_text() == "Your glasses have been handed over."
    phone.get_by_role("button", name="I have them, all is well").click()
    assert phone.url == f"{here}feedback/"
    for tap in ("5 · Very good", "4 · Good", "5 · Very good"):
        phone.get_by_role("button", name=tap).click()
    assert phone.locator("h1").inner_text() == "Thank you for your answer"
    phone.goto(here)
    assert "Is all well?" not in said(phone) and "Tell us how it was" not in said(phone)
    row = Feedback.objects.get(order=order)
    assert (row.tracking, row.time, row.product) == (5, 4, 5)
    parcel.refresh_from_db()
    assert parcel.state == "delivered"
