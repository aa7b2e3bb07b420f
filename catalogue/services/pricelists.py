"""Price lists: begin, fill, publish, end, withdraw. Quotations keep their prices; their pages show what has moved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import numbers
from branches.models import Branch
from catalogue import pricebook
from catalogue.models import (
    BandQuantity,
    CatalogueImport,
    Frame,
    LensAddOn,
    LensProduct,
    ListState,
    PriceEntry,
    PriceList,
    Service,
    Supplier,
)
from catalogue.pricebook import ITEMS, BandRow, Item, When
from catalogue.services import common
from catalogue.services.common import AS_IT_STANDS, Opened
from core.actor import Actor
from core.errors import DomainError, IllegalTransition, Problems
from lensmath.numbers import ZERO
from records.services.changes import FieldChange


@dataclass(frozen=True)
class ListData:
    """What a list is called and when and where it holds; no branch: everywhere; no end: until another list."""

    name: str
    valid_from: date | None
    valid_until: date | None = None
    branch_id: int | None = None
    supplier_id: int | None = None


@dataclass(frozen=True)
class Span:
    """What a surcharge of a list is for: a quantity from .. to, both ends inclusive (dioptres; mm for the blank's diameter)."""

    quantity: str
    from_dioptres: Decimal | None
    to_dioptres: Decimal | None


@dataclass(frozen=True)
class Amounts:
    """One item, or one surcharge of a lens (`span`), with its new price, new cost, or both."""

    item: Item
    price: Decimal | None = None
    cost: Decimal | None = None
    span: Span | None = None


@transaction.atomic
def begin(actor: Actor, data: ListData, imported: CatalogueImport | None = None) -> PriceList:
    """A draft without entries; it changes no price. Raises DomainError at the fields."""
    common.allow(actor)
    made = PriceList.objects.create(
        **checked(data),
        number=f"PL-{numbers.draw('price_list'):04d}",
        imported=imported,
        source=actor.source.value,
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
    )
    common.tell("catalogue.price_list_begun", actor, made, [])
    return made


def checked(data: ListData) -> dict[str, Any]:
    """The values to store. Raises DomainError naming every field that cannot be."""
    problems, name = Problems(), " ".join(data.name.split())
    if not name:
        problems.add("name", _("Fill this in."))
    if data.valid_from is None:
        problems.add("valid_from", _("From which day do the prices hold?"))
    elif data.valid_until is not None and data.valid_until < data.valid_from:
        problems.add("valid_until", _("The last day lies before the first."))
    if data.branch_id is not None and not Branch.objects.filter(pk=data.branch_id).exists():
        problems.add("branch", _("Choose one of the list."))
    if data.supplier_id is not None and not Supplier.objects.filter(pk=data.supplier_id).exists():
        problems.add("supplier", _("Choose a supplier."))
    problems.raise_if_any(_("The price list is not complete."))
    return {
        "name": name[:80],
        "valid_from": data.valid_from,
        "valid_until": data.valid_until,
        "branch_id": data.branch_id,
        "supplier_id": data.supplier_id,
    }


def fill(price_list: PriceList, rows: Sequence[Amounts]) -> list[PriceEntry]:
    """Add entries to a draft, for the caller's transaction."""
    entries = [
        PriceEntry(price_list=price_list, price=row.price, cost=row.cost, **_key(row.item, row.span), **_end(row.span))
        for row in rows
    ]
    return PriceEntry.objects.bulk_create(entries, batch_size=1000)


def _key(item: Item, span: Span | None) -> dict[str, Any]:
    """What names an entry in its list."""
    key: dict[str, Any] = {ITEMS[type(item)]: item, "quantity": span.quantity if span else ""}
    return key | {"from_dioptres": span.from_dioptres} if span else key


def _end(span: Span | None) -> dict[str, Any]:
    return {"to_dioptres": span.to_dioptres} if span else {}


@transaction.atomic
def begin_moved(
    actor: Actor, data: ListData, percent: Decimal, round_to: Decimal | None = None, surcharges: bool = True
) -> PriceList:
    """A draft with every lens, add-on and frame of a supplier, its price on the list's first day moved by a percentage.

    The surcharges of the lenses move along unless they are left out.
    """
    price_list = begin(actor, data)
    items = list(items_of(data.supplier_id or 0))
    prices = pricebook.book(When(price_list.valid_from, data.branch_id), items)
    rows = [Amounts(item, _moved(prices.price(item), percent, round_to)) for item in items]
    if surcharges:
        lenses = [item for item in items if isinstance(item, LensProduct)]
        prefetch_related_objects(lenses, "bands")
        rows += [
            Amounts(one, _moved(band.price or ZERO, percent, round_to), span=_span(band))
            for one in lenses
            for band in prices.prices_of_bands(one)
        ]
    if not rows:
        message = _("This supplier has nothing in the catalogue yet.")
        raise DomainError(message, code="nothing_to_price", fields={"supplier": message})
    fill(price_list, rows)
    return price_list


def _span(band: BandRow) -> Span:
    return Span(band.quantity, band.from_dioptres, band.to_dioptres)


def _moved(price: Decimal, percent: Decimal, round_to: Decimal | None) -> Decimal:
    step = round_to or Decimal("0.01")
    wanted = price * (100 + percent) / 100
    return ((wanted / step).quantize(Decimal(1), ROUND_HALF_UP) * step).quantize(Decimal("0.01"))


def items_of(supplier_id: int) -> Iterator[Item]:
    """What a supplier sells that is still made: lenses, add-ons, frames."""
    for model in (LensProduct, LensAddOn, Frame):
        yield from model._default_manager.filter(supplier_id=supplier_id, discontinued_on=None)


@transaction.atomic
def put(
    actor: Actor, list_id: int, code: str, price: Decimal | None, cost: Decimal | None, span: Span | None = None
) -> list[PriceEntry]:
    """Add or change one price of a draft, named by code or SKU; without price and cost the entry goes.

    With a span it is a surcharge of the lens, or of every lens of the family, that the code names.
    """
    price_list = _locked(actor, list_id, ListState.DRAFT)
    items: Sequence[Item] = _lenses(code) if span else [_item(code)]
    if span:
        _check(span)
    entries, moved = [], []
    for item in items:
        entry, change = _put(price_list, Amounts(item, price, cost, span))
        entries.append(entry)
        moved.append(change)
    common.write(price_list, {})
    common.tell("catalogue.price_list_changed", actor, price_list, moved)
    return entries


def _put(price_list: PriceList, wanted: Amounts) -> tuple[PriceEntry, FieldChange]:
    key = _key(wanted.item, wanted.span)
    old = price_list.entries.filter(**key).first()
    is_out = wanted.price is None and wanted.cost is None
    if is_out:
        if old is None:
            message = _("Enter a price or a cost.")
            raise DomainError(message, fields={"price": message}, code="invalid")
        price_list.entries.filter(pk=old.pk).delete()
        entry = old
    else:
        if wanted.span:
            _refuse_overlap(price_list, key, wanted.span)
        values = {"price": wanted.price, "cost": wanted.cost, **_end(wanted.span)}
        entry = price_list.entries.update_or_create(**key, defaults=values)[0]
    return entry, FieldChange("price", words_of(entry), _amount(old), "" if is_out else _amount(entry))


def words_of(entry: PriceEntry) -> str:
    """What an entry prices: `Vista HD 1.67`, `Vista HD 1.67, Sphere 6.25 … 8.00`."""
    if not entry.quantity:
        return str(entry.item)
    return f"{entry.item}, {entry.get_quantity_display()} {entry.from_dioptres:.2f} … {entry.to_dioptres:.2f}"


def _check(span: Span) -> None:
    """Raises DomainError at the fields of a surcharge that cannot be."""
    problems = Problems()
    if span.quantity not in BandQuantity.values:
        problems.add("quantity", _("Choose one of the list."))
    for name in ("from_dioptres", "to_dioptres"):
        if getattr(span, name) is None:
            problems.add(name, _("Fill this in."))
    if span.from_dioptres is not None and span.to_dioptres is not None and span.from_dioptres > span.to_dioptres:
        problems.add("from_dioptres", _("A band begins below its end."))
    problems.raise_if_any(_("The surcharge is not complete."))


def _refuse_overlap(price_list: PriceList, key: dict[str, Any], span: Span) -> None:
    others = price_list.entries.filter(lens=key["lens"], quantity=span.quantity)
    others = others.exclude(from_dioptres=span.from_dioptres)
    if others.filter(from_dioptres__lte=span.to_dioptres, to_dioptres__gte=span.from_dioptres).exists():
        message = _("This band overlaps another one.")
        raise DomainError(message, fields={"from_dioptres": message}, code="invalid")


def _lenses(code: str) -> list[LensProduct]:
    """The lens of this code, else every lens of the family that is still made."""
    word = " ".join(code.split())
    found = list(LensProduct.objects.filter(code__iexact=word)) or list(
        LensProduct.objects.filter(family__iexact=word, discontinued_on=None).exclude(family="")
    )
    if not found:
        message = _("No lens has this code or family.")
        raise DomainError(message, fields={"code": message}, code="code_unclear")
    return found


def _amount(entry: PriceEntry | None) -> str:
    return (
        ""
        if entry is None
        else " / ".join(f"{one:.2f}" if one is not None else "–" for one in (entry.price, entry.cost))
    )


def _item(code: str) -> Item:
    word = code.strip()
    found: list[Item] = [
        *LensProduct.objects.filter(code__iexact=word),
        *LensAddOn.objects.filter(code__iexact=word),
        *Service.objects.filter(code__iexact=word),
        *Frame.objects.filter(sku__iexact=word),
    ]
    if len(found) == 1:
        return found[0]
    message = _("Nothing has this code.") if not found else _("Several things have this code.")
    raise DomainError(message, fields={"code": message}, code="code_unclear")


@transaction.atomic
def publish(actor: Actor, list_id: int, opened: Opened = AS_IT_STANDS) -> PriceList:
    """From its first day on the list's prices hold. Raises DomainError for a list without entries."""
    price_list = _locked(actor, list_id, ListState.DRAFT)
    if not price_list.entries.exists():
        raise DomainError(_("The list has no prices yet."), code="no_entries")
    return _move(actor, price_list, ListState.PUBLISHED, opened, published_at=timezone.now())


@transaction.atomic
def withdraw(actor: Actor, list_id: int, opened: Opened = AS_IT_STANDS) -> PriceList:
    """The list counts no longer, on no day: earlier lists and the items' own prices hold again."""
    return _move(actor, _locked(actor, list_id, ListState.DRAFT, ListState.PUBLISHED), ListState.WITHDRAWN, opened)


@transaction.atomic
def change(actor: Actor, list_id: int, data: ListData, opened: Opened = AS_IT_STANDS) -> PriceList:
    """Rename a list or move its days."""
    price_list = _locked(actor, list_id, ListState.DRAFT, ListState.PUBLISHED)
    values = checked(data)
    common.require_fresh(price_list, opened, values)
    moved = common.differences(price_list, values)
    if moved:
        common.write(price_list, values)
        common.tell("catalogue.price_list_changed", actor, price_list, moved, opened.reason)
    return price_list


def _move(actor: Actor, price_list: PriceList, state: str, opened: Opened, **values: Any) -> PriceList:
    common.require_fresh(price_list, opened, {"state": state})
    moved = common.differences(price_list, {"state": state})
    common.write(price_list, {"state": state, **values})
    common.tell(f"catalogue.price_list_{state}", actor, price_list, moved, opened.reason)
    return price_list


def _locked(actor: Actor, list_id: int, *states: str) -> PriceList:
    common.allow(actor)
    price_list = common.locked(PriceList, list_id)
    if price_list.state not in states:
        message = _("This list is %(state)s already.") % {"state": price_list.get_state_display().lower()}
        raise IllegalTransition(message, code="illegal_transition")
    return price_list
