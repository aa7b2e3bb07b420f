"""A supplier's price list with validity: each row names a lens, add-on or frame of the supplier with its new price or cost,
or a surcharge of a lens or family.

Applied, it becomes a published price list; taken back, the list is withdrawn. No item itself is changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from catalogue.services.importing.listed_bands import ListedBandJudge
from catalogue.services.pricelists import Amounts, ListData, Span
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
        lenses = {item.pk: item for item in items if isinstance(item, LensProduct)}
        self.bands = ListedBandJudge(batch, self.book, lenses)
        if "quantity" in self.places:
            for row in batch.rows.order_by("row_number").iterator(chunk_size=base.BATCH):
                if (cells := self.cells(row))["quantity"]:
                    self.bands.gather(row.row_number, cells)

    def decide(self, row: ImportRow) -> None:
        base.blank(row)
        cells = self.cells(row)
        if cells.get("quantity"):
            self.bands.decide(row, cells)
            return
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
    yield from LensProduct.objects.filter(supplier_id=supplier_id).prefetch_related("bands")
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
        pricelists.fill(price_list, [amounts for row in rows for amounts in _amounts(row, items)])

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
        pks = {pk for row in rows if row.values["item"] == name for pk in _pks(row)}
        found |= {(name, pk): item for pk, item in model.objects.in_bulk(pks).items()}
    return found


def _pks(row: ImportRow) -> list[int]:
    return [row.target_id] if row.target_id else list(row.values["lenses"])


def _amounts(row: ImportRow, items: Mapping[tuple[str, int], Item]) -> Iterator[Amounts]:
    """One entry for an item, one for each lens of a surcharge."""
    names = [name for name in AMOUNTS if row.values.get(name)] if "lenses" in row.values else list(row.before)
    values = base.typed(PriceEntry, {name: row.values[name] for name in names})
    for pk in _pks(row):
        item = items.get((row.values["item"], pk))
        if item is None:
            raise base.moved()
        yield Amounts(item, **values, span=_span(row.values))


def _span(values: Mapping[str, Any]) -> Span | None:
    if "lenses" not in values:
        return None
    return Span(**base.typed(PriceEntry, {name: values[name] for name in ("quantity", "from_dioptres", "to_dioptres")}))
