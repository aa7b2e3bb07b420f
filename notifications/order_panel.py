"""Messages on the pages of order and customer."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from branches.scope import Scope
from core import navigation
from core.actor import Actor
from customers import panels as customer_panels
from customers.models import Customer
from notifications import selectors
from notifications.services import problems
from orders import panels
from orders.models import Order
from orders.viewer import Viewer


def connect() -> None:
    panels.register(
        panels.Panel("messages", _("Messages"), panels.ASIDE, 20, "notifications/order_panel.html", _of_order)
    )
    customer_panels.register(
        customer_panels.Panel(
            "messages", customer_panels.ASIDE, 40, "notifications/customer_panel.html", _of_customer, Can.VIEW_MESSAGES
        )
    )
    navigation.register(
        navigation.Item(
            "messages",
            _("Messages"),
            "mail",
            "messages:log",
            order=70,
            group="desk",
            can=Can.VIEW_MESSAGES,
            count=_count,
        )
    )


def _of_order(order: Order, viewer: Viewer) -> Mapping[str, Any] | None:
    if not viewer.may(Can.VIEW_MESSAGES, order):
        return None
    lines = selectors.of_order(viewer.scope, order.pk)
    more = f"{reverse('messages:log')}?q={order.number}"
    may_tell = order.state in problems.TELLABLE and viewer.may(Can.REPROMISE_JOBS, order)
    tell = reverse("messages:held_up", args=[order.number]) if may_tell else ""
    return {"lines": lines, "more": more if lines else "", "count": len(lines) or None, "tell": tell}


def _of_customer(customer: Customer, viewer: customer_panels.Viewer) -> Mapping[str, Any] | None:
    lines = selectors.of_customer(viewer.scope, customer.pk)
    return {"lines": lines, "more": f"{reverse('messages:log')}?q={customer.number}"} if lines else None


def _count(actor: Actor) -> navigation.Count | None:
    """Messages that wait for a person."""
    number = selectors.trouble(Scope.of(actor))
    return navigation.Count(number, _("not delivered"), "danger") if number else None
