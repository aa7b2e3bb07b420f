"""Opening stock from a file: kept, tried, decided on, written as a whole, taken back as a whole."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches import access
from branches.models import Branch
from branches.roles import Can
from catalogue.imports import frame_rows
from catalogue.models import Frame, Supplier
from catalogue.services import frames
from catalogue.services.frames import FrameData
from core.actor import Actor, Source
from core.errors import DomainError
from inventory.models import (
    Movement,
    OpeningDecision,
    OpeningImport,
    OpeningRow,
    OpeningVerdict,
    StockItem,
)
from inventory.opening import judging
from inventory.opening.columns import COLUMNS
from inventory.services import ledger
from inventory.services.ledger import Posting
from records import events, saving
from records.import_models import FileState
from records.services import importing as steps
from records.services.importing import Cells, Incoming

MOST_ROWS = 5_000  # what a branch holds, and what is judged and booked while a person waits
_ONE_OPENING = 7_310_434
_CHOICES: Mapping[str, tuple[str, ...]] = {
    OpeningVerdict.DIFFERS: (OpeningDecision.SKIP, OpeningDecision.CORRECT, OpeningDecision.ADD),
    OpeningVerdict.UNKNOWN: (OpeningDecision.SKIP, OpeningDecision.MAKE),
}
_JUDGED = [
    "values", "verdict", "problems", "notes", "fingerprint", "frame", "pieces", "unit_cost", "held", "opened_before", "decision",
]  # fmt: skip
_MADE_FROM = tuple(name for name in FrameData.__dataclass_fields__ if name != "supplier_id")


def keeper(actor: Actor, branch_id: int) -> Actor:
    """Who opens the stock of a branch. Raises NotVisible, NotAllowed."""
    access.require(actor, Can.MANAGE_STOCK, branch_id)
    return replace(actor, source=Source.IMPORT, branch_id=branch_id)


@transaction.atomic
def upload(
    actor: Actor, branch_id: int, file_name: str, content: bytes, supplier_id: int | None = None
) -> OpeningImport:
    """Keep a list's rows. `supplier_id` is whose frames are that the catalogue does not have. Raises DomainError at the fields."""
    if not Branch.objects.filter(pk=branch_id, is_active=True).exists():
        raise DomainError(_("Choose a branch."), fields={"branch": _("Choose a branch.")}, code="invalid")
    if supplier_id is not None and not Supplier.objects.filter(pk=supplier_id).exists():
        raise DomainError(_("Choose a supplier."), fields={"supplier": _("Choose a supplier.")}, code="invalid")
    by = keeper(actor, branch_id)
    file = Incoming(branch_id, file_name, content, {"supplier": supplier_id}, most_rows=MOST_ROWS)
    batch = steps.keep(by, OpeningImport(), OpeningRow, COLUMNS, file, "SO")
    events.record("stock.opening_uploaded", by, events.Fact(batch, branch_id, data={"rows": batch.row_count}))
    return batch


@transaction.atomic
def dry_run(actor: Actor, batch_id: int, columns: Mapping[str, str]) -> OpeningImport:
    """Judge every row against the catalogue and the branch's stock, which stay as they are."""
    batch = steps.locked(OpeningImport, batch_id, FileState.UPLOADED, FileState.CHECKED)
    by = keeper(actor, batch.branch_id)
    batch.columns = _columns(batch, columns)
    rows = list(batch.rows.order_by("row_number"))
    judging.judge(batch, rows)
    OpeningRow.objects.bulk_update(rows, _JUDGED, batch_size=steps.PORTION)
    counts = Counter(row.verdict for row in rows)
    batch.counts = {verdict: counts.get(verdict, 0) for verdict in OpeningVerdict.values}
    batch.state, batch.checked_at = FileState.CHECKED, timezone.now()
    saving.save(batch, by)
    return batch


def _columns(batch: OpeningImport, columns: Mapping[str, str]) -> dict[str, str]:
    chosen = steps.chosen_columns(batch, COLUMNS, columns)
    missing = [] if {"sku", "gtin"} & set(chosen) else ["sku", "gtin"]
    missing += [] if {"quantity", "serials"} & set(chosen) else ["quantity"]
    if missing:
        raise steps.columns_missing([column for column in COLUMNS if column.name in missing])
    return chosen


def undecided(batch: OpeningImport) -> QuerySet[OpeningRow]:
    """Rows on which a person has to say what is done."""
    return batch.rows.filter(verdict__in=list(_CHOICES), decision="")


