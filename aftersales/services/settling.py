"""What the customer gets: money back, or a new order that takes the credit along."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.models import Return, ReturnState
from aftersales.services import common
from branches.roles import Can
from core.actor import Actor, system
from core.errors import DomainError
from core.money import money
from core.prepared import Slot, prepared
from orders import rules
from orders.models import EntryKind, Order
from orders.services import common as orders
from orders.services import credits, dispense, ledger, payments
from orders.services.common import Said
from orders.services.ledger import Entry
from orders.services.payments import AdjustmentData, RefundData
from prescriptions.models import PrescriptionState


@dataclass(frozen=True)
class SettleData:
    """How much of what was charged is given back, and how. Above the limit a second person has to agree."""

    return_id: int
    amount: Decimal
    method: str
    reference: str = ""
    second_person_id: int | None = None


def worth(found: Return) -> Decimal:
    """What was charged for its things."""
    return sum((item.amount for item in found.items.all()), Decimal("0.00"))


def paid_back(order: Order, credit: Decimal) -> Decimal:
    """Of a credit, what has been paid already and so goes back; the rest is owed no longer."""
    account = ledger.money_of(order)
    return max(min(credit, account.paid - (account.charged - credit)), Decimal("0.00"))


@transaction.atomic
def refund(actor: Actor, data: SettleData) -> Return:
    """A credit on the order for what came back, and the money that was paid for it. Raises DomainError at the field."""
    found = common.open_for(actor, Can.REFUND_PAYMENTS, data.return_id)
    common.move(found, "refund")
    _check_amount(found, data.amount)
    why = _("Return %(number)s") % {"number": found.number}
    back = paid_back(found.order, data.amount)
    found.credit = payments.adjust(
        actor, AdjustmentData(found.order_id, -data.amount, why, _key(found, "credit"), data.second_person_id)
    )
    if back > 0:
        found.refund = payments.refund(
            actor,
            RefundData(
                found.order_id, back, data.method, why, data.reference, _key(found, "refund"), data.second_person_id
            ),
        )
    _settled(actor, found)
    said = Said(
        new={"refunded": f"{back:.2f}"},
        data={
            "credit": f"{data.amount:.2f}",
            "refunded": f"{back:.2f}",
            "amount": f"{back or data.amount:.2f}",
        },
    )
    common.tell("return.refunded", actor, found, said)
    return found


def _check_amount(found: Return, amount: Decimal) -> None:
    most = worth(found)
    if not 0 < amount <= most:
        message = _("Enter an amount above zero and up to %(most)s, what was charged for it.") % {"most": money(most)}
        raise DomainError(message, fields={"amount": message}, code="amount_range")


def _key(found: Return, what: str) -> UUID:
    """The same for the same return, so that no entry is posted twice whatever is repeated."""
    return uuid5(NAMESPACE_URL, f"aftersales.return:{found.pk}:{what}")


def _settled(actor: Actor, found: Return) -> None:
    found.settled_at, found.settled_by_id = timezone.now(), actor.user_id
    common.save(found)


@transaction.atomic
def replace(actor: Actor, return_id: int) -> Return:
    """A new order for the same customer; what was charged for the returned things becomes credit of it."""
    found = common.open_for(actor, Can.EDIT_ORDERS, return_id)
    if found.state == ReturnState.REPLACED:
        return found
    common.move(found, "replace")
    old = found.order
    rx = old.prescription
    usable = rx.pk if rx is not None and rx.state == PrescriptionState.CURRENT else None
    found.replacement = dispense.start(actor, found.branch_id, old.customer_id, prescription_id=usable)
    credit = worth(found)
    why = _("Exchange %(number)s") % {"number": found.number}
    found.credit = payments.post_adjustment(
        old, Entry(EntryKind.ADJUSTMENT, -credit, reason=why, key=_key(found, "credit")), actor
    )
    _settled(actor, found)
    new = {"replacement": found.replacement.number}
    common.tell(
        "return.replaced",
        actor,
        found,
        Said(new=new, data={**new, "new_order": found.replacement.number, "credit": f"{credit:.2f}"}),
    )
    return found


@prepared
def _replaced_by() -> QuerySet[Return]:
    return Return.objects.filter(replacement=Slot("order"), state=ReturnState.REPLACED).order_by("pk")[:1]


def carry_credit(order: Order, _actor: Actor, _reason: str) -> None:
    """A replacement is confirmed: the credit of the order it replaces moves over, never more than is owed here."""
    found = _replaced_by().row(order=order.pk)
    if found is None:
        return
    for pk in sorted({found.order_id, order.pk}):
        orders.lock(pk)
    free = {one.order.pk: one.amount for one in credits.of_customer(order)}
    amount = min(free.get(found.order_id, rules.ZERO), ledger.money_of(order).share, worth(found))
    if amount > 0:
        credits.use(system("Exchange"), found.order_id, order.pk, amount, _key(found, "moved"))
