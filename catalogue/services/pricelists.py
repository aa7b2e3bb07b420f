"""Price lists: begin, fill, publish, end, withdraw. Quotations keep their prices; their pages show what has moved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import numbers
from branches.models import Branch
from catalogue import pricebook
from catalogue.models import (
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
from catalogue.pricebook import ITEMS, Item, When
from catalogue.services import common
from catalogue.services.common import AS_IT_STANDS, Opened
from core.actor import Actor
from core.errors import DomainError, IllegalTransition, Problems
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
class Amounts:
    """One item with its new price, new cost, or both."""

    item: Item
    price: Decimal | None = None
    cost: Decimal | None = None


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
        PriceEntry(price_list=price_list, price=row.price, cost=row.cost, **{ITEMS[type(row.item)]: row.item})
        for row in rows
    ]
    return PriceEntry.objects.bulk_create(entries, batch_size=1000)


@transaction.atomic
def begin_moved(actor: Actor, data: ListData, percent: Decimal, round_to: Decimal | None = None) -> PriceList:
    """A draft with every lens, add-on and frame of a supplier, its price on the list's first day moved by a percentage."""
    price_list = begin(actor, data)
    items = list(items_of(data.supplier_id or 0))
    prices = pricebook.book(When(price_list.valid_from, data.branch_id), items)
    rows = [Amounts(item, _moved(prices.price(item), percent, round_to)) for item in items]
    if not rows:
        message = _("This supplier has nothing in the catalogue yet.")
        raise DomainError(message, code="nothing_to_price", fields={"supplier": message})
    fill(price_list, rows)
    return price_list


def _moved(price: Decimal, percent: Decimal, round_to: Decimal | None) -> Decimal:
    step = round_to or Decimal("0.01")
    wanted = price * (100 + percent) / 100
    return ((wanted / step).quantize(Decimal(1), ROUND_HALF_UP) * step).quantize(Decimal("0.01"))


def items_of(supplier_id: int) -> Iterator[Item]:
    """What a supplier sells that is still made: lenses, add-ons, frames."""
    for model in (LensProduct, LensAddOn, Frame):
        yield from model._default_manager.filter(supplier_id=supplier_id, discontinued_on=None)


@transaction.atomic
def put(actor: Actor, list_id: int, code: str, price: Decimal | None, cost: Decimal | None) -> PriceEntry:
    """Add or change one price of a draft, named by code or SKU; without price and cost the entry goes."""
    price_list = _locked(actor, list_id, ListState.DRAFT)
    item = _item(code)
    key: dict[str, Any] = {ITEMS[type(item)]: item}
    old = price_list.entries.filter(**key).first()
    if price is None and cost is None:
        if old is None:
            message = _("Enter a price or a cost.")
            raise DomainError(message, fields={"price": message}, code="invalid")
        price_list.entries.filter(pk=old.pk).delete()
        entry = old
    else:
        entry = price_list.entries.update_or_create(**key, defaults={"price": price, "cost": cost})[0]
    moved = [FieldChange("price", str(item), _amount(old), "" if price is None and cost is None else _amount(entry))]
    common.write(price_list, {})
    common.tell("catalogue.price_list_changed", actor, price_list, moved)
    return entry


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
