"""What an item costs on a day in a branch: its own price, or that of the price list that holds then.

The branch's own list goes before the general one, then the later beginning, then the later list. Price and cost are found
each for itself, so that a supplier's cost list and a shop's price list hold side by side. Surcharges go by tables: all the bands
of a lens for one quantity come from the lens or from one list, never some from here and some from there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F, Q, QuerySet

from catalogue.models import Frame, LensAddOn, LensProduct, ListState, PriceBand, PriceEntry, Service
from core.prepared import Slot, one_of, prepared

ITEMS: Mapping[type[models.Model], str] = {LensProduct: "lens", LensAddOn: "add_on", Frame: "frame", Service: "service"}
Item = LensProduct | LensAddOn | Frame | Service
OWN, OF_LIST = PriceBand._meta.label_lower, PriceEntry._meta.label_lower
NOTHING: Mapping[str, Sequence["BandRow"]] = {}


@dataclass(frozen=True)
class When:
    """The day a price is asked for, and the branch that sells; no branch: general lists only."""

    day: date
    branch_id: int | None = None


class BandRow(NamedTuple):
    """A surcharge as a bare row, of a lens or of a price list; None leaves the amount to another table."""

    pk: int
    quantity: str
    from_dioptres: Decimal
    to_dioptres: Decimal
    price: Decimal | None
    cost: Decimal | None
    record_type: str = OWN


BAND_NAMES = BandRow._fields[:-1]
Tables = Mapping[int, Mapping[str, Sequence[BandRow]]]


@dataclass(frozen=True)
class PriceBook:
    """Listed amounts by (kind of item, id), listed bands by lens and quantity; what is not listed has its own.

    `own`: the lenses' own bands where somebody has read them for many lenses together; else they are read from the lens.
    """

    prices: Mapping[tuple[str, int], Decimal] = field(default_factory=dict)
    costs: Mapping[tuple[str, int], Decimal] = field(default_factory=dict)
    price_bands: Tables = field(default_factory=dict)
    cost_bands: Tables = field(default_factory=dict)
    own: Tables | None = None

    def price(self, item: Item) -> Decimal:
        """Retail price of one piece."""
        return self.prices.get((ITEMS[type(item)], item.pk), item.price)

    def cost(self, item: Item) -> Decimal:
        """What the supplier asks for one piece."""
        return self.costs.get((ITEMS[type(item)], item.pk), item.cost)

    def prices_of_bands(self, lens: LensProduct) -> list[BandRow]:
        """The surcharges whose price holds; `bands` of the lens should be prefetched."""
        return self._standing(lens, self.price_bands.get(lens.pk, NOTHING))

    def costs_of_bands(self, lens: LensProduct) -> list[BandRow]:
        """The surcharges whose cost holds."""
        return self._standing(lens, self.cost_bands.get(lens.pk, NOTHING))

    def _standing(self, lens: LensProduct, listed: Mapping[str, Sequence[BandRow]]) -> list[BandRow]:
        if self.own is None:
            own = [row_of(band) for band in lens.bands.all() if band.quantity not in listed]
        else:
            tables = self.own.get(lens.pk, NOTHING)
            own = [row for quantity, rows in tables.items() if quantity not in listed for row in rows]
        return [*own, *(row for rows in listed.values() for row in rows)]


def row_of(band: PriceBand) -> BandRow:
    """A lens's own band as a bare row."""
    return BandRow(*(getattr(band, name) for name in BAND_NAMES))


NO_LISTS = PriceBook()


@prepared
def _holding(of_branch: bool, of_items: bool) -> QuerySet[PriceEntry, Any]:
    """Entries of the lists that hold on a day, of some items or of the lenses, the strongest list last."""
    where = Q(price_list__branch=None)
    if of_branch:
        where |= Q(price_list__branch_id=Slot("branch"))
    found = PriceEntry.objects.filter(
        where,
        Q(price_list__valid_until=None) | Q(price_list__valid_until__gte=Slot("day")),
        reduce(or_, (Q(one_of(f"{name}_id", name)) for name in ITEMS.values()))
        if of_items
        else Q(one_of("quantity", "quantities"), lens__isnull=False),
        price_list__state=ListState.PUBLISHED,
        price_list__valid_from__lte=Slot("day"),
    )
    ranked = found.order_by(F("price_list__branch").asc(nulls_first=True), "price_list__valid_from", "price_list_id")
    return ranked.values_list("price_list_id", *(f"{name}_id" for name in ITEMS.values()), *BAND_NAMES)


def book(when: When, items: Iterable[Item]) -> PriceBook:
    """The listed prices of these items in one query."""
    ids: dict[str, list[int]] = {name: [] for name in ITEMS.values()}
    for item in items:
        ids[ITEMS[type(item)]].append(item.pk)
    if not any(ids.values()):
        return NO_LISTS
    return _listed(_entries(when, of_items=True, **ids))


def lens_book(when: When, quantities: Iterable[str] = ()) -> PriceBook:
    """What the lists of then and there say of any lens, with its surcharges for some quantities: one query, for catalogues
    of thousands."""
    return _listed(_entries(when, of_items=False, quantities=["", *map(str, quantities)]))


def _entries(when: When, *, of_items: bool, **wanted: Sequence[Any]) -> list[Any]:
    of_branch = when.branch_id is not None
    return _holding(of_branch, of_items).rows(day=when.day, branch=when.branch_id, **wanted)


def lens_prices(book: PriceBook) -> dict[int, Decimal]:
    """The listed price of every lens that has one, by its id."""
    return {pk: price for (name, pk), price in book.prices.items() if name == ITEMS[LensProduct]}


def _listed(entries: Iterable[Any]) -> PriceBook:
    """Of several entries for an item, of several tables for a quantity, the last counts: for price and cost each."""
    prices: dict[tuple[str, int], Decimal] = {}
    costs: dict[tuple[str, int], Decimal] = {}
    price_bands, cost_bands = _TablesBuilt(), _TablesBuilt()
    names = list(ITEMS.values())
    for list_id, *ids, pk, quantity, least, most, price, cost in entries:
        key = next((name, pk) for name, pk in zip(names, ids, strict=True) if pk is not None)
        if quantity:
            band = BandRow(pk, quantity, least, most, price, cost, OF_LIST)
            if price is not None:
                price_bands.add(key[1], list_id, band)
            if cost is not None:
                cost_bands.add(key[1], list_id, band)
            continue
        if price is not None:
            prices[key] = price
        if cost is not None:
            costs[key] = cost
    return PriceBook(prices, costs, price_bands.tables, cost_bands.tables)


class _TablesBuilt:
    """Bands by lens and quantity; the first band of a later list begins the table anew."""

    def __init__(self) -> None:
        self.tables: dict[int, dict[str, list[BandRow]]] = {}
        self._of_list: dict[tuple[int, str], int] = {}

    def add(self, lens_id: int, list_id: int, band: BandRow) -> None:
        key, tables = (lens_id, band.quantity), self.tables.setdefault(lens_id, {})
        if self._of_list.get(key) != list_id:
            self._of_list[key], tables[band.quantity] = list_id, []
        tables[band.quantity].append(band)