@transaction.atomic
def decide(actor: Actor, batch_id: int, decision: str, row_number: int | None = None) -> int:
    """For one row, or for every undecided row where it can be done. How many were decided.

    Raises DomainError when one row was meant and it cannot be: adding to an item that was opened, making a frame from too little.
    """
    batch = steps.locked(OpeningImport, batch_id, FileState.CHECKED)
    keeper(actor, batch.branch_id)
    if row_number is None:
        rows = [row for row in undecided(batch) if not _against(row, decision)]
    else:
        rows = list(batch.rows.filter(row_number=row_number, verdict__in=list(_CHOICES)))
        why = _against(rows[0], decision) if rows else _("This row needs no decision.")
        if why:
            raise DomainError(why, code="not_possible")
    for row in rows:
        row.decision = decision
    OpeningRow.objects.bulk_update(rows, ["decision"], batch_size=steps.PORTION)
    return len(rows)


def _against(row: OpeningRow, decision: str) -> str:
    """Why this decision cannot be for this row; empty when it can."""
    if decision not in _CHOICES.get(row.verdict, ()):
        return _("Choose what is done with it.")
    if decision == OpeningDecision.ADD and row.opened_before:
        return _("This frame was opened here before: it can only be corrected as a count.")
    if decision == OpeningDecision.MAKE and not row.values.get("can_make"):
        return _("Its row does not say enough to make the frame.")
    return ""


@transaction.atomic
def apply(actor: Actor, batch_id: int) -> OpeningImport:
    """Book all decided rows, or none. Raises DomainError while rows wait, or when the stock moved since the dry run."""
    batch = steps.locked(OpeningImport, batch_id, FileState.CHECKED)
    by = keeper(actor, batch.branch_id)
    waiting = undecided(batch).count()
    if waiting:
        words = ngettext("%(n)d row waits for your decision.", "%(n)d rows wait for your decision.", waiting)
        raise DomainError(words % {"n": waiting}, code="undecided")
    rows = list(_to_write(batch).select_related("frame"))
    if not rows:
        raise DomainError(_("There is no row to write."), code="nothing_to_apply")
    _one_at_a_time(batch.branch_id)
    _make_frames(by, batch, rows)
    shelf = _shelf(batch.branch_id, [row.frame_id for row in rows if row.frame_id])
    with events.one_action():
        for row in sorted(rows, key=lambda one: one.frame_id or 0):
            _book(by, batch, row, shelf)
    OpeningRow.objects.bulk_update(
        rows, ["frame", "item", "posted", "is_opening", "is_live", "done_at"], batch_size=steps.PORTION
    )
    batch.counts = {**batch.counts, "written": len(rows), "pieces": sum(row.posted for row in rows)}
    batch.state, batch.applied_at = FileState.APPLIED, timezone.now()
    saving.save(batch, by)
    events.record("stock.opening_applied", by, events.Fact(batch, batch.branch_id, data=dict(batch.counts)))
    return batch


def _to_write(batch: OpeningImport) -> QuerySet[OpeningRow]:
    ready = batch.rows.filter(verdict=OpeningVerdict.READY)
    decided = batch.rows.filter(verdict__in=list(_CHOICES)).exclude(decision__in=["", OpeningDecision.SKIP])
    return ready | decided


def to_write(batch: OpeningImport) -> int:
    """How many rows Apply would book."""
    return _to_write(batch).count()


