"""Makers of test objects: plain functions, each with the least that a test must say."""

from decimal import Decimal
from itertools import count
from typing import Any

from branches.models import Branch, Membership, User
from branches.roles import Role
from catalogue.models import Frame, FrameMaterial, LensDesign, LensForm, LensProduct, LensRange, Supplier
from core.actor import Actor, Source
from customers.models import Customer
from inventory.services import stock
from orders.models import Order
from orders.services import dispense
from orders.services.dispense import MeasurementData
from prescriptions import judging, rows
from prescriptions.data import EyeData, PrescriptionData
from prescriptions.models import Prescription
from prescriptions.services import common, prescriptions

_numbers = count(1)


def branch(code: str = "", **fields: object) -> Branch:
    """A branch; `code` A, B, C ... unless given."""
    n = next(_numbers)
    code = code or f"B{n}"
    defaults: dict[str, object] = {"name": f"Branch {code}", "time_zone": "Africa/Johannesburg", "tax_percent": 15}
    return Branch.objects.create(code=code, **(defaults | fields))


def user(role: str = Role.RECEPTIONIST, at: Branch | None = None, **fields: object) -> User:
    """A member of staff holding one role in one branch (in every branch when `at` is None)."""
    n = next(_numbers)
    defaults: dict[str, object] = {"email": f"person{n}@practice.example", "full_name": f"Person {n}"}
    person = User.objects.create_user(password="a-long-password-1", **(defaults | fields))
    Membership.objects.create(user=person, branch=at, role=role)
    return person


def actor(person: User, at: Branch | None = None) -> Actor:
    """The person acting in a branch, with the roles they hold in the database."""
    roles = frozenset(person.memberships.values_list("branch_id", "role"))
    first = sorted(role for branch_id, role in roles if branch_id in (None, at and at.pk))
    return Actor(
        name=person.full_name,
        role=first[0] if first else "",
        source=Source.COUNTER,
        user_id=person.pk,
        branch_id=at.pk if at else None,
        roles=roles,
    )


def staff(role: str, at: Branch) -> Actor:
    """A new person with one role, acting in their branch."""
    return actor(user(role, at), at)


def customer(home: Branch | None = None, **fields: Any) -> Customer:
    """A customer as stored, without the service's duplicate search."""
    n = next(_numbers)
    given, family = fields.pop("given_names", "Thandi"), fields.pop("family_name", "Mokoena")
    defaults: dict[str, Any] = {
        "number": f"C-{700000 + n}",  # far from those that the services count
        "home_branch": home or branch(),
        "sort_key": f"{family} {given}".lower(),
        "search_text": f"{given} {family}".lower(),
    }
    return Customer.objects.create(given_names=given, family_name=family, **(defaults | fields))


def supplier(code: str = "KAR", name: str = "Karoo Eyewear") -> Supplier:
    return Supplier.objects.get_or_create(code=code, defaults={"name": name})[0]


def frame(model: str = "214", **fields: Any) -> Frame:
    """Karoo 214 havana, 52□18 140: A 52, B 38, DBL 18, ED 55."""
    n = next(_numbers)
    defaults: dict[str, Any] = {
        "sku": f"KAR-{model}-{n}",
        "supplier": supplier(),
        "brand": "Karoo",
        "colour": "havana",
        "material": FrameMaterial.PLASTIC,
        "eye_size_mm": Decimal(52),
        "bridge_mm": Decimal(18),
        "temple_mm": Decimal(140),
        "a_mm": Decimal(52),
        "b_mm": Decimal(38),
        "dbl_mm": Decimal(18),
        "ed_mm": Decimal(55),
        "cost": Decimal(900),
        "price": Decimal(2450),
    }
    return Frame.objects.create(model=model, **(defaults | fields))


def lens(made: bool = True, **fields: Any) -> LensProduct:
    """A progressive in 1.60; when `made`, from −10.00 to +8.00, cylinder to −6.00, add 0.75 to 3.50, 70 mm."""
    n = next(_numbers)
    defaults: dict[str, Any] = {
        "code": f"LENS-{n}",
        "supplier": supplier("VIS", "Vista Lenses"),
        "name": "Vista HD progressive 1.60",
        "family": "Vista HD progressive",
        "design": LensDesign.PROGRESSIVE,
        "form": LensForm.FREE_FORM,
        "material": "MR-8",
        "index_nd": Decimal("1.600"),
        "density": Decimal("1.30"),
        "corridor_mm": Decimal(14),
        "minimum_fitting_height_mm": Decimal(18),
        "minimum_above_mm": Decimal(10),
        "minimum_centre_thickness_mm": Decimal("1.30"),
        "lead_days": 4,
        "cost": Decimal(1400),
        "price": Decimal(3190),
    }
    product = LensProduct.objects.create(**(defaults | fields))
    if made:
        lens_range(product)
    return product


