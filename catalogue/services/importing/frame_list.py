"""A supplier's frame list: one row, one frame, known by its SKU."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from catalogue.imports import frame_rows
from catalogue.imports.frame_rows import Understood
from catalogue.models import CatalogueImport, Frame, ImportRow, RowVerdict
from catalogue.services import common
from catalogue.services.importing import base
from catalogue.text import search_text
from core.actor import Actor
from core.importing.columns import Column, Problem

COMPARED = (
    "sku", "brand", "model", "colour", "colour_code", "gtin", "eye_size_mm", "bridge_mm", "temple_mm", "a_mm", "b_mm",
    "dbl_mm", "ed_mm", "material", "mount", "cost", "price",
)  # fmt: skip


class FrameJudge(base.Rows):
    """Decides rows against the frames of the catalogue, which are read once."""

    def __init__(self, batch: CatalogueImport) -> None:
        super().__init__(batch)
        self.supplier_id = batch.supplier_id
        known = Frame.objects.only("pk", "version", "supplier_id", *COMPARED)
        self.by_sku = {frame.sku.lower(): frame for frame in known}
        self.by_gtin = {frame.gtin: frame for frame in self.by_sku.values() if frame.gtin}
        self.seen: dict[str, int] = {}
        self.seen_gtin: dict[str, int] = {}

    def decide(self, row: ImportRow) -> None:
        base.blank(row)
        cells = self.cells(row)
        read = frame_rows.understand(cells, self.supplier_id)
        problems = list(read.problems) or list(self._clashes(read, row.row_number))
        if problems:
            base.reject(row, problems)
            return
        row.values = {name: base.plain(read.values[name]) for name in COMPARED}
        frame = self.by_sku.get(str(read.values["sku"]).lower())
        if frame is None:
            row.verdict = RowVerdict.NEW
            return
        row.target_id, row.target_version = frame.pk, frame.version
        given = _given(cells)
        row.before = {
            name: base.plain(getattr(frame, name)) for name in given if getattr(frame, name) != read.values[name]
        }
        row.verdict = RowVerdict.CHANGED if row.before else RowVerdict.SAME

    def _clashes(self, read: Understood, number: int) -> Iterator[Problem]:
        """The same SKU or GTIN twice in the file, or with another frame of the catalogue."""
        sku, gtin = str(read.values["sku"]), str(read.values["gtin"])
        first = self.seen.setdefault(sku.lower(), number)
        if first != number:
            yield Problem("sku", sku, _("This SKU is on row %(row)d already.") % {"row": first})
        owner = self.by_sku.get(sku.lower())
        if owner is not None and owner.supplier_id != self.supplier_id:
            yield Problem("sku", sku, _("Another supplier's frame has this SKU."))
        if gtin:
            first = self.seen_gtin.setdefault(gtin, number)
            if first != number:
                yield Problem("gtin", gtin, _("This GTIN is on row %(row)d already.") % {"row": first})
            holder = self.by_gtin.get(gtin)
            if holder is not None and holder.sku.lower() != sku.lower():
                yield Problem("gtin", gtin, _("The frame %(sku)s has this GTIN.") % {"sku": holder.sku})


def _given(cells: Mapping[str, str]) -> list[str]:
    """What the file says: an empty cell or a missing column leaves a frame as it is, a traced A for example."""
    said = {name for name, text in cells.items() if text}
    if "size" in said:
        said |= {"eye_size_mm", "bridge_mm"}
    return [name for name in COMPARED if name in said]


class FrameList:
    """Frames of one supplier."""

    columns: Sequence[Column] = frame_rows.COLUMNS

    def missing(self, chosen: Mapping[str, str]) -> Sequence[Column]:
        return frame_rows.missing_columns(chosen)

    def judge(self, batch: CatalogueImport) -> FrameJudge:
        return FrameJudge(batch)

    def write(self, actor: Actor, batch: CatalogueImport, rows: Sequence[ImportRow]) -> None:
        _add(batch, [row for row in rows if row.verdict == RowVerdict.NEW])
        _change(actor, batch, [row for row in rows if row.verdict == RowVerdict.CHANGED])

    def finish(self, actor: Actor, batch: CatalogueImport) -> None:
        """Every row stands for itself."""

    def undo(self, actor: Actor, batch: CatalogueImport, rows: Sequence[ImportRow]) -> None:
        written = {row.target_id: row for row in rows if row.target_id is not None}
        frames = Frame.objects.select_for_update().in_bulk(list(written))
        base.require_untouched(written, frames, "sku")
        for pk, row in written.items():
            frame = frames[pk]
            if row.verdict == RowVerdict.NEW:
                base.remove(frame)
                continue
            values = base.typed(Frame, row.before)
            moved = common.differences(frame, values)
            _filled(frame, values)
            common.write(frame, values)
            common.tell("catalogue.frame_changed", actor, frame, moved, base.undo_reason(batch))


def _add(batch: CatalogueImport, rows: Sequence[ImportRow]) -> None:
    made = [_filled(Frame(supplier_id=batch.supplier_id), base.typed(Frame, row.values)) for row in rows]
    if Frame.objects.filter(sku__in=[frame.sku for frame in made]).exists():
        raise base.moved()
    created = bulk_create_with_history(made, Frame, batch_size=base.BATCH, default_change_reason=batch.number)
    by_sku = {frame.sku: frame.pk for frame in created}
    for row in rows:
        row.target_id, row.target_version = by_sku[row.values["sku"]], 1


def _change(actor: Actor, batch: CatalogueImport, rows: Sequence[ImportRow]) -> None:
    frames = Frame.objects.select_for_update().in_bulk([row.target_id for row in rows if row.target_id])
    for row in rows:
        frame = frames.get(row.target_id or 0)
        if frame is None or frame.version != row.target_version:
            raise base.moved()
        values = base.typed(Frame, {name: row.values[name] for name in row.before})
        moved = common.differences(frame, values)
        _filled(frame, values)
        common.write(frame, values)
        common.tell("catalogue.frame_changed", actor, frame, moved, base.reason(batch))
        row.target_version = frame.version


def _filled(frame: Frame, values: Mapping[str, Any]) -> Frame:
    for name, value in values.items():
        setattr(frame, name, value)
    frame.search_text = search_text(frame)
    return frame
