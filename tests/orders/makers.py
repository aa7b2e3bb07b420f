"""A practice small enough to know by heart: one order with a frame, a pair of lenses, a prescription and measures."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from branches.models import Branch, Organisation
from branches.roles import Role
from catalogue.models import Frame, LensAddOn, LensProduct, PriceBand, Service, Supplier
from core.actor import Actor
from customers.models import Customer
from inventory.models import Movement, StockItem
from inventory.services import ledger as stock_ledger
from inventory.services import stock
from inventory.services.ledger import Posting
from orders import numbering
from orders.models import FrameChoice, LensSpecification, Measurement, Order, Quotation
from orders.services import decisions, quotations
from orders.services.decisions import ApprovalAnswer
from orders.services.quotations import QuoteRequest
from prescriptions import judging
from prescriptions.models import Prescription
from prescriptions.services import common, prescriptions
from records.models import ApprovalMethod
from tests import factories

_n = count(1)


def organisation() -> Organisation:
    return Organisation.objects.first() or Organisation.objects.create(
        name="Meridian Optical", legal_name="Meridian Optical (Pty) Ltd", tax_number="4990 000 000", currency="ZAR"
    )


def customer(at: Branch, **fields: Any) -> Customer:
    n = next(_n)
    given, family = fields.pop("given_names", "Thandi"), fields.pop("family_name", "Mokoena")
    return Customer.objects.create(
        number=f"C-{100000 + n}",
        given_names=given,
        family_name=family,
        birth_date=date(1974, 3, 4),
        phone="+27825554417",
        email=f"customer{n}@post.example",
        home_branch=at,
        sort_key=f"{family} {given}".lower(),
        search_text=f"{given} {family} c-{100000 + n}".lower(),
        **fields,
    )


def frame(price: str = "2450.00") -> Frame:
    n = next(_n)
    supplier, _made = Supplier.objects.get_or_create(code="S1", defaults={"name": "Karoo Frames"})
    return Frame.objects.create(
        sku=f"K-{n}", supplier=supplier, brand="Karoo", model="214", colour="havana", material="plastic",
        eye_size_mm=52, bridge_mm=18, temple_mm=140, a_mm=52, b_mm=38, dbl_mm=18, ed_mm=54,
        cost=Decimal("900.00"), price=Decimal(price),
    )  # fmt: skip


def lens(price: str = "3190.00", **fields: Any) -> LensProduct:
    n = next(_n)
    supplier, _made = Supplier.objects.get_or_create(code="S2", defaults={"name": "Vista Lenses"})
    defaults: dict[str, Any] = {"lead_days": 4, "corridor_mm": Decimal(14)}
    return LensProduct.objects.create(
        code=f"L-{n}", supplier=supplier, name="Vista HD progressive 1.60", design="progressive", form="free_form",
        material="MR-8", index_nd=Decimal("1.600"), cost=Decimal("1100.00"), price=Decimal(price),
        **(defaults | fields),
    )  # fmt: skip


def add_on(price: str = "625.00") -> LensAddOn:
    supplier, _made = Supplier.objects.get_or_create(code="S2", defaults={"name": "Vista Lenses"})
    return LensAddOn.objects.create(
        code=f"A-{next(_n)}", supplier=supplier, name="ClearShield anti-reflection", kind="coating",
        cost=Decimal("150.00"), price=Decimal(price),
    )  # fmt: skip


def service(price: str = "690.00") -> Service:
    return Service.objects.create(code=f"E-{next(_n)}", name="Eye examination", price=Decimal(price))


def band(product: LensProduct, quantity: str, low: str, high: str, price: str) -> PriceBand:
    return PriceBand.objects.create(
        product=product, quantity=quantity, from_dioptres=Decimal(low), to_dioptres=Decimal(high),
        cost=Decimal("10.00"), price=Decimal(price),
    )  # fmt: skip


def prescription(of: Customer, at: Branch, right_axis: int = 65) -> Prescription:
    by = factories.optometrist(at)
    return factories.signed_prescription(by, of, right={"axis": right_axis})


def correct(old: Prescription, right_axis: int = 90) -> Prescription:
    """The next version of the document, through the service: the old one is superseded."""
    by = factories.optometrist(old.branch)
    data = factories.rx_data(old.customer, right={"axis": right_axis})
    found = common.verdicts(data, old)
    keys = [judging.key_of(one, data.values) for one in found]
    return prescriptions.correct(by, old.pk, data, ("P02", "written down wrong"), keys)


@dataclass
class Shop:
    """One branch with the people whom selling needs."""

    branch: Branch
    optician: Actor
    manager: Actor
    receptionist: Actor


def shop(code: str = "", **fields: Any) -> Shop:
    organisation()
    at = factories.branch(code, **fields)
    return Shop(
        at,
        factories.staff(Role.DISPENSING_OPTICIAN, at),
        factories.staff(Role.BRANCH_MANAGER, at),
        factories.staff(Role.RECEPTIONIST, at),
    )


def order(at: Shop, **fields: Any) -> Order:
    """A draft with everything chosen and measured; the frame is reserved from the branch's stock."""
    who = fields.pop("customer", None) or customer(at.branch)
    rx = fields.pop("prescription", None) or prescription(who, at.branch)
    made = Order.objects.create(
        number=numbering.order_number(at.branch),
        public_code=numbering.public_code(),
        branch=at.branch,
        collect_branch=fields.pop("collect_branch", at.branch),
        customer=who,
        prescription=rx,
        recorded_by_id=at.optician.user_id,
        seller_id=at.optician.user_id,
        owner_id=at.optician.user_id,
        **fields,
    )
    choose(made, at)
    return made


