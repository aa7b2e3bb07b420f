"""Write the customers of an import, portion by portion, each portion all or nothing; or take the whole import back.

A worker that dies leaves whole portions behind: the next one goes on with the first row that is not done.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import ManyToOneRel, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case
from core.actor import Actor
from core.errors import DomainError
from customers.consent import reachable
from customers.data import data_of as stored_data
from customers.importing import understanding
from customers.importing.alike import Known
from customers.models import Channel, Consent, Customer, CustomerImport, CustomerImportRow, RowDecision, RowVerdict
from customers.services.cleaning import clean
from customers.services.consents import Answer, give, withdraw_consent
from customers.services.customers import change, create, lock
from customers.services.importing import consent_moment, importer, refusal, undecided, written_before
from records import events, saving
from records.import_models import FileState
from records.models import Approval, EvidenceKind, Review
from records.services import evidence
from records.services import importing as steps
from records.services.importing import Progress

_ONE_WRITER = 7_310_433
_OFTEN = 20
_BACK_FROM = (FileState.APPLIED, FileState.RUNNING, FileState.CHECKED)


@transaction.atomic
def start(actor: Actor, batch_id: int) -> CustomerImport:
    """Begin to write, or go on after a stop. Raises DomainError while rows wait for a decision."""
    batch = steps.locked(CustomerImport, batch_id, FileState.CHECKED, FileState.RUNNING)
    by = importer(actor, batch.branch_id)
    waiting = undecided(batch).count()
    if waiting and batch.state == FileState.CHECKED:
        words = ngettext("%(n)d row waits for your decision.", "%(n)d rows wait for your decision.", waiting)
        raise DomainError(words % {"n": waiting}, code="undecided")
    if not to_write(batch).exists():
        raise DomainError(_("There is no row to write."), code="nothing_to_apply")
    batch.state = FileState.RUNNING
    saving.save(batch, by)
    return batch


def to_write(batch: CustomerImport) -> QuerySet[CustomerImportRow]:
    """Rows that are decided and not done."""
    rows = batch.rows.filter(done_at=None, verdict__in=[RowVerdict.NEW, RowVerdict.ALIKE])
    return rows.exclude(verdict=RowVerdict.ALIKE, decision="")


def write(actor: Actor, batch_id: int, progress: Progress = steps.silent) -> CustomerImport:
    """Every row that is not done, then the end. Safe to repeat: what is done stays done."""
    while _portion(actor, batch_id, progress):
        pass
    return _finish(actor, batch_id)


@transaction.atomic
def _portion(actor: Actor, batch_id: int, progress: Progress) -> bool:
    """The next rows, all of them or none. False when there is none left."""
    batch = steps.locked(CustomerImport, batch_id, FileState.RUNNING)
    by = importer(actor, batch.branch_id)
    _one_writer_at_a_time()
    rows = list(to_write(batch).order_by("row_number")[: steps.PORTION])
    if not rows:
        return False
    _look_again(batch, rows)
    done = batch.rows.filter(done_at__isnull=False).count()
    for number, row in enumerate(rows, start=1):
        if row.verdict in (RowVerdict.NEW, RowVerdict.ALIKE) and not _left_open(row):
            _write_row(by, batch, row)
        if number % _OFTEN == 0:
            progress(done + number, batch.row_count)
    CustomerImportRow.objects.bulk_update(
        rows,
        ["verdict", "matches", "problems", "decision", "customer", "customer_version", "before", "is_live", "done_at"],
        batch_size=steps.PORTION,
    )
    progress(done + len(rows), batch.row_count)
    return True


def _one_writer_at_a_time() -> None:
    """Two files with the same people must see each other's customers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_WRITER])


def _left_open(row: CustomerImportRow) -> bool:
    return row.verdict == RowVerdict.ALIKE and not row.decision


def _look_again(batch: CustomerImport, rows: Sequence[CustomerImportRow]) -> None:
    """Since the dry run somebody may have imported the same row or entered the same person."""
    written = written_before([row.fingerprint for row in rows])
    new = [row for row in rows if row.verdict == RowVerdict.NEW]
    home = batch.branch
    today = timezone.localdate(timezone=ZoneInfo(home.time_zone))
    values = {row.pk: clean(understanding.data_of(row.values), today, home.country) for row in new}
    known = Known.of(list(values.values()))
    for row in rows:
        if row.fingerprint in written:
            row.verdict, row.decision = RowVerdict.BEFORE, ""
            row.matches = [{"id": written[row.fingerprint], "why": _("the same row was imported before")}]
        elif row.pk in values:
            row.matches = _of_others(batch, known.matches(understanding.data_of(row.values), values[row.pk]))
            row.verdict = RowVerdict.ALIKE if row.matches else RowVerdict.NEW


