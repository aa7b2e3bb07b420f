"""A list of surcharges by power. The file's bands take the place of those that a lens had for the same quantity.

A row names a lens by its code, or a whole family at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from catalogue.imports import extra_rows
from catalogue.models import CatalogueImport, ImportRow, LensProduct, PriceBand, RowVerdict
from catalogue.services import common, lenses
from catalogue.services.importing import base
from catalogue.services.importing.add_on_list import lenses_by_word
from catalogue.services.lenses import BandData
from core.actor import Actor
from core.errors import DomainError
from core.importing.columns import Column, Problem
from records.services.changes import FieldChange

NAMES = ("quantity", "from_dioptres", "to_dioptres", "price", "cost")
BandText = dict[str, str]


class BandJudge(base.Rows):
    """Gathers the bands of each named lens or family first; the first row of a name stands for all of them."""

    def __init__(self, batch: CatalogueImport) -> None:
        super().__init__(batch)
        self.lenses = lenses_by_word(batch.supplier_id)
        known = LensProduct.objects.filter(supplier_id=batch.supplier_id).prefetch_related("bands")
        self.known = {one.pk: one for one in known}
        self.first: dict[str, int] = {}
        self.bands: dict[str, list[BandData]] = {}
        self.problems: dict[int, list[Problem]] = {}
        self.bad: dict[str, int] = {}
        self.named_by: dict[int, str] = {}
        for row in batch.rows.order_by("row_number").iterator(chunk_size=base.BATCH):
            self._gather(row)

    def _gather(self, row: ImportRow) -> None:
        cells = self.cells(row)
        word = " ".join(cells.get("lens", "").split()).lower()
        values, problems = extra_rows.band(cells)
        self.first.setdefault(word, row.row_number)
        problems += self._named(word, cells)
        if not problems:
            band = BandData(**{name: values[name] for name in NAMES})
            gathered = self.bands.setdefault(word, [])
            if any(lenses.overlap(band, other) for other in gathered):
                problems.append(Problem("from_dioptres", cells["from_dioptres"], _("This band overlaps another one.")))
            gathered.append(band)
        if problems:
            self.problems[row.row_number] = problems
            self.bad.setdefault(word, row.row_number)

    def _named(self, word: str, cells: Mapping[str, str]) -> list[Problem]:
        if word and not self.lenses.get(word):
            return [Problem("lens", cells["lens"], _("No lens of this supplier has this family or code."))]
        for pk in self.lenses.get(word, ()):
            if self.named_by.setdefault(pk, word) != word:
                words = _("%(lens)s is named by “%(other)s” too.") % {
                    "lens": self.known[pk],
                    "other": self.named_by[pk],
                }
                return [Problem("lens", cells["lens"], words)]
        return []

    def decide(self, row: ImportRow) -> None:
        base.blank(row)
        cells = self.cells(row)
        word = " ".join(cells.get("lens", "").split()).lower()
        if row.row_number in self.problems:
            base.reject(row, self.problems[row.row_number])
        elif word in self.bad:
            words = _("Row %(row)d of this lens cannot be read, so all its surcharges stay as they are.")
            base.reject(row, [Problem("lens", cells["lens"], words % {"row": self.bad[word]})])
        elif row.row_number != self.first[word]:
            row.verdict = RowVerdict.PART
            row.values = {"code": cells["lens"], "row": self.first[word]}
        else:
            self._compare(row, word)

    def _compare(self, row: ImportRow, word: str) -> None:
        wanted = self.bands[word]
        quantities = {band.quantity for band in wanted}
        before: dict[str, Any] = {}
        for pk in self.lenses[word]:
            stood = lenses.bands_of(self.known[pk])
            kept = [band for band in stood if band.quantity not in quantities]
            if _alike([*kept, *wanted]) != _alike(stood):
                before[str(pk)] = {"version": self.known[pk].version, "bands": [_text(band) for band in stood]}
        row.values = {"code": word, "bands": [_text(band) for band in wanted]}
        row.before = before
        row.verdict = RowVerdict.CHANGED if before else RowVerdict.SAME


def _alike(bands: Sequence[BandData]) -> set[tuple[Any, ...]]:
    return {tuple(asdict(band).values()) for band in bands}


def _text(band: BandData) -> BandText:
    return {name: base.plain(getattr(band, name)) for name in NAMES}


def _bands(texts: Sequence[BandText]) -> list[BandData]:
    return [BandData(**base.typed(PriceBand, text)) for text in texts]


class BandList:
    """Surcharges of one supplier's lenses."""

    columns: Sequence[Column] = extra_rows.BANDS

    def missing(self, chosen: Mapping[str, str]) -> Sequence[Column]:
        return base.required(self.columns, chosen)

    def judge(self, batch: CatalogueImport) -> BandJudge:
        return BandJudge(batch)

    def write(self, actor: Actor, batch: CatalogueImport, rows: Sequence[ImportRow]) -> None:
        for row in rows:
            wanted = _bands(row.values["bands"])
            quantities = {band.quantity for band in wanted}
            for product in _untouched(row, base.moved()):
                kept = [band for band in lenses.bands_of(product) if band.quantity not in quantities]
                _put(actor, product, [*kept, *wanted], base.reason(batch))
                row.before[str(product.pk)]["version"] = product.version
        ImportRow.objects.bulk_update(rows, ["before"], batch_size=base.BATCH)

    def finish(self, actor: Actor, batch: CatalogueImport) -> None:
        """Every row stands for itself."""

    def undo(self, actor: Actor, batch: CatalogueImport, rows: Sequence[ImportRow]) -> None:
        for row in rows:
            for product in _untouched(row, base.touched([row.values["code"]])):
                stood = _bands(row.before[str(product.pk)]["bands"])
                _put(actor, product, stood, base.undo_reason(batch))


def _untouched(row: ImportRow, refusal: DomainError) -> list[LensProduct]:
    """The lenses a row is about, locked; raises the refusal when one has another version or is gone."""
    pks = [int(pk) for pk in row.before]
    found = LensProduct.objects.select_for_update().prefetch_related("bands").in_bulk(pks)
    for pk in pks:
        if pk not in found or found[pk].version != row.before[str(pk)]["version"]:
            raise refusal
    return [found[pk] for pk in pks]


def _put(actor: Actor, product: LensProduct, bands: Sequence[BandData], why: str) -> None:
    old, new = lenses.words_of(lenses.bands_of(product)), lenses.words_of(bands)
    common.write(product, {})
    lenses.replace_rows(product, None, bands)
    moved = [FieldChange("bands", _("surcharges"), old, new)]
    common.tell("catalogue.lens_changed", actor, product, moved, why)
