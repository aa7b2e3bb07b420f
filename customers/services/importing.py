"""Customers from a file of an earlier system: kept, tried, decided on. No customer changes here; `import_writing` writes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.models import Branch
from branches.roles import Can
from core.actor import Actor, Source
from core.errors import DomainError
from core.importing.columns import Problem
from core.importing.dates import DayOrder, order_of, unclear_example
from customers.importing import understanding
from customers.importing.alike import Earlier, Known
from customers.importing.columns import COLUMNS, DATES, UPDATABLE
from customers.importing.understanding import Setting, Understood
from customers.models import CustomerImport, CustomerImportRow, RowDecision, RowVerdict
from records import events, saving
from records.import_models import FileState
from records.services import importing as steps
from records.services.importing import Cells, Incoming, Progress

LONGEST_NOTE = 4000
_SAVED = ["values", "verdict", "problems", "notes", "matches", "decision", "target", "fingerprint"]


def importer(actor: Actor, branch_id: int) -> Actor:
    """The actor of an import into a branch. Raises NotVisible, NotAllowed."""
    access.require(actor, Can.IMPORT_CUSTOMERS, branch_id)
    return replace(actor, source=Source.IMPORT, branch_id=branch_id)


@transaction.atomic
def upload(actor: Actor, branch_id: int, file_name: str, content: bytes) -> CustomerImport:
    """Keep a file's rows. Raises DomainError at `file` or `branch`."""
    if not Branch.objects.filter(pk=branch_id, is_active=True).exists():
        raise DomainError(_("Choose a branch."), fields={"branch": _("Choose a branch.")}, code="invalid")
    by = importer(actor, branch_id)
    file = Incoming(branch_id, file_name, content, {}, LONGEST_NOTE)
    batch = steps.keep(by, CustomerImport(), CustomerImportRow, COLUMNS, file, "CI")
    events.record("customer.import_uploaded", by, events.Fact(batch, branch_id, data={"rows": batch.row_count}))
    return batch


def dry_run(
    actor: Actor, batch_id: int, columns: Mapping[str, str], day_order: str = "", progress: Progress = steps.silent
) -> CustomerImport:
    """Judge every row; no customer changes. Raises DomainError at a missing column, or at `day_order` when dates are unclear."""
    with transaction.atomic():
        batch = steps.locked(CustomerImport, batch_id, FileState.UPLOADED, FileState.CHECKED)
        by = importer(actor, batch.branch_id)
        _require_nothing_written(batch)
        batch.columns = _columns(batch, columns)
        setting = _setting(batch, day_order)
        counts: Counter[str] = Counter()
        earlier, done = Earlier(), 0
        for rows in steps.portions(batch.rows):
            _judge(batch, rows, setting, earlier)
            CustomerImportRow.objects.bulk_update(rows, _SAVED, batch_size=steps.PORTION)
            counts.update(row.verdict for row in rows)
            counts["notes"] += sum(bool(row.notes) for row in rows)
            done += len(rows)
            progress(done, batch.row_count)
        batch.counts = {verdict: counts.get(verdict, 0) for verdict in (*RowVerdict.values, "notes")}
        batch.state, batch.checked_at = FileState.CHECKED, timezone.now()
        saving.save(batch, by)
        return batch


def require_readable(batch: CustomerImport, columns: Mapping[str, str], day_order: str) -> None:
    """What the dry run would refuse at once, before a worker is asked. Raises DomainError at the fields."""
    _require_nothing_written(batch)
    batch.columns = _columns(batch, columns)
    _setting(batch, day_order)


def _require_nothing_written(batch: CustomerImport) -> None:
    if batch.rows.filter(done_at__isnull=False).exists():
        message = _("Some rows are written already. Go on, or take the import back.")
        raise DomainError(message, code="written")


def _columns(batch: CustomerImport, columns: Mapping[str, str]) -> dict[str, str]:
    chosen = steps.chosen_columns(batch, COLUMNS, columns)
    if not {"given_names", "family_name", "full_name"} & set(chosen):
        raise steps.columns_missing([column for column in COLUMNS if column.name in ("given_names", "full_name")])
    return chosen


def _setting(batch: CustomerImport, day_order: str) -> Setting:
    """How the file's dates are read: by its own proof, else as the person says. Kept for the next look."""
    places = [batch.headings.index(batch.columns[name]) for name in DATES if name in batch.columns]
    rows = batch.rows.values_list("cells", flat=True) if places else []
    texts = [cells[place] for cells in rows for place in places if cells[place]]
    order = order_of(texts)
    if order == DayOrder.UNCLEAR:
        order = DayOrder(day_order) if day_order in set(DayOrder) else DayOrder.UNCLEAR
    if order == DayOrder.UNCLEAR:
        example = unclear_example(texts)
        message = _("Is the day or the month first? The file does not say: %(example)s.") % {"example": example}
        raise DomainError(message, code="day_order", fields={"day_order": message})
    batch.options = {**batch.options, "day_order": order.value}
    today = timezone.localdate(timezone=ZoneInfo(batch.branch.time_zone))
    return Setting(batch.branch, order, today)


def _judge(batch: CustomerImport, rows: Sequence[CustomerImportRow], setting: Setting, earlier: Earlier) -> None:
    cells = Cells(batch)
    found = [understanding.understand(cells.of(row), setting) for row in rows]
    known = Known.of([one.clean for one in found if not one.problems])
    prints = [cells.fingerprint(row) for row in rows]
    written = written_before(prints)
    for row, one, fingerprint in zip(rows, found, prints, strict=True):
        row.fingerprint, row.decision, row.target = fingerprint, "", None
        row.problems, row.notes, row.matches = steps.told(one.problems), steps.told(one.notes), []
        row.values = {} if one.problems else understanding.kept(one)
        row.verdict = _verdict(row, one, written, known, earlier)


