"""Choose the lenses: a product per eye to make, add-ons that go with it, tint and remark."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue import finder
from catalogue.demand import Demand
from catalogue.models import AddOnKind, LensAddOn, LensProduct
from core.actor import Actor
from core.errors import DomainError
from core.formats import DASH
from lensmath.prism import Eye
from orders import needs, resting
from orders.models import FrameChoice, LensSpecification, Measurement, Order, Purpose
from orders.services.common import today
from orders.services.dispense import common
from orders.services.dispense.checks import as_stored, report_of
from orders.services.dispense.common import NO_REASON, Changed, Why
from records.services import reviews

MAY_BE_SEVERAL = (AddOnKind.EDGE, AddOnKind.OTHER)


@dataclass(frozen=True)
class LensData:
    """What is chosen. Usually one product for both eyes; `left_id` names another one for the left."""

    product_id: int | None
    add_on_ids: Sequence[int] = ()
    left_id: int | None = None
    purpose: str = Purpose.AS_PRESCRIBED
    tint: str = ""
    remark: str = ""


@transaction.atomic
def choose_lenses(
    actor: Actor, order_id: int, data: LensData, version: int | None = None, why: Why = NO_REASON
) -> LensSpecification:
    """Choose or replace the order's lenses. Only what can be made for this prescription, frame and measurements.

    Raises DomainError with every reason at `product`, at `add_ons`, StaleRecord for an old version.
    """
    order = common.open_order(actor, order_id, why)
    specification = LensSpecification.objects.select_for_update().filter(order=order).first()
    before = readable(specification) if specification else {}
    specification = specification or LensSpecification(**common.recorded(actor, order))
    choice, measured = needs.frame_choice_of(order), needs.measurement_of(order)
    demand = _demand(order, data, choice, measured)
    products = _products(data, demand, today(order.branch))
    add_ons = _add_ons(data, products)
    wish = _words(products, add_ons, data)
    common.require_fresh(specification, version, wish, before)
    if before == wish:
        return specification
    _write(specification, data, products)
    specification.fit_report = as_stored(report_of(demand, products, choice, measured))
    specification.save()
    specification.add_ons.set(add_ons)
    facts = {"products": [lens.pk for lens in products.values()], "add_ons": [one.pk for one in add_ons]}
    common.tell("order.lens_chosen", actor, Changed(order, specification, before, wish, facts), why)
    reviews.settle(order, resting.LENS_SUPPLY, actor, why.text)
    return specification


def _write(specification: LensSpecification, data: LensData, products: dict[Eye, LensProduct]) -> None:
    specification.right, specification.left = products.get(Eye.RIGHT), products.get(Eye.LEFT)
    specification.purpose = data.purpose
    specification.tint, specification.remark = data.tint.strip()[:80], data.remark.strip()[:200]
    specification.version += 1


def _demand(order: Order, data: LensData, choice: FrameChoice | None, measured: Measurement | None) -> Demand:
    if data.purpose not in Purpose.values:
        raise DomainError(_("Choose what the glasses are for."), fields={"purpose": _("Choose one.")}, code="invalid")
    if order.prescription is None:
        raise DomainError(_("Choose the prescription first."), code="prescription_missing")
    demand = needs.build(order.prescription, data.purpose, choice, measured)
    if demand is None:
        raise DomainError(_("The prescription has no power to make."), code="prescription_empty")
    no_add = all(need.add is None for need, _prism in needs.powers_to_make(order.prescription, "").values())
    if data.purpose != Purpose.AS_PRESCRIBED and no_add:
        message = _("The prescription has no add, so there is no reading power.")
        raise DomainError(message, fields={"purpose": message}, code="add_missing")
    return demand


def _products(data: LensData, demand: Demand, on: date) -> dict[Eye, LensProduct]:
    wanted = dict.fromkeys(demand.eyes, data.product_id)
    if data.left_id is not None and Eye.LEFT in wanted:
        wanted[Eye.LEFT] = data.left_id
    known = LensProduct.objects.prefetch_related("ranges", "bands").in_bulk([pk for pk in wanted.values() if pk])
    products = {eye: known[pk] for eye, pk in wanted.items() if pk in known}
    if len(products) < len(wanted):
        message = _("Choose a lens.")
        raise DomainError(message, fields={"product": message}, code="lens_missing")
    _refuse_what_cannot_be_made(products, demand, on)
    return products


def _refuse_what_cannot_be_made(products: dict[Eye, LensProduct], demand: Demand, on: date) -> None:
    reasons: list[str] = []
    for product in dict.fromkeys(products.values()):
        eyes = {eye: demand.eyes[eye] for eye, lens in products.items() if lens == product}
        against = finder.reasons_against(product, Demand(eyes, demand.frame, demand.allowance_mm), on)
        reasons += [f"{product.name}: {reason}" for reason in against]
    if reasons:
        message = " ".join(reasons)
        raise DomainError(message, fields={"product": message}, code="cannot_be_made")


def _add_ons(data: LensData, products: dict[Eye, LensProduct]) -> list[LensAddOn]:
    """The chosen add-ons, with the coating that is included where no other is chosen."""
    chosen = list(LensAddOn.objects.filter(pk__in=set(data.add_on_ids), discontinued_on__isnull=True))
    possible = _possible(products)
    if len(chosen) < len(set(data.add_on_ids)) or any(one not in possible for one in chosen):
        message = _("An add-on does not go with this lens. Choose again.")
        raise DomainError(message, fields={"add_ons": message}, code="add_on_impossible")
    kinds = [one.kind for one in chosen if one.kind not in MAY_BE_SEVERAL]
    if len(kinds) > len(set(kinds)):
        message = _("Choose one of each kind: one coating, one tint.")
        raise DomainError(message, fields={"add_ons": message}, code="add_on_twice")
    if AddOnKind.COATING not in kinds:
        chosen += [one for one in possible if one.kind == AddOnKind.COATING and one.is_default][:1]
    return sorted(chosen, key=lambda one: one.pk)


def _possible(products: dict[Eye, LensProduct]) -> list[LensAddOn]:
    """What goes with every lens of the pair."""
    found: list[LensAddOn] | None = None
    for product in dict.fromkeys(products.values()):
        own = list(product.add_ons.filter(discontinued_on__isnull=True))
        found = own if found is None else [one for one in found if one in own]
    return found or []


def readable(specification: LensSpecification) -> dict[str, str]:
    """The lenses as a person reads them, by field."""
    products = {Eye.RIGHT: specification.right, Eye.LEFT: specification.left}
    data = LensData(None, purpose=specification.purpose, tint=specification.tint, remark=specification.remark)
    made = {eye: product for eye, product in products.items() if product is not None}
    return _words(made, list(specification.add_ons.order_by("pk")), data)


def _words(products: dict[Eye, LensProduct], add_ons: Sequence[LensAddOn], data: LensData) -> dict[str, str]:
    named = {eye: products[eye].name if eye in products else DASH for eye in Eye}
    return {
        "right": named[Eye.RIGHT],
        "left": named[Eye.LEFT],
        "add_ons": ", ".join(one.name for one in add_ons) or DASH,
        "purpose": str(Purpose(data.purpose).label),
        "tint": data.tint.strip() or DASH,
        "remark": data.remark.strip() or DASH,
    }