def _of_others(batch: CustomerImport, matches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """People whom this import made itself were told apart by its dry run."""
    own = set(
        batch.rows.filter(is_live=True, customer_id__in=[one["id"] for one in matches]).values_list(
            "customer_id", flat=True
        )
    )
    return [one for one in matches if one["id"] not in own]


def _write_row(actor: Actor, batch: CustomerImport, row: CustomerImportRow) -> None:
    row.done_at = timezone.now()
    if row.decision == RowDecision.SKIP:
        return
    try:
        with transaction.atomic(), events.one_action():
            customer = _update(actor, batch, row) if row.decision == RowDecision.UPDATE else _make(actor, batch, row)
            _note_source(actor, batch, row, customer)
    except DomainError as error:
        row.verdict, row.problems = RowVerdict.REFUSED, refusal(error)
        return
    row.customer, row.customer_version, row.is_live = customer, customer.version, True


def _make(actor: Actor, batch: CustomerImport, row: CustomerImportRow) -> Customer:
    customer = create(actor, understanding.data_of(row.values))
    values = row.values
    if values["consents"]:
        at = consent_moment(batch, values["consent_on"])
        for purpose, granted in values["consents"].items():
            for channel in (Channel.EMAIL, Channel.SMS):
                if granted and reachable(customer, channel):
                    give(actor, customer.pk, Answer(purpose, channel, values["consent_source"], at))
                elif not granted:
                    withdraw_consent(actor, customer.pk, purpose, channel, values["consent_source"])
    return customer


def _update(actor: Actor, batch: CustomerImport, row: CustomerImportRow) -> Customer:
    customer = lock(row.target_id or 0)
    stands, says = stored_data(customer), understanding.data_of(row.values)
    names = [name for name in batch.options.get("update_fields", []) if name in row.values["given"]]
    wanted = {name: getattr(says, name) for name in names if getattr(says, name) != getattr(stands, name)}
    if any(name in wanted for name in ("line1", "line2", "city", "region", "postal_code", "country")):
        wanted["address_unverified"] = says.address_unverified
    row.before = {name: _plain(getattr(stands, name)) for name in wanted}
    return change(actor, customer.pk, customer.version, replace(stands, **wanted), why(batch, row))


def why(batch: CustomerImport, row: CustomerImportRow) -> str:
    """`Import CI-00012, row 17`."""
    return _("Import %(number)s, row %(row)d") % {"number": batch.number, "row": row.row_number}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _note_source(actor: Actor, batch: CustomerImport, row: CustomerImportRow, customer: Customer) -> None:
    """Where the record comes from, among its evidence: file, its hash, the row."""
    words = _("%(file)s, row %(row)d (SHA-256 %(hash)s)")
    note = words % {"file": batch.file_name, "row": row.row_number, "hash": batch.sha256}
    data = evidence.EvidenceData(EvidenceKind.NOTE, why(batch, row), note)
    evidence.add(actor, evidence.Subject(customer, batch.branch_id, customer.pk), data)


@transaction.atomic
def _finish(actor: Actor, batch_id: int) -> CustomerImport:
    """Rows that came to look like somebody meanwhile send the import back to its decisions."""
    batch = steps.locked(CustomerImport, batch_id, FileState.RUNNING)
    by = importer(actor, batch.branch_id)
    batch.counts = {**batch.counts, **report(batch)}
    if undecided(batch).exists():
        batch.state = FileState.CHECKED
        saving.save(batch, by)
        return batch
    batch.state, batch.applied_at = FileState.APPLIED, timezone.now()
    saving.save(batch, by)
    events.record("customer.imported", by, events.Fact(batch, batch.branch_id, data=dict(batch.counts)))
    return batch


def report(batch: CustomerImport) -> dict[str, int]:
    """What became of the rows: made, updated, left out, and by verdict."""
    rows = batch.rows.all()
    made = {verdict: rows.filter(verdict=verdict).count() for verdict in RowVerdict.values}
    live = rows.filter(is_live=True)
    updated = live.filter(decision=RowDecision.UPDATE).count()
    return made | {
        "made": live.count() - updated,
        "updated": updated,
        "left_out": rows.filter(decision=RowDecision.SKIP, done_at__isnull=False).count(),
    }


@transaction.atomic
def ask_back(actor: Actor, batch_id: int, reason: str) -> CustomerImport:
    """Keep why a long import is taken back, for the worker that does it. Raises DomainError without a reason."""
    batch = steps.locked(CustomerImport, batch_id, *_BACK_FROM)
    by = importer(actor, batch.branch_id)
    batch.reversed_reason = _reason(reason)
    saving.save(batch, by, batch.reversed_reason)
    return batch


def _reason(reason: str) -> str:
    if not reason.strip():
        raise DomainError(_("Say why."), fields={"reason": _("Say why the import is taken back.")}, code="invalid")
    return reason.strip()[:200]


def take_back(actor: Actor, batch_id: int, reason: str, progress: Progress = steps.silent) -> CustomerImport:
    """All of an import or nothing: its customers are archived, updated ones get their earlier values.

    Raises DomainError naming customers that were touched since, or on whom something rests: a visit, an order, a household.
    """
    with transaction.atomic():
        batch = steps.locked(CustomerImport, batch_id, *_BACK_FROM)
        by, reason = importer(actor, batch.branch_id), _reason(reason)
        if not batch.rows.filter(is_live=True).exists():
            raise DomainError(_("Nothing of this import is written."), code="nothing_written")
        _require_free(batch)
        done, live = 0, batch.rows.filter(is_live=True).order_by("-row_number")
        while rows := list(live[: steps.PORTION]):  # the last row first: two rows may have updated one customer
            for row in rows:
                _undo_row(by, batch, row, reason)
            CustomerImportRow.objects.bulk_update(rows, ["is_live"], batch_size=steps.PORTION)
            done += len(rows)
            progress(done, batch.row_count)
        now = timezone.now()
        batch.state, batch.reversed_at, batch.reversed_reason = FileState.REVERSED, now, reason
        batch.applied_at = batch.applied_at or now
        saving.save(batch, by, reason)
        events.record(
            "customer.import_reversed",
            by,
            events.Fact(batch, batch.branch_id, reason=reason, data={"rows": done}),
        )
        return batch


def _require_free(batch: CustomerImport) -> None:
    """Hold the customers, so that nobody begins work with them meanwhile. Raises DomainError with the names of those who cannot go."""
    live = batch.rows.filter(is_live=True)
    left_at = dict(live.values("customer_id").annotate(at=Max("customer_version")).values_list("customer_id", "at"))
    for rows in steps.portions(live):
        ids = sorted({row.customer_id for row in rows if row.customer_id})
        held = list(Customer.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
        resting = _rested_on([row.customer_id for row in rows if row.decision != RowDecision.UPDATE])
        busy = [one for one in held if one.version != left_at[one.pk] or one.pk in resting]
        if busy:
            raise _in_use([f"{one.number} {one}" for one in busy])


def _in_use(names: Sequence[str]) -> DomainError:
    message = _(
        "Work has begun with %(names)s: changed since, or in a visit, order or household. Nothing was taken back."
    )
    return DomainError(message % {"names": ", ".join(names[:5]) + (" …" if len(names) > 5 else "")}, code="in_use")


def _rested_on(customer_ids: Sequence[int | None]) -> set[int]:
    """Customers that another record points at. Asked of the models, so that a new app is heard from its first day."""
    found: set[int] = set()
    for relation in Customer._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel):  # one-to-one relations are of this kind too
            continue
        model, field = relation.related_model, relation.field
        if hasattr(model, "instance_type") or model in (CustomerImportRow, Consent):
            continue
        rows = model._base_manager.filter(**{f"{field.name}__in": customer_ids})
        found |= {pk for pk in rows.values_list(field.attname, flat=True) if pk is not None}
    for told in (Case, Approval, Review):
        rows = told._default_manager.filter(customer_id__in=customer_ids)
        found |= {pk for pk in rows.values_list("customer_id", flat=True) if pk is not None}
    return found


def _undo_row(actor: Actor, batch: CustomerImport, row: CustomerImportRow, reason: str) -> None:
    row.is_live = False
    said = _("%(import)s taken back: %(reason)s") % {"import": why(batch, row), "reason": reason}
    customer = lock(row.customer_id or 0)
    if row.decision != RowDecision.UPDATE:
        customer.archived_at = timezone.now()
        saving.save(customer, actor, said)
        events.record("customer.archived", actor, events.Fact(customer, customer_id=customer.pk, reason=said))
    elif row.before:
        values = {**row.before}
        for name in ("birth_date", "recall_on"):
            if values.get(name):
                values[name] = date.fromisoformat(values[name])
        change(actor, customer.pk, customer.version, replace(stored_data(customer), **values), said)
