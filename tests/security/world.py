"""Everything a route can point at: the sample practice, with a person of every role inside and outside Rosebank."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.test import Client
from django.utils import timezone

from branches.models import Branch, User
from branches.roles import Role
from tests import factories

# Roles of one branch; head office belongs to every branch and is judged apart.
ROLES = [role for role in Role.values if role != Role.HEAD_OFFICE]


@dataclass
class World:
    """`inside` and `outside` hold a signed-in client for each role, in Rosebank and in a branch that shares nothing with it."""

    shop: Branch
    elsewhere: Branch
    inside: dict[str, Client] = field(default_factory=dict)
    outside: dict[str, Client] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    @cached_property
    def order(self) -> Any:
        from orders.models import Order

        return Order.objects.filter(branch=self.shop, collect_branch=self.shop).exclude(jobs=None).latest("pk")

    @cached_property
    def draft(self) -> Any:
        from orders.models import Order

        return Order.objects.filter(branch=self.shop, state="draft").first() or self.order

    @cached_property
    def job(self) -> Any:
        return self.order.jobs.latest("pk")

    @cached_property
    def quotation(self) -> Any:
        return self.order.quotations.latest("pk")

    @cached_property
    def entry(self) -> Any:
        from orders.models import LedgerEntry

        return LedgerEntry.objects.filter(branch=self.shop, kind="payment").latest("pk")

    @cached_property
    def customer(self) -> Any:
        return self.order.customer

    @cached_property
    def prescription(self) -> Any:
        return self.order.prescription

    @cached_property
    def visit(self) -> Any:
        from visits.models import Visit

        return Visit.objects.filter(branch=self.shop).latest("pk")

    @cached_property
    def appointment(self) -> Any:
        from visits.models import Appointment

        return Appointment.objects.filter(branch=self.shop).latest("pk")

    @cached_property
    def case(self) -> Any:
        from cases.services import cases
        from core import actor

        data = cases.CaseData("complaint", self.order, self.shop.pk, "Waited", order_id=self.order.pk)
        return cases.open_case(actor.system(), data)

    @cached_property
    def review(self) -> Any:
        from core import actor
        from records.services import reviews

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
        from core import actor
        from records.models import EvidenceKind
        from records.services import evidence

        upload = evidence.Upload("note.json", b'{"a": 1}')
        data = evidence.EvidenceData(EvidenceKind.FILE, "Data", upload=upload)
        return evidence.add(actor.system(), evidence.Subject(self.order, self.shop.pk), data)

    @cached_property
    def message(self) -> Any:
        from notifications.models import Message

        return Message.objects.filter(branch=self.shop).latest("pk")

    @cached_property
    def frame(self) -> Any:
        from catalogue.models import Frame

        return Frame.objects.earliest("pk")

    @cached_property
    def lens(self) -> Any:
        from catalogue.models import LensProduct

        return LensProduct.objects.earliest("pk")

    @cached_property
    def stock(self) -> Any:
        from inventory.models import StockItem

        return StockItem.objects.filter(branch=self.shop).earliest("pk")


def build() -> World:
    """The sample practice of this moment, and the people who try its doors."""
    from demo import practice

    practice.build(timezone.now() - timedelta(minutes=1))
    shop = Branch.objects.get(code="RSB")
    world = World(shop, factories.branch("ELSE"))
    for role in ROLES:
        world.inside[role] = _signed_in(world, role, shop)
        world.outside[role] = _signed_in(world, role, world.elsewhere)
    return world


def _signed_in(world: World, role: str, at: Branch) -> Client:
    person = factories.user(role, at)
    world.people[f"{role}@{at.code}"] = person
    client = Client()
    client.force_login(person)
    return client
