"""What the order does when its parcels do: on its way, handed over by the carrier, back again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from orders.models import Order, OrderState
from orders.services import common, ledger
from orders.services.common import Said

# How an order came into its owner's hands, in the data of `order.collected`.
BY_PARCEL = "parcel"


@transaction.atomic
def ship(actor: Actor, order_id: int) -> Order:
    """The last of it has left. Gates are the caller's: shipping knows them."""
    order = common.lock(order_id)
    common.move(order, "ship")
    order.shipped_at = timezone.now()
    common.save(order)
    common.tell("order.shipped", actor, order)
    return order


@transaction.atomic
def deliver(actor: Actor, order_id: int, at: datetime | None = None) -> Order:
    """Every parcel has arrived. `at` is the carrier's time."""
    order = common.lock(order_id)
    common.move(order, "collect")
    order.collected_at = at or timezone.now()
    common.save(order)
    balance = ledger.money_of(order).balance
    common.tell("order.collected", actor, order, Said(data={"balance": f"{balance:.2f}", "how": BY_PARCEL}))
    return order


@transaction.atomic
def take_back(actor: Actor, order_id: int, reason: str) -> Order:
    """A parcel came back or is lost: the order waits in the shop again. Nothing happens to one that is not shipped."""
    order = common.lock(order_id)
    if order.state != OrderState.SHIPPED:
        return order
    text = common.needs_reason(reason, _("Say why the order waits in the shop again."))
    common.move(order, "take_back")
    order.shipped_at = None
    common.save(order)
    common.tell("order.taken_back", actor, order, Said(reason=text))
    return order