def _verdict(
    row: CustomerImportRow, one: Understood, written: Mapping[str, int], known: Known, earlier: Earlier
) -> RowVerdict:
    if one.problems:
        return RowVerdict.REFUSED
    if row.fingerprint in written:
        row.matches = [{"id": written[row.fingerprint], "why": _("the same row was imported before")}]
        return RowVerdict.BEFORE
    row.matches = known.matches(one.data, one.clean) + earlier.matches(one.clean)
    earlier.add(row.row_number, one.clean)
    return RowVerdict.ALIKE if row.matches else RowVerdict.NEW


def written_before(prints: Sequence[str]) -> dict[str, int]:
    """Fingerprints of rows that are written and not taken back, with their customers."""
    rows = CustomerImportRow.objects.filter(fingerprint__in=prints, is_live=True)
    return {fingerprint: pk for fingerprint, pk in rows.values_list("fingerprint", "customer_id") if pk is not None}


@transaction.atomic
def decide(
    actor: Actor, batch_id: int, row_number: int, decision: str, target_id: int | None = None
) -> CustomerImportRow:
    """What is done with one row that looks like somebody. Updating needs to know whom."""
    batch = _deciding(actor, batch_id)
    row = batch.rows.filter(row_number=row_number, verdict=RowVerdict.ALIKE, done_at=None).first()
    if row is None:
        raise DomainError(_("This row needs no decision."), code="no_decision")
    ids = [match["id"] for match in row.matches if "id" in match]
    if decision == RowDecision.UPDATE and target_id not in ids:
        raise DomainError(
            _("Choose who is updated."), code="no_target", fields={"decision": _("Choose who is updated.")}
        )
    row.decision = _known_decision(decision)
    row.target_id = target_id if decision == RowDecision.UPDATE else None
    row.save(update_fields=["decision", "target"])
    return row


@transaction.atomic
def decide_all(actor: Actor, batch_id: int, decision: str) -> int:
    """The same for every row that is not decided yet; updating takes the likeliest customer. How many were decided.

    A row that is only like another row of the file has nobody to update: it stays undecided.
    """
    batch = _deciding(actor, batch_id)
    chosen, decided = _known_decision(decision), 0
    for rows in steps.portions(undecided(batch)):
        changed = [row for row in rows if _decide_like(row, chosen)]
        CustomerImportRow.objects.bulk_update(changed, ["decision", "target"], batch_size=steps.PORTION)
        decided += len(changed)
    return decided


def _decide_like(row: CustomerImportRow, decision: RowDecision) -> bool:
    ids = [match["id"] for match in row.matches if "id" in match]
    if decision == RowDecision.UPDATE and not ids:
        return False
    row.decision, row.target_id = decision, ids[0] if decision == RowDecision.UPDATE else None
    return True


def undecided(batch: CustomerImport) -> QuerySet[CustomerImportRow]:
    """Rows that look like somebody and wait for a person."""
    return batch.rows.filter(verdict=RowVerdict.ALIKE, decision="", done_at=None)


@transaction.atomic
def choose_fields(actor: Actor, batch_id: int, names: Sequence[str]) -> CustomerImport:
    """Which columns an updated customer takes from the file; only filled cells count."""
    batch = _deciding(actor, batch_id)
    chosen = [name for name in UPDATABLE if name in names and name in batch.columns]
    batch.options = {**batch.options, "update_fields": chosen}
    saving.save(batch, actor)
    return batch


def _deciding(actor: Actor, batch_id: int) -> CustomerImport:
    batch = steps.locked(CustomerImport, batch_id, FileState.CHECKED)
    importer(actor, batch.branch_id)
    return batch


def _known_decision(decision: str) -> RowDecision:
    if decision not in RowDecision.values:
        raise DomainError(_("Choose what is done with it."), fields={"decision": _("Choose one.")}, code="invalid")
    return RowDecision(decision)


@transaction.atomic
def discard(actor: Actor, batch_id: int) -> CustomerImport:
    """Give a file up of which nothing was written; its rows go."""
    batch = steps.locked(CustomerImport, batch_id, FileState.UPLOADED, FileState.CHECKED)
    by = importer(actor, batch.branch_id)
    _require_nothing_written(batch)
    batch.rows.all().delete()
    batch.state = FileState.DISCARDED
    saving.save(batch, by)
    events.record("customer.import_discarded", by, events.Fact(batch, batch.branch_id))
    return batch


def forget(customer_id: int) -> int:
    """A customer is erased: what files said of the person goes; the fingerprint stays, so that no old list brings them back.

    A row that only waited to update the person goes as a whole: there is nobody to write it to.
    """
    waiting, _by_model = CustomerImportRow.objects.filter(target_id=customer_id, done_at=None).delete()
    rows = CustomerImportRow.objects.filter(Q(customer_id=customer_id) | Q(target_id=customer_id))
    return waiting + rows.update(cells=[], values={}, problems=[], notes=[], matches=[], before={})


def consent_moment(batch: CustomerImport, text: str) -> datetime:
    """A day of the file as a moment: noon in the branch."""
    day = datetime.fromisoformat(text)
    return day.replace(hour=12, tzinfo=ZoneInfo(batch.branch.time_zone))


def refusal(error: DomainError) -> list[dict[str, Any]]:
    """A service's refusal as problems of a row."""
    fields = error.fields or {"given_names": error.message}
    return steps.told([Problem(name, "", reason) for name, reason in fields.items()])
