"""An order that was handed over, paid or not, and a return at any stage."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from aftersales.models import Remedy, Return, ReturnReason
from aftersales.services import asking, returns
from aftersales.services.asking import RequestData
from aftersales.services.returns import InspectionData
from core.actor import Actor, customer
from orders.models import Order, OrderState, PaymentMethod
from orders.services import payments
from orders.services.payments import PaymentData
from tests.orders import makers
from tests.orders.makers import Shop


def handed_over(at: Shop, days_ago: int = 3, *, paid: bool = True) -> Order:
    """Karoo 214 for 2 450.00, lenses with coating for 7 005.00, an eye examination; handed over some days ago."""
    order = makers.confirmed(at)
    if paid:
        owed = payments.balance(order.pk)
        payments.take(at.receptionist, PaymentData(order.pk, owed, PaymentMethod.CARD, "slip 1"))
    when = timezone.now() - timedelta(days=days_ago)
    Order.objects.filter(pk=order.pk).update(state=OrderState.COLLECTED, collected_at=when, ready_at=when)
    return Order.objects.get(pk=order.pk)


def by_link(order: Order) -> Actor:
    return customer(order.customer.full_name, order.branch_id)


def asked(order: Order, actor: Actor | None = None, **fields: Any) -> Return:
    """The customer is not satisfied with the frame and wants the money back."""
    wanted: dict[str, Any] = {
        "keys": ["frame"], "reason": ReturnReason.NOT_SATISFIED, "remedy": Remedy.REFUND, "words": "Too heavy",
    }  # fmt: skip
    return asking.request(actor or by_link(order), RequestData(order.pk, **(wanted | fields)))


def inspected(at: Shop, order: Order, whereto: str = "stock", **fields: Any) -> Return:
    """Asked, approved, received and looked at."""
    found = asked(order, **fields)
    reason = "goodwill" if returns.is_outside(found) else ""
    returns.approve(at.manager, found.pk, reason)
    returns.receive(at.receptionist, found.pk)
    places = {item.key: whereto if item.frame_id else "written_off" for item in found.items.all()}
    return returns.inspect(at.receptionist, found.pk, InspectionData("Like new", places))


FRAME = Decimal("2450.00")