def _one_at_a_time(branch_id: int) -> None:
    """Two lists of one branch wait for each other: the second sees what the first has opened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ONE_OPENING % 2**31, branch_id])


def _make_frames(actor: Actor, batch: OpeningImport, rows: Sequence[OpeningRow]) -> None:
    cells, supplier_id = Cells(batch), int(batch.options.get("supplier") or 0)
    names = {column.name for column in frame_rows.COLUMNS}
    for row in rows:
        if row.decision == OpeningDecision.MAKE:
            said = {name: text for name, text in cells.of(row).items() if name in names}
            values = frame_rows.understand(said, supplier_id).values
            data = FrameData(supplier_id=supplier_id, **{name: values[name] for name in _MADE_FROM})
            row.frame = frames.add(actor, data)
            row.unit_cost = row.unit_cost if row.unit_cost is not None else row.frame.cost


@dataclass(frozen=True)
class _Shelf:
    """The stock rows of some frames in a branch by frame, held; and which of them were opened before."""

    items: Mapping[int, StockItem]
    opened: Collection[int]


def _shelf(branch_id: int, frame_ids: Sequence[int]) -> _Shelf:
    """Three queries for any number of frames. Rows that are missing are made; the locks are taken in one order."""
    missing = [StockItem(branch_id=branch_id, frame_id=pk) for pk in sorted(frame_ids)]
    StockItem.objects.bulk_create(missing, ignore_conflicts=True, batch_size=steps.PORTION)
    held = (
        StockItem.objects.select_for_update().filter(branch_id=branch_id, frame_id__in=frame_ids).order_by("frame_id")
    )
    items = {item.frame_id: item for item in held}
    live = OpeningRow.objects.filter(item__in=[item.pk for item in items.values()], is_live=True, is_opening=True)
    return _Shelf(items, set(live.values_list("item__frame_id", flat=True)))


def _book(actor: Actor, batch: OpeningImport, row: OpeningRow, shelf: _Shelf) -> None:
    """One frame: an opening, or the difference as a count."""
    frame = row.frame
    if frame is None:
        raise DomainError(_("A row has no frame. Run the dry run again."), code="stock_moved")
    item = shelf.items[frame.pk]
    _require_unmoved(row, item, frame, frame.pk in shelf.opened)
    row.item, row.is_live, row.done_at = item, True, timezone.now()
    row.is_opening = row.decision != OpeningDecision.CORRECT
    row.posted = row.pieces if row.is_opening else row.pieces - item.on_hand
    if row.posted:
        movement = Movement.OPENING if row.is_opening else Movement.COUNTED
        reason = _("Opening stock") if row.is_opening else _("Opening stock, corrected as a count")
        ledger.post(item, Posting(movement, row.posted, batch.number, reason, row.unit_cost), actor)
        data = {"frame": frame.pk, "quantity": row.posted, "reference": batch.number}
        events.record("stock.opened", actor, events.Fact(item, item.branch_id, reason=reason, data=data))


def _require_unmoved(row: OpeningRow, item: StockItem, frame: Frame, opened: bool) -> None:
    if item.on_hand != row.held:
        words = _("%(frame)s: %(then)d at the dry run, %(now)d now. Run it again: nothing was written.")
        said = {"frame": frame, "then": row.held, "now": item.on_hand}
        raise DomainError(words % said, code="stock_moved")
    if opened and row.decision != OpeningDecision.CORRECT:
        words = _("%(frame)s was opened here before. Run the dry run again: nothing was written.")
        raise DomainError(words % {"frame": frame}, code="opened_before")


@transaction.atomic
def take_back(actor: Actor, batch_id: int, reason: str) -> OpeningImport:
    """Book everything out again by counter-entries, all of it or nothing. Frames that were made stay in the catalogue.

    Raises DomainError naming a frame of which too few are free now.
    """
    batch = steps.locked(OpeningImport, batch_id, FileState.APPLIED)
    by = keeper(actor, batch.branch_id)
    if not reason.strip():
        raise DomainError(_("Say why."), fields={"reason": _("Say why the import is taken back.")}, code="invalid")
    rows = list(batch.rows.filter(is_live=True).select_related("item", "frame").order_by("frame_id"))
    with events.one_action():
        for row in rows:
            _book_back(by, batch, row, reason.strip())
    OpeningRow.objects.bulk_update(rows, ["is_live"], batch_size=steps.PORTION)
    batch.state, batch.reversed_at = FileState.REVERSED, timezone.now()
    batch.reversed_reason = reason.strip()[:200]
    saving.save(batch, by, reason.strip())
    events.record("stock.opening_reversed", by, events.Fact(batch, batch.branch_id, reason=reason.strip()))
    return batch


def _book_back(actor: Actor, batch: OpeningImport, row: OpeningRow, reason: str) -> None:
    row.is_live = False
    if not row.posted or row.item is None:
        return
    movement = Movement.OPENING if row.is_opening else Movement.COUNTED
    words = _("Taken back: %(reason)s") % {"reason": reason}
    try:
        ledger.post(row.item, Posting(movement, -row.posted, batch.number, words[:200], row.unit_cost), actor)
    except DomainError as error:
        message = _("%(frame)s: %(why)s Nothing was taken back.") % {"frame": row.frame, "why": error.message}
        raise DomainError(message, code="in_use") from error
    data = {"frame": row.frame_id, "quantity": -row.posted, "reference": batch.number}
    events.record("stock.adjusted", actor, events.Fact(row.item, row.item.branch_id, reason=words, data=data))


@transaction.atomic
def discard(actor: Actor, batch_id: int) -> OpeningImport:
    """Give a list up that was not applied; its rows go."""
    batch = steps.locked(OpeningImport, batch_id, FileState.UPLOADED, FileState.CHECKED)
    by = keeper(actor, batch.branch_id)
    batch.rows.all().delete()
    batch.state = FileState.DISCARDED
    saving.save(batch, by)
    events.record("stock.opening_discarded", by, events.Fact(batch, batch.branch_id))
    return batch
