"""Surcharges in a price file: rows that say what they are for. Those of one lens or family for one quantity are one table.

A table is written whole or not at all: half of it would charge some powers by the new list and others not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalogue.imports import extra_rows
from catalogue.models import CatalogueImport, ImportRow, LensProduct, RowVerdict
from catalogue.pricebook import BandRow, PriceBook
from catalogue.services.importing import base
from catalogue.services.importing.add_on_list import lenses_by_word
from core.importing.columns import Problem

Cells = Mapping[str, str]
Key = tuple[str, str]
NAMES = ("quantity", "from_dioptres", "to_dioptres", "price", "cost")


@dataclass
class Table:
    """The rows of a file for one name and quantity."""

    bands: list[dict[str, Any]] = field(default_factory=list)
    problems: dict[int, list[Problem]] = field(default_factory=dict)


class ListedBandJudge:
    """Decides the surcharges of a price file against the tables that stand on the new list's first day."""

    def __init__(self, batch: CatalogueImport, book: PriceBook, lenses: Mapping[int, LensProduct]) -> None:
        self.words = lenses_by_word(batch.supplier_id)
        self.book, self.lenses = book, lenses
        self.tables: dict[Key, Table] = {}
        self.named_by: dict[tuple[int, str], str] = {}

    def gather(self, number: int, cells: Cells) -> None:
        """Before any row is decided: every surcharge of the file."""
        table = self.tables.setdefault(_key(cells), Table())
        values, problems = extra_rows.listed_band(cells)
        problems += self._named(cells)
        if not problems and any(_overlap(values, other) for other in table.bands):
            problems = [Problem("from_dioptres", cells["from_dioptres"], _("This band overlaps another one."))]
        if problems:
            table.problems[number] = problems
        else:
            table.bands.append(values)

    def _named(self, cells: Cells) -> list[Problem]:
        word, quantity = _key(cells)
        if not self.words.get(word):
            return [Problem("code", cells.get("code", ""), _("No lens of this supplier has this family or code."))]
        for pk in self.words[word]:
            other = self.named_by.setdefault((pk, quantity), word)
            if other != word:
                words = _("%(lens)s is named by “%(other)s” too.") % {"lens": self.lenses[pk], "other": other}
                return [Problem("code", cells["code"], words)]
        return []

    def decide(self, row: ImportRow, cells: Cells) -> None:
        key = _key(cells)
        table = self.tables[key]
        if table.problems:
            words = _("Row %(row)d of this surcharge cannot be read, so all of it stays as it is.")
            held_back = [Problem("code", cells.get("code", ""), words % {"row": min(table.problems)})]
            base.reject(row, table.problems.get(row.row_number, held_back))
            return
        values, _problems = extra_rows.listed_band(cells)
        lenses = [self.lenses[pk] for pk in self.words[key[0]]]
        moved = [lens.pk for lens in lenses if self._is_moved(lens, str(values["quantity"]), table)]
        row.values = {name: base.plain(values.get(name)) for name in NAMES} | {"item": "lens", "lenses": moved}
        row.before = {"bands": moved} if moved else {}
        row.verdict = RowVerdict.CHANGED if moved else RowVerdict.SAME

    def _is_moved(self, lens: LensProduct, quantity: str, table: Table) -> bool:
        stands = {"price": self.book.prices_of_bands(lens), "cost": self.book.costs_of_bands(lens)}
        for name, rows in stands.items():
            wanted = {(one["from_dioptres"], one["to_dioptres"], one[name]) for one in table.bands if name in one}
            if wanted and wanted != _table(rows, quantity, name):
                return True
        return False


def _key(cells: Cells) -> Key:
    values, _problems = extra_rows.listed_band({"quantity": cells["quantity"]})
    quantity = values.get("quantity", cells["quantity"].lower())
    return " ".join(cells.get("code", "").split()).lower(), str(quantity)


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(one["from_dioptres"] <= other["to_dioptres"] and other["from_dioptres"] <= one["to_dioptres"])


def _table(rows: list[BandRow], quantity: str, name: str) -> set[tuple[Decimal, Decimal, Decimal]]:
    return {(row.from_dioptres, row.to_dioptres, getattr(row, name)) for row in rows if row.quantity == quantity}
