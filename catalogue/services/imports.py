"""Import of a supplier's list: upload, columns, dry run, apply, take back. Nothing changes before it is applied.

What the list is about (frames, lenses, add-ons, surcharges, prices) is a target of `catalogue.services.importing`.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import numbers
from catalogue.models import CatalogueImport, ImportKind, ImportRow, ImportState, RowVerdict, Supplier
from catalogue.services import common, pricelists
from catalogue.services.importing.add_on_list import AddOnList
from catalogue.services.importing.band_list import BandList
from catalogue.services.importing.base import BATCH, Target
from catalogue.services.importing.frame_list import FrameList
from catalogue.services.importing.lens_list import LensList
from catalogue.services.importing.price_file import PriceFile, list_data
from core.actor import Actor
from core.errors import DomainError, IllegalTransition, NotVisible
from core.importing import columns as reading_columns
from core.importing import reading
from records import events
from records.services import importing as steps
from records.services.importing import Progress

TARGETS: Mapping[str, Target] = {
    ImportKind.FRAMES: FrameList(),
    ImportKind.LENSES: LensList(),
    ImportKind.ADD_ONS: AddOnList(),
    ImportKind.BANDS: BandList(),
    ImportKind.PRICES: PriceFile(),
}
WRITTEN = (RowVerdict.NEW, RowVerdict.CHANGED)


@transaction.atomic
def upload(
    actor: Actor,
    supplier_id: int,
    file_name: str,
    content: bytes,
    kind: str = ImportKind.FRAMES,
    options: Mapping[str, Any] | None = None,
) -> CatalogueImport:
    """Keep the rows of a file as they are read, with columns guessed or as this supplier's last file had them.

    `options` of a price list: name, valid_from and valid_until as ISO dates, branch. Raises DomainError at the fields.
    """
    common.allow(actor)
    if not Supplier.objects.filter(pk=supplier_id).exists():
        raise DomainError(_("Choose a supplier."), fields={"supplier": _("Choose a supplier.")}, code="invalid")
    table = reading.read(file_name, content)
    guessed = reading_columns.guess(TARGETS[kind].columns, table.headings)
    batch = CatalogueImport.objects.create(
        number=f"I-{numbers.draw('import'):05d}",
        kind=kind,
        supplier_id=supplier_id,
        file_name=file_name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        headings=list(table.headings),
        columns=_remembered(kind, supplier_id, table.headings) or guessed,
        options=dict(options or {}),
        row_count=len(table.rows),
        source="import",
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
    )
    if kind == ImportKind.PRICES:
        pricelists.checked(list_data(batch))
    ImportRow.objects.bulk_create(
        (ImportRow(batch=batch, row_number=place, cells=list(row)) for place, row in enumerate(table.rows, start=2)),
        batch_size=BATCH,
    )
    return batch


def _remembered(kind: str, supplier_id: int, headings: Sequence[str]) -> dict[str, str] | None:
    last = CatalogueImport.objects.filter(
        supplier_id=supplier_id, kind=kind, headings=list(headings), state=ImportState.APPLIED
    ).order_by("-pk")
    found: dict[str, str] | None = last.values_list("columns", flat=True).first()
    return found


def dry_run(
    actor: Actor, batch_id: int, columns: Mapping[str, str], progress: Progress = steps.silent
) -> CatalogueImport:
    """Judge every row: new, changed, same, rejected or part of an earlier row. The catalogue stays as it is."""
    with transaction.atomic():
        batch = _locked(actor, batch_id, ImportState.UPLOADED, ImportState.CHECKED)
        batch.columns = _checked_columns(batch, columns)
        counts: Counter[str] = Counter()
        judge = TARGETS[batch.kind].judge(batch)
        for rows in steps.portions(batch.rows, BATCH):
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
    target = TARGETS[batch.kind]
    known = {column.name for column in target.columns}
    chosen = {name: heading for name, heading in columns.items() if name in known and heading in batch.headings}
    missing = target.missing(chosen)
    if missing:
        raise steps.columns_missing(missing)
    return chosen


def apply(actor: Actor, batch_id: int, progress: Progress = steps.silent) -> CatalogueImport:
    """Write the good rows, all of them or none; rejected rows stay out. Raises DomainError when the catalogue moved since."""
    with transaction.atomic():
        batch = _locked(actor, batch_id, ImportState.CHECKED)
        if not any(batch.counts.get(verdict, 0) for verdict in WRITTEN):
            raise DomainError(_("There is no row to apply."), code="nothing_to_apply")
        target, done = TARGETS[batch.kind], 0
        for rows in steps.portions(batch.rows, BATCH):
            good = [row for row in rows if row.verdict in WRITTEN]
            target.write(actor, batch, good)
            ImportRow.objects.bulk_update(good, ["target_id", "target_version"], batch_size=BATCH)
            done += len(rows)
            progress(done, batch.row_count)
        target.finish(actor, batch)
        batch.state, batch.applied_at = ImportState.APPLIED, timezone.now()
        _save(batch)
        events.record("catalogue.imported", actor, events.Fact(batch, data=dict(batch.counts)))
        return batch


def take_back(actor: Actor, batch_id: int) -> CatalogueImport:
    """Undo an applied import as long as nobody touched what it wrote: new things go, changed ones get their values back.

    Raises DomainError naming what was touched or is in use since; then nothing is taken back.
    """
    with transaction.atomic():
        batch = _locked(actor, batch_id, ImportState.APPLIED)
        for rows in steps.portions(batch.rows, BATCH):
            TARGETS[batch.kind].undo(actor, batch, [row for row in rows if row.verdict in WRITTEN])
        batch.state, batch.reversed_at = ImportState.REVERSED, timezone.now()
        _save(batch)
        events.record("catalogue.import_reversed", actor, events.Fact(batch, data=dict(batch.counts)))
        return batch


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
