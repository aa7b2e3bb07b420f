"""Which lenses can be ordered for a demand: the database sorts out, the pure rule of `availability` explains.

The least blank and the heights do not depend on the product, so that one query answers for thousands of products; a test
holds both answers to be the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import reduce
from heapq import nsmallest
from operator import or_
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import BooleanField, Case, Count, ExpressionWrapper, F, Min, Q, QuerySet, Value, Window
from django.db.models import When as If
from django.db.models.functions import Abs, Coalesce, NullIf
from django.utils.translation import gettext as _

from catalogue import ranking
from catalogue.assessing import needs_of, ranges_of
from catalogue.availability import LensNeed, assess
from catalogue.demand import Demand
from catalogue.models import MULTIFOCAL, LensDesign, LensProduct, LensRange
from catalogue.pricebook import PriceBook, When, lens_book, lens_prices
from catalogue.pricing import Priced, price_of
from lensmath.centration import ROOM_ABOVE_MM
from lensmath.numbers import ZERO
from lensmath.powers import EyePower, minus_form
from lensmath.prism import Eye
from lensmath.thickness import LensForm, NotMakeable, Placement, ThicknessEstimate, estimate, usual_base_curve

ASKS_FOR_ROOM_ABOVE = (LensDesign.PROGRESSIVE, LensDesign.OCCUPATIONAL)
USUAL_DENSITY = Decimal("1.30")
USUAL_CENTRE_MM = Decimal("1.5")
MOST_OFFERS = 200


@dataclass(frozen=True)
class Offer:
    """A lens that can be ordered, with the price of the pair before add-ons, and the working days."""

    product: LensProduct
    priced: Priced
    diameter_mm: int

    @property
    def price(self) -> Decimal:
        return self.priced.price


@dataclass(frozen=True)
class Offers:
    """The offers of one answer; `total` counts all that can be ordered."""

    offers: Sequence[Offer]
    total: int


def makeable(demand: Demand, today: date, design: str = "") -> QuerySet[LensProduct]:
    """Products of today's catalogue, or those of one design, that can be ordered for every eye of the demand."""
    needs, designs = demand.eyes.values(), _designs(demand, design)
    found = on_sale(LensProduct.objects.filter(design__in=designs), today)
    ranges = LensRange.objects.filter(product__design__in=designs) if len(designs) == 1 else LensRange.objects.all()
    heights = {need.height_mm for need in needs if need.height_mm is not None}
    return found.filter(*(_heights(one, demand) for one in heights), pk__in=_serving(ranges, _eye_conditions(demand)))


def _designs(demand: Demand, only: str) -> list[str]:
    """Designs of spectacle lenses that serve the demand: without an add no multifocal."""
    no_add = any(need.power.add is None for need in demand.eyes.values())
    served = [one.value for one in LensDesign if one != LensDesign.CONTACT and not (no_add and one in MULTIFOCAL)]
    return [one for one in served if one == only] if only else served


def _eye_conditions(demand: Demand) -> list[Q]:
    """Which ranges serve an eye: one condition for each eye that asks for something else."""
    asked = dict.fromkeys((need.power, need.prism.amount, demand.blank_mm(eye)) for eye, need in demand)
    return [_made_for(*one) for one in asked]


def _serving(among: QuerySet[LensRange], conditions: Sequence[Q]) -> QuerySet[LensRange, Any]:
    """Products with a range for every eye, in one pass over the ranges; the eyes may come from different diameters."""
    ranges = among.order_by().values("product_id")
    if len(conditions) < 2:
        return ranges.filter(*conditions)
    flags = {f"eye_{n}": BoolOr(ExpressionWrapper(one, BooleanField())) for n, one in enumerate(conditions)}
    serving_one = reduce(or_, conditions)
    return ranges.filter(serving_one).annotate(**flags).filter(**dict.fromkeys(flags, True)).values("product_id")


def on_sale(products: QuerySet[LensProduct], today: date) -> QuerySet[LensProduct]:
    """Introduced and not discontinued."""
    return products.filter(
        Q(available_from__isnull=True) | Q(available_from__lte=today),
        Q(discontinued_on__isnull=True) | Q(discontinued_on__gt=today),
    )


