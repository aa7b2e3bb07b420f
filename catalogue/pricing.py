"""What a pair of lenses costs: each lens, its add-ons and the surcharges of its power, as parts that become quotation lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalogue.demand import Demand
from catalogue.models import LensAddOn, LensProduct, PriceEntry
from catalogue.pricebook import NO_LISTS, BandRow, PriceBook
from catalogue.surcharges import Band, Charges, Quantity, band_of, charges
from lensmath.numbers import ZERO
from lensmath.prism import Eye
from records.events import type_of

LENS, ADD_ON, SURCHARGE = "lens", "add_on", "surcharge"
_LABELS = {
    Quantity.SPHERE: lambda: _("High sphere"),
    Quantity.CYLINDER: lambda: _("High cylinder"),
    Quantity.PRISM: lambda: _("Prism"),
    Quantity.ADD: lambda: _("High add"),
    Quantity.DIAMETER: lambda: _("Large blank (mm)"),
}


@dataclass(frozen=True)
class Part:
    """One priced item of one lens. `kind` is lens, add_on or surcharge; price is retail, both in the shop's currency.

    `key` names the item from one price list to the next: a surcharge is the same when it is for the same lens from the same power.
    """

    key: str
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
    for eye, _need in demand:
        product = products[eye]
        if product is None:
            continue
        parts.append(_part(LENS, eye, product.name, product, book))
        parts += [_part(ADD_ON, eye, add_on.name, add_on, book) for add_on in add_ons]
        surcharges, stronger = _surcharges(product, eye, demand, book)
        parts += surcharges
        beyond += stronger
    made = [product for product in products.values() if product is not None]
    return Priced(tuple(parts), days_of(made, add_ons), tuple(dict.fromkeys(beyond)))


def days_of(products: Iterable[LensProduct], add_ons: Iterable[LensAddOn]) -> int:
    """Working days until the lenses are there: the slower product and its slowest working."""
    slowest = max((one.extra_days for one in add_ons), default=0)
    return max((product.lead_days for product in products), default=0) + slowest


def _part(kind: str, eye: Eye, label: str, item: LensProduct | LensAddOn, book: PriceBook) -> Part:
    return Part(f"{kind}-{item.pk}", kind, eye, label, type_of(item), item.pk, book.price(item), book.cost(item))


def _surcharges(product: LensProduct, eye: Eye, demand: Demand, book: PriceBook) -> tuple[list[Part], list[str]]:
    """Price and cost are found each in its own table: a list may give one of them only."""
    for_price, for_cost = book.prices_of_bands(product), book.costs_of_bands(product)
    if not for_price and not for_cost:
        return [], []
    asked = _charges(eye, demand, for_price)
    paid = asked if for_cost == for_price else _charges(eye, demand, for_cost)
    rows = {band_from(row): row for row in [*for_cost, *for_price]}
    prices = {band.quantity: band for band in asked.bands}
    costs = {band.quantity: band for band in paid.bands}
    parts = [
        _surcharge(product, eye, prices.get(quantity), costs.get(quantity), rows)
        for quantity in Quantity
        if quantity in prices or quantity in costs
    ]
    return parts, [_LABELS[quantity]() for quantity in asked.beyond]


def _charges(eye: Eye, demand: Demand, rows: Sequence[BandRow]) -> Charges:
    """The least blank is worked out only where blanks are charged for."""
    bands = [band_from(row) for row in rows]
    by_blank = any(band.quantity is Quantity.DIAMETER for band in bands)
    need, blank_mm = demand.eyes[eye], demand.blank_mm(eye) if by_blank else None
    return charges(need.power, need.prism.amount, bands, blank_mm)


def _surcharge(
    product: LensProduct, eye: Eye, asked: Band | None, paid: Band | None, rows: Mapping[Band, BandRow]
) -> Part:
    band = asked or paid
    if band is None:
        raise LookupError("A surcharge has a price or a cost.")
    label = _("%(what)s %(least)s to %(most)s") % {
        "what": _LABELS[band.quantity](),
        "least": band.from_dioptres,
        "most": band.to_dioptres,
    }
    row, key = rows[band], f"{SURCHARGE}-{product.pk}-{band.quantity}-{band.from_dioptres:f}"
    price, cost = asked.price if asked else ZERO, paid.cost if paid else ZERO
    return Part(key, SURCHARGE, eye, label, row.record_type, row.pk, price, cost)


def standing(entry: PriceEntry, book: PriceBook) -> tuple[Decimal, Decimal]:
    """Price and cost that hold by a book for what a list entry is about; a surcharge at the weakest power of its band."""
    if entry.lens is None or not entry.quantity:
        return book.price(entry.item), book.cost(entry.item)
    asked = _at(book.prices_of_bands(entry.lens), entry)
    paid = _at(book.costs_of_bands(entry.lens), entry)
    return asked.price if asked else ZERO, paid.cost if paid else ZERO


def _at(rows: Sequence[BandRow], entry: PriceEntry) -> Band | None:
    rising = sorted((row for row in rows if row.quantity == entry.quantity), key=lambda row: row.from_dioptres)
    return band_of(entry.from_dioptres or ZERO, [band_from(row) for row in rising])


def band_from(row: BandRow) -> Band:
    """A row of the catalogue or of a list as the pure rule reads it."""
    return Band(Quantity(row.quantity), row.from_dioptres, row.to_dioptres, row.price or ZERO, row.cost or ZERO)
