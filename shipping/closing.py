"""What the closure rules of shipping's cases ask of the records, and what an approved alternative does."""

from dataclasses import replace

from django.utils.translation import gettext as _

from cases.models import Case
from core.actor import Actor
from core.errors import DomainError
from core.money import money
from labjobs import closing as laboratory
from orders import rules
from orders.models import EntryKind
from orders.services import common as orders
from orders.services import ledger, payments
from orders.services import shipping as order_steps
from orders.services.ledger import Entry
from records.models import Event
from shipping.models import Shipment, ShipmentState
from shipping.services import common
from shipping.services.common import Said

_ENDED = (ShipmentState.DELIVERED, ShipmentState.RETURNED, ShipmentState.CANCELLED)


def shipment_of(case: Case) -> Shipment | None:
    """The parcel a case is about."""
    if case.subject_type != "shipping.shipment":
        return None
    return Shipment.objects.filter(pk=case.subject_id).first()


def settled(case: Case) -> bool:
    shipment = shipment_of(case)
    return shipment is None or shipment.state in _ENDED or bool(shipment.ended_reason)


def moves_again(case: Case) -> bool:
    """The carrier has said something since the case was opened."""
    shipment = shipment_of(case)
    if shipment is None or settled(case):
        return True
    return shipment.checkpoints.filter(received_at__gt=case.recorded_at).exists()


def customer_told(case: Case) -> bool:
    """A message or a new promise since; what the carrier's own news brought about counts."""
    if laboratory.customer_told(case):
        return True
    kinds = ["shipment.problem", "shipment.delivered", "shipment.out_for_delivery", "shipment.in_transit"]
    return Event.objects.filter(kind__in=kinds, order_id=case.order_id, at__gte=case.recorded_at).exists()


def _open(case: Case) -> Shipment:
    shipment = shipment_of(case)
    if shipment is None:
        raise DomainError(_("This case is not about a parcel."), code="no_parcel")
    return common.lock(shipment.pk)[1]


def expedite(case: Case, actor: Actor) -> None:
    """The next or the same parcel goes by express at our cost."""
    shipment = _open(case)
    old = shipment.method_note
    shipment.method_note = _("Express at our cost")
    common.save(shipment)
    new = {"method": shipment.method_note}
    cost = f"{case.cost:.2f}" if case.cost is not None else ""
    common.tell(
        "shipment.expedited",
        actor,
        shipment,
        Said(case.decision_reason, old={"method": old}, new=new, data={"cost": cost}),
    )


def give_up(case: Case, actor: Actor) -> None:
    """Nobody waits for this parcel any more: its items may be packed again, the order waits in the shop."""
    shipment = _open(case)
    if shipment.ended_reason:
        return
    shipment.ended_reason = case.decision_reason[:200] or _("Given up")
    common.save(shipment)
    common.tell("shipment.given_up", actor, shipment, Said(shipment.ended_reason))
    order_steps.take_back(actor, shipment.order_id, shipment.ended_reason)


def discount(case: Case, actor: Actor) -> None:
    """The case's cost off the order; whoever asked and whoever decided are two people. Raises DomainError without amount."""
    if case.order_id is None or not case.cost or case.cost <= 0:
        raise DomainError(_("Enter the amount as cost of the case first."), code="no_amount")
    order = orders.lock(case.order_id)
    charged = ledger.money_of(order).charged
    amount = rules.to_cents(case.cost)
    if amount > charged:
        words = {"charged": money(charged)}
        raise DomainError(_("Not more than was charged: %(charged)s.") % words, code="amount_range")
    reason = f"{case.number}: {case.decision_reason}"[:200]
    entry = Entry(EntryKind.ADJUSTMENT, -amount, reason=reason, approved_by_id=actor.user_id)
    payments.post_adjustment(order, entry, _asker(case, actor))


def _asker(case: Case, decider: Actor) -> Actor:
    """Whoever asked for it posts it; whoever decided approved it."""
    name = case.requested_by.full_name if case.requested_by else decider.name
    return replace(decider, user_id=case.requested_by_id, name=name)
