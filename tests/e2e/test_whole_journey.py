"""One customer from the door to the door in a real browser, by keyboard alone: nobody touches a mouse.

Every control is reached by its key, by the palette, by the scanner or by Tab; what a step has done is read from the
database, and the steps with a limit of keys beside the values are counted. The same chain without script, with its refusals, is `tests/journeys/test_walk_in_to_collection.py`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from branches.models import Branch, User
from catalogue.models import Frame
from customers.models import Customer
from inventory.models import StockItem
from labjobs.models import Job, Lab, LabKind, Tray, Warranty
from orders.models import LedgerEntry, Order
from prescriptions.models import Prescription
from tests.e2e.conftest import DESK, enter

MOST_TABS = 120
SIGNED = re.compile(r"/prescriptions/\d+/$")
_FOCUSED = """() => { const one = document.activeElement; if (one === document.body) return "";
  const label = one.labels?.[0]?.innerText ?? "";
  return [one.id, one.name ?? "", label, one.ariaLabel ?? "", one.innerText ?? ""].join("|").replace(/\\s+/g, " "); }"""


class Keyboard:
    """One person's browser, used by keys only."""

    def __init__(self, page: Page) -> None:
        self.page, self.overhead = page, 0

    def press(self, *keys: str) -> "Keyboard":
        for key in keys:
            self.page.keyboard.press(key)
            self.overhead += 1
        return self

    @contextmanager
    def at_most(self, limit: int) -> Iterator[None]:
        """What is done inside takes no more than this beside the values: a chord and a scan count one each."""
        self.overhead = 0
        yield
        assert self.overhead <= limit, f"{self.overhead} keys, {limit} allowed"

    def type(self, text: str) -> "Keyboard":
        self.page.keyboard.type(text)
        return self

    def scan(self, code: str) -> "Keyboard":
        """A wedge scanner types its prefix, the code and Enter: one action."""
        return self.type(f"~{code}").press("Enter")

    def tab_to(self, words: str) -> "Keyboard":
        """Tab on until the control with these words (id, name, label or text) has the focus."""
        seen = []
        for _ in range(MOST_TABS):
            now = self.page.evaluate(_FOCUSED)
            if words in now:
                return self
            seen.append(now[:60])
            self.press("Tab")
        raise AssertionError(f"Tab never came to {words!r}: {seen}")

    def fill(self, name: str, text: str) -> "Keyboard":
        """Replace what stands in a box; Tab marks it, a cursor that is there already does not."""
        before = self.overhead
        if self.tab_to(name).overhead == before:
            self.press("Control+a")
        return self.type(text)

    def sees(self, text: str) -> "Keyboard":
        self.page.wait_for_selector(f"text={text}")
        return self

    def palette(self, text: str, found: str) -> "Keyboard":
        self.press("Control+k")
        self.page.wait_for_selector("#palette[open]")
        self.type(text)
        self.page.wait_for_selector(f"#palette [role=option][aria-selected=true] >> text={found}")
        with self.page.expect_navigation():
            self.press("Enter")
        return self

    def leads(self, *keys: str) -> "Keyboard":
        """Keys that lead to another page."""
        with self.page.expect_navigation():
            self.press(*keys)
        return self


@pytest.fixture
def people(practice_house) -> dict[str, User]:
    return {person.email.split("@")[0]: person for person in User.objects.all()}


@pytest.fixture
def practice_house(settings, tmp_path) -> None:
    """The sample practice's house, catalogue and stock, and a laboratory with one tray."""
    from demo import catalogue, inventory, staff

    settings.MEDIA_ROOT = tmp_path
    now = timezone.now()
    for part in (staff, catalogue, inventory):
        part.build(now)
    midrand = Branch.objects.get(code="MID")
    Lab.objects.get_or_create(code="MID", defaults={"name": "Meridian Lab", "branch": midrand, "kind": LabKind.OWN})
    Tray.objects.get_or_create(branch=midrand, code="T-900")
    User.objects.filter(email__startswith="naledi").update(registration_number="OP 0087341")


@pytest.fixture
def sit_down(browser: Browser, live_server, people) -> Iterator:
    """`sit_down("zanele", "Rosebank")`: her own browser, at her own desk, on the Today board."""
    windows = []

    def sit(name: str, branch: str) -> Keyboard:
        window = browser.new_context(viewport=DESK, base_url=live_server.url, locale="en-ZA", reduced_motion="reduce")
        windows.append(window)
        window.set_default_timeout(20_000)
        enter(window, people[name], live_server)
        hands = Keyboard(window.new_page())
        hands.page.goto("/")
        if branch not in hands.page.locator(".topbar .branch").first.inner_text():
            hands.palette(f"branch {branch[:4]}", f"Switch to branch {branch}")
        return hands

    yield sit
    for window in windows:
        window.close()


def walk_in(desk: Keyboard) -> Customer:
    desk.press("n")
    desk.page.wait_for_selector("#id_name:focus")
    desk.type("Chidi Okafor").press("Tab").type("083 555 0119").press("Tab", "Space", "Enter")
    desk.sees("Chidi Okafor is in the queue")
    return Customer.objects.get(family_name="Okafor")


def examine_and_sign(optometrist: Keyboard, customer: Customer) -> Prescription:
    optometrist.tab_to("Okafor").press("Enter").tab_to("Start test").leads("Enter")
    optometrist.palette("okafo", "Okafor, Chidi").leads("r")
    optometrist.page.wait_for_selector("#id_right_sphere:focus")
    optometrist.type("-225").press("Tab").type("-75").press("Tab").type("90").press("Tab").type("2").press("Enter")
    optometrist.type("-2").press("Tab").type("-50").press("Tab").type("85").press("Tab", "=")
    optometrist.press("Control+Enter", "Control+Enter")
    optometrist.page.wait_for_url(SIGNED)
    optometrist.sees("Signed")
    return Prescription.objects.get(customer=customer, state="current")


