"""What a pair of lenses costs: each lens, its add-ons and the surcharges of its power, as parts that become quotation lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalogue.demand import Demand, EyeDemand
from catalogue.models import LensAddOn, LensProduct, PriceBand
from catalogue.pricebook import NO_LISTS, PriceBook
from catalogue.surcharges import Band, Quantity, charges
from lensmath.numbers import ZERO
from lensmath.prism import Eye
from records.events import type_of

LENS, ADD_ON, SURCHARGE = "lens", "add_on", "surcharge"
_LABELS = {
    Quantity.SPHERE: lambda: _("High sphere"),
    Quantity.CYLINDER: lambda: _("High cylinder"),
    Quantity.PRISM: lambda: _("Prism"),
    Quantity.ADD: lambda: _("High add"),
}


@dataclass(frozen=True)
class Part:
    """One priced item of one lens. `kind` is lens, add_on or surcharge; price is retail, both in the shop's currency."""

    kind: str
    eye: Eye
    label: str
    record_type: str
    record_id: int
    price: Decimal
    cost: Decimal


@dataclass(frozen=True)
class Priced:
    """Every part of a pair. `beyond` names what is stronger than the last price band: ask the laboratory."""

    parts: tuple[Part, ...]
    days: int
    beyond: tuple[str, ...] = ()

    @property
    def price(self) -> Decimal:
        return sum((part.price for part in self.parts), ZERO)

    @property
    def cost(self) -> Decimal:
        return sum((part.cost for part in self.parts), ZERO)

    def of(self, kind: str) -> Decimal:
        """The price of all parts of one kind."""
        return sum((part.price for part in self.parts if part.kind == kind), ZERO)


def price_of(
    right: LensProduct | None,
    left: LensProduct | None,
    add_ons: Sequence[LensAddOn],
    demand: Demand,
    book: PriceBook = NO_LISTS,
) -> Priced:
    """Price the lenses of an order, one product per eye to make, by the price book of the day.

    Products should come with `bands` prefetched.
    """
    products = {Eye.RIGHT: right, Eye.LEFT: left}
    parts: list[Part] = []
    beyond: list[str] = []
    for eye, need in demand:
        product = products[eye]
        if product is None:
            continue
        parts.append(_part(LENS, eye, product.name, product, book))
        parts += [_part(ADD_ON, eye, add_on.name, add_on, book) for add_on in add_ons]
        surcharges, stronger = _surcharges(product, eye, need)
        parts += surcharges
        beyond += stronger
    made = [product for product in products.values() if product is not None]
    return Priced(tuple(parts), days_of(made, add_ons), tuple(dict.fromkeys(beyond)))


def days_of(products: Iterable[LensProduct], add_ons: Iterable[LensAddOn]) -> int:
    """Working days until the lenses are there: the slower product and its slowest working."""
    slowest = max((one.extra_days for one in add_ons), default=0)
    return max((product.lead_days for product in products), default=0) + slowest


def _part(kind: str, eye: Eye, label: str, item: LensProduct | LensAddOn, book: PriceBook) -> Part:
    return Part(kind, eye, label, type_of(item), item.pk, book.price(item), book.cost(item))


def _surcharges(product: LensProduct, eye: Eye, need: EyeDemand) -> tuple[list[Part], list[str]]:
    rows = {_band(row): row for row in product.bands.all()}
    found = charges(need.power, need.prism.amount, rows)
    parts = [_surcharge(eye, band, rows[band]) for band in found.bands]
    return parts, [_LABELS[quantity]() for quantity in found.beyond]


def _surcharge(eye: Eye, band: Band, row: PriceBand) -> Part:
    label = _("%(what)s %(least)s to %(most)s") % {
        "what": _LABELS[band.quantity](),
        "least": row.from_dioptres,
        "most": row.to_dioptres,
    }
    return Part(SURCHARGE, eye, label, type_of(row), row.pk, row.price, row.cost)


def _band(row: PriceBand) -> Band:
    return Band(Quantity(row.quantity), row.from_dioptres, row.to_dioptres, row.price, row.cost)
