"""What an item costs on a day in a branch: its own price, or that of the price list that holds then.

The branch's own list goes before the general one, then the later beginning, then the later list. Price and cost are found
each for itself, so that a supplier's cost list and a shop's price list hold side by side.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalogue.models import Frame, LensAddOn, LensProduct, ListState, PriceEntry, Service

ITEMS: Mapping[type[models.Model], str] = {LensProduct: "lens", LensAddOn: "add_on", Frame: "frame", Service: "service"}
Item = LensProduct | LensAddOn | Frame | Service


@dataclass(frozen=True)
class When:
    """The day a price is asked for, and the branch that sells; no branch: general lists only."""

    day: date
    branch_id: int | None = None


@dataclass(frozen=True)
class PriceBook:
    """Listed amounts by (kind of item, id); an item without one has its own."""

    prices: Mapping[tuple[str, int], Decimal] = field(default_factory=dict)
    costs: Mapping[tuple[str, int], Decimal] = field(default_factory=dict)

    def price(self, item: Item) -> Decimal:
        """Retail price of one piece."""
        return self.prices.get((ITEMS[type(item)], item.pk), item.price)

    def cost(self, item: Item) -> Decimal:
        """What the supplier asks for one piece."""
        return self.costs.get((ITEMS[type(item)], item.pk), item.cost)


NO_LISTS = PriceBook()


def holding(when: When) -> QuerySet[PriceEntry]:
    """Entries of the lists that hold then and there, the strongest last."""
    of_branch = Q(price_list__branch=None)
    if when.branch_id is not None:
        of_branch |= Q(price_list__branch_id=when.branch_id)
    return PriceEntry.objects.filter(
        of_branch,
        Q(price_list__valid_until=None) | Q(price_list__valid_until__gte=when.day),
        price_list__state=ListState.PUBLISHED,
        price_list__valid_from__lte=when.day,
    ).order_by(F("price_list__branch").asc(nulls_first=True), "price_list__valid_from", "price_list_id")


def book(when: When, items: Iterable[Item]) -> PriceBook:
    """The listed prices of these items in one query."""
    ids: dict[str, set[int]] = {}
    for item in items:
        ids.setdefault(ITEMS[type(item)], set()).add(item.pk)
    if not ids:
        return NO_LISTS
    wanted = Q()
    for name, pks in ids.items():
        wanted |= Q(**{f"{name}_id__in": pks})
    return _listed(holding(when).filter(wanted))


def lens_book(when: When) -> PriceBook:
    """What the lists of then and there say of any lens: one query, for catalogues of thousands."""
    return _listed(holding(when).filter(lens__isnull=False))


def lens_prices(book: PriceBook) -> dict[int, Decimal]:
    """The listed price of every lens that has one, by its id."""
    return {pk: price for (name, pk), price in book.prices.items() if name == ITEMS[LensProduct]}


def _listed(entries: QuerySet[PriceEntry]) -> PriceBook:
    """Of several entries for an item the last counts, for price and cost each."""
    prices: dict[tuple[str, int], Decimal] = {}
    costs: dict[tuple[str, int], Decimal] = {}
    names = list(ITEMS.values())
    for *ids, price, cost in entries.values_list(*(f"{name}_id" for name in names), "price", "cost"):
        key = next((name, pk) for name, pk in zip(names, ids, strict=True) if pk is not None)
        if price is not None:
            prices[key] = price
        if cost is not None:
            costs[key] = cost
    return PriceBook(prices, costs)


def with_price(items: QuerySet[Any], when: When) -> QuerySet[Any]:
    """The items with `asked`, their price then and there, worked out by the database: to sort thousands."""
    name = ITEMS[items.model]
    listed = holding(when).filter(**{f"{name}_id": OuterRef("pk"), "price__isnull": False}).reverse()
    found: QuerySet[Any] = items.annotate(asked=Coalesce(Subquery(listed.values("price")[:1]), F("price")))
    return found
