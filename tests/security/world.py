"""Everything a route can point at: one shop at work, with a person of every role inside it and outside."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.utils import timezone

from branches.models import Branch, User
from branches.roles import Role
from cases.services import cases
from catalogue.models import Frame, LensProduct
from core import actor
from customers.services import importing
from inventory.models import StockItem
from inventory.services import opening
from notifications.models import Message
from orders.models import LedgerEntry
from orders.services import banking
from records.models import EvidenceKind, Handover
from records.services import evidence, reviews
from shipping.models import Carrier, Shipment
from tests import factories
from tests.labjobs import makers
from tests.rows import lay_down
from visits.models import Appointment, AppointmentKind
from visits.services import visits

# Made-up keys for what the sample practice has none of.
NO_EXAMPLE: dict[str, tuple[Any, ...]] = {
    "import": ("999",),
    "transfer": ("T-999",),
    "transfer-line": ("T-999", 999),
    "count": ("S-999",),
    "remake": ("K-99999",),
    "lab_measure": ("NONE", "rework"),
    "value": ("nothing",),
    "token": ("nothing",),
    "code": ("nothing",),
    "code-pk": ("nothing", 999),
    "code-asked": ("nothing", "5f0c1c7e-3f5e-4a52-9b7e-0d6d1f1f2a3b"),
    "adapter": ("nobody",),
    "number": ("X-99999",),
    "claim": ("RSB-99999", 999),
    "order-order": ("RSB-99999", "RSB-99998"),
    "term": ("nothing",),
    "body": (),
    "door": ("easypost", "5f0c1c7e-3f5e-4a52-9b7e-0d6d1f1f2a3b"),
    "rule": ("nothing", "sms", "off"),
    "mail": ("nothing", "en"),
    "text": ("nothing", "sms", "en"),
    "view-state": (999_999, "on"),
    "frame": ("nothing",),
    "order": ("RSB-99999",),
    "person-membership": (999_999, 999_999),
    "export": ("00000000-0000-4000-8000-000000000000",),
    "dataset": ("nothing",),
    "customer": ("C-999999",),
    "pack-file": (999_999, "pdf"),
    "list": ("nothing",),
}

# Roles of one branch; head office belongs to every branch and is judged apart.
ROLES = [role for role in Role.values if role != Role.HEAD_OFFICE]


# The branch alone decides for a stranger: the role that may most, and the one at the counter, stand for all.
STRANGERS = (Role.BRANCH_MANAGER, Role.RECEPTIONIST)
# Made once for the module, before the first test, so that undoing a test does not take them away.
OBJECTS = (
    "job", "order", "quotation", "entry", "customer", "prescription", "visit", "appointment", "case", "review",
    "handover", "evidence", "shipment", "message", "frame", "lens", "stock", "returned",
    "customer_import", "opening", "statement",
)  # fmt: skip


@dataclass
class World:
    """`inside` and `outside` hold a signed-in client for each role, in the shop and in a branch that shares nothing with it."""

    bench: makers.Bench
    shop: Branch
    elsewhere: Branch
    inside: dict[str, Client] = field(default_factory=dict)
    outside: dict[str, Client] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def args(self, target: str) -> tuple[Any, ...]:
        """What an address of this object is made with."""
        name, _, more = target.lstrip("?").partition("+")
        if target.startswith("?"):
            return NO_EXAMPLE.get(name, (999_999,))
        found: dict[str, Any] = {
            "": lambda: (),
            "order": lambda: (self.order.number,),
            "job": lambda: (self.job.number,),
            "case": lambda: (self.case.number,),
            "measure": lambda: ("rework",),
            "customer": lambda: (self.customer.number,),
            "rx": lambda: (self.prescription.pk,),
            "visit": lambda: (self.visit.pk,),
            "appointment": lambda: (self.appointment.pk,),
            "message": lambda: (self.message.pk,),
            "stock": lambda: (self.stock.pk,),
            "entry": lambda: (self.entry.number,),
            "policy": lambda: ("frames",),
            "return": lambda: (self.returned.number,),
            "statement": lambda: (self.statement.number,),
            "bank-line": lambda: (self.statement.rows.get().pk,),
            "opening": lambda: (self.opening.number,),
            "customer-import": lambda: (self.customer_import.number,),
            "review": lambda: (self.review.pk,),
            "handover": lambda: (self.handover.pk,),
            "evidence": lambda: (self.evidence.pk,),
            "record": lambda: ("orders.order", self.order.pk),
            "frame": lambda: (self.frame.pk,),
            "lens": lambda: (self.lens.pk,),
            "add_on": lambda: (self.of("catalogue.LensAddOn").pk,),
            "service": lambda: (self.of("catalogue.Service").pk,),
            "supplier": lambda: (self.of("catalogue.Supplier").pk,),
            "shipment": lambda: (self.shipment.number,),
            "carrier": lambda: (self.shipment.carrier.code,),
            "lab": lambda: (self.job.lab.code,),
            "edition": lambda: (self.of("labjobs.ToleranceEdition").pk,),
            "person": lambda: (self.people[f"receptionist@{self.shop.code}"].pk,),
            "branch": lambda: (self.shop.pk,),
            "room": lambda: (self.shop.rooms.get_or_create(name="Test room")[0].pk,),
        }
        extra = {
            "version": lambda: (self.quotation.version,),
            "record": lambda: (),
            "tick": lambda: ("customer_answered",),
        }
        if target == "case+record":
            return "orders.order", self.order.pk
        return (*found[name](), *(extra[more]() if more in extra else (more,) if more else ()))

    def of(self, label: str) -> Any:
        return apps.get_model(label)._default_manager.earliest("pk")

    def example(self, label: str) -> Any:
        """A record of this kind in the shop; what the shop at work has none of is laid down beside its verbs."""
        shop, order = self.shop, self.order
        made = {
            "inventory.transfer": {"from_branch": shop, "to_branch": self.elsewhere, "number": "T-77777"},
            "inventory.stockcount": {"branch": shop, "number": "S-77777"},
            "orders.claim": {"order": order},
            "prescriptions.eyetest": {
                "customer": self.customer,
                "branch": shop,
                "optometrist": self.people[f"optometrist@{shop.code}"],
            },
            "labjobs.remake": {
                "order": order,
                "job": self.job,
                "number": "M-77777",
                "kind": "remake",
                "cause": "S02",
                "payer": "shop",
                "party_at_fault": "shop",
            },
            "labjobs.qualitycheck": {"job": self.job},
            "labjobs.fitting": {"job": self.job, "order": order},
            "labjobs.warranty": {"job": self.job, "order": order},
            "catalogue.catalogueimport": {"number": "I-77777", "supplier": self.frame.supplier},
        }
        model = apps.get_model(label)
        if label in made:
            return lay_down(model, **made[label])
        return model._default_manager.earliest("pk")

    @cached_property
    def job(self) -> Any:
        return makers.released(self.bench)

    @cached_property
    def order(self) -> Any:
        return self.job.order

    @cached_property
    def shipment(self) -> Any:
        carrier, _made = Carrier.objects.get_or_create(code="matrix", defaults={"name": "Matrix Couriers"})
        address = {"name": "Thandi Mokoena", "line1": "12 Bree Street", "city": "Cape Town", "country": "ZA"}
        return Shipment.objects.create(
            number=f"{self.order.number}-S1", order=self.order, branch=self.shop, carrier=carrier, address=address
        )

    @cached_property
    def handover(self) -> Any:
        return Handover.objects.filter(order_id=self.order.pk).earliest("pk")

    @cached_property
    def quotation(self) -> Any:
        return self.order.quotations.latest("pk")

    @cached_property
    def entry(self) -> Any:
        return LedgerEntry.objects.filter(branch=self.shop, kind="payment").latest("pk")

    @cached_property
    def customer_import(self) -> Any:
        """Uploaded and not tried: no step of it is done."""
        row = b"First name,Surname\nMatrix,Importee\n"
        return importing.upload(actor.system(), self.shop.pk, "list.csv", row)

    @cached_property
    def statement(self) -> Any:
        """Matched, and no line of it is settled."""
        system = actor.system()
        content = b"Date,Amount,Description\n2026-11-24,100.00,Somebody\n"
        made = banking.upload(system, self.shop.pk, "ZA1234567", "bank.csv", content)
        return banking.dry_run(system, made.pk, made.columns)

    @cached_property
    def opening(self) -> Any:
        """A list of stock that is uploaded and not tried."""
        return opening.upload(actor.system(), self.shop.pk, "stock.csv", b"SKU,Pieces\nNOTHING-1,2\n")

    @cached_property
    def returned(self) -> Any:
        """Asked for and not decided: every step may be tried on it."""
        return apps.get_model("aftersales.Return").objects.create(
            number="RET-77777", order=self.order, branch=self.shop, reason="wrong", remedy="refund"
        )

    @cached_property
    def customer(self) -> Any:
        return self.order.customer

    @cached_property
    def prescription(self) -> Any:
        return self.order.prescription

    @cached_property
    def visit(self) -> Any:
        return visits.walk_in(self.bench.shop.receptionist, self.shop.pk, self.customer.pk, "New glasses")

    @cached_property
    def appointment(self) -> Any:
        begins = timezone.now() + timedelta(days=1)
        return Appointment.objects.create(
            branch=self.shop,
            customer=self.customer,
            clinician=self.people[f"optometrist@{self.shop.code}"],
            kind=AppointmentKind.EYE_TEST,
            period=DateTimeTZRange(begins, begins + timedelta(minutes=30)),
        )

    @cached_property
    def case(self) -> Any:
        data = cases.CaseData("complaint", self.order, self.shop.pk, "Waited", order_id=self.order.pk)
        return cases.open_case(actor.system(), data)

    @cached_property
    def review(self) -> Any:
        reopened = reviews.Reopened(
            subject=self.order,
            decision="test",
            what_changed="a",
            why_it_matters="b",
            before_next_stage="c",
            cause=self.order,
            owner_role=Role.BRANCH_MANAGER,
            branch_id=self.shop.pk,
            order_id=self.order.pk,
        )
        return reviews.open_for(reopened, actor.system())

    @cached_property
    def evidence(self) -> Any:
        upload = evidence.Upload("note.json", b'{"a": 1}')
        data = evidence.EvidenceData(EvidenceKind.FILE, "Data", upload=upload)
        return evidence.add(actor.system(), evidence.Subject(self.order, self.shop.pk), data)

    @cached_property
    def message(self) -> Any:
        return Message.objects.create(
            dedupe_key="matrix",
            template_key="ready",
            channel="sms",
            customer=self.customer,
            order=self.order,
            branch=self.shop,
            recipient="+27821234417",
            body="Ready",
            state="dead",
        )

    @cached_property
    def frame(self) -> Any:
        return Frame.objects.earliest("pk")

    @cached_property
    def lens(self) -> Any:
        return LensProduct.objects.earliest("pk")

    @cached_property
    def stock(self) -> Any:
        return StockItem.objects.filter(branch=self.shop).earliest("pk")


def build() -> World:
    """A shop with its laboratory, a job on its way through it, and the people who try the doors."""
    bench = makers.bench()
    shop = bench.shop.branch
    world = World(bench, shop, factories.branch("ELSE"))
    for role in ROLES:
        world.inside[role] = _signed_in(world, role, shop)
    for role in STRANGERS:
        world.outside[role] = _signed_in(world, role, world.elsewhere)
    for name in OBJECTS:
        getattr(world, name)
    return world


def _signed_in(world: World, role: str, at: Branch) -> Client:
    person = factories.user(role, at)
    world.people[f"{role}@{at.code}"] = person
    client = Client()
    client.force_login(person)
    return client
