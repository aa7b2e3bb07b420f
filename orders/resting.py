"""What rests on the catalogue and on the customer: supply, quoted prices, whom the glasses are for.

Each is decided again on its own page, on the values that `live` reads at the moment of the click.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core import formats
from core.money import money
from orders import pricing
from orders.models import FrameChoice, FrameStatus, LensSpecification, Order, OrderState, QuotationLine, QuotationState
from orders.record_kinds import order_url
from records.events import type_of
from records.services import approvals
from records.services.approvals import Input
from records.services.changes import Affected

LENS_SUPPLY, FRAME_SUPPLY, FRAME_LOST = "lens_supply", "frame_supply", "frame_lost"
QUOTED_PRICE, IDENTITY = "quoted_price", "order_identity"
_BEFORE_RELEASE = (OrderState.QUOTED, OrderState.APPROVED, OrderState.CONFIRMED)
_WITH_US = (OrderState.CONFIRMED, OrderState.IN_PRODUCTION, OrderState.READY, OrderState.SHIPPED)

Find = Callable[[Any], Iterable[Affected]]


def affected(order: Order, title: str, **more: Any) -> Affected:
    """An order's line: who owns it, where it is, whose it is."""
    owner = order.owner or order.seller
    return Affected(
        subject=order,
        title=title,
        url=order_url(order),
        owner_id=owner.pk if owner else None,
        owner_name=owner.full_name if owner else "",
        branch_id=order.branch_id,
        customer_id=order.customer_id,
        order_id=order.pk,
        **more,
    )


def _orders(states: Sequence[str], condition: Q) -> QuerySet[Order]:
    return (
        Order.objects.filter(condition, state__in=states).select_related("owner", "seller", "customer").order_by("pk")
    )


def with_lens(product: Any, states: Sequence[str] = _BEFORE_RELEASE) -> QuerySet[Order]:
    """Orders in these states for which this lens is chosen."""
    chosen = LensSpecification.objects.filter(Q(right=product) | Q(left=product)).values("order_id")
    return _orders(states, Q(pk__in=chosen))


def lens_supply(product: Any) -> Iterable[Affected]:
    """Orders not released yet that need this lens."""
    for order in with_lens(product):
        title = _("%(lens)s for order %(number)s") % {"lens": product.name, "number": order.number}
        yield affected(order, title, approval=approvals.current(order, LENS_SUPPLY))


def frame_supply(frame: Any) -> Iterable[Affected]:
    """Orders not released yet whose frame still has to come; a piece held from stock is not affected."""
    coming = FrameChoice.objects.filter(frame=frame, status=FrameStatus.TO_COME).values("order_id")
    for order in _orders(_BEFORE_RELEASE, Q(pk__in=coming)):
        title = _("%(frame)s for order %(number)s") % {"frame": frame, "number": order.number}
        yield affected(order, title, approval=approvals.current(order, FRAME_SUPPLY))


def frame_lost(reservation: Any) -> Iterable[Affected]:
    """The order for which the piece was held, until it is handed over."""
    chosen = FrameChoice.objects.filter(reservation_reference=reservation.reference).values("order_id")
    for order in _orders(
        (OrderState.DRAFT, *_BEFORE_RELEASE, OrderState.IN_PRODUCTION, OrderState.READY), Q(pk__in=chosen)
    ):
        words = {"frame": reservation.item.frame, "number": order.number}
        yield affected(order, _("%(frame)s held for order %(number)s") % words)


def quoted_price(priced: Any) -> Iterable[Affected]:
    """Quotations that wait for an answer and name this price."""
    lines = QuotationLine.objects.filter(
        record_type=type_of(priced),
        record_id=priced.pk,
        quotation__state__in=[QuotationState.DRAFT, QuotationState.SENT],
    ).select_related("quotation__order__owner", "quotation__order__seller", "quotation__order__customer")
    seen = set()
    for line in lines.order_by("quotation__order_id", "pk"):
        quotation = line.quotation
        if quotation.pk in seen:
            continue
        seen.add(quotation.pk)
        words = {"number": quotation.number, "version": quotation.version, "price": money(line.unit_price)}
        title = _("Quotation %(number)s, version %(version)s, quoted at %(price)s") % words
        yield affected(quotation.order, title, amount=quotation.total)


def identity(customer: Any) -> Iterable[Affected]:
    """Glasses that are made or kept for this person."""
    for order in _orders(_WITH_US, Q(customer=customer)):
        title = _("Whom order %(number)s is for") % {"number": order.number}
        yield affected(order, title, approval=approvals.current(order, IDENTITY))


def messages_go_to(customer: Any) -> Iterable[Affected]:
    """What is still to be said about open orders follows the new number or address by itself."""
    for order in _orders(_WITH_US, Q(customer=customer)):
        yield affected(order, _("Messages about order %(number)s") % {"number": order.number})


def live_lenses(order: Order) -> list[Input]:
    """The chosen lenses as the catalogue has them now."""
    chosen = LensSpecification.objects.filter(order=order).select_related("right", "left").first()
    products = {one.pk: one for one in (chosen.right, chosen.left) if one} if chosen else {}
    return [_supply_input(product, product.name) for product in products.values()]


def live_frame(order: Order) -> list[Input]:
    """The chosen frame as the catalogue has it now."""
    chosen = FrameChoice.objects.filter(order=order).select_related("frame").first()
    return [_supply_input(chosen.frame, str(chosen.frame))] if chosen and chosen.frame else []


def _supply_input(product: Any, name: str) -> Input:
    end = formats.day(product.discontinued_on, today=date.min) if product.discontinued_on else _("supplied")
    return Input(type_of(product), product.pk, product.version, name, {_("No longer made from"): end})


def live_prices(order: Order) -> list[Input]:
    """Each quoted price beside today's list price."""
    quotation = order.quotations.order_by("-version").first()
    if quotation is None:
        return []
    now = {line.key: line.unit_price for line in pricing.lines_of(order)}
    values = {
        line.description: _("quoted %(then)s, list price now %(now)s")
        % {"then": money(line.unit_price), "now": money(now[line.key])}
        for line in quotation.lines.order_by("position")
        if line.key in now
    }
    return [Input(type_of(quotation), quotation.pk, quotation.version, str(quotation.number), values)]


def live_person(order: Order) -> list[Input]:
    """Who the customer of the order is now."""
    customer = order.customer
    born = formats.day(customer.birth_date, today=date.min) if customer.birth_date else "–"
    values = {
        _("Name"): customer.full_name,
        _("Date of birth"): born,
        _("Customer number"): customer.number,
        _("Phone"): customer.phone or "–",
    }
    return [Input(type_of(customer), customer.pk, customer.version, _("Customer"), values)]


def supply_confirmed(order: Order, product: Any) -> bool:
    """Whether somebody decided on this very version of the product that it can still be had."""
    approval = approvals.current(order, LENS_SUPPLY)
    return (
        approval is not None
        and approval.inputs.filter(
            record_type=type_of(product), record_id=product.pk, record_version=product.version
        ).exists()
    )