def _made_for(written: EyePower, prism_amount: Decimal, blank_mm: Decimal | None) -> Q:
    """Ranges that hold this eye's power, prism and blank. What cannot fail is not asked, and what costs least comes first."""
    power = minus_form(written)
    rows = Q(diameter_mm__gte=blank_mm) if blank_mm is not None else Q()
    rows &= Q(sphere_min__lte=power.sphere) & Q(sphere_max__gte=power.sphere)
    if power.cylinder is not None:
        combined = Q(combined_min__isnull=True) | Q(combined_min__lte=power.sphere + power.cylinder)
        rows &= Q(cylinder_min__lte=power.cylinder) & combined
    if power.add is not None:
        rows &= Q(add_min__isnull=True) | Q(add_min__lte=power.add)
        rows &= Q(add_max__isnull=True) | Q(add_max__gte=power.add)
    return rows & Q(prism_max__gte=prism_amount) if prism_amount else rows


def _heights(height: Decimal, demand: Demand) -> Q:
    """The heights matter to multifocal designs only."""
    fits = Q(minimum_fitting_height_mm__isnull=True) | Q(minimum_fitting_height_mm__lte=height)
    if demand.frame is not None:
        above = demand.frame.b_mm - height
        own = Q(minimum_above_mm__lte=above)
        usual = Q(minimum_above_mm__isnull=True)
        if above < ROOM_ABOVE_MM:
            usual &= ~Q(design__in=ASKS_FOR_ROOM_ABOVE)
        fits &= own | usual
    return ~Q(design__in=MULTIFOCAL) | fits


def find(
    demand: Demand, today: date, branch_id: int | None = None, *, only: Q | None = None, most: int = MOST_OFFERS
) -> Offers:
    """The orderable lenses, the cheapest pair first, surcharges included.

    The number of queries does not depend on the number of products. Of the surcharges only those that the demand reaches are read.
    """
    asked = ranking.asked_of(demand)
    quantities = {quantity for one in asked for quantity, value in one.items() if value}
    prices = replace(lens_book(When(today, branch_id), quantities), own=ranking.own_bands(asked))
    extra = ranking.surcharges(asked, prices)
    cheapest, total = _cheapest(makeable(demand, today).filter(only or Q()), prices, extra, len(asked), most)
    details, blanks = LensProduct.objects.in_bulk(cheapest), _blanks(demand, cheapest)
    offers = [
        Offer(details[pk], price_of(details[pk], details[pk], (), demand, prices), blanks.get(pk, 0)) for pk in cheapest
    ]
    return Offers(offers, total)


def _cheapest(
    products: QuerySet[LensProduct], prices: PriceBook, extra: Mapping[int, Decimal], eyes: int, most: int
) -> tuple[list[int], int]:
    """The ids of the cheapest and how many there are. Without price lists and surcharges the database sorts, else we do.

    Ids alone: with all columns PostgreSQL would carry 4,500 wide rows through counting and sorting (10 ms, now 6).
    """
    listed = lens_prices(prices)
    if listed or extra:
        rows = products.order_by().values_list("pk", "price")
        asked = [(listed.get(pk, price) * eyes + extra.get(pk, ZERO), pk) for pk, price in rows]
        return [pk for _price, pk in nsmallest(most, asked)], len(asked)
    counted = products.annotate(total=Window(Count("*"))).order_by("price", "pk")
    found = list(counted.values_list("pk", "total")[:most])
    return [pk for pk, _total in found], found[0][1] if found else 0


def _blanks(demand: Demand, products: Sequence[int]) -> dict[int, int]:
    """The smallest blank of each orderable product that serves every eye, in mm."""
    least = {f"eye_{n}": Min("diameter_mm", filter=one) for n, one in enumerate(_eye_conditions(demand))}
    rows = LensRange.objects.order_by().filter(product__in=products).values_list("product_id").annotate(**least)
    return {pk: max(diameters, default=0) for pk, *diameters in rows}


@dataclass(frozen=True)
class Refusal:
    """Why a product cannot be ordered, a sentence each; eyes are named where they differ."""

    product: LensProduct
    reasons: tuple[str, ...]


def refusals(products: Iterable[LensProduct], demand: Demand, today: date) -> list[Refusal]:
    """Explain for each product what stands against it; products that can be ordered are left out."""
    found, needs = [], needs_of(demand)
    for product in products:
        reasons = reasons_against(product, demand, today, needs)
        if reasons:
            found.append(Refusal(product, reasons))
    return found


def reasons_against(
    product: LensProduct, demand: Demand, today: date, needs: Mapping[Eye, LensNeed] | None = None
) -> tuple[str, ...]:
    """Every reason against one product, in words; empty when it can be ordered."""
    reasons = list(_not_on_sale(product, today))
    made = ranges_of(product)
    by_eye = {
        eye: [str(one.message) for one in assess(need, made).exclusions]
        for eye, need in (needs or needs_of(demand)).items()
    }
    return tuple(reasons + _joined(by_eye))


