"""What an order costs before discount: one line per item, the same lens for both eyes counted as two."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from catalogue import surcharges
from catalogue.models import LensAddOn, LensProduct, Service
from lensmath.numbers import ZERO
from lensmath.powers import EyePower
from lensmath.prism import Base, Prism
from orders.models import FrameChoice, FrameStatus, LensSpecification, LineKind, Order
from prescriptions.models import PrescribedEye

BOTH = "both"


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


def lines_of(order: Order, services: Sequence[ServiceItem] = ()) -> list[PricedLine]:
    """Every item of the order at today's list prices: frame, lenses, surcharges, add-ons, services."""
    frame = FrameChoice.objects.filter(order=order).select_related("frame").first()
    specification = (
        LensSpecification.objects.filter(order=order)
        .select_related("right", "left")
        .prefetch_related("add_ons", "right__bands", "left__bands")
        .first()
    )
    lines = [*_frame_lines(frame), *_lens_lines(order, specification)]
    return lines + _service_lines(services)


def lead_days(order: Order) -> int:
    """Working days until the order can be ready: the slower lens and its slowest working, or nothing without lenses."""
    specification = (
        LensSpecification.objects.filter(order=order)
        .select_related("right", "left")
        .prefetch_related("add_ons")
        .first()
    )
    products = [lens for lens in (specification.right, specification.left) if lens] if specification else []
    if specification is None or not products:
        return 0
    extra = max((add_on.extra_days for add_on in specification.add_ons.all()), default=0)
    return max(lens.lead_days for lens in products) + extra


def _frame_lines(choice: FrameChoice | None) -> list[PricedLine]:
    if choice is None or choice.frame is None or choice.status not in (FrameStatus.SUPPLY, FrameStatus.TO_COME):
        return []
    frame = choice.frame
    return [
        PricedLine(
            key="frame",
            kind=LineKind.FRAME,
            description=str(frame),
            detail=frame.size_mark,
            unit_price=frame.price,
            unit_cost=frame.cost,
            record_type="catalogue.frame",
            record_id=frame.pk,
        )
    ]


def _lens_lines(order: Order, specification: LensSpecification | None) -> list[PricedLine]:
    if specification is None:
        return []
    written = _written_eyes(order)
    found: list[PricedLine] = []
    for eye, product in (("right", specification.right), ("left", specification.left)):
        if product is not None:
            found += one_lens(product, specification.add_ons.all(), written.get(eye), eye)
    return _paired(found)


def _written_eyes(order: Order) -> dict[str, PrescribedEye]:
    if order.prescription_id is None:
        return {}
    return {row.eye: row for row in PrescribedEye.objects.filter(prescription_id=order.prescription_id)}


def one_lens(
    product: LensProduct, add_ons: Iterable[LensAddOn], written: PrescribedEye | None, eye: str
) -> list[PricedLine]:
    """The lens of one eye: its own price, the surcharges of its power, its add-ons."""
    lens = PricedLine(
        key=f"lens-{product.pk}",
        kind=LineKind.LENS,
        description=product.name,
        detail=_index_words(product),
        unit_price=product.price,
        unit_cost=product.cost,
        record_type="catalogue.lensproduct",
        record_id=product.pk,
        eye=eye,
    )
    return [lens, *_surcharges(product, written, eye), *(_add_on(add_on, eye) for add_on in add_ons)]


def _index_words(product: LensProduct) -> str:
    words = [str(product.get_form_display()), _("index %(index)s") % {"index": f"{product.index_nd:.2f}"}]
    if product.corridor_mm:
        words.append(_("corridor %(mm)s mm") % {"mm": f"{product.corridor_mm.normalize():f}"})
    return ", ".join(words)


def _add_on(add_on: LensAddOn, eye: str) -> PricedLine:
    return PricedLine(
        key=f"add-on-{add_on.pk}",
        kind=LineKind.ADD_ON,
        description=add_on.name,
        unit_price=add_on.price,
        unit_cost=add_on.cost,
        record_type="catalogue.lensaddon",
        record_id=add_on.pk,
        eye=eye,
    )


def _surcharges(product: LensProduct, written: PrescribedEye | None, eye: str) -> list[PricedLine]:
    power = _power(written)
    if power is None or written is None:
        return []
    bands = {
        surcharges.Band(surcharges.Quantity(row.quantity), row.from_dioptres, row.to_dioptres, row.price, row.cost): row
        for row in product.bands.all()
    }
    charged = surcharges.charges(power, _prism(written).amount, bands)
    return [_surcharge(bands[band].pk, band, eye) for band in charged.bands if band.price or band.cost]


def _surcharge(band_id: int, band: surcharges.Band, eye: str) -> PricedLine:
    words = {
        surcharges.Quantity.SPHERE: _("Surcharge for a strong lens"),
        surcharges.Quantity.CYLINDER: _("Surcharge for a strong cylinder"),
        surcharges.Quantity.PRISM: _("Surcharge for prism"),
        surcharges.Quantity.ADD: _("Surcharge for a strong addition"),
    }
    return PricedLine(
        key=f"surcharge-{band_id}",
        kind=LineKind.SURCHARGE,
        description=words[band.quantity],
        unit_price=band.price,
        unit_cost=band.cost,
        record_type="catalogue.priceband",
        record_id=band_id,
        eye=eye,
    )


def _power(written: PrescribedEye | None) -> EyePower | None:
    if written is None or written.sphere is None:
        return None
    return EyePower(written.sphere, written.cylinder, written.axis, written.add)


def _prism(written: PrescribedEye) -> Prism:
    horizontal = (written.prism_horizontal or ZERO, Base(written.base_horizontal or Base.IN))
    vertical = (written.prism_vertical or ZERO, Base(written.base_vertical or Base.UP))
    return Prism.of(horizontal, vertical)


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


def _service_lines(wanted: Sequence[ServiceItem]) -> list[PricedLine]:
    known = Service.objects.in_bulk([item.service_id for item in wanted])
    return [
        PricedLine(
            key=f"service-{item.service_id}",
            kind=LineKind.SERVICE,
            description=known[item.service_id].name,
            unit_price=known[item.service_id].price,
            unit_cost=known[item.service_id].cost,
            record_type="catalogue.service",
            record_id=item.service_id,
            quantity=item.quantity,
        )
        for item in wanted
        if item.service_id in known and item.quantity > 0
    ]
