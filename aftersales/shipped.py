"""The return policy that a new practice starts with, in words that customers read."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from aftersales.models import Goods
from core.states import Words


@dataclass(frozen=True)
class Rule:
    """One rule as shipped; the fields are those of `ReturnPolicy`."""

    code: str
    goods: Goods
    days: int
    faulty_days: int
    made_to_order: bool = False
    may_exchange: bool = True
    conditions: Words = ""


SHIPPED = (
    Rule("frames", Goods.FRAME, 14, 180, conditions=_("Unworn, with its case.")),
    Rule(
        "lenses", Goods.LENSES, 0, 180, made_to_order=True,
        conditions=_("If you do not see well with them, tell us: we check and adjust them for free."),
    ),
    Rule("accessories", Goods.OTHER, 14, 180, conditions=_("Unopened, with the receipt.")),
    Rule("services", Goods.SERVICE, 0, 0, may_exchange=False),
)  # fmt: skip
