"""What lies on the shelves on the first day."""

from django.utils.translation import gettext_lazy as _

from branches.first_steps import FirstStep, register
from branches.roles import Can
from inventory.models import StockItem

register(
    FirstStep(
        "stock",
        _("Opening stock"),
        _("From a list, or received as a delivery"),
        "inventory:openings",
        70,
        Can.MANAGE_STOCK,
        lambda branch: StockItem.objects.filter(branch=branch),
    )
)
