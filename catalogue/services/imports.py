"""Import of a supplier's frame list: upload, columns, dry run, apply, take back. Nothing changes before it is applied."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from branches import numbers
from catalogue.imports import frame_rows, reading
from catalogue.imports.frame_rows import Problem, Understood
from catalogue.models import CatalogueImport, Frame, ImportKind, ImportRow, ImportState, RowVerdict, Supplier
from catalogue.services import common
from catalogue.text import search_text
from core.actor import Actor
from core.errors import DomainError, IllegalTransition, NotVisible
from records import events

BATCH = 1000
COMPARED = (
    "sku", "brand", "model", "colour", "colour_code", "gtin", "eye_size_mm", "bridge_mm", "temple_mm", "a_mm", "b_mm",
    "dbl_mm", "ed_mm", "material", "mount", "cost", "price",
)  # fmt: skip
Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


@transaction.atomic
def upload(actor: Actor, supplier_id: int, file_name: str, content: bytes) -> CatalogueImport:
    """Keep the rows of a file as they are read, with columns guessed or as this supplier's last file had them."""
    common.allow(actor)
    if not Supplier.objects.filter(pk=supplier_id).exists():
        raise DomainError(_("Choose a supplier."), fields={"supplier": _("Choose a supplier.")}, code="invalid")
    table = reading.read(file_name, content)
    batch = CatalogueImport.objects.create(
        number=f"I-{numbers.draw('import'):05d}",
        kind=ImportKind.FRAMES,
        supplier_id=supplier_id,
        file_name=file_name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        headings=list(table.headings),
        columns=_remembered(supplier_id, table.headings) or frame_rows.guess(table.headings),
        row_count=len(table.rows),
        source="import",
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
    )
    ImportRow.objects.bulk_create(
        (ImportRow(batch=batch, row_number=place, cells=list(row)) for place, row in enumerate(table.rows, start=2)),
        batch_size=BATCH,
    )
    return batch


def _remembered(supplier_id: int, headings: Sequence[str]) -> dict[str, str] | None:
    last = CatalogueImport.objects.filter(
        supplier_id=supplier_id, kind=ImportKind.FRAMES, headings=list(headings), state=ImportState.APPLIED
    ).order_by("-pk")
    found: dict[str, str] | None = last.values_list("columns", flat=True).first()
    return found


def dry_run(actor: Actor, batch_id: int, columns: Mapping[str, str], progress: Progress = _silent) -> CatalogueImport:
    """Judge every row: new, changed, same or rejected. The catalogue stays as it is."""
    with transaction.atomic():
        batch = _locked(actor, batch_id, ImportState.UPLOADED, ImportState.CHECKED)
        batch.columns = _checked_columns(batch, columns)
        counts: Counter[str] = Counter()
        judge = _Judge(batch)
        for rows in _batches(batch):
            for row in rows:
                judge.decide(row)
                counts[row.verdict] += 1
            ImportRow.objects.bulk_update(
                rows, ["values", "verdict", "problems", "before", "target_id", "target_version"], batch_size=BATCH
            )
            progress(sum(counts.values()), batch.row_count)
        batch.counts = {verdict: counts.get(verdict, 0) for verdict in RowVerdict.values}
        batch.state, batch.checked_at = ImportState.CHECKED, timezone.now()
        _save(batch)
        return batch


def _checked_columns(batch: CatalogueImport, columns: Mapping[str, str]) -> dict[str, str]:
    known = {column.name for column in frame_rows.COLUMNS}
    chosen = {name: heading for name, heading in columns.items() if name in known and heading in batch.headings}
    missing = frame_rows.missing_columns(chosen)
    if missing:
        message = _("Say which column it is.")
        raise DomainError(
            _("Columns are missing: %(names)s.") % {"names": ", ".join(str(one.label) for one in missing)},
            code="columns_missing",
            fields={one.name: message for one in missing},
        )
    return chosen


