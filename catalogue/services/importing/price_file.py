"""A supplier's price list with validity: each row names a lens, add-on or frame of the supplier with its new price or cost.

Applied, it becomes a published price list; taken back, the list is withdrawn. No item itself is changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from catalogue import pricebook
from catalogue.imports import extra_rows
from catalogue.models import (
    CatalogueImport,
    Frame,
    ImportRow,
    LensAddOn,
    LensProduct,
    PriceEntry,
    PriceList,
    RowVerdict,
)
from catalogue.pricebook import Item, When
from catalogue.services import pricelists
from catalogue.services.common import Opened
from catalogue.services.importing import base
from catalogue.services.pricelists import Amounts, ListData
from core.actor import Actor
from core.importing.columns import Column, Problem

AMOUNTS = ("price", "cost")


def list_data(batch: CatalogueImport) -> ListData:
    """When and where the file's prices hold, as it was uploaded."""
    options = batch.options
    return ListData(
        name=str(options.get("name") or batch.file_name),
        valid_from=_day(options.get("valid_from")),
        valid_until=_day(options.get("valid_until")),
        branch_id=options.get("branch") or None,
        supplier_id=batch.supplier_id,
    )


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


class PriceJudge(base.Rows):
    """Decides rows against what each item costs on the first day of the new list."""

    def __init__(self, batch: CatalogueImport) -> None:
        super().__init__(batch)
        data = list_data(batch)
        items = list(_items(batch.supplier_id))
        self.by_code: dict[str, list[Item]] = {}
        for item in items:
            self.by_code.setdefault(_code(item).lower(), []).append(item)
        self.book = pricebook.book(When(data.valid_from or date.min, data.branch_id), items)
        self.seen: dict[str, int] = {}

    def decide(self, row: ImportRow) -> None:
        base.blank(row)
        cells = self.cells(row)
        values, problems = extra_rows.price(cells)
        code = cells.get("code", "")
        problems += self._clashes(code, row.row_number) if code else []
        if problems:
            base.reject(row, problems)
            return
        item = self.by_code[code.lower()][0]
        row.target_id = item.pk
        row.values = {name: base.plain(value) for name, value in values.items()} | {"item": pricebook.ITEMS[type(item)]}
        stands = {"price": self.book.price(item), "cost": self.book.cost(item)}
        row.before = {
            name: base.plain(stands[name]) for name in AMOUNTS if values.get(name, stands[name]) != stands[name]
        }
        row.verdict = RowVerdict.CHANGED if row.before else RowVerdict.SAME

    def _clashes(self, code: str, number: int) -> list[Problem]:
        first, found = self.seen.setdefault(code.lower(), number), self.by_code.get(code.lower(), [])
        if first != number:
            return [Problem("code", code, _("This code is on row %(row)d already.") % {"row": first})]
        if not found:
            return [Problem("code", code, _("Nothing of this supplier has this code."))]
        if len(found) > 1:
            return [Problem("code", code, _("Several things have this code: a lens, an add-on or a frame."))]
        return []


def _code(item: Item) -> str:
    return item.sku if isinstance(item, Frame) else item.code


def _items(supplier_id: int) -> Iterable[Item]:
    yield from LensProduct.objects.filter(supplier_id=supplier_id)
    yield from LensAddOn.objects.filter(supplier_id=supplier_id)
    yield from Frame.objects.filter(supplier_id=supplier_id).defer("trace", "search_text")


class PriceFile:
    """A price list of one supplier."""

    columns: Sequence[Column] = extra_rows.PRICES

    def missing(self, chosen: Mapping[str, str]) -> Sequence[Column]:
        missing = base.required(self.columns, chosen)
        if not chosen.get("price") and not chosen.get("cost"):
            missing += [column for column in self.columns if column.name in AMOUNTS]
        return missing

    def judge(self, batch: CatalogueImport) -> PriceJudge:
        pricelists.checked(list_data(batch))
        return PriceJudge(batch)

    def write(self, actor: Actor, batch: CatalogueImport, rows: Sequence[ImportRow]) -> None:
        """Rows of one file come in several portions: the first begins the list, the last publishes it."""
        price_list = batch.price_lists.first() or pricelists.begin(actor, list_data(batch), batch)
        items = _found(rows)
        pricelists.fill(price_list, [_amounts(row, items) for row in rows])

    def finish(self, actor: Actor, batch: CatalogueImport) -> None:
        price_list = batch.price_lists.get()
        batch.options = {**batch.options, "list": price_list.pk}
        published = pricelists.publish(actor, price_list.pk, Opened(reason=base.reason(batch)))
        batch.options["version"] = published.version

    def undo(self, actor: Actor, batch: CatalogueImport, rows: Sequence[ImportRow]) -> None:
        price_list = PriceList.objects.select_for_update().get(imported=batch)
        if price_list.state == "withdrawn":
            return
        if price_list.version != batch.options["version"]:
            raise base.touched([price_list.number])
        pricelists.withdraw(actor, price_list.pk, Opened(reason=base.undo_reason(batch)))


def _found(rows: Sequence[ImportRow]) -> dict[tuple[str, int], Item]:
    """The items of some rows, by kind and id."""
    models: Mapping[str, Any] = {name: model for model, name in pricebook.ITEMS.items()}
    found: dict[tuple[str, int], Item] = {}
    for name, model in models.items():
        pks = [row.target_id for row in rows if row.values["item"] == name and row.target_id]
        found |= {(name, pk): item for pk, item in model.objects.in_bulk(pks).items()}
    return found


def _amounts(row: ImportRow, items: Mapping[tuple[str, int], Item]) -> Amounts:
    item = items.get((row.values["item"], row.target_id or 0))
    if item is None:
        raise base.moved()
    values = base.typed(PriceEntry, {name: row.values[name] for name in row.before})
    return Amounts(item, **values)
