"""The sample stock: every branch has most frames, some are low, one is sold out here and in stock there, one transfer is on its way."""

from datetime import datetime
from decimal import Decimal
from random import Random

from branches.models import Branch
from catalogue.models import Frame
from core.actor import Actor
from demo.acting import acting
from inventory.models import StockItem
from inventory.services import stock
from inventory.services.stock import Delivery

SHOPS = ("RSB", "DUR", "UMH")
FIXED = {("KAR-214-HAVANA", "RSB"): 1, ("KAR-214-HAVANA", "UMH"): 2, ("KAR-214-HAVANA", "DUR"): 0}


def build(now: datetime) -> None:
    """Deliveries for each shop, minimums and places."""
    chance = Random(20261120)
    for code in SHOPS:
        _deliver(acting("sipho", code), Branch.objects.get(code=code), chance)


def _deliver(actor: Actor, branch: Branch, chance: Random) -> None:
    deliveries = []
    for frame in Frame.objects.filter(discontinued_on=None).order_by("pk"):
        pieces = FIXED.get((frame.sku, branch.code), chance.choice((0, 1, 1, 2, 2, 3)))
        if pieces:
            deliveries.append(Delivery(frame.pk, pieces, Decimal(frame.cost), f"DN-{branch.code}-{4000 + frame.pk}"))
    stock.receive_all(actor, branch.pk, deliveries)
    for number, item in enumerate(StockItem.objects.filter(branch=branch).order_by("frame_id")):
        stock.set_minimum(actor, item.pk, number % 3, f"{'ABCDEF'[number // 12 % 6]}{number % 12 + 1}")
