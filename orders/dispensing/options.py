"""Good, better, best: at most three lenses of one kind side by side on the quotation, each with its price, days and thickness."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalogue import finder
from catalogue.demand import Demand
from catalogue.finder import Nearest
from catalogue.models import AddOnKind, LensAddOn, LensProduct
from catalogue.pricebook import When, book
from catalogue.pricing import price_of
from core.along import read_along
from core.formats import number
from orders import needs
from orders.dispensing.lens_panel import advised_index, by_use, family_of
from orders.models import LensSpecification, Order
from orders.needs import Parts

NAMES = (gettext_lazy("Good"), gettext_lazy("Better"), gettext_lazy("Best"))


@dataclass(frozen=True)
class LensOption:
    """One column. `price` is the pair with its coating, extras and surcharges; `difference` to what is chosen now."""

    name: str
    product: LensProduct
    add_on_ids: Sequence[int]
    words: Sequence[str]
    price: Decimal
    difference: Decimal
    is_chosen: bool


def three(order: Order, when: When, parts: Parts | None = None) -> list[LensOption]:
    """The cheapest, a middle and the dearest family of the chosen kind, with the chosen one always among them."""
    known = parts or needs.parts_of(order)
    demand, saved = needs.demand_of(order, known), known.specification
    if demand is None:
        return []
    chosen = saved.product if saved else None
    own = family_of(chosen) if chosen else ""
    picked = _picked(_rising(demand, when, chosen), own)
    ids = [chosen.pk if chosen and one.family == own else one.pk for one in picked]
    products = LensProduct.objects.in_bulk(ids)
    read_along(list(products.values()), "bands", "add_ons")
    return _columns([products[pk] for pk in ids], saved, demand, when) if len(ids) > 1 else []


def _rising(demand: Demand, when: When, chosen: LensProduct | None) -> list[Nearest]:
    """The lenses of the chosen kind in its index, one of each family; before any is chosen, of the kind that is offered first."""
    if chosen is not None:
        return finder.nearest_of_each(demand, when, chosen.design, chosen.index_nd)
    first = next(iter(by_use(finder.families(demand, when.day, when.branch_id), demand)), None)
    return finder.nearest_of_each(demand, when, first.design, advised_index(demand)) if first else []


def _picked(rising: list[Nearest], chosen: str) -> list[Nearest]:
    """At most three: the ends and the middle; the chosen one takes the place of the nearest of them."""
    if len(rising) <= len(NAMES):
        return rising
    places = [0, len(rising) // 2, len(rising) - 1]
    own = next((place for place, one in enumerate(rising) if one.family == chosen), None)
    if own is not None and own not in places:
        places[min(range(3), key=lambda nth: abs(places[nth] - own))] = own
    return [rising[place] for place in sorted(places)]


def _columns(
    products: Sequence[LensProduct], saved: LensSpecification | None, demand: Demand, when: When
) -> list[LensOption]:
    kept = list(saved.add_ons.all()) if saved else []
    chosen_id = saved.product.pk if saved and saved.product else None
    add_ons = {one.pk: kept if one.pk == chosen_id else add_ons_for(one, kept) for one in products}
    prices = book(when, [*products, *(one for rows in add_ons.values() for one in rows)])
    priced = {one.pk: price_of(one, one, add_ons[one.pk], demand, prices) for one in products}
    base = priced[chosen_id].price if chosen_id in priced else None
    names = NAMES if len(products) == len(NAMES) else (NAMES[0], NAMES[-1])
    return [
        LensOption(
            name=str(name),
            product=one,
            add_on_ids=[extra.pk for extra in add_ons[one.pk]],
            words=_words(one, add_ons[one.pk], priced[one.pk].days, demand),
            price=priced[one.pk].price,
            difference=priced[one.pk].price - base if base is not None else Decimal(0),
            is_chosen=one.pk == chosen_id,
        )
        for name, one in zip(names, products, strict=True)
    ]


def add_ons_for(product: LensProduct, kept: Sequence[LensAddOn]) -> list[LensAddOn]:
    """What was chosen and goes with this lens too, and its included coating where no chosen one goes with it."""
    possible = {one.pk: one for one in product.add_ons.all() if one.discontinued_on is None}
    found = [one for one in kept if one.pk in possible]
    if not any(one.kind == AddOnKind.COATING for one in found):
        found += [one for one in possible.values() if one.kind == AddOnKind.COATING and one.is_default][:1]
    return found


def _words(product: LensProduct, add_ons: Sequence[LensAddOn], days: int, demand: Demand) -> list[str]:
    words = [str(product.get_form_display()), _("index %(index)s") % {"index": product.index_label}]
    if product.corridor_mm is not None:
        words.append(_("corridor %(mm)s mm") % {"mm": number(product.corridor_mm, 0)})
    words += [one.name for one in add_ons]
    estimates = list(finder.thickness(product, demand).values())
    if estimates:
        thickest = max(max(one.thickest_edge_mm, one.centre_mm) for one in estimates)
        words.append(_("about %(mm)s mm where it is thickest") % {"mm": number(thickest)})
        words.append(
            _("about %(grams)s g the pair") % {"grams": number(sum((one.weight_g for one in estimates), Decimal(0)), 0)}
        )
    return [*words, ngettext("%(days)d working day", "%(days)d working days", days) % {"days": days}]
