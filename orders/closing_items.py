"""Orders and money that wait for the branch."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.closing import Obstacle, register
from branches.models import Branch
from branches.roles import Can
from orders import states
from orders.models import DrawerSession, GatewayRefund, Order, RefundState


def _orders(branch: Branch, view: str) -> str:
    return f"{reverse('orders:list')}?branch={branch.pk}&view={view}"


def _open(branch: Branch) -> int:
    """Sold, collected or made here."""
    here = Q(branch=branch) | Q(collect_branch=branch) | Q(made_branch=branch)
    return Order.objects.filter(here, state__in=states.OPEN).count()


def _done(branch: Branch) -> "QuerySet[Any]":
    return Order.objects.filter(branch=branch).exclude(state__in=states.OPEN)


register(
    Obstacle(
        "orders",
        _("Open orders"),
        _("Hand them over or cancel them."),
        20,
        Can.VIEW_ORDERS,
        lambda branch: _orders(branch, "open"),
        _open,
    )
)
register(
    Obstacle(
        "owed",
        _("Orders handed over and not paid in full"),
        _("Take the rest, or adjust the order with a reason."),
        30,
        Can.VIEW_ORDERS,
        lambda branch: _orders(branch, "payment"),
        lambda branch: _done(branch).filter(balance__owed__gt=0).count(),
    )
)
register(
    Obstacle(
        "credits",
        _("Orders with money to give back"),
        _("Pay it back, or use it for another order of the customer."),
        40,
        Can.VIEW_ORDERS,
        lambda branch: _orders(branch, "done"),
        lambda branch: _done(branch).filter(balance__owed__lt=0).count(),
    )
)
register(
    Obstacle(
        "refunds",
        _("Refunds on their way"),
        _("They end by themselves when the payment provider has answered."),
        45,
        Can.RECONCILE_PAYMENTS,
        lambda branch: reverse("takings"),
        lambda branch: GatewayRefund.objects.filter(request__branch=branch, state=RefundState.WAITING).count(),
    )
)
register(
    Obstacle(
        "drawer",
        _("An open cash drawer"),
        _("Count it and close it."),
        50,
        Can.CLOSE_DRAWER,
        lambda branch: reverse("orders:drawer"),
        lambda branch: DrawerSession.objects.filter(branch=branch, closed_at=None).count(),
    )
)
