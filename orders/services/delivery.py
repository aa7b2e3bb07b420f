"""How an order reaches its customer: collected in a shop of the practice, or sent."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from branches.models import Branch
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, Problems
from orders import followers
from orders.models import Delivery, Order, OrderState
from orders.services import common
from orders.services.common import Said

# Afterwards a parcel is under way, or the customer has it.
CHANGEABLE = (
    OrderState.DRAFT, OrderState.QUOTED, OrderState.APPROVED, OrderState.CONFIRMED, OrderState.IN_PRODUCTION,
    OrderState.READY,
)  # fmt: skip


def shops() -> QuerySet[Branch]:
    """Where customers can collect: every open branch that is not only a laboratory."""
    return Branch.objects.filter(is_active=True, is_lab=False).order_by("name")


def in_words(order: Order) -> str:
    """`Collection in the shop, Rosebank` or `Shipping`."""
    way = str(Delivery(order.delivery).label)
    return f"{way}, {order.collect_branch.name}" if order.delivery == Delivery.COLLECT else way


@transaction.atomic
def choose(actor: Actor, order_id: int, way: str, shop_id: int | None, version: int | None = None) -> Order:
    """Collected at `shop_id` or sent to the customer's address. Raises DomainError at the field, `too_late` or `packed`."""
    order = common.open_for(actor, Can.SHIP_ORDERS, order_id, version)
    if order.state not in CHANGEABLE:
        raise DomainError(_("The order is on its way or handed over; this can no longer be changed."), code="too_late")
    shop = _shop(order, way, shop_id)
    if (order.delivery, order.collect_branch_id) == (way, shop.pk):
        return order
    old = in_words(order)
    order.delivery, order.collect_branch = way, shop
    common.save(order)
    followers.follow(followers.DELIVERY, order, actor, "")
    common.tell("order.delivery_changed", actor, order, Said(old={"way": old}, new={"way": in_words(order)}))
    return order


def _shop(order: Order, way: str, shop_id: int | None) -> Branch:
    """The shop to collect at; what is sent keeps the shop that looks after it."""
    problems = Problems()
    shop = shops().filter(pk=shop_id or 0).first() if way == Delivery.COLLECT else order.collect_branch
    if way not in Delivery.values:
        problems.add("way", _("Choose how the customer gets it."))
    elif shop is None:
        problems.add("shop", _("Choose one of the shops."))
    elif way == Delivery.SHIP and not order.customer.line1:
        problems.add("way", _("The customer has no address yet. Add it under Change details, then choose shipping."))
    problems.raise_if_any(_("The delivery cannot be changed."))
    return shop or order.collect_branch