def choose_and_quote(optician: Keyboard, frame: Frame) -> Order:
    optician.palette("okafo", "Okafor, Chidi").leads("o")
    optician.sees("Frame and lens").press("f").type(frame.gtin).leads("Enter")
    order = Order.objects.get()
    for name, value in (
        ("right_far_pd_mm", "31.5"), ("right_near_pd_mm", "29.0"), ("right_height_mm", "22"),
        ("left_far_pd_mm", "31.0"), ("left_near_pd_mm", "28.5"), ("left_height_mm", "22"),
        ("vertex_mm", "13"), ("tilt_deg", "9"), ("wrap_deg", "5"),
    ):  # fmt: skip
        if name == "right_far_pd_mm":
            optician.press("Alt+m")
        optician.fill(name, value)
    optician.press("Tab").sees("Everything the laboratory needs is here").leads("Control+Enter")
    optician.page.wait_for_url("**/quote/")
    optician.leads("Control+Enter")
    order.refresh_from_db()
    assert order.state == "quoted"
    return order


def approve_on_the_tablet(optician: Keyboard, order: Order) -> None:
    optician.tab_to("Approve on tablet").leads("Enter")
    optician.fill("name", "Chidi Okafor").tab_to("agree").press("Space").tab_to("Agree").leads("Enter")
    order.refresh_from_db()
    assert order.state == "confirmed"


def pay_half(desk: Keyboard, order: Order) -> None:
    with desk.at_most(6):
        desk.palette(order.number, order.number).press("p")
        desk.page.wait_for_function("document.activeElement.name === 'amount'")
        desk.leads("Control+Enter")
    total = order.quotations.get().total
    assert LedgerEntry.objects.get(kind="payment").amount == -(total / 2).quantize(Decimal("0.01"))


def release(optician: Keyboard, order: Order) -> Job:
    optician.palette(order.number, order.number).leads("n")
    optician.page.wait_for_url("**/release/**")
    optician.fill("tray", "T-900").leads("Control+Enter")
    return Job.objects.get()


def make_and_check(technician: Keyboard, job: Job) -> None:
    technician.page.wait_for_url("**/lab/")  # the technician's day begins at the board
    for stage in ("surfacing", "coating", "edging", "assembly", "quality"):
        technician.page.wait_for_selector("input[name=code]:focus")
        with technician.at_most(2):
            technician.type("T-900").leads("Enter")
        job.refresh_from_db()
        assert job.stage == stage
    technician.page.wait_for_url("**/quality/")  # the scan into that stage opens the check, its first box ready
    measured = {
        "right_sphere": "-225", "right_cylinder": "-75", "right_axis": "90", "right_add": "200", "right_height": "22",
        "left_sphere": "-200", "left_cylinder": "-50", "left_axis": "85", "left_add": "200", "left_height": "22",
        "vertical_imbalance": "0", "horizontal_imbalance": "0",
    }  # fmt: skip
    with technician.at_most(24):
        for name in technician.page.eval_on_selector_all("[data-reading]", "boxes => boxes.map(box => box.name)"):
            technician.fill(f"id_{name}", measured[name])
        technician.leads("Control+Enter")
    job.refresh_from_db()
    assert job.state == "passed"
    technician.press("Escape", "g").leads("l")
    for _scan in range(2):  # out of the laboratory, into the shop
        if job.state != "ready":
            technician.page.wait_for_selector("input[name=code]:focus")
            technician.type("T-900").leads("Enter")
            job.refresh_from_db()
    assert job.state == "ready"


def hand_over(optician: Keyboard, order: Order) -> None:
    with optician.at_most(10):
        optician.scan("T-900").page.wait_for_url("**/collect/**")
        optician.page.wait_for_selector("[data-first-box] input:focus")
        optician.press("Space", "Tab", "Tab", "Space", "Alt+r").type("SLIP 78").press("Alt+t").type("Chidi Okafor")
        optician.leads("Control+Enter")
    order.refresh_from_db()
    assert order.state == "collected"


def test_one_customer_from_walk_in_to_collection_by_keyboard(sit_down, people) -> None:
    frame = Frame.objects.get(stock__branch__code="RSB", sku="KAR-214-BLACK")
    before = StockItem.objects.get(frame=frame, branch__code="RSB").on_hand
    reception = sit_down("zanele", "Rosebank")
    customer = walk_in(reception)
    signed = examine_and_sign(sit_down("naledi", "Rosebank"), customer)
    right, left = signed.eyes.all()
    assert (right.sphere, right.cylinder, right.axis, right.add) == (Decimal("-2.25"), Decimal("-0.75"), 90, 2)
    assert (left.sphere, left.cylinder, left.axis, left.add) == (-2, Decimal("-0.5"), 85, 2)
    optician = sit_down("pieter", "Rosebank")
    with optician.at_most(45):
        order = choose_and_quote(optician, frame)
    approve_on_the_tablet(optician, order)
    pay_half(reception, order)
    job = release(sit_down("pieter", "Rosebank"), order)
    technician = sit_down("riaan", "Midrand")
    make_and_check(technician, job)
    hand_over(sit_down("pieter", "Rosebank"), order)
    job.refresh_from_db()
    stock = StockItem.objects.get(frame=frame, branch__code="RSB")
    assert (job.state, stock.on_hand, stock.reserved) == ("collected", before - 1, 0)
    assert sum(entry.amount for entry in order.ledger.all()) == 0
    assert Warranty.objects.filter(order=order).exists()
