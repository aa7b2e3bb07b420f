"""Lenses of the catalogue: products with their ranges and surcharges, add-ons, prices, discontinuation."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.models import (
    AddOnKind,
    BandQuantity,
    LensAddOn,
    LensDesign,
    LensForm,
    LensProduct,
    LensRange,
    PriceBand,
    Supplier,
)
from catalogue.services import common
from catalogue.services.common import AS_IT_STANDS, Opened
from core.actor import Actor
from core.errors import Problems
from records.services.changes import FieldChange


@dataclass(frozen=True)
class RangeData:
    """Powers made at one diameter, minus-cylinder form, both ends inclusive."""

    diameter_mm: int
    sphere_min: Decimal
    sphere_max: Decimal
    cylinder_min: Decimal = Decimal(0)
    combined_min: Decimal | None = None
    add_min: Decimal | None = None
    add_max: Decimal | None = None
    prism_max: Decimal = Decimal(0)


@dataclass(frozen=True)
class BandData:
    """A surcharge per lens for a band of power, both ends inclusive."""

    quantity: str
    from_dioptres: Decimal
    to_dioptres: Decimal
    price: Decimal
    cost: Decimal = Decimal(0)


@dataclass(frozen=True)
class LensData:
    """One lens product; prices are per lens."""

    code: str
    supplier_id: int
    name: str
    family: str
    design: str
    form: str
    material: str
    index_nd: Decimal
    price: Decimal
    cost: Decimal = Decimal(0)
    index_ne: Decimal | None = None
    abbe: Decimal | None = None
    density: Decimal | None = None
    colour: str = ""
    coating_included: str = ""
    corridor_mm: Decimal | None = None
    minimum_fitting_height_mm: Decimal | None = None
    minimum_above_mm: Decimal | None = None
    base_curve: Decimal | None = None
    minimum_centre_thickness_mm: Decimal | None = None
    lead_days: int = 3
    lab_code: str = ""
    available_from: date | None = None

    @property
    def values(self) -> dict[str, Any]:
        found = asdict(self)
        return found | {name: " ".join(found[name].split()) for name in ("code", "name", "family", "material")}


@transaction.atomic
def add(actor: Actor, data: LensData, ranges: Sequence[RangeData] = (), bands: Sequence[BandData] = ()) -> LensProduct:
    """A new lens with the powers it is made in. Raises DomainError at the fields."""
    common.allow(actor)
    values = checked(data, None)
    check_ranges(ranges)
    check_bands(bands)
    product = LensProduct()
    common.write(product, values)
    replace_rows(product, ranges, bands)
    moved = [FieldChange("code", common.label(product, "code"), "", product.code)]
    common.tell("catalogue.lens_added", actor, product, moved)
    return product


@dataclass(frozen=True)
class LensChange:
    """A changed lens; ranges or bands None stay as they are."""

    data: LensData
    ranges: Sequence[RangeData] | None = None
    bands: Sequence[BandData] | None = None


@transaction.atomic
def change(actor: Actor, product_id: int, wanted: LensChange, opened: Opened = AS_IT_STANDS) -> LensProduct:
    """Change a lens, its ranges or its surcharges; decisions that rest on it hear of it."""
    common.allow(actor)
    product = common.locked(LensProduct, product_id)
    values = checked(wanted.data, product)
    check_ranges(wanted.ranges or ())
    check_bands(wanted.bands or ())
    common.require_fresh(product, opened, values)
    moved = [*common.differences(product, values), *_moved_rows(product, wanted)]
    if not moved:
        return product
    common.write(product, values)
    replace_rows(product, wanted.ranges, wanted.bands)
    common.tell("catalogue.lens_changed", actor, product, moved, opened.reason)
    return product


def _moved_rows(product: LensProduct, wanted: LensChange) -> list[FieldChange]:
    found = []
    if wanted.ranges is not None:
        found.append(FieldChange("ranges", _("powers made"), words_of(ranges_of(product)), words_of(wanted.ranges)))
    if wanted.bands is not None:
        found.append(FieldChange("bands", _("surcharges"), words_of(bands_of(product)), words_of(wanted.bands)))
    return [one for one in found if one.old != one.new]


def ranges_of(product: LensProduct) -> list[RangeData]:
    names = RangeData.__dataclass_fields__
    return [RangeData(**{name: getattr(row, name) for name in names}) for row in product.ranges.all()]


def bands_of(product: LensProduct) -> list[BandData]:
    names = BandData.__dataclass_fields__
    return [BandData(**{name: getattr(row, name) for name in names}) for row in product.bands.all()]


def words_of(rows: Sequence[RangeData] | Sequence[BandData]) -> str:
    """Rows as one line each, to compare and to read in the history."""
    return "; ".join(" ".join(common.shown(value) or "–" for value in asdict(row).values()) for row in rows)


def replace_rows(product: LensProduct, ranges: Sequence[RangeData] | None, bands: Sequence[BandData] | None) -> None:
    """Put other rows in the place of a lens's ranges or surcharges; None leaves them, in the caller's transaction."""
    if ranges is not None:
        product.ranges.all().delete()
        LensRange.objects.bulk_create(LensRange(product=product, **asdict(row)) for row in ranges)
    if bands is not None:
        product.bands.all().delete()
        PriceBand.objects.bulk_create(PriceBand(product=product, **asdict(row)) for row in bands)


def checked(data: LensData, product: LensProduct | None) -> dict[str, Any]:
    """The values to store. Raises DomainError naming every field that cannot be."""
    values, problems = data.values, Problems()
    for name in ("code", "name", "material"):
        if not values[name]:
            problems.add(name, _("Fill this in."))
    if values["design"] not in LensDesign.values:
        problems.add("design", _("Choose one of the list."))
    if values["form"] not in LensForm.values:
        problems.add("form", _("Choose one of the list."))
    if not Decimal("1.4") <= values["index_nd"] <= Decimal("1.95"):
        problems.add("index_nd", _("An index lies between 1.40 and 1.95."))
    for name in ("cost", "price"):
        if values[name] < 0:
            problems.add(name, _("An amount is not negative."))
    if not Supplier.objects.filter(pk=data.supplier_id).exists():
        problems.add("supplier", _("Choose a supplier."))
    others = LensProduct.objects.exclude(pk__in=[product.pk] if product else [])
    if others.filter(code__iexact=values["code"]).exists():
        problems.add("code", _("Another lens has this code."))
    problems.raise_if_any(_("The lens is not complete."))
    return values


def check_ranges(ranges: Sequence[RangeData]) -> None:
    """Raises DomainError when a row's ends are in the wrong order or a diameter cannot be."""
    problems = Problems()
    for place, row in enumerate(ranges):
        if row.sphere_min > row.sphere_max:
            problems.add(f"ranges-{place}-sphere_min", _("The weakest minus comes first: from −10.00 to +8.00."))
        if row.cylinder_min > 0:
            problems.add(f"ranges-{place}-cylinder_min", _("Write the strongest cylinder as minus, for example −4.00."))
        if not 40 <= row.diameter_mm <= 90:
            problems.add(f"ranges-{place}-diameter_mm", _("A blank measures 40 to 90 mm."))
        if row.add_min is not None and row.add_max is not None and row.add_min > row.add_max:
            problems.add(f"ranges-{place}-add_min", _("The least add comes first."))
    problems.raise_if_any(_("The powers are not in order."))


