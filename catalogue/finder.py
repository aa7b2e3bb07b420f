"""Which lenses can be ordered for a demand: the database sorts out, the pure rule of `availability` explains.

The least blank and the heights do not depend on the product, so that one query answers for thousands of products; a test
holds both answers to be the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from catalogue.availability import LensNeed, PowerRange, ProductRanges, assess
from catalogue.demand import Demand, EyeDemand
from catalogue.models import MULTIFOCAL, LensDesign, LensProduct, LensRange
from catalogue.pricebook import NO_LISTS, PriceBook, When, book, with_price
from catalogue.pricing import Priced, price_of
from lensmath.centration import ROOM_ABOVE_MM
from lensmath.numbers import ZERO
from lensmath.powers import minus_form
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


def makeable(demand: Demand, today: date) -> QuerySet[LensProduct]:
    """Products of today's catalogue that can be ordered for every eye of the demand."""
    found = on_sale(LensProduct.objects.exclude(design=LensDesign.CONTACT), today)
    for eye, need in demand:
        blank = demand.blank(eye)
        found = found.filter(Exists(_ranges(need, blank.diameter_mm if blank else None).filter(product=OuterRef("pk"))))
        if need.power.add is None:
            found = found.exclude(design__in=MULTIFOCAL)
        found = found.filter(_heights(need, demand))
    return found


def on_sale(products: QuerySet[LensProduct], today: date) -> QuerySet[LensProduct]:
    """Introduced and not discontinued."""
    return products.filter(
        Q(available_from__isnull=True) | Q(available_from__lte=today),
        Q(discontinued_on__isnull=True) | Q(discontinued_on__gt=today),
    )


def _ranges(need: EyeDemand, blank_mm: Decimal | None) -> QuerySet[LensRange]:
    power = minus_form(need.power)
    cylinder = power.cylinder or ZERO
    rows = LensRange.objects.filter(
        Q(combined_min__isnull=True) | Q(combined_min__lte=power.sphere + cylinder),
        sphere_min__lte=power.sphere,
        sphere_max__gte=power.sphere,
        cylinder_min__lte=cylinder,
        prism_max__gte=need.prism.amount,
    )
    if power.add is not None:
        rows = rows.filter(
            Q(add_min__isnull=True) | Q(add_min__lte=power.add), Q(add_max__isnull=True) | Q(add_max__gte=power.add)
        )
    return rows if blank_mm is None else rows.filter(diameter_mm__gte=blank_mm)


def _heights(need: EyeDemand, demand: Demand) -> Q:
    """The heights matter to multifocal designs only."""
    height = need.height_mm
    if height is None:
        return Q()
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
    """The orderable lenses, cheapest first. The number of queries does not depend on the number of products."""
    when = When(today, branch_id)
    products = makeable(demand, today).filter(only or Q())
    total = products.count()
    ordered = with_price(products, when).order_by("asked", "pk")
    chosen = list(ordered.select_related("supplier").prefetch_related("bands", "ranges")[:most])
    prices = book(when, chosen)
    return Offers([offer(product, demand, prices) for product in chosen], total)


def offer(product: LensProduct, demand: Demand, prices: PriceBook = NO_LISTS) -> Offer:
    """Price one orderable product for the demand; the blank is the smallest that serves every eye."""
    fitting = [assess(need_of(demand, eye), ranges_of(product)).chosen for eye, _need in demand]
    largest = max((int(row.diameter_mm) for row in fitting if row is not None), default=0)
    return Offer(product, price_of(product, product, (), demand, prices), largest)


@dataclass(frozen=True)
class Refusal:
    """Why a product cannot be ordered, a sentence each; eyes are named where they differ."""

    product: LensProduct
    reasons: tuple[str, ...]


def refusals(products: Iterable[LensProduct], demand: Demand, today: date) -> list[Refusal]:
    """Explain for each product what stands against it; products that can be ordered are left out."""
    found = []
    for product in products:
        reasons = reasons_against(product, demand, today)
        if reasons:
            found.append(Refusal(product, reasons))
    return found


def reasons_against(product: LensProduct, demand: Demand, today: date) -> tuple[str, ...]:
    """Every reason against one product, in words; empty when it can be ordered."""
    reasons = list(_not_on_sale(product, today))
    by_eye = {
        eye: [str(one.message) for one in assess(need_of(demand, eye), ranges_of(product)).exclusions]
        for eye, _need in demand
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


def need_of(demand: Demand, eye: Eye) -> LensNeed:
    """One eye of the demand as the pure rule reads it."""
    need, blank = demand.eyes[eye], demand.blank(eye)
    return LensNeed(
        power=need.power,
        prism_amount=need.prism.amount,
        minimum_blank_mm=blank.diameter_mm if blank else None,
        fitting_height_mm=need.height_mm,
        frame_b_mm=demand.frame.b_mm if demand.frame else None,
    )


def ranges_of(product: LensProduct) -> ProductRanges:
    """A product as the pure rule reads it; `ranges` should be prefetched."""
    rows = [
        PowerRange(
            diameter_mm=Decimal(row.diameter_mm),
            sphere_min=row.sphere_min,
            sphere_max=row.sphere_max,
            cylinder_min=row.cylinder_min,
            combined_min=row.combined_min,
            add_min=row.add_min,
            add_max=row.add_max,
            prism_max=row.prism_max,
        )
        for row in product.ranges.all()
    ]
    return ProductRanges(product.design, rows, product.minimum_fitting_height_mm, product.minimum_above_mm)


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


@dataclass(frozen=True)
class Variant:
    """One product of a family: an index, its price per lens, days."""

    pk: int
    name: str
    index_nd: Decimal
    label: str
    price: Decimal
    lead_days: int


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
        rising = sorted(self.variants, key=lambda one: one.index_nd)
        return next((one for one in rising if one.index_nd >= index_nd), rising[-1])


def families(demand: Demand, today: date, branch_id: int | None = None) -> list[Family]:
    """What can be ordered, by family, in one query; the families of the dearest lens first."""
    rows = with_price(makeable(demand, today), When(today, branch_id)).order_by("-asked", "index_nd")
    grouped: dict[tuple[str, str, str], list[Any]] = {}
    for row in rows.only(
        "family", "name", "design", "form", "corridor_mm", "index_nd", "index_ne", "price", "lead_days"
    ):
        grouped.setdefault((row.family or row.name, row.design, row.form), []).append(row)
    return [
        Family(name, design, form, products[0].corridor_mm, tuple(_variant(row) for row in products))
        for (name, design, form), products in grouped.items()
    ]


def _variant(row: Any) -> Variant:
    return Variant(row.pk, row.name, row.index_nd, row.index_label, row.asked, row.lead_days)
