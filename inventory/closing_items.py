"""Goods that lie in the branch or are on their way."""

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.closing import Obstacle, register
from branches.models import Branch
from branches.roles import Can
from inventory.models import CountState, StockCount, StockItem, Transfer, TransferState


def _on_hand(branch: Branch) -> int:
    return StockItem.objects.filter(branch=branch).aggregate(n=Sum("on_hand"))["n"] or 0


def _transfers(branch: Branch) -> int:
    under_way = Transfer.objects.filter(state__in=[TransferState.DRAFT, TransferState.SENT])
    return under_way.filter(Q(from_branch=branch) | Q(to_branch=branch)).count()


register(
    Obstacle(
        "stock",
        _("Frames on hand"),
        _("Send them to another branch or back to the supplier."),
        70,
        Can.VIEW_STOCK,
        lambda branch: f"{reverse('inventory:list')}?branch={branch.pk}",
        _on_hand,
    )
)
register(
    Obstacle(
        "transfers",
        _("Transfers begun or on their way"),
        _("Receive or cancel each."),
        80,
        Can.VIEW_STOCK,
        lambda branch: reverse("inventory:transfers"),
        _transfers,
    )
)
register(
    Obstacle(
        "counts",
        _("Stock counts begun"),
        _("Post or cancel each."),
        85,
        Can.VIEW_STOCK,
        lambda branch: reverse("inventory:counts"),
        lambda branch: StockCount.objects.filter(branch=branch, state=CountState.OPEN).count(),
    )
)
