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
from catalogue.pricebook import BAND_NAMES, BandRow, PriceBook
from catalogue.pricing import band_from
from catalogue.surcharges import Quantity, band_of, step_of, values_of
from lensmath.numbers import ZERO

Values = Mapping[Quantity, Decimal]


def asked_of(demand: Demand) -> Sequence[Values]:
    """What each lens of the demand is charged by."""
    return [values_of(need.power, need.prism.amount, demand.blank_mm(eye)) for eye, need in demand]


def reached(asked: Sequence[Values]) -> QuerySet[PriceBand]:
    """The lenses' own bands that begin below what some lens of the demand reaches."""
    strongest = {quantity: max((one[quantity] for one in asked), default=ZERO) for quantity in Quantity}
    conditions = [
        Q(quantity=quantity, from_dioptres__lt=value + step_of(quantity))
        for quantity, value in strongest.items()
        if value
    ]
    return PriceBand.objects.filter(reduce(or_, conditions)) if conditions else PriceBand.objects.none()


def own_bands(asked: Sequence[Values]) -> dict[int, dict[str, list[BandRow]]]:
    """The lenses' own bands that begin below what some lens of the demand reaches, by lens and quantity."""
    tables: dict[int, dict[str, list[BandRow]]] = {}
    for lens_id, *band in reached(asked).order_by().values_list("product_id", *BAND_NAMES):
        row = BandRow(*band)
        tables.setdefault(lens_id, {}).setdefault(row.quantity, []).append(row)
    return tables


def surcharges(asked: Sequence[Values], book: PriceBook) -> dict[int, Decimal]:
    """The surcharges of all lenses of the demand together, by the id of each lens that has bands of its own or listed ones."""
    own = book.own or {}
    known: dict[tuple[tuple[object, ...], ...], Decimal] = {}
    found: dict[int, Decimal] = {}
    for lens_id in own.keys() | book.price_bands.keys():
        tables = {**own.get(lens_id, {}), **book.price_bands.get(lens_id, {})}
        key = tuple(sorted(row[1:5] for rows in tables.values() for row in rows))
        if key not in known:
            known[key] = sum((_of(one, tables) for one in asked), ZERO)
        found[lens_id] = known[key]
    return found


def _of(asked: Values, tables: Mapping[str, Sequence[BandRow]]) -> Decimal:
    """The surcharges of one lens."""
    total = ZERO
    for quantity, rows in tables.items():
        rising = sorted((band_from(row) for row in rows), key=lambda band: band.from_dioptres)
        band = band_of(asked[Quantity(quantity)], rising)
        total += band.price if band else ZERO
    return total
