"""Order number and phone bring the link to the contact on file. Right or wrong, the answer and the work are the same."""

import hmac

from django.db import transaction

from core.actor import customer
from customers.contact import parse_phone
from orders.models import Order
from records import events

_NOBODY = "+00000000000"


@transaction.atomic
def ask_for_link(number: str, phone: str, country: str) -> None:
    """Record that the link is asked for when both belong together; the message follows from the event.

    Raises nothing for a miss: the caller must not learn whether there was one.
    """
    wanted = number.strip().upper().replace(" ", "")
    order = Order.objects.select_related("customer", "branch").filter(number=wanted).exclude(state="draft").first()
    on_file = (order.customer.phone if order else "") or _NOBODY
    try:
        typed = parse_phone(phone, country).e164 or "-"
    except ValueError:
        typed = "-"
    same = hmac.compare_digest(on_file.encode(), typed.encode())
    if order is not None and same:
        actor = customer(order.customer.first_name, order.branch_id)
        events.record("order.link_asked", actor, events.Fact(order, order.branch_id, order.customer_id, order.pk))
