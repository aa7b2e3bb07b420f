"""When two customer records turn out to be one person, orders, open cases and open reviews are found at the kept one."""

from cases.models import Case, CaseState
from core.actor import Actor
from customers.models import Customer
from orders.models import Order
from orders.services import common
from orders.services.common import Said
from records import saving
from records.models import Review, ReviewState


def move(kept: Customer, merged: Customer, actor: Actor) -> int:
    """Point every order at the kept record: balance and warranty are looked for there. Returns how many orders."""
    reason = f"merged into {kept.number}"
    orders = list(Order.objects.select_for_update(of=("self",)).filter(customer=merged).order_by("pk"))
    for order in orders:
        order.customer = kept
        saving.save(order, actor, reason)
        common.tell(
            "order.customer_merged",
            actor,
            order,
            Said(reason, "merged", {"customer": merged.number}, {"customer": kept.number}),
        )
    for case in Case.objects.select_for_update().filter(customer_id=merged.pk).exclude(state=CaseState.CLOSED):
        case.customer_id = kept.pk
        saving.save(case, actor, reason)
    Review.objects.filter(customer_id=merged.pk, state=ReviewState.OPEN).update(customer_id=kept.pk)
    return len(orders)
