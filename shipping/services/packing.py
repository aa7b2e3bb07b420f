"""Pack, hand over, change, unpack. A parcel is packed only past every checkpoint, each kept with how it was passed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from branches.models import Branch
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, GateClosed
from labjobs.services import collection
from orders import workdays
from orders.models import Order, OrderState
from orders.services import common as orders
from orders.services import shipping as order_steps
from records.services import reviews
from shipping import contents, gates, states
from shipping.gates import ADDRESS, Checked, Draft
from shipping.models import Carrier, Shipment, ShipmentLine, ShipmentState
from shipping.services import carriers, common, trackers
from shipping.services.common import Said
from shipping.tracking import numbers

# The decision that a customer's new address opens.
ADDRESS_REVIEW = "shipment_address"


@dataclass(frozen=True)
class PackData:
    """One parcel. `address` None: the customer's, or the branch's when it goes to one. `lines` empty: all that is left.

    `unverified` is the reason why an address against its country's rules is kept as typed. `codes` were scanned.
    """

    order_id: int
    carrier: str
    service: str = ""
    method_note: str = ""
    tracking_number: str = ""
    expected_on: date | None = None
    address: Mapping[str, str] | None = None
    unverified: str = ""
    codes: Sequence[str] = ()
    lines: frozenset[int] = frozenset()
    seen: frozenset[int] = frozenset()
    to_branch_id: int | None = None
    hand_over: bool = False
    version: int | None = None


@transaction.atomic
def pack(actor: Actor, data: PackData) -> Shipment:
    """Make the parcel, and hand it over in the same step when asked. Raises GateClosed naming every closed checkpoint."""
    order = orders.open_for(actor, Can.SHIP_ORDERS, data.order_id, data.version)
    carrier = carriers.by_code(data.carrier)
    number, warning = read_number(data.tracking_number, carrier)
    to_branch = _target(order, data)
    draft = draft_of(order, data, to_branch)
    checked = gates.check(order, draft)
    if checked.missing:
        raise GateClosed(_("This cannot be sent yet."), code="not_sendable", missing=checked.missing)
    here = actor.branch_id or order.collect_branch_id
    branch = Branch.objects.get(pk=here)
    expected = data.expected_on or expected_day(carrier, data.service, branch)
    shipment = Shipment.objects.create(
        number=_number(order),
        order=order,
        branch=branch,
        to_branch=to_branch,
        carrier=carrier,
        service=data.service[:60],
        method_note=data.method_note.strip()[:200],
        tracking_number=number,
        number_warning=warning,
        first_expected_on=expected,
        expected_on=expected,
        address={name: str(draft.address.get(name, "")).strip()[:160] for name in ADDRESS},
        address_unverified=data.unverified.strip()[:200] if gates.address_problems(draft.address) else "",
        gates=checked.stored(actor.name),
        packed_by_id=actor.user_id,
        source=actor.source.value,
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
    )
    _fill(shipment, checked)
    common.tell("shipment.packed", actor, shipment, Said(new={"carrier": carrier.name, "tracking": number}))
    if data.hand_over:
        _hand_over(actor, order, shipment)
    return shipment


def draft_of(order: Order, data: PackData, to_branch: Branch | None) -> Draft:
    """The draft that the checkpoints look at."""
    own = gates.address_of_branch(to_branch) if to_branch else gates.address_of(order.customer)
    return Draft(data.address or own, data.unverified, data.codes, data.lines, data.seen, to_branch)


def _target(order: Order, data: PackData) -> Branch | None:
    if data.to_branch_id is None:
        return None
    found = Branch.objects.filter(pk=data.to_branch_id, is_active=True).first()
    if found is None:
        raise DomainError(_("Choose the branch."), fields={"to_branch": _("Choose one.")}, code="branch")
    return found


def _number(order: Order) -> str:
    """`RSB-10482-S1`; the order is locked."""
    return f"{order.number}-S{Shipment.objects.filter(order=order).count() + 1}"


def _fill(shipment: Shipment, checked: Checked) -> None:
    ShipmentLine.objects.bulk_create(
        ShipmentLine(
            shipment=shipment,
            line=item.line,
            quantity=item.left,
            scanned_code=checked.scanned.by_line.get(item.line.pk, "")[:40],
        )
        for item in checked.wanted
    )


def read_number(text: str, carrier: Carrier) -> tuple[str, str]:
    """Number and warning code. Raises DomainError for signs that no carrier prints; a wrong check digit is a warning."""
    if not text.strip():
        return "", ""
    try:
        found = numbers.check(text, carrier.code)
    except numbers.BadNumber as error:
        message = _("A tracking number has 4 to 40 letters and digits.")
        raise DomainError(message, fields={"tracking_number": message}, code="tracking_number") from error
    return found.number, found.warning


def expected_day(carrier: Carrier, service: str, branch: Branch) -> date | None:
    """Today plus the service's working days in the branch's calendar; None for a service without days."""
    for one in carrier.services:
        if one["name"] == service or not service:
            return workdays.after(orders.today(branch), int(one["days"]), branch)
    return None


@transaction.atomic
def hand_over(actor: Actor, shipment_id: int) -> Shipment:
    """The carrier has it. Handing over again changes nothing."""
    order, shipment = common.open_for(actor, Can.SHIP_ORDERS, shipment_id)
    if shipment.state in states.UNDER_WAY:
        return shipment
    missing = [one for gate in _again(order, shipment) for one in gate.missing]
    if missing:
        raise GateClosed(_("This parcel cannot leave yet."), code="not_sendable", missing=missing)
    _hand_over(actor, order, shipment)
    return shipment


def _again(order: Order, shipment: Shipment) -> list[gates.Gate]:
    """What may have closed between packing and leaving."""
    checked = gates.check(
        order, Draft(shipment.address, shipment.address_unverified or "-", to_branch=shipment.to_branch)
    )
    return [gate for gate in checked.gates if gate.code in ("order", "payment", "quality", "clear")]


def _hand_over(actor: Actor, order: Order, shipment: Shipment) -> None:
    leave(actor, order, shipment)
    common.save(shipment)
    if shipment.to_branch_id is None:
        shipment.told = [*shipment.told, "shipped"]
        shipment.save(update_fields=["told"])
        common.tell("shipment.shipped", actor, shipment, Said(data=_partly(order, shipment)))
        trackers.ask(shipment)
    else:
        common.tell("shipment.sent_to_branch", actor, shipment, Said(new={"to": str(shipment.to_branch)}))
    follow_order(actor, order)


def _partly(order: Order, shipment: Shipment) -> dict[str, str]:
    """What is in it and what follows, where it is not everything."""
    to_follow = [item.line.description for item in contents.items_of(order) if item.left]
    if not to_follow:
        return {}
    inside = [row.line.description for row in shipment.lines.select_related("line")]
    return {"items": ", ".join(inside), "to_follow": ", ".join(to_follow)}


def leave(actor: Actor, order: Order, shipment: Shipment) -> None:
    """From packed to handed over; the caller saves and tells."""
    states.SHIPMENT.step("hand_over", shipment.state)
    moment = common.now()
    shipment.state, shipment.state_at = ShipmentState.HANDED_OVER, moment
    shipment.handed_over_at, shipment.handed_over_by_id = moment, actor.user_id
    if shipment.to_branch_id is None:
        collection.sent(actor, order)


def follow_order(actor: Actor, order: Order) -> None:
    """The order is shipped when nothing of it is left here, and handed over when every parcel has arrived."""
    order.refresh_from_db()
    parcels = list(
        Shipment.objects.filter(order=order, to_branch=None, ended_reason="").exclude(state__in=states.OUT_OF_USE)
    )
    gone = [one for one in parcels if one.state != ShipmentState.PACKED]
    if not gone or len(gone) < len(parcels) or contents.left_to_send(order):
        return
    if order.state == OrderState.READY:
        order = order_steps.ship(actor, order.pk)
    if order.state == OrderState.SHIPPED and all(one.state == ShipmentState.DELIVERED for one in parcels):
        collection.delivered(actor, order)
        order_steps.deliver(actor, order.pk, max(one.delivered_at for one in parcels if one.delivered_at))


@transaction.atomic
def unpack(actor: Actor, shipment_id: int, reason: str) -> Shipment:
    """Before it has left: its items may be packed again. Needs a reason."""
    _order, shipment = common.open_for(actor, Can.SHIP_ORDERS, shipment_id)
    text = orders.needs_reason(reason, _("Say why the parcel is unpacked."))
    states.SHIPMENT.step("cancel", shipment.state)
    shipment.state, shipment.state_at, shipment.ended_reason = ShipmentState.CANCELLED, common.now(), text
    common.save(shipment)
    common.tell("shipment.cancelled", actor, shipment, Said(reason=text))
    return shipment


def refuse_while_packed(order: Order, _actor: Actor, _reason: str) -> None:
    """A parcel that stands packed would leave although the customer gets it another way. For a verb that locks the order."""
    parcel = Shipment.objects.filter(order=order, state=ShipmentState.PACKED).first()
    if parcel is not None:
        message = _("%(number)s is packed. Unpack it first, then change how the customer gets it.")
        raise DomainError(message % {"number": parcel.number}, code="packed")


@dataclass(frozen=True)
class Correction:
    """What may still be changed of a parcel; None leaves it."""

    tracking_number: str | None = None
    service: str | None = None
    method_note: str | None = None
    expected_on: date | None = None
    version: int | None = None


@transaction.atomic
def correct(actor: Actor, shipment_id: int, change: Correction) -> Shipment:
    """A number typed afterwards, another service or day. What was told stays told."""
    _order, shipment = common.open_for(actor, Can.SHIP_ORDERS, shipment_id, change.version)
    if shipment.state not in states.OPEN:
        raise DomainError(_("This shipment has ended."), code="ended")
    old = _values(shipment)
    if change.tracking_number is not None:
        shipment.tracking_number, shipment.number_warning = read_number(change.tracking_number, shipment.carrier)
    if change.service is not None:
        shipment.service = change.service[:60]
    if change.method_note is not None:
        shipment.method_note = change.method_note.strip()[:200]
    if change.expected_on is not None:
        shipment.expected_on = change.expected_on
        shipment.first_expected_on = shipment.first_expected_on or change.expected_on
    new = _values(shipment)
    moved = {name for name in new if new[name] != old[name]}
    if not moved:
        return shipment
    common.save(shipment)
    said = Said(old={name: old[name] for name in moved}, new={name: new[name] for name in moved})
    common.tell("shipment.changed", actor, shipment, said)
    if "tracking" in moved:
        trackers.ask(shipment)
    return shipment


def _values(shipment: Shipment) -> dict[str, str]:
    return {
        "tracking": shipment.tracking_number,
        "service": shipment.service,
        "method": shipment.method_note,
        "expected": shipment.expected_on.isoformat() if shipment.expected_on else "",
    }


@transaction.atomic
def readdress(
    actor: Actor, shipment_id: int, address: Mapping[str, str], unverified: str = "", version: int | None = None
) -> Shipment:
    """Another address on a parcel: before it leaves, or agreed with the carrier on the way. Decides the review about it."""
    _order, shipment = common.open_for(actor, Can.SHIP_ORDERS, shipment_id, version)
    if shipment.state not in states.OPEN or shipment.to_branch_id:
        raise DomainError(_("This parcel has no address to change."), code="ended")
    draft = Draft(address, unverified)
    missing = [one for gate in (gates.address_gate(draft), gates.name_gate(draft)) for one in gate.missing]
    if missing:
        fields = {**gates.address_problems(address)} or {"name": missing[0].message}
        raise DomainError(_("The address cannot stay like this."), fields=fields, code="address")
    shipment.address = {name: str(address.get(name, "")).strip()[:160] for name in ADDRESS}
    shipment.address_unverified = unverified.strip()[:200] if gates.address_problems(address) else ""
    common.save(shipment)
    # What stands in the address is personal: the event tells only that it moved.
    common.tell("shipment.readdressed", actor, shipment)
    reviews.settle(shipment, ADDRESS_REVIEW, actor, unverified)
    return shipment
