"""With the first order a branch is at work."""

from django.utils.translation import gettext_lazy as _

from branches.first_steps import FirstStep, register
from branches.roles import Can
from orders.models import Order

register(
    FirstStep(
        "order",
        _("A first order"),
        _("For somebody of the house, as a rehearsal"),
        "orders:list",
        90,
        Can.VIEW_ORDERS,
        lambda branch: Order.objects.filter(branch=branch),
        closes=True,
    )
)