def _batches(batch: CatalogueImport) -> Iterator[list[ImportRow]]:
    """The rows in order, some at a time, so that 50,000 fit into a small worker."""
    last = 0
    while True:
        rows = list(batch.rows.filter(row_number__gt=last).order_by("row_number")[:BATCH])
        if not rows:
            return
        yield rows
        last = rows[-1].row_number


class _Judge:
    """Decides rows against the catalogue, which is read once."""

    def __init__(self, batch: CatalogueImport) -> None:
        self.supplier_id = batch.supplier_id
        self.places = {name: batch.headings.index(heading) for name, heading in batch.columns.items()}
        known = Frame.objects.only("pk", "version", "supplier_id", *COMPARED)
        self.by_sku = {frame.sku.lower(): frame for frame in known}
        self.by_gtin = {frame.gtin: frame for frame in self.by_sku.values() if frame.gtin}
        self.seen: dict[str, int] = {}
        self.seen_gtin: dict[str, int] = {}

    def decide(self, row: ImportRow) -> None:
        cells = {name: row.cells[place] for name, place in self.places.items()}
        read = frame_rows.understand(cells, self.supplier_id)
        problems = list(read.problems) or list(self._clashes(read, row.row_number))
        row.problems = [vars(problem) for problem in problems]
        row.values, row.before, row.target_id, row.target_version = {}, {}, None, None
        if problems:
            row.verdict = RowVerdict.REJECTED
            return
        row.values = {name: _plain(read.values[name]) for name in COMPARED}
        frame = self.by_sku.get(str(read.values["sku"]).lower())
        if frame is None:
            row.verdict = RowVerdict.NEW
            return
        row.target_id, row.target_version = frame.pk, frame.version
        given = _given(cells)
        row.before = {name: _plain(getattr(frame, name)) for name in given if getattr(frame, name) != read.values[name]}
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


def _plain(value: Any) -> Any:
    return f"{value:.2f}" if isinstance(value, Decimal) else ("" if value is None else str(value))


def apply(actor: Actor, batch_id: int, progress: Progress = _silent) -> CatalogueImport:
    """Write the good rows, all of them or none; rejected rows stay out. Raises DomainError when the catalogue moved since."""
    with transaction.atomic():
        batch = _locked(actor, batch_id, ImportState.CHECKED)
        good = batch.counts.get(RowVerdict.NEW, 0) + batch.counts.get(RowVerdict.CHANGED, 0)
        if not good:
            raise DomainError(_("There is no row to apply."), code="nothing_to_apply")
        done = 0
        for rows in _batches(batch):
            _add_new(actor, batch, [row for row in rows if row.verdict == RowVerdict.NEW])
            _change(actor, batch, [row for row in rows if row.verdict == RowVerdict.CHANGED])
            ImportRow.objects.bulk_update(rows, ["target_id", "target_version"], batch_size=BATCH)
            done += len(rows)
            progress(done, batch.row_count)
        batch.state, batch.applied_at = ImportState.APPLIED, timezone.now()
        _save(batch)
        events.record("catalogue.imported", actor, events.Fact(batch, data=dict(batch.counts)))
        return batch


def _add_new(actor: Actor, batch: CatalogueImport, rows: list[ImportRow]) -> None:
    made = [_filled(Frame(supplier_id=batch.supplier_id), row.values) for row in rows]
    skus = [frame.sku for frame in made]
    if Frame.objects.filter(sku__in=skus).exists():
        raise _moved()
    created = bulk_create_with_history(made, Frame, batch_size=BATCH, default_change_reason=batch.number)
    by_sku = {frame.sku: frame.pk for frame in created}
    for row in rows:
        row.target_id, row.target_version = by_sku[row.values["sku"]], 1


def _change(actor: Actor, batch: CatalogueImport, rows: list[ImportRow]) -> None:
    frames = Frame.objects.select_for_update().in_bulk([row.target_id for row in rows if row.target_id])
    for row in rows:
        frame = frames.get(row.target_id or 0)
        if frame is None or frame.version != row.target_version:
            raise _moved()
        values = _typed(row.values, row.before)
        moved = common.differences(frame, values)
        _filled(frame, values)
        common.write(frame, values)
        common.tell("catalogue.frame_changed", actor, frame, moved, _("Import %(number)s") % {"number": batch.number})
        row.target_version = frame.version


