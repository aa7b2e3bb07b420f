"""The lens column: design, index and coating, only what can be made, each refusal with its reason, the price of the pair live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, Value
from django.utils.translation import gettext as _

from catalogue import finder
from catalogue.assessing import ranges_of
from catalogue.demand import Demand, EyeDemand
from catalogue.finder import Family, Refusal, Variant
from catalogue.models import AddOnKind, LensAddOn, LensDesign, LensForm, LensProduct
from catalogue.pricebook import When, book
from catalogue.pricing import Priced, price_of
from core import money
from core.along import read_along
from core.arrays import OneOf
from core.formats import MINUS, number
from orders import fit
from orders.models import LensSpecification, Purpose

SHOWN_DESIGNS, SHOWN_MORE = 3, 24
SHOWN_REFUSALS = 8
# What suits the power in the strongest meridian; the customer may take any other.
ADVICE = ((Decimal("2.00"), Decimal("1.50")), (Decimal("4.00"), Decimal("1.60")), (Decimal("6.00"), Decimal("1.67")))
STRONGEST_INDEX = Decimal("1.74")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Wish:
    """What is ticked on the screen, saved or not."""

    family: str = ""
    index_nd: Decimal | None = None
    coating_id: int | None = None
    extra_ids: tuple[int, ...] = ()
    purpose: str = Purpose.AS_PRESCRIBED
    find: str = ""


@dataclass(frozen=True)
class Option:
    """One radio: what is sent, what is read, the price at its end and the words under it."""

    value: str
    label: str
    price: str = ""
    hint: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class LensPanel:
    """Everything the lens column shows. `product` is None when nothing can be made, and while a design is ticked that cannot
    be made any more: it stays ticked with what stands against it (`refused`), and a person chooses another; the other ticks are `kept` meanwhile.

    Of the further designs the first are shown, or those that a part of the name finds; `further` counts all of them and
    `left_out` what was found and is not shown.
    """

    designs: Sequence[Option] = ()
    more_designs: Sequence[Option] = ()
    further: int = 0
    left_out: int = 0
    indexes: Sequence[Option] = ()
    coatings: Sequence[Option] = ()
    extras: Sequence[Option] = ()
    refusals: Sequence[Refusal] = ()
    refused: Refusal | None = None
    kept: Sequence[tuple[str, str]] = ()
    unmade: Sequence[str] = ()
    product: LensProduct | None = None
    add_ons: Sequence[LensAddOn] = ()
    priced: Priced = field(default_factory=lambda: Priced((), 0))
    advice: str = ""

    @property
    def looked_at(self) -> LensProduct | None:
        """The lens that frame and heights are judged for: the chosen one, or the one that cannot be made."""
        return self.product or (self.refused.product if self.refused else None)

    @property
    def add_on_ids(self) -> list[int]:
        return [one.pk for one in self.add_ons]


def wish_of(specification: LensSpecification | None) -> Wish:
    """What was saved, as ticks."""
    if specification is None or specification.product is None:
        return Wish()
    product = specification.product
    add_ons = list(specification.add_ons.all())
    coating = next((one.pk for one in add_ons if one.kind == AddOnKind.COATING), None)
    extras = tuple(one.pk for one in add_ons if one.kind != AddOnKind.COATING)
    return Wish(family_of(product), product.index_nd, coating, extras, specification.purpose)


def family_of(product: LensProduct) -> str:
    return product.family or product.name


def panel(demand: Demand | None, wish: Wish, when: When, saved: LensProduct | None = None) -> LensPanel:
    """The lens column for a demand and what is ticked; an index that the design lacks falls to the nearest it has.

    `saved` is the order's lens where the page has read it already.
    """
    if demand is None:
        return LensPanel()
    families = by_use(finder.families(demand, when.day, when.branch_id), demand)
    refusals = _refused(demand, families, when.day)
    if not families:
        return LensPanel(refusals=refusals)
    refused = None if any(one.name == wish.family for one in families) else _against(wish.family, demand, when.day)
    if refused is not None:
        shown = [_design(one, None, one.nearest(advised_index(demand)), demand) for one in families[:SHOWN_MORE]]
        return LensPanel(
            designs=shown[:SHOWN_DESIGNS],
            more_designs=shown[SHOWN_DESIGNS:],
            further=len(shown[SHOWN_DESIGNS:]),
            refusals=[one for one in refusals if one.product.family != wish.family],
            refused=refused,
            kept=_ticks(wish),
        )
    family = next((one for one in families if one.name == wish.family), families[0])
    variant = family.nearest(wish.index_nd or advised_index(demand))
    enough, higher = _compared(family, demand)
    products = _products([one.pk for one in (variant, enough, higher) if one], saved)
    product = products[variant.pk]
    possible = [one for one in product.add_ons.all() if one.discontinued_on is None]
    prices = book(when, [product, *possible])
    coatings = sorted((one for one in possible if one.kind == AddOnKind.COATING), key=prices.price)
    extras = [one for one in possible if one.kind != AddOnKind.COATING]
    coating = _coating(coatings, wish)
    chosen = [*([coating] if coating else []), *(one for one in extras if one.pk in wish.extra_ids)]
    first = _first(families, family)
    others = [one for one in families if one not in first]
    wanted = [one for one in others if wish.find.casefold() in one.name.casefold()]
    return LensPanel(
        designs=[_design(one, family, variant, demand) for one in first],
        more_designs=[_design(one, family, variant, demand) for one in wanted[:SHOWN_MORE]],
        further=len(others),
        left_out=len(wanted[SHOWN_MORE:]),
        indexes=[_index(one, variant, demand) for one in sorted(family.variants, key=lambda one: one.index_nd)],
        coatings=[_coat(one, coating, prices.price(one) * len(demand.eyes)) for one in coatings],
        extras=[_extra(one, wish, prices.price(one) * len(demand.eyes)) for one in extras],
        refusals=refusals,
        unmade=_unmade(wish, variant, possible),
        product=product,
        add_ons=chosen,
        priced=price_of(product, product, chosen, demand, prices),
        advice=_advice(enough, higher, products, demand),
    )


def _products(ids: Sequence[int], saved: LensProduct | None) -> dict[int, LensProduct]:
    """The lenses to look at, the chosen one first: only that one is looked at with all its rows."""
    known = {saved.pk: saved} if saved else {}
    unread = set(ids) - set(known)
    found = known | (LensProduct.objects.in_bulk(unread) if unread else {})
    read_along([found[ids[0]]], "bands", "ranges", "add_ons")
    return found


def _first(families: list[Family], chosen: Family) -> list[Family]:
    """The designs shown at once; the chosen one is always among them."""
    first = families[:SHOWN_DESIGNS]
    return first if chosen in first else [*first[:-1], chosen]


def by_use(families: list[Family], demand: Demand) -> list[Family]:
    """Multifocals first for a prescription with an add; within a kind the dearest first."""
    with_add = any(need.power.add is not None for _eye, need in demand)
    rank = [LensDesign.PROGRESSIVE, LensDesign.OCCUPATIONAL, LensDesign.BIFOCAL, LensDesign.TRIFOCAL]
    order = [*rank, LensDesign.SINGLE_VISION] if with_add else [LensDesign.SINGLE_VISION, *rank]
    return sorted(families, key=lambda one: order.index(LensDesign(one.design)))


def _refused(demand: Demand, families: list[Family], today: date) -> list[Refusal]:
    """Families of which nothing can be made, each explained by its most capable product."""
    made = OneOf(F("family"), Value([one.name for one in families]))
    others = LensProduct.objects.exclude(made).exclude(design=LensDesign.CONTACT).exclude(family="")
    if all(need.power.add is None for _eye, need in demand):
        others = others.filter(design=LensDesign.SINGLE_VISION)
    best = others.order_by("family", "-index_nd", "pk").distinct("family").prefetch_related("ranges")
    return finder.refusals(finder.on_sale(best, today)[:SHOWN_REFUSALS], demand, today)


def advised_index(demand: Demand) -> Decimal:
    """The index that is enough for the strongest meridian of the pair."""
    strongest = max((abs(need.power.strongest) for _eye, need in demand), default=ZERO)
    return next((index for limit, index in ADVICE if strongest <= limit), STRONGEST_INDEX)


def _compared(family: Family, demand: Demand) -> tuple[Variant, Variant | None]:
    """The index that is enough, and the next higher one of the family."""
    enough = family.nearest(advised_index(demand))
    rising = sorted(family.variants, key=lambda one: one.index_nd)
    return enough, next((one for one in rising if one.index_nd > enough.index_nd), None)


def _advice(enough: Variant, higher: Variant | None, products: Mapping[int, LensProduct], demand: Demand) -> str:
    """`1.60 is enough; 1.67 saves 0.3 mm at the edge`."""
    words = _("%(index)s is enough") % {"index": enough.label}
    if higher is None:
        return words
    saved = _saved_mm(products[enough.pk], products[higher.pk], demand)
    if saved is None or saved <= 0:
        return words
    return _("%(words)s; %(index)s saves %(mm)s mm where it is thickest") % {
        "words": words,
        "index": higher.label,
        "mm": number(saved),
    }


def _saved_mm(lower: LensProduct, higher: LensProduct, demand: Demand) -> Decimal | None:
    thickest = []
    for product in (lower, higher):
        found = finder.thickness(product, demand)
        if not found:
            return None
        thickest.append(max(max(one.thickest_edge_mm, one.centre_mm) for one in found.values()))
    return thickest[0] - thickest[1]


def _coating(coatings: Sequence[LensAddOn], wish: Wish) -> LensAddOn | None:
    """The ticked coating, else the included one, else the first."""
    ticked = next((one for one in coatings if one.pk == wish.coating_id), None)
    included = next((one for one in coatings if one.is_default), None)
    return ticked or included or next(iter(coatings), None)


def _against(name: str, demand: Demand, today: date) -> Refusal | None:
    """What stands against every lens of a design, told of its most capable one; None for no name or a design that is none."""
    known = LensProduct.objects.filter(Q(family=name) | Q(family="", name=name)) if name else LensProduct.objects.none()
    best = known.order_by("-index_nd", "pk").prefetch_related("ranges")[:1]
    return next(iter(finder.refusals(best, demand, today)), None)


def _ticks(wish: Wish) -> list[tuple[str, str]]:
    """Index, coating and workings as the form sends them."""
    ticked = [("index", wish.index_nd), ("coating", wish.coating_id), *(("extras", pk) for pk in wish.extra_ids)]
    return [(name, str(value)) for name, value in ticked if value]


def _unmade(wish: Wish, variant: Variant, possible: Sequence[LensAddOn]) -> list[str]:
    """The ticked index, coating and workings that this lens cannot be had with."""
    index = [f"{wish.index_nd:.2f}"] if wish.index_nd and wish.index_nd != variant.index_nd else []
    lost = {pk for pk in (wish.coating_id, *wish.extra_ids) if pk} - {one.pk for one in possible}
    if not lost:
        return index
    return index + list(LensAddOn.objects.filter(pk__in=lost).order_by("name").values_list("name", flat=True))


def _design(one: Family, chosen: Family | None, variant: Variant, demand: Demand) -> Option:
    is_chosen = chosen is not None and one.name == chosen.name
    shown = variant if is_chosen else one.nearest(variant.index_nd)
    words = [str(LensForm(one.form).label)]
    if one.corridor_mm is not None:
        words.append(_("corridor %(mm)s mm") % {"mm": number(one.corridor_mm, 0)})
    words.append(_("%(days)d working days") % {"days": shown.lead_days})
    return Option(one.name, one.name, money.money(shown.price * len(demand.eyes)), ", ".join(words), is_chosen)


def _index(one: Variant, chosen: Variant, demand: Demand) -> Option:
    difference = (one.price - chosen.price) * len(demand.eyes)
    return Option(str(one.index_nd), one.label, hint=_more_or_less(difference), chosen=one == chosen)


def _more_or_less(difference: Decimal) -> str:
    if difference == 0:
        return _("included")
    return f"{'+' if difference > 0 else MINUS}{money.money(abs(difference))}"


def _coat(one: LensAddOn, chosen: LensAddOn | None, price: Decimal) -> Option:
    return Option(str(one.pk), one.name, hint=_more_or_less(price), chosen=one == chosen)


def _extra(one: LensAddOn, wish: Wish, price: Decimal) -> Option:
    return Option(str(one.pk), one.name, hint=_more_or_less(price), chosen=one.pk in wish.extra_ids)


def shortest(demand: Demand, like: LensProduct, depth_mm: Decimal, today: date) -> LensProduct | None:
    """The design of the same kind that goes into a frame of this depth with the longest corridor; None when none does."""
    bare = Demand({eye: EyeDemand(need.power, need.prism) for eye, need in demand})
    makeable = finder.makeable(bare, today).prefetch_related("ranges")
    candidates = makeable.filter(design=like.design, minimum_fitting_height_mm__lt=depth_mm)
    fitting = [
        one
        for one in candidates.order_by("-corridor_mm", "pk")
        if (fit.depth_needed(ranges_of(one)) or ZERO) <= depth_mm
    ]
    return next(iter(fitting), None)
