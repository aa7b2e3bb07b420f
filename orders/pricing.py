"""What an order costs before discount: one line per item, the same lens for both eyes counted as two."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from catalogue import pricing as lens_prices
from catalogue.demand import Demand, EyeDemand
from catalogue.models import LensProduct, Service
from catalogue.pricebook import Item, PriceBook, When, book
from core.prepared import Slot, prepared
from lensmath.numbers import ZERO
from lensmath.powers import EyePower
from lensmath.prism import Eye
from orders import workdays
from orders.models import FrameChoice, FrameStatus, LensSpecification, LineKind, Order
from orders.needs import Parts, demand_of, parts_of

BOTH = "both"
_SOLD = (FrameStatus.SUPPLY, FrameStatus.TO_COME)


@dataclass(frozen=True)
class PricedLine:
    """One item at list price. `key` names it across versions; `eye` is empty for a pair or a thing without an eye."""

    key: str
    kind: LineKind
    description: str
    unit_price: Decimal
    unit_cost: Decimal
    detail: str = ""
    record_type: str = ""
    record_id: int | None = None
    eye: str = ""
    quantity: int = 1


@dataclass(frozen=True)
class ServiceItem:
    """A service asked for with the order, for example the eye examination."""

    service_id: int
    quantity: int = 1


def lines_of(
    order: Order, services: Sequence[ServiceItem] = (), on: date | None = None, parts: Parts | None = None
) -> list[PricedLine]:
    """Every item of the order at the list prices of a day, today's unless given: frame, lenses, surcharges, add-ons, services."""
    known = parts or parts_of(order)
    frame, specification = known.frame, known.specification
    asked = Service.objects.in_bulk([item.service_id for item in services if item.quantity > 0]) if services else {}
    prices = _book(order, on, frame, specification, asked.values())
    return [
        *_frame_lines(frame, prices),
        *_lens_lines(order, known, prices),
        *_service_lines(services, asked, prices),
    ]


def has_items(order: Order) -> bool:
    """Whether anything is chosen that can be quoted, without its prices."""
    return _with_items().row(order=order.pk) is not None


@prepared
def _with_items() -> QuerySet[Order, int]:
    sold = Q(frame_choice__frame__isnull=False, frame_choice__status__in=_SOLD)
    made = Q(lens_specification__right__isnull=False) | Q(lens_specification__left__isnull=False)
    return Order.objects.filter(sold | made, pk=Slot("order")).values_list("pk", flat=True)


def _book(
    order: Order,
    on: date | None,
    frame: FrameChoice | None,
    specification: LensSpecification | None,
    services: Iterable[Service],
) -> PriceBook:
    """What price lists say of these items on the day of the order's branch."""
    found: list[Item | None] = [frame.frame if frame else None, *services]
    if specification is not None:
        found += [specification.right, specification.left, *specification.add_ons.all()]
    when = When(on or workdays.today(order.branch), order.branch_id)
    return book(when, [item for item in found if item is not None])


def lead_days(order: Order, parts: Parts | None = None) -> int:
    """Working days until the order can be ready; none without lenses."""
    specification = (parts or parts_of(order)).specification
    if specification is None:
        return 0
    made = [lens for lens in (specification.right, specification.left) if lens]
    return lens_prices.days_of(made, specification.add_ons.all()) if made else 0


def _frame_lines(choice: FrameChoice | None, prices: PriceBook) -> list[PricedLine]:
    if choice is None or choice.frame is None or choice.status not in _SOLD:
        return []
    frame = choice.frame
    return [
        PricedLine(
            key="frame",
            kind=LineKind.FRAME,
            description=str(frame),
            detail=frame.size_mark,
            unit_price=prices.price(frame),
            unit_cost=prices.cost(frame),
            record_type="catalogue.frame",
            record_id=frame.pk,
        )
    ]


def _lens_lines(order: Order, known: Parts, prices: PriceBook) -> list[PricedLine]:
    specification = known.specification
    if specification is None:
        return []
    right, left = specification.right, specification.left
    demand = _demand(order, known, {Eye.RIGHT: right, Eye.LEFT: left})
    priced = lens_prices.price_of(right, left, list(specification.add_ons.all()), demand, prices)
    details = {lens.pk: _detail(lens) for lens in (right, left) if lens}
    return _paired(_lens_line(part, details) for part in priced.parts if part.price or part.cost)


def _demand(order: Order, known: Parts, products: Mapping[Eye, LensProduct | None]) -> Demand:
    """What each chosen lens must do; without a power (sunglasses, a balance lens) it is a lens without power."""
    demand = demand_of(order, known)
    powers = {eye: EyeDemand(EyePower(ZERO)) for eye in Eye} | dict(demand.eyes if demand else {})
    chosen = {eye: need for eye, need in powers.items() if products[eye] is not None}
    return Demand(chosen, demand.frame if demand else None)


def _lens_line(part: lens_prices.Part, details: Mapping[int, str]) -> PricedLine:
    return PricedLine(
        key=part.key,
        kind=LineKind(part.kind),
        description=part.label,
        detail=details.get(part.record_id, "") if part.kind == lens_prices.LENS else "",
        unit_price=part.price,
        unit_cost=part.cost,
        record_type=part.record_type,
        record_id=part.record_id,
        eye=part.eye.value,
    )


def _detail(product: LensProduct) -> str:
    words = [str(product.get_form_display()), _("index %(index)s") % {"index": f"{product.index_nd:.2f}"}]
    if product.corridor_mm:
        words.append(_("corridor %(mm)s mm") % {"mm": f"{product.corridor_mm.normalize():f}"})
    return ", ".join(words)


def _paired(lines: Iterable[PricedLine]) -> list[PricedLine]:
    """The same item for both eyes becomes one line of two."""
    groups: dict[str, list[PricedLine]] = defaultdict(list)
    for line in lines:
        groups[line.key].append(line)
    paired = []
    for key, rows in groups.items():
        first = rows[0]
        if len(rows) == 2:
            paired.append(replace(first, key=f"{key}:{BOTH}", eye="", quantity=2))
        else:
            paired.append(replace(first, key=f"{key}:{first.eye}"))
    return paired


def _service_lines(wanted: Sequence[ServiceItem], known: Mapping[int, Service], prices: PriceBook) -> list[PricedLine]:
    return [
        PricedLine(
            key=f"service-{item.service_id}",
            kind=LineKind.SERVICE,
            description=known[item.service_id].name,
            unit_price=prices.price(known[item.service_id]),
            unit_cost=prices.cost(known[item.service_id]),
            record_type="catalogue.service",
            record_id=item.service_id,
            quantity=item.quantity,
        )
        for item in wanted
        if item.service_id in known and item.quantity > 0
    ]