def choose(made: Order, at: Shop) -> None:
    chosen, product = frame(), lens()
    recorded = {"order": made, "recorded_by_id": at.optician.user_id, "responsible_role": at.optician.role}
    choice = FrameChoice.objects.create(
        **recorded, frame=chosen, a_mm=52, b_mm=38, dbl_mm=18, ed_mm=54, stock_branch=at.branch
    )
    choice.reservation_reference = f"orders.framechoice:{choice.pk}"
    choice.save()
    item = StockItem.objects.create(branch=at.branch, frame=chosen)
    stock_ledger.post(item, Posting(Movement.RECEIVED, 2), at.optician)
    stock.reserve(at.optician, at.branch.pk, chosen.pk, choice.reservation_reference)
    specification = LensSpecification.objects.create(**recorded, right=product, left=product)
    specification.add_ons.add(add_on())
    Measurement.objects.create(
        **recorded, measured_by_id=at.optician.user_id, right_far_pd_mm=Decimal("31.5"), left_far_pd_mm=Decimal("31.0"),
        right_height_mm=Decimal(21), left_height_mm=Decimal(21),
    )  # fmt: skip


def quoted(at: Shop, request: QuoteRequest | None = None, **fields: Any) -> Quotation:
    return quotations.make(at.optician, order(at, **fields).pk, request or QuoteRequest())


def answer(quotation: Quotation, **fields: Any) -> ApprovalAnswer:
    defaults: dict[str, Any] = {
        "method": ApprovalMethod.TYPED_IN_SHOP,
        "name": "Thandi Mokoena",
        "seen_hash": quotation.content_hash,
    }
    return ApprovalAnswer(**(defaults | fields))


def confirmed(at: Shop, request: QuoteRequest | None = None, **fields: Any) -> Order:
    """An order that its customer approved in the shop, with the charge in the ledger."""
    quotation = quoted(at, request, **fields)
    decisions.approve(at.optician, quotation.pk, answer(quotation))
    return Order.objects.get(pk=quotation.order_id)


def make_late(made: Order, days: int = 3) -> None:
    made.promised_on = timezone.localdate() - timedelta(days=days)
    made.save()
