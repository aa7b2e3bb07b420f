"""The tasks by which the counter is judged: every key and click counted, the end read from the database.

`overhead` is what a person presses beside the values themselves: a chord, a scan and a click are one each. A task begins
at the Today board, signed in. Counted elsewhere: the palette and the walk-in in `test_counter.py`, the prescription in
`test_prescription_grid.py`; from frame to quotation, the deposit, the laboratory's scans, the check and the hand-over in
`test_whole_journey.py`.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from branches.models import User
from branches.roles import Role
from catalogue.models import CatalogueImport, Frame
from core import job_runs
from core.actor import Actor
from labjobs.models import Job
from orders.models import Order
from orders.services import links
from orders.workdays import today
from prescriptions import rows
from prescriptions.models import Prescription
from records.models import Approval, Event, Review
from shipping.models import Shipment
from tests import factories
from tests.catalogue import test_imports as lists
from tests.e2e.conftest import PHONE, enter
from tests.labjobs import makers
from tests.orders import makers as selling
from tests.reports import makers as facts
from tests.shipping import makers as sending


class Hands:
    """One person at one browser. `overhead` counts keys, scans and clicks; `data` types values without counting."""

    def __init__(self, page: Page) -> None:
        self.page, self.overhead = page, 0

    def press(self, *keys: str) -> "Hands":
        for key in keys:
            self.page.keyboard.press(key)
            self.overhead += 1
        return self

    def data(self, text: str) -> "Hands":
        self.page.keyboard.type(text)
        return self

    def scan(self, code: str) -> "Hands":
        """A wedge scanner types its prefix, the code and Enter: one action."""
        self.overhead += 1
        with self.page.expect_navigation():
            self.page.keyboard.type(f"~{code}")
            self.page.keyboard.press("Enter")
        return self

    def leads(self, *keys: str) -> "Hands":
        """Keys that lead to another page."""
        with self.page.expect_navigation():
            self.press(*keys)
        return self

    def click(self, role: str, name: str) -> "Hands":
        self.overhead += 1
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        return self

    def focused(self, selector: str) -> "Hands":
        self.page.wait_for_selector(f"{selector}:focus")
        return self

    def palette(self, text: str, found: str) -> "Hands":
        self.press("Control+k")
        self.page.wait_for_selector("#palette[open]")
        self.data(text)
        self.page.wait_for_selector(f"#palette [role=option][aria-selected=true] >> text={found}")
        return self.leads("Enter")


@pytest.fixture
def at(db) -> makers.Bench:
    return makers.bench(trays=8)


@pytest.fixture
def sit_down(context: BrowserContext, page: Page, live_server):
    """`sit_down(actor)`: this person signed in, at the Today board."""

    def sit(actor: Actor) -> Hands:
        enter(context, User.objects.get(pk=actor.user_id), live_server)
        page.goto("/")
        return Hands(page)

    return sit


def test_a_prescription_is_corrected_after_release_in_twelve(at: makers.Bench, sit_down) -> None:
    job = makers.released(at)
    old = job.order.prescription
    hands = sit_down(factories.optometrist(at.shop.branch))
    hands.palette(job.order.number, job.order.number).leads("e")
    hands.focused("#id_right_sphere").press("Tab", "Tab").data("90").press("Alt+r").focused("#id_reason_code")
    hands.page.wait_for_selector("#rx-changes ins")
    assert "T-317" in hands.page.locator(".panel").inner_text(), "the job is listed under what it affects"
    hands.press("P", "Tab").data("Trial frame read 090")
    hands.leads("Control+Enter")
    assert hands.overhead <= 12, hands.overhead
    made = Prescription.objects.get(series=old.series, version=2)
    old.refresh_from_db()
    job.refresh_from_db()
    assert (rows.data_of(old).right.axis, old.state) == (65, "superseded")
    assert (rows.data_of(made).right.axis, made.correction_reason) == (90, "Trial frame read 090")
    assert job.on_hold_since is not None
    assert Approval.objects.get(order_id=job.order_id, kind="quotation").out_of_date_at is not None
    assert {"quotation_approval", "lab_job"} <= set(Review.objects.values_list("decision", flat=True))
    assert Event.objects.filter(kind="prescription.corrected", reason__contains="Trial frame").exists()


def test_late_jobs_get_a_new_date_with_its_cause_in_ten(at: makers.Bench, sit_down) -> None:
    jobs = [makers.released(at, tray=f"T-{317 + n}") for n in range(3)]
    day = today(at.shop.branch)
    Job.objects.update(promised_on=day - timedelta(days=2), first_promised_on=day - timedelta(days=2))
    Order.objects.update(promised_on=day - timedelta(days=2), first_promised_on=day - timedelta(days=2))
    hands = sit_down(at.shop.manager)
    due = hands.page.locator("#due a").all_inner_texts()
    hands.leads(str(next(n for n, text in enumerate(due, 1) if "Late laboratory jobs" in text)))
    hands.press("a").leads("d")
    hands.focused("#id_new_date").page.locator("#id_new_date").fill((day + timedelta(days=6)).isoformat())
    hands.press("Alt+c").focused("#id_cause").press("L", "Tab").data("The coating has to be made again")
    hands.leads("Control+Enter")
    assert hands.overhead <= 10, hands.overhead
    moved = Job.objects.filter(pk__in=[job.pk for job in jobs])
    assert {job.promised_on for job in moved} == {day + timedelta(days=6)}
    told = Event.objects.filter(kind="order.repromised")
    assert (told.count(), {event.reason for event in told}) == (3, {"The coating has to be made again"})


def test_a_parcel_is_shipped_in_six(at: makers.Bench, sit_down) -> None:
    job = sending.sendable(at, tray="T-317")
    hands = sit_down(at.shop.receptionist)
    hands.scan("T-317").focused("#id_tracking_number").data(sending.NUMBER)
    hands.leads("Enter")
    assert hands.overhead <= 6, hands.overhead
    shipment = Shipment.objects.get()
    assert (shipment.order_id, shipment.tracking_number) == (job.order_id, sending.NUMBER)
    assert shipment.handed_over_at is not None


def test_ten_parcels_take_twelve_one_scan_each_and_two_more(at: makers.Bench, sit_down) -> None:
    """Counted with three: from the list of parcels one key opens, each parcel is one scan, one chord ships them."""
    trays = [f"T-{317 + n}" for n in range(3)]
    for tray in trays:
        sending.sendable(at, tray=tray)
    hands = sit_down(at.shop.receptionist)
    hands.press("g").leads("p")
    hands.overhead = 0
    hands.leads("n").focused("#id_scans")
    for tray in trays:
        hands.overhead += 1
        hands.data(tray + "\n")
    hands.leads("Control+Enter")
    assert hands.overhead - len(trays) <= 2
    assert Shipment.objects.filter(handed_over_at__isnull=False).count() == 3


def test_the_link_goes_out_in_three_and_the_customer_agrees_in_three_taps(
    at: makers.Bench, sit_down, browser: Browser, live_server
) -> None:
    order = selling.quoted(at.shop).order
    hands = sit_down(at.shop.optician)
    hands.page.goto(f"/orders/{order.number}/")
    hands.leads("n").leads("Control+Enter")
    assert hands.overhead <= 3
    phone = browser.new_context(viewport=PHONE, base_url=live_server.url).new_page()
    phone.goto("/" + links.link_for(order, "sms").partition("//")[2].partition("/")[2])
    phone.get_by_label("Your full name").fill("Thandi Mokoena")
    phone.locator("main input[type=checkbox]").check()
    phone.get_by_role("button", name="Agree").click()
    phone.wait_for_load_state()
    order.refresh_from_db()
    assert order.state == "confirmed"


def test_from_the_rework_rate_to_its_orders_in_three(at: makers.Bench, sit_down) -> None:
    day = today(at.shop.branch)
    facts.many("rework", at.shop.branch, day, 26)
    facts.many("rework", at.shop.branch, day - timedelta(days=3), 4, hit=1, causes={"cause": "S02", "party": "shop"})
    hands = sit_down(at.shop.manager)
    hands.page.goto("/measures/")
    page = hands.page
    tile = page.locator("a.stat[href*=rework]")
    assert "4 of 30" in tile.inner_text()
    tile.click()
    page.locator("a[href*='value=S02']:visible").first.locator("rect, text").first.click()
    page.wait_for_url("**/rows/**")
    assert page.locator("main tbody tr").count() == 4


def test_a_list_of_frames_is_tried_and_written_in_eight_clicks(at: makers.Bench, sit_down, tmp_path) -> None:
    frames = [lists.row(number) for number in range(40)]
    frames[7] = lists.row(7, Size="round")
    file = tmp_path / "frames.csv"
    file.write_bytes(lists.csv_of(frames))
    supplier = factories.supplier()
    hands = sit_down(factories.staff(Role.FRAME_CONTROLLER, at.shop.branch))
    page, before = hands.page, Frame.objects.count()
    page.goto("/catalogue/imports/")
    hands.overhead += 2  # the box of the supplier, the file
    page.get_by_label("Supplier").select_option(str(supplier.pk))
    page.get_by_label("List as CSV or XLSX").set_input_files(str(file))
    hands.click("button", "Upload")
    page.wait_for_url("**/imports/*-*/")
    with page.expect_navigation():
        hands.click("button", "Dry run")
    job_runs.run_waiting()
    page.reload()
    assert Frame.objects.count() == before
    assert "Size" in page.locator("#dry-run").inner_text()
    assert "Write 39 rows" in page.locator(".nextbar").inner_text()
    with page.expect_navigation():
        hands.click("button", "Apply")
    job_runs.run_waiting()
    assert hands.overhead <= 8
    assert Frame.objects.count() == before + 39
    assert CatalogueImport.objects.get().state == "applied"
