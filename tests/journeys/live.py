"""A live example: one customer started through the pages, in a shop where another one's glasses are in work beside it.

`Live` walks it to the stage where a change happens. A journey then changes something, and says what the product did:
the earlier value and the reason kept, the reviews with their owners, the block, the unblock, and that nothing else moved.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from branches.models import User
from branches.roles import Role
from cases.models import Case
from catalogue.models import Frame, LensProduct
from core.actor import Actor
from customers.models import Customer
from inventory.models import StockItem
from labjobs.models import Job
from orders.models import FrameChoice, LedgerEntry, LensSpecification, Measurement, Order, Quotation, QuotationLine
from prescriptions.models import Prescription
from records.models import Approval, Event, Handover, Review
from tests import factories
from tests.journeys.browser import Person
from tests.labjobs import makers
from tests.orders import makers as selling

MEASURES = {
    "right_far_pd_mm": "31.5", "left_far_pd_mm": "31.0", "right_near_pd_mm": "29.0", "left_near_pd_mm": "28.5",
    "right_height_mm": "22", "left_height_mm": "22", "vertex_mm": "13", "tilt_deg": "9", "wrap_deg": "5",
}  # fmt: skip
# What the bystander consists of; none of it may move by a change of somebody else's order.
_PARTS: tuple[tuple[Any, str], ...] = (
    (Order, "pk"), (Quotation, "order_id"), (QuotationLine, "quotation__order_id"), (FrameChoice, "order_id"),
    (LensSpecification, "order_id"), (Measurement, "order_id"), (Job, "order_id"), (LedgerEntry, "order_id"),
    (Approval, "order_id"), (Review, "order_id"), (Case, "order_id"), (Event, "order_id"), (Handover, "order_id"),
)  # fmt: skip


@dataclass
class Live:
    """The shop, its people, the order under way and the one beside it."""

    bench: makers.Bench
    keeper: Actor
    optometrist: Actor
    frame: Frame
    other_frame: Frame
    lens: LensProduct
    other_lens: LensProduct
    bystander: Job
    order: Order = field(default_factory=Order)
    job: Job = field(default_factory=Job)
    _people: dict[int, Person] = field(default_factory=dict)

    @property
    def customer(self) -> Customer:
        return self.order.customer

    @property
    def prescription(self) -> Prescription:
        assert self.order.prescription is not None
        return self.order.prescription

    def person(self, actor: Actor) -> Person:
        """Signed in, with their own browser."""
        assert actor.user_id is not None
        if actor.user_id not in self._people:
            self._people[actor.user_id] = Person(User.objects.get(pk=actor.user_id))
        return self._people[actor.user_id]

    @property
    def optician(self) -> Person:
        return self.person(self.bench.shop.optician)

    @property
    def receptionist(self) -> Person:
        return self.person(self.bench.shop.receptionist)

    @property
    def manager(self) -> Person:
        return self.person(self.bench.shop.manager)

    @property
    def technician(self) -> Person:
        return self.person(self.bench.technician)

    @property
    def stock(self) -> Person:
        return self.person(self.keeper)

    @property
    def tester(self) -> Person:
        return self.person(self.optometrist)

    def fresh(self) -> "Live":
        """Read the order and its job again."""
        self.order = Order.objects.select_related("customer", "prescription").get(pk=self.order.pk)
        if self.job.pk:
            self.job = Job.objects.select_related("tray", "lab").get(pk=self.job.pk)
        return self

    # --- the way of the order, each step by the person whose work it is ---

    def walk_in(self) -> Customer:
        self.receptionist.open("/visits/walk-in/").send(
            {"name": "John Example", "phone": "082 123 4567", "agrees": "on", "reason": "New glasses"},
            button="Put in the queue",
        )
        customer = Customer.objects.get(family_name="Example")
        customer.birth_date = date(1974, 3, 4)
        customer.save()
        return customer

    def quote(self) -> "Live":
        """Walk-in, a signed prescription, frame, measures, lenses and the quotation on the table."""
        customer = self.walk_in()
        factories.signed_prescription(self.optometrist, customer, right={"axis": 65}, far_pd_mm=Decimal("62.5"))
        browser = self.optician.open(f"/customers/{customer.number}/").send(form="/orders/start/", button="New order")
        self.order = Order.objects.exclude(pk=self.bystander.order_id).get()
        browser.send({"frame": self.frame.sku}, form="dispense/frame")
        browser.send(MEASURES | {"design": self.lens.family}, form="dispense", button="Make quotation")
        assert "/quote/" in browser.url, browser.said
        browser.send(button="Make the quotation")
        assert self.fresh().order.state == "quoted", browser.said
        return self

    def tablet(self) -> Person:
        """A browser of its own: it shows the quotation until the customer gives it back."""
        browser = Person(User.objects.get(pk=self.bench.shop.optician.user_id))
        return browser.open(f"/orders/{self.order.number}/").send(button="Approve on tablet")

    def read_what_changed(self) -> None:
        """The technician reads the last hand-over."""
        passed = Handover.objects.filter(order_id=self.order.pk).latest("pk")
        self.technician.open(f"/lab/jobs/{self.job.number}/").send(form=f"/handovers/{passed.pk}/read/")

    def agree(self, name: str = "John Example") -> "Live":
        """On the tablet in the shop."""
        browser = self.tablet()
        browser.send({"name": name, "agree": "on"}, button="Agree")
        return self.fresh()

    def confirm(self) -> "Live":
        """Agreed and the deposit paid: it may be released."""
        self.agree()
        assert self.order.state == "confirmed"
        self.receptionist.open(f"/orders/{self.order.number}/pay/").send({"reference": "77"}, button="Take payment")
        return self

    def release(self) -> Person:
        browser = self.optician.open(f"/lab/release/{self.order.number}/")
        browser.send({"tray": "T-319", "lab": self.bench.lab.pk}, form="release")
        job = Job.objects.filter(order=self.order).order_by("-pk").first()
        if job is not None:
            self.job = job
        self.fresh()
        return browser

    def to_quality(self) -> "Live":
        browser = self.technician.open(f"/lab/jobs/{self.job.number}/move/").send({"stage": "quality"})
        assert self.fresh().job.stage == "quality", browser.said
        return self

    def check(self, missing_look: str = "", **readings: str) -> Person:
        """Readings as ordered, unless given; every look is right except one."""
        values = {name: str(value) for name, value in makers.exact(self.job).items()} | readings
        looks = sorted(makers.ALL_LOOKS - {missing_look})
        signed = {
            name: f"+{value}" if name.endswith("_add") and not value.startswith("+") else value
            for name, value in values.items()
        }
        browser = self.technician.open(f"/lab/jobs/{self.job.number}/quality/").send(
            signed | {"looks": looks}, form="quality"
        )
        self.fresh()
        return browser

    def make_ready(self) -> "Live":
        """Through the laboratory, checked and back in the shop."""
        self.to_quality().check()
        assert self.job.state == "passed", self.technician.said
        self.technician.open(f"/lab/jobs/{self.job.number}/").send(form="/advance/")
        assert self.fresh().job.state == "ready"
        return self

    def hand_over(self, **fields: Any) -> Person:
        browser = self.optician.open(f"/lab/collect/{self.order.number}/")
        told = {"proofs": ["name", "phone"], "received_by": "John Example", "outcome": "passed", "method": "card"}
        browser.send(told | {"reference": "78"} | fields, form="collect")
        self.fresh()
        return browser

    def close(self, case: Case, note: str) -> Person:
        """Close a case, also where its page offers no button because something is missing."""
        browser = self.technician.open(f"/cases/{case.number}/")
        browser.post(f"/cases/{case.number}/close/", {"note": note})
        case.refresh_from_db()
        return browser

    # --- what happened ---

    def reviews(self) -> list[tuple[str, str, str, int | None]]:
        """(decision, state, what it blocks, who owns it), oldest first."""
        rows = Review.objects.filter(order_id=self.order.pk).order_by("pk")
        return [(one.decision, one.state, one.blocks, one.owner_id) for one in rows]

    def open_reviews(self) -> list[str]:
        return [decision for decision, state, _blocks, _owner in self.reviews() if state == "open"]

    def event(self, kind: str) -> Event:
        found = Event.objects.filter(kind=kind).order_by("-pk").first()
        assert found is not None, kind
        return found

    def stock_of(self, frame: Frame) -> tuple[int, int]:
        item = StockItem.objects.get(frame=frame, branch=self.bench.shop.branch)
        return item.on_hand, item.reserved

    @contextmanager
    def nothing_else_moves(self) -> Iterator[None]:
        """Every row of the order beside it is the same afterwards."""
        before = self._beside()
        yield
        assert self._beside() == before

    def _beside(self) -> dict[str, list[dict[str, Any]]]:
        about = self.bystander.order_id
        return {
            model._meta.label: list(model._default_manager.filter(**{key: about}).order_by("pk").values())
            for model, key in _PARTS
        }


def build() -> Live:
    """A shop with its own laboratory, two frames in stock, two lenses, and another customer's job in production."""
    bench = makers.bench()
    keeper = factories.staff(Role.FRAME_CONTROLLER, bench.shop.branch)
    other = factories.customer(bench.shop.branch, number="C-900001", phone="+27825554417")
    beside = makers.released(bench, customer=other)
    here = bench.shop.branch
    frames = [factories.stocked(model, here, 2) for model in ("214", "310")]
    lenses = [selling.lens(family="Vista HD", coating_included="Clear"), selling.lens(family="Aurora")]
    for lens in lenses:
        factories.lens_range(lens)
    return Live(bench, keeper, factories.optometrist(here), frames[0], frames[1], lenses[0], lenses[1], beside)


def once(blocker: Any, walk: Callable[[Live], object]) -> Iterator[Live]:
    """For a fixture of a module: started once through the pages, rolled back after the last test."""
    with blocker.unblock(), transaction.atomic():
        live = build()
        walk(live)
        yield live
        transaction.set_rollback(True)


def again(blocker: Any, live: Live) -> Iterator[Live]:
    """For a fixture of a test: the same example, with everything the test does undone."""
    with blocker.unblock(), transaction.atomic():
        # Who signs in does so inside the test, and is undone with it.
        live._people.clear()
        live.job = Job.objects.filter(order=live.order).first() or Job()
        yield live.fresh()
        transaction.set_rollback(True)


def today() -> date:
    return timezone.localdate()
