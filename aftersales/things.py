"""What of an order can come back: the frame, the lenses with everything on them, accessories, services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.models import Goods, Return, ReturnItem, ReturnPolicy, ReturnState
from aftersales.rules import Verdict, judge, policy_for
from orders.models import FrameChoice, LineKind, Order, OrderState, Quotation, QuotationLine, QuotationState
from orders.services import common as orders

HANDED_OVER = (OrderState.SHIPPED, OrderState.COLLECTED, OrderState.CLOSED)
_KINDS = {LineKind.FRAME: Goods.FRAME, LineKind.SERVICE: Goods.SERVICE, LineKind.OTHER: Goods.OTHER}
# What went back for good; a return that was declined or withdrawn leaves the thing with its customer.
_GONE = (ReturnState.REFUNDED, ReturnState.REPLACED, ReturnState.CLOSED)


@dataclass(frozen=True)
class Thing:
    """One thing of the order with what was charged for it, tax included. No surcharge by its name: it tells the eyes."""

    key: str
    goods: str
    description: str
    amount: Decimal
    frame_id: int | None = None
    brand: str = ""


def things_of(order: Order) -> list[Thing]:
    """Everything on the approved quotation that did not come back before."""
    quotation = order.quotations.filter(state=QuotationState.APPROVED).prefetch_related("lines").first()
    if quotation is None:
        return []
    gone = set(ReturnItem.objects.filter(parent__order=order, parent__state__in=_GONE).values_list("key", flat=True))
    lines = list(quotation.lines.all())
    lens_lines = [line for line in lines if line.kind not in _KINDS]
    found = [_thing(order, quotation, line) for line in lines if line.kind in _KINDS and line.net]
    if lens_lines:
        amount = sum((_gross(quotation, line) for line in lens_lines), Decimal("0.00"))
        named = next((line.description for line in lens_lines if line.kind == LineKind.LENS), str(_("Lenses")))
        found.append(Thing("lenses", Goods.LENSES, named, amount))
    return [thing for thing in found if thing.key not in gone and thing.amount > 0]


def _thing(order: Order, quotation: Quotation, line: QuotationLine) -> Thing:
    frame = _frame(order) if line.kind == LineKind.FRAME else None
    return Thing(
        line.key,
        _KINDS[LineKind(line.kind)],
        line.description,
        _gross(quotation, line),
        frame.frame_id if frame else None,
        frame.frame.brand if frame and frame.frame else "",
    )


def _gross(quotation: Quotation, line: QuotationLine) -> Decimal:
    return line.net if quotation.tax_included else line.net + line.tax


def _frame(order: Order) -> FrameChoice | None:
    return FrameChoice.objects.select_related("frame").filter(order=order).first()


def handed_over_on(order: Order) -> date | None:
    """The day the customer got it, on the clock of the branch that handed it over."""
    moment = order.collected_at or order.shipped_at
    if moment is None or order.state not in HANDED_OVER:
        return None
    return orders.local(order.collect_branch, moment).date()


def verdicts(order: Order, found: Sequence[Thing], reason: str) -> dict[str, Verdict]:
    """What the policy says of each thing today."""
    policies = list(ReturnPolicy.objects.filter(is_active=True))
    since, today = handed_over_on(order), orders.today(order.collect_branch)
    return {thing.key: judge(policy_for(policies, thing.goods, thing.brand), reason, since, today) for thing in found}


def has_returns(order: Order) -> bool:
    return Return.objects.filter(order=order).exists()
