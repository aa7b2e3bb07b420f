"""Start an order from a visit or at the counter, choose the prescription it is made for, start a second pair."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from branches import access
from branches.models import Branch
from branches.roles import Can
from core import formats
from core.actor import Actor
from core.errors import DomainError, NotVisible
from customers.models import Customer
from orders import followers, numbering
from orders.models import Measurement, Order
from orders.needs import measurement_of
from orders.services import common
from orders.services.common import Said
from orders.services.dispense.common import NO_REASON, Why, open_order
from prescriptions.models import Prescription, PrescriptionKind, PrescriptionState
from records.services import changes
from records.services.changes import Change, FieldChange
from visits.models import Visit


@transaction.atomic
def start(
    actor: Actor, branch_id: int, customer_id: int, visit_id: int | None = None, prescription_id: int | None = None
) -> Order:
    """A draft order in this branch. Raises NotVisible for an unknown customer, DomainError for another's visit."""
    access.require(actor, Can.EDIT_ORDERS, branch_id)
    customer = Customer.objects.filter(pk=customer_id, erased_at=None).first()
    if customer is None:
        raise NotVisible(_("Not found."), code="not_visible")
    if customer.merged_into_id:
        raise DomainError(_("This customer was merged into another. Start the order there."), code="merged")
    _require_own_visit(visit_id, customer_id, branch_id)
    prescription = _usable(prescription_id, customer_id) if prescription_id else None
    order = _create(actor, Branch.objects.get(pk=branch_id), customer, _From(visit_id, prescription))
    common.tell("order.started", actor, order, Said(data={"visit": visit_id, "prescription": prescription_id}))
    return order


@dataclass(frozen=True)
class _From:
    """What an order grows out of."""

    visit_id: int | None = None
    prescription: Prescription | None = None
    second_pair_of: Order | None = None


def _create(actor: Actor, branch: Branch, customer: Customer, origin: _From) -> Order:
    return Order.objects.create(
        number=numbering.order_number(branch),
        public_code=numbering.public_code(),
        branch=branch,
        collect_branch=branch,
        customer=customer,
        visit_id=origin.visit_id,
        prescription=origin.prescription,
        second_pair_of=origin.second_pair_of,
        seller_id=actor.user_id,
        owner_id=actor.user_id,
        source=actor.source.value,
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
    )


def _require_own_visit(visit_id: int | None, customer_id: int, branch_id: int) -> None:
    if visit_id and not Visit.objects.filter(pk=visit_id, customer_id=customer_id, branch_id=branch_id).exists():
        raise DomainError(_("This visit is another customer's or another branch's."), code="foreign_visit")


def _usable(prescription_id: int, customer_id: int) -> Prescription:
    found = Prescription.objects.filter(pk=prescription_id, customer_id=customer_id).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    if found.state != PrescriptionState.CURRENT:
        raise DomainError(
            _("This prescription is not signed, or a newer version replaced it."),
            code="prescription_not_current",
            fields={"prescription": _("Choose a signed prescription.")},
        )
    if found.kind == PrescriptionKind.CONTACT_LENS:
        message = _("Glasses cannot be made from a contact lens prescription.")
        raise DomainError(message, code="contact_lens", fields={"prescription": message})
    return found


@transaction.atomic
def choose_prescription(actor: Actor, order_id: int, prescription_id: int, why: Why = NO_REASON) -> Order:
    """Make the order for this signed prescription of its customer; a later one reopens what rested on the earlier."""
    order = open_order(actor, order_id, why)
    chosen = _usable(prescription_id, order.customer_id)
    earlier = order.prescription
    if earlier == chosen:
        return order
    order.prescription = chosen
    common.save(order)
    old, new = _words(earlier), _words(chosen)
    said = Said(why.text, why.code, {"prescription": old} if earlier else {}, {"prescription": new})
    event = common.tell("order.prescription_chosen", actor, order, said)
    if earlier is not None:
        moved = FieldChange("prescription", str(_("Prescription")), old, new)
        changes.announce(order, Change([moved], why.code, why.text, event, order.version), actor)
        followers.follow(followers.CHOSEN_AGAIN, order, actor, why.text.strip() or str(moved))
    return order


def _words(prescription: Prescription | None) -> str:
    if prescription is None:
        return ""
    issued = prescription.issued_on.isoformat() if prescription.issued_on else formats.DASH
    return _("%(number)s version %(version)d of %(date)s") % {
        "number": prescription.number,
        "version": prescription.version,
        "date": issued,
    }


@transaction.atomic
def second_pair(actor: Actor, order_id: int) -> Order:
    """Another pair from the same prescription. Far and near PDs are the face's and go along; heights are the frame's and do not."""
    first = common.open_for(actor, Can.EDIT_ORDERS, order_id)
    prescription = first.prescription
    if prescription is not None and prescription.state != PrescriptionState.CURRENT:
        prescription = Prescription.objects.filter(series=prescription.series, state=PrescriptionState.CURRENT).first()
    origin = _From(first.visit_id, prescription, first)
    order = _create(actor, first.branch, first.customer, origin)
    _carry_pds(actor, first, order)
    common.tell("order.started", actor, order, Said(data={"second_pair_of": first.pk}))
    return order


def _carry_pds(actor: Actor, first: Order, order: Order) -> None:
    measured = measurement_of(first)
    if measured is None:
        return
    names = ("right_far_pd_mm", "left_far_pd_mm", "right_near_pd_mm", "left_near_pd_mm")
    Measurement.objects.create(
        order=order,
        method=measured.method,
        measured_by_id=measured.measured_by_id,
        measured_at=measured.measured_at,
        second_person_id=measured.second_person_id,
        source=actor.source.value,
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
        frame_version=0,
        **{name: getattr(measured, name) for name in names},
    )