def _not_on_sale(product: LensProduct, today: date) -> list[str]:
    if product.discontinued_on and product.discontinued_on <= today:
        return [_("Discontinued.")]
    if product.available_from and product.available_from > today:
        return [_("Not available yet.")]
    return []


def _joined(by_eye: Mapping[Eye, Sequence[str]]) -> list[str]:
    """A reason that holds for both eyes is said once; one that holds for one eye names it."""
    lists = list(by_eye.values())
    common = [reason for reason in (lists[0] if lists else []) if all(reason in other for other in lists)]
    names = {Eye.RIGHT: _("Right"), Eye.LEFT: _("Left")}
    single = [
        _("%(eye)s: %(reason)s") % {"eye": names[eye], "reason": reason}
        for eye, reasons in by_eye.items()
        for reason in reasons
        if reason not in common
    ]
    return common + single


def thickness(product: LensProduct, demand: Demand) -> dict[Eye, ThicknessEstimate]:
    """Centre, edge and weight of each lens in the frame; eyes without frame or with a surface too steep are left out."""
    found: dict[Eye, ThicknessEstimate] = {}
    if demand.frame is None:
        return found
    for eye, need in demand:
        form = LensForm(
            index=product.index_nd,
            base_curve_dioptres=product.base_curve or usual_base_curve(need.power),
            density=product.density or USUAL_DENSITY,
            minimum_centre_mm=product.minimum_centre_thickness_mm or USUAL_CENTRE_MM,
        )
        placement = Placement(demand.frame.shape(eye), demand.centre(eye))
        try:
            found[eye] = estimate(need.power, form, placement)
        except NotMakeable:
            continue
    return found


class Variant(NamedTuple):
    """One product of a family: an index, its price per lens, days. Thousands are made for a page, so it is a bare tuple."""

    pk: int
    name: str
    index_nd: Decimal
    index_ne: Decimal | None
    price: Decimal
    lead_days: int

    @property
    def label(self) -> str:
        """The index as the trade says it: at the e line where the maker gives it."""
        return f"{self.index_ne or self.index_nd:.2f}"


@dataclass(frozen=True)
class Family:
    """Lenses that differ only by index: what the customer chooses first."""

    name: str
    design: str
    form: str
    corridor_mm: Decimal | None
    variants: tuple[Variant, ...]

    def nearest(self, index_nd: Decimal) -> Variant:
        """The variant of this index, else the next one up, else the highest."""
        above = [one for one in self.variants if one.index_nd >= index_nd]
        return min(above, key=_index) if above else max(self.variants, key=_index)

    @property
    def dearest(self) -> Decimal:
        return max(one.price for one in self.variants)


def _index(variant: Variant) -> Decimal:
    return variant.index_nd


class Nearest(NamedTuple):
    """Of a family, the lens nearest to an index, with its price."""

    family: str
    pk: int
    price: Decimal


def nearest_of_each(demand: Demand, when: When, design: str, index_nd: Decimal) -> list[Nearest]:
    """For each family of one design that can be ordered what `Family.nearest` says, the cheapest first; in two queries."""
    listed = lens_prices(lens_book(when))
    family = Coalesce(NullIf("family", Value("")), "name")
    too_low, away = Case(If(index_nd__lt=index_nd, then=1), default=0), Abs(F("index_nd") - index_nd)
    rows = makeable(demand, when.day, design).annotate(group=family).order_by("group", "form", too_low, away, "pk")
    found = rows.distinct("group", "form").values_list("group", "pk", "price")
    return sorted((Nearest(name, pk, listed.get(pk, price)) for name, pk, price in found), key=lambda one: one.price)


_READ = ("pk", "name", "index_nd", "index_ne", "price", "lead_days", "family", "design", "form", "corridor_mm")


def families(demand: Demand, today: date, branch_id: int | None = None) -> list[Family]:
    """What can be ordered, by family, in two queries; the families of the dearest lens first."""
    listed = lens_prices(lens_book(When(today, branch_id)))
    grouped: dict[tuple[str, str, str], list[Variant]] = {}
    corridors: dict[tuple[str, str, str], Decimal | None] = {}
    rows = makeable(demand, today).order_by("index_nd", "pk").values_list(*_READ)
    for pk, name, index_nd, index_ne, price, days, family, design, form, corridor in rows:
        key = (family or name, design, form)
        corridors.setdefault(key, corridor)
        grouped.setdefault(key, []).append(Variant(pk, name, index_nd, index_ne, listed.get(pk, price), days))
    found = [Family(*key, corridors[key], tuple(variants)) for key, variants in grouped.items()]
    return sorted(found, key=lambda one: -one.dearest)