def _moved() -> DomainError:
    return DomainError(
        _("The catalogue has changed since the dry run. Run it again: nothing was written."), code="catalogue_moved"
    )


def _typed(values: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """Stored text back as the values of a frame, only for the given names."""
    amounts = {"cost", "price"} | {name for name in COMPARED if name.endswith("_mm")}
    found: dict[str, Any] = {}
    for name in names:
        text = values[name]
        found[name] = (Decimal(text) if text else None) if name in amounts else text
    return found


def _filled(frame: Frame, values: Mapping[str, Any]) -> Frame:
    for name, value in _typed({name: _plain(value) for name, value in values.items()}, values).items():
        setattr(frame, name, value)
    frame.search_text = search_text(frame)
    return frame


def take_back(actor: Actor, batch_id: int) -> CatalogueImport:
    """Undo an applied import as long as nobody touched its frames: new ones go, changed ones get their values back.

    Raises DomainError naming what was touched or is in use since; then nothing is taken back.
    """
    with transaction.atomic():
        batch = _locked(actor, batch_id, ImportState.APPLIED)
        for rows in _batches(batch):
            changed = [row for row in rows if row.verdict in (RowVerdict.NEW, RowVerdict.CHANGED)]
            written = {row.target_id: row for row in changed if row.target_id is not None}
            frames = Frame.objects.select_for_update().in_bulk(list(written))
            _require_untouched(written, frames)
            _undo(actor, batch, written, frames)
        batch.state, batch.reversed_at = ImportState.REVERSED, timezone.now()
        _save(batch)
        events.record("catalogue.import_reversed", actor, events.Fact(batch, data=dict(batch.counts)))
        return batch


def _require_untouched(written: Mapping[int, ImportRow], frames: Mapping[int, Frame]) -> None:
    touched = [
        str(row.values["sku"])
        for pk, row in written.items()
        if pk not in frames or frames[pk].version != row.target_version
    ]
    if touched:
        names = ", ".join(touched[:5])
        message = _("Changed since the import, so it cannot be taken back: %(names)s.") % {"names": names}
        raise DomainError(message, code="touched")


def _undo(actor: Actor, batch: CatalogueImport, written: Mapping[int, ImportRow], frames: Mapping[int, Frame]) -> None:
    for pk, row in written.items():
        frame = frames[pk]
        if row.verdict == RowVerdict.NEW:
            _remove(frame)
            continue
        values = _typed(row.before, row.before)
        moved = common.differences(frame, values)
        _filled(frame, values)
        common.write(frame, values)
        reason = _("Import %(number)s taken back") % {"number": batch.number}
        common.tell("catalogue.frame_changed", actor, frame, moved, reason)


def _remove(frame: Frame) -> None:
    try:
        frame.delete()
    except ProtectedError as error:
        message = _("%(frame)s is in stock or in an order already, so the import cannot be taken back.")
        raise DomainError(message % {"frame": frame}, code="in_use") from error


@transaction.atomic
def discard(actor: Actor, batch_id: int) -> CatalogueImport:
    """Give a file up that was not applied; its rows go."""
    batch = _locked(actor, batch_id, ImportState.UPLOADED, ImportState.CHECKED)
    batch.rows.all().delete()
    batch.state = ImportState.DISCARDED
    _save(batch)
    return batch


def _locked(actor: Actor, batch_id: int, *states: str) -> CatalogueImport:
    common.allow(actor)
    batch = CatalogueImport.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise NotVisible(_("Not found."), code="not_visible")
    if batch.state not in states:
        message = _("This import is %(state)s already.") % {"state": batch.get_state_display().lower()}
        raise IllegalTransition(message, code="illegal_transition")
    return batch


def _save(batch: CatalogueImport) -> None:
    batch.version += 1
    batch.save()