def lens_range(product: LensProduct, **fields: Any) -> LensRange:
    """From −10.00 to +8.00, cylinder to −6.00, add 0.75 to 3.50 when the design has one, prism to 6, at 70 mm."""
    adds = {"add_min": Decimal("0.75"), "add_max": Decimal("3.50")} if product.is_multifocal else {}
    defaults: dict[str, Any] = {
        "diameter_mm": 70,
        "sphere_min": Decimal(-10),
        "sphere_max": Decimal(8),
        "cylinder_min": Decimal(-6),
        "prism_max": Decimal(6),
    }
    return LensRange.objects.create(product=product, **(defaults | adds | fields))


def optometrist(at: Branch, **fields: object) -> Actor:
    """An optometrist who may sign: name Naledi Khumalo, registration number OP 0087341."""
    defaults: dict[str, object] = {"full_name": "Naledi Khumalo", "registration_number": "OP 0087341"}
    return actor(user(Role.OPTOMETRIST, at, **(defaults | fields)), at)


def rx_data(of: Customer, **fields: Any) -> PrescriptionData:
    """Thandi's progressive: R \u22122.25 \u22120.75 \u00d7 090, L \u22122.00 \u22120.50 \u00d7 085, add +2.00, PD 31.5 and 31.0."""
    right = {"sphere": "-2.25", "cylinder": "-0.75", "axis": 90, "add": "2.00", "far_pd_mm": "31.5", "va": "6/6"}
    left = {"sphere": "-2.00", "cylinder": "-0.50", "axis": 85, "add": "2.00", "far_pd_mm": "31.0", "va": "6/5"}
    defaults: dict[str, Any] = {
        "kind": "progressive",
        "right": rx_eye(**(right | fields.pop("right", {}))),
        "left": rx_eye(**(left | fields.pop("left", {}))),
    }
    return PrescriptionData(customer_id=of.pk, **(defaults | fields))


def rx_eye(**fields: Any) -> EyeData:
    """One eye; numbers may be written as text."""
    numbers = {
        "sphere",
        "cylinder",
        "add",
        "intermediate_add",
        "power",
        "far_pd_mm",
        "near_pd_mm",
        "base_curve_mm",
        "diameter_mm",
    }
    return EyeData(
        **{name: Decimal(value) if name in numbers and value is not None else value for name, value in fields.items()}
    )


def signed_prescription(by: Actor, of: Customer, **fields: Any) -> Prescription:
    """A signed prescription as the services make it; every warning is confirmed."""
    draft = prescriptions.save_draft(by, rx_data(of, **fields))
    data = rows.data_of(draft)
    keys = [judging.key_of(found, data.values) for found in common.verdicts(data, draft)]
    return prescriptions.sign(by, draft.pk, keys)


def stocked(model: str = "214", at: Branch | None = None, pieces: int = 1, **fields: Any) -> Frame:
    """A frame of which a branch has some pieces."""
    found = frame(model, **fields)
    here = at or branch()
    stock.receive(staff(Role.FRAME_CONTROLLER, here), here.pk, found.pk, pieces)
    return found


def started_order(by: Actor, at: Branch, **fields: Any) -> Order:
    """A draft order for a new customer's signed progressive prescription (see `rx_data`)."""
    who = fields.pop("customer", None) or customer(at)
    prescription = fields.pop("prescription", None) or signed_prescription(optometrist(at), who)
    return dispense.start(by, at.pk, who.pk, prescription_id=prescription.pk, **fields)


def dispensed_order(by: Actor, at: Branch, **fields: Any) -> Order:
    """A draft with frame held, lenses chosen and measured: ready for its quotation (frame 2,450.00, lenses 2 × 3,190.00)."""
    order = started_order(by, at, **fields)
    dispense.choose_frame(by, order.pk, dispense.FrameData(frame_id=stocked(at=at).pk))
    dispense.measure(by, order.pk, measured())
    dispense.choose_lenses(by, order.pk, dispense.LensData(lens().pk))
    order.refresh_from_db()
    return order


def measured(**fields: Any) -> MeasurementData:
    """31.5 / 31.0 far, 29.0 / 28.5 near, heights 21.0, BVD 13.0, tilt 9, wrap 5."""
    defaults = {
        "right_far_pd_mm": Decimal("31.5"),
        "left_far_pd_mm": Decimal("31.0"),
        "right_near_pd_mm": Decimal("29.0"),
        "left_near_pd_mm": Decimal("28.5"),
        "right_height_mm": Decimal("21.0"),
        "left_height_mm": Decimal("21.0"),
        "vertex_mm": Decimal("13.0"),
        "tilt_deg": Decimal(9),
        "wrap_deg": Decimal(5),
    }
    return MeasurementData(**(defaults | fields))