def check_bands(bands: Sequence[BandData]) -> None:
    """Raises DomainError for ends in the wrong order, overlaps of one quantity, and unknown quantities."""
    problems = Problems()
    for place, row in enumerate(bands):
        if row.quantity not in BandQuantity.values:
            problems.add(f"bands-{place}-quantity", _("Choose one of the list."))
        if row.from_dioptres > row.to_dioptres:
            problems.add(f"bands-{place}-from_dioptres", _("A band begins below its end."))
        if any(overlap(row, other) for other in bands[:place]):
            problems.add(f"bands-{place}-from_dioptres", _("This band overlaps another one."))
    problems.raise_if_any(_("The surcharges are not in order."))


def overlap(one: BandData, other: BandData) -> bool:
    """Whether two bands of the same quantity share a power."""
    same = one.quantity == other.quantity
    return same and one.from_dioptres <= other.to_dioptres and other.from_dioptres <= one.to_dioptres


@transaction.atomic
def discontinue(actor: Actor, product_id: int, on: date | None, opened: Opened = AS_IT_STANDS) -> LensProduct:
    """Offered no longer from this day on; None takes it back. Quotations that rest on it hear of it."""
    common.allow(actor)
    product = common.locked(LensProduct, product_id)
    values = {"discontinued_on": on}
    common.require_fresh(product, opened, values)
    moved = common.differences(product, values)
    if moved:
        common.write(product, values)
        kind = "catalogue.lens_discontinued" if on else "catalogue.lens_reinstated"
        common.tell(kind, actor, product, moved, opened.reason)
    return product


@dataclass(frozen=True)
class AddOnData:
    """A coating, tint or working; prices are per lens."""

    code: str
    supplier_id: int
    name: str
    kind: str
    price: Decimal
    cost: Decimal = Decimal(0)
    extra_days: int = 0
    is_default: bool = False
    lab_code: str = ""


@transaction.atomic
def save_add_on(
    actor: Actor,
    data: AddOnData,
    products: Sequence[LensProduct] | None = None,
    add_on_id: int | None = None,
    opened: Opened = AS_IT_STANDS,
) -> LensAddOn:
    """Add or change an add-on; `products` are the lenses it goes with (None: as they are)."""
    common.allow(actor)
    add_on = common.locked(LensAddOn, add_on_id) if add_on_id else LensAddOn()
    values = _checked_add_on(data, add_on)
    if add_on.pk:
        common.require_fresh(add_on, opened, values)
    moved = common.differences(add_on, values) if add_on.pk else [FieldChange("code", _("code"), "", data.code)]
    if moved:
        common.write(add_on, values)
        common.tell("catalogue.add_on_saved", actor, add_on, moved, opened.reason)
    if products is not None:
        add_on.products.set(products)
    return add_on


def _checked_add_on(data: AddOnData, add_on: LensAddOn) -> dict[str, Any]:
    values, problems = asdict(data), Problems()
    for name in ("code", "name"):
        if not values[name].strip():
            problems.add(name, _("Fill this in."))
    if values["kind"] not in AddOnKind.values:
        problems.add("kind", _("Choose one of the list."))
    for name in ("cost", "price"):
        if values[name] < 0:
            problems.add(name, _("An amount is not negative."))
    if LensAddOn.objects.exclude(pk=add_on.pk).filter(code__iexact=values["code"]).exists():
        problems.add("code", _("Another add-on has this code."))
    problems.raise_if_any(_("The add-on is not complete."))
    return values
