"""What surcharges make of the price of a pair, for thousands of lenses at once: the finder sorts by the price it shows.

Only bands that begin below what the demand reaches are read. Most demands reach none, and catalogues have few different
tables, so that each is worked out once.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from catalogue.demand import Demand
from catalogue.models import PriceBand
from catalogue.pricebook import ListedBand, PriceBook
from catalogue.pricing import band_from
from catalogue.surcharges import Quantity, band_of, step_of, values_of
from lensmath.numbers import ZERO

Values = Mapping[Quantity, Decimal]


def asked_of(demand: Demand) -> Sequence[Values]:
    """What each lens of the demand is charged by."""
    found = []
    for eye, need in demand:
        blank = demand.blank(eye)
        found.append(values_of(need.power, need.prism.amount, blank.diameter_mm if blank else None))
    return found


def reached(asked: Sequence[Values]) -> QuerySet[PriceBand]:
    """The lenses' own bands that begin below what some lens of the demand reaches."""
    strongest = {quantity: max((one[quantity] for one in asked), default=ZERO) for quantity in Quantity}
    conditions = [
        Q(quantity=quantity, from_dioptres__lt=value + step_of(quantity))
        for quantity, value in strongest.items()
        if value
    ]
    return PriceBand.objects.filter(reduce(or_, conditions)) if conditions else PriceBand.objects.none()


def surcharges(asked: Sequence[Values], own: QuerySet[PriceBand], book: PriceBook) -> dict[int, Decimal]:
    """The surcharges of all lenses of the demand together, by the id of each lens that has bands."""
    names = ("pk", "quantity", "from_dioptres", "to_dioptres", "price", "cost")
    tables: dict[int, dict[str, list[ListedBand]]] = {}
    for lens_id, *band in own.order_by().values_list("product_id", *names):
        row = ListedBand(*band)
        tables.setdefault(lens_id, {}).setdefault(row.quantity, []).append(row)
    for lens_id, listed in book.price_bands.items():
        tables.setdefault(lens_id, {}).update({quantity: list(rows) for quantity, rows in listed.items()})
    known: dict[tuple[tuple[object, ...], ...], Decimal] = {}
    found: dict[int, Decimal] = {}
    for lens_id, by_quantity in tables.items():
        key = tuple(sorted(row[1:5] for rows in by_quantity.values() for row in rows))
        if key not in known:
            known[key] = sum((_of(one, by_quantity) for one in asked), ZERO)
        found[lens_id] = known[key]
    return found


def _of(asked: Values, tables: Mapping[str, Sequence[ListedBand]]) -> Decimal:
    """The surcharges of one lens."""
    total = ZERO
    for quantity, rows in tables.items():
        rising = sorted((band_from(row) for row in rows), key=lambda band: band.from_dioptres)
        band = band_of(asked[Quantity(quantity)], rising)
        total += band.price if band else ZERO
    return total
