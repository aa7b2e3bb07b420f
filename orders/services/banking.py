"""Bank statements: kept and matched, each line settled once by a person, taken back by a counter-entry of the ledger."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.models import Branch
from branches.roles import Can
from core.actor import Actor, Source
from core.errors import DomainError, NotVisible
from core.importing.dates import DayOrder, order_of, unclear_example
from orders.banking import mt940
from orders.banking.columns import COLUMNS, understand
from orders.banking.matching import Line, Match, Matcher, occurrences
from orders.models import BankLine, BankStatement, EntryKind, LedgerEntry, LineMatch, LineState, Order, PaymentMethod
from orders.services import common, payments
from records import events, saving
from records.import_models import FileState
from records.services import importing as steps
from records.services.importing import Cells, Incoming

MOST_LINES = 5_000  # more than a month of an account, and what is matched while a person waits
EXACT_AT_ONCE = 200
_KEYS = UUID("5b0e3a52-6f1f-4d0e-9f64-5d0f5a1f9d11")
_ONE_DRY_RUN = 7_310_435
_JUDGED = [
    "values", "problems", "verdict", "fingerprint", "booked_on", "amount", "words", "why", "order", "recorded", "state",
    "is_kept", "version",
]  # fmt: skip


def reconciler(actor: Actor, branch_id: int) -> Actor:
    """Who settles the bank lines of a branch. Raises NotVisible, NotAllowed."""
    access.require(actor, Can.RECONCILE_PAYMENTS, branch_id)
    return replace(actor, source=Source.IMPORT, branch_id=branch_id)


def account_of(text: str) -> str:
    """`ZA 12-3456 7` and `za1234567` are one account."""
    return "".join(sign for sign in text.upper() if sign.isalnum())[:40]


@transaction.atomic
def upload(actor: Actor, branch_id: int, account: str, file_name: str, content: bytes) -> BankStatement:
    """Keep a statement's lines; MT940 names its account itself. Raises DomainError at `file`, `branch` or `account`."""
    if not Branch.objects.filter(pk=branch_id, is_active=True).exists():
        raise DomainError(_("Choose a branch."), fields={"branch": _("Choose a branch.")}, code="invalid")
    found = mt940.read(content, MOST_LINES) if mt940.is_mt940(content) else None
    account = account_of(account) or account_of(found.account if found else "")
    if not account:
        message = _("Enter the number of the bank account.")
        raise DomainError(message, fields={"account": message}, code="invalid")
    by = reconciler(actor, branch_id)
    batch = BankStatement(account=account)
    file = Incoming(branch_id, file_name, content, {}, most_rows=MOST_LINES, table=found.table if found else None)
    steps.keep(by, batch, BankLine, COLUMNS, file, "BS")
    batch.rows.update(account=batch.account)
    events.record("bank.statement_uploaded", by, events.Fact(batch, branch_id, data={"rows": batch.row_count}))
    return batch


@transaction.atomic
def dry_run(actor: Actor, batch_id: int, columns: Mapping[str, str], day_order: str = "") -> BankStatement:
    """Read and match every line; nothing is posted. Lines of the account that came in an earlier file are set aside."""
    batch = steps.locked(BankStatement, batch_id, FileState.UPLOADED, FileState.CHECKED)
    by = reconciler(actor, batch.branch_id)
    if batch.rows.filter(entry__isnull=False).exists() or batch.rows.filter(state=LineState.NOT_OURS).exists():
        raise DomainError(_("Lines of this statement are settled already."), code="settled")
    batch.columns = _columns(batch, columns)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_DRY_RUN])
    rows = list(batch.rows.order_by("row_number"))
    _read(batch, rows, day_order)
    BankLine.objects.filter(batch=batch).update(is_kept=False)
    _set_aside(batch, rows)
    _match(rows, _branches(actor))
    BankLine.objects.bulk_update(rows, _JUDGED, batch_size=steps.PORTION)
    counts = Counter(row.verdict for row in rows)
    batch.counts = {verdict: counts.get(verdict, 0) for verdict in LineMatch.values}
    batch.state, batch.checked_at = FileState.CHECKED, timezone.now()
    saving.save(batch, by)
    return batch


def _columns(batch: BankStatement, columns: Mapping[str, str]) -> dict[str, str]:
    chosen = steps.chosen_columns(batch, COLUMNS, columns)
    if not {"amount", "money_in"} & set(chosen):
        raise steps.columns_missing([column for column in COLUMNS if column.name in ("amount", "money_in")])
    return chosen


def _branches(actor: Actor) -> Collection[int] | None:
    """Orders of which branches a line may be matched to: where this person reconciles."""
    ids = access.branches_with(actor, Can.RECONCILE_PAYMENTS)
    return None if actor.is_system or None in ids else [pk for pk in ids if pk is not None]


def _read(batch: BankStatement, rows: Sequence[BankLine], day_order: str) -> None:
    cells = Cells(batch)
    texts = [cells.of(row).get("booked_on", "") for row in rows]
    order = order_of(texts)
    if order == DayOrder.UNCLEAR:
        order = DayOrder(day_order) if day_order in set(DayOrder) else DayOrder.UNCLEAR
    if order == DayOrder.UNCLEAR:
        message = _("Is the day or the month first? The file does not say: %(example)s.")
        words = message % {"example": unclear_example(texts)}
        raise DomainError(words, code="day_order", fields={"day_order": words})
    batch.options = {**batch.options, "day_order": order.value}
    today = timezone.localdate(timezone=ZoneInfo(batch.branch.time_zone))
    for row in rows:
        values, problems = understand(cells.of(row), order, today)
        _blank(row)
        if problems:
            row.verdict, row.problems = LineMatch.REFUSED, steps.told(problems)
            continue
        row.booked_on, row.amount, row.words = values["booked_on"], values["amount"], values["words"]


def _blank(row: BankLine) -> None:
    row.verdict, row.problems, row.why, row.state, row.is_kept = "", [], "", LineState.NOTHING, False
    row.booked_on, row.amount, row.words, row.order, row.recorded, row.fingerprint = None, None, "", None, None, ""
    row.version += 1


def _set_aside(batch: BankStatement, rows: Sequence[BankLine]) -> None:
    """Fingerprints of the readable lines; those that the account has already are not kept a second time."""
    readable = [row for row in rows if row.verdict != LineMatch.REFUSED]
    keys = [f"{row.booked_on}|{row.amount}|{' '.join(row.words.upper().split())}" for row in readable]
    for row, key, place in zip(readable, keys, occurrences(keys), strict=True):
        row.fingerprint = uuid5(_KEYS, f"{key}|{place}").hex
    prints = [row.fingerprint for row in readable]
    kept = BankLine.objects.filter(account=batch.account, is_kept=True, fingerprint__in=prints).exclude(batch=batch)
    known = set(kept.values_list("fingerprint", flat=True))
    for row in readable:
        row.is_kept = row.fingerprint not in known
        if not row.is_kept:
            row.verdict, row.why = LineMatch.BEFORE, _("This line of the account came in an earlier file.")


def _match(rows: Sequence[BankLine], branch_ids: Collection[int] | None) -> None:
    kept = [row for row in rows if row.is_kept]
    incoming = [(row, Line(row.words, row.amount)) for row in kept if row.amount is not None and row.amount > 0]
    matcher = Matcher([line for _row, line in incoming], branch_ids)
    for row in kept:
        row.verdict, row.why = LineMatch.OUT, _("Money that went out.")
    for row, line in incoming:
        _propose(row, matcher.match(line))


def _propose(row: BankLine, match: Match) -> None:
    row.verdict, row.why, row.state = match.verdict, match.why[:300], LineState.OPEN
    row.order, row.recorded = match.order, match.recorded


@transaction.atomic
def settle(actor: Actor, line_id: int, order_id: int | None = None, version: int | None = None) -> BankLine:
    """Put a line to its proposal, or to `order_id`: a recorded transfer is confirmed, else a payment is posted, once.

    Raises DomainError without a proposal, or for an order that is not confirmed.
    """
    line = _open_line(actor, line_id, version)
    if order_id is None and line.recorded is not None:
        return _confirm(actor, line, line.recorded)
    wanted = order_id or line.order_id
    if wanted is None:
        message = _("Say which order it pays.")
        raise DomainError(message, fields={"order": message}, code="no_order")
    order = common.open_for(actor, Can.RECONCILE_PAYMENTS, wanted)
    recorded = _recorded_meanwhile(order, _amount(line))
    if recorded is not None:
        return _confirm(actor, line, recorded)
    payments.payable(order)
    key = uuid5(_KEYS, f"{line.pk}|{line.attempts}")  # not of its words: a discarded line may come in anew
    reference = f"{line.batch.number} {line.words}"
    line.entry = payments.take_transfer(order, _amount(line), reference, key, actor)
    return _settled(actor, line, LineState.POSTED, order)


def _amount(line: BankLine) -> Decimal:
    if line.amount is None or line.amount <= 0:
        raise DomainError(_("No money came in on this line."), code="not_incoming")
    return line.amount


def _recorded_meanwhile(order: Order, amount: Decimal) -> LedgerEntry | None:
    """The desk's own entry of this transfer, also when it came after the dry run: the same money is not posted twice."""
    rows = LedgerEntry.objects.filter(
        order=order, kind=EntryKind.PAYMENT, method=PaymentMethod.TRANSFER, amount=-amount
    )
    return rows.filter(reversed_by=None, bank_line=None).order_by("pk").first()


def _confirm(actor: Actor, line: BankLine, entry: LedgerEntry) -> BankLine:
    """The desk's own entry stands; the line is its proof."""
    order = common.open_for(actor, Can.RECONCILE_PAYMENTS, entry.order_id)
    if BankLine.objects.filter(entry=entry).exists() or LedgerEntry.objects.filter(reverses=entry).exists():
        raise DomainError(_("This payment is confirmed by another line, or was reversed."), code="entry_taken")
    line.entry = entry
    return _settled(actor, line, LineState.CONFIRMED, order)


def _settled(actor: Actor, line: BankLine, state: LineState, order: Order | None, reason: str = "") -> BankLine:
    line.state, line.order, line.reason = state, order or line.order, reason
    line.version += 1
    line.done_at = timezone.now()
    line.save()
    data = {"statement": line.batch.number, "row": line.row_number, "amount": str(line.amount), "state": state.value}
    events.record(
        "bank.line_settled",
        actor,
        events.Fact(
            line.batch,
            line.batch.branch_id,
            order.customer_id if order else None,
            order.pk if order else None,
            reason=reason,
            data=data,
        ),
    )
    _mark(actor, line.batch)
    return line


def _mark(actor: Actor, batch: BankStatement) -> None:
    """A statement is applied while any of its lines has had an effect and none waits."""
    waits = batch.rows.filter(state=LineState.OPEN).exists()
    state = FileState.CHECKED if waits else FileState.APPLIED
    if batch.state != state:
        batch.state, batch.applied_at = state, timezone.now()
        saving.save(batch, actor)


@transaction.atomic
def settle_exact(actor: Actor, batch_id: int) -> int:
    """The next exact lines of a statement that wait, `EXACT_AT_ONCE` at most; all or none of them. How many."""
    batch = steps.locked(BankStatement, batch_id, FileState.CHECKED)
    reconciler(actor, batch.branch_id)
    waiting = batch.rows.filter(verdict=LineMatch.EXACT, state=LineState.OPEN).order_by("row_number")
    found = list(waiting.values_list("pk", "row_number")[:EXACT_AT_ONCE])
    for pk, row in found:
        try:
            settle(actor, pk)
        except DomainError as error:
            words = _("Row %(row)d: %(why)s Nothing was settled.") % {"row": row, "why": error.message}
            raise DomainError(words, code=error.code) from error
    return len(found)


@transaction.atomic
def not_ours(actor: Actor, line_id: int, reason: str, version: int | None = None) -> BankLine:
    """Interest, a loan, another firm's money: no order's payment, with the reason."""
    line = _open_line(actor, line_id, version)
    said = common.needs_reason(reason, _("Say whose money it is."))
    return _settled(actor, line, LineState.NOT_OURS, None, said)


@transaction.atomic
def take_back(actor: Actor, line_id: int, reason: str) -> BankLine:
    """The line waits again. A posted payment gets its counter-entry in the ledger; a confirmed one stands as the desk took it."""
    line = _line(actor, line_id)
    said = common.needs_reason(reason, _("Say why it is taken back."))
    if line.state == LineState.POSTED and line.entry is not None:
        order = common.open_for(actor, Can.RECONCILE_PAYMENTS, line.entry.order_id)
        payments.reverse_transfer(order, line.entry, said, actor)
    elif line.state not in (LineState.CONFIRMED, LineState.NOT_OURS):
        raise DomainError(_("This line is not settled."), code="illegal_transition")
    line.entry, line.recorded, line.attempts = None, None, line.attempts + 1
    line.state, line.reason, line.version, line.done_at = LineState.OPEN, "", line.version + 1, None
    line.save()
    data = {"statement": line.batch.number, "row": line.row_number}
    events.record("bank.line_reopened", actor, events.Fact(line.batch, line.batch.branch_id, reason=said, data=data))
    _mark(actor, line.batch)
    return line


def _line(actor: Actor, line_id: int) -> BankLine:
    """The line, held under its statement: a dry run cannot read it anew meanwhile, nor two last lines miss each other."""
    batch = BankStatement.objects.select_for_update().filter(rows=line_id).first()
    lines = BankLine.objects.select_for_update(of=("self",)).select_related("recorded", "entry")
    line = lines.filter(pk=line_id).first() if batch else None
    if batch is None or line is None:
        raise NotVisible(_("Not found."), code="not_visible")
    reconciler(actor, batch.branch_id)
    line.batch = batch
    return line


def _open_line(actor: Actor, line_id: int, version: int | None) -> BankLine:
    line = _line(actor, line_id)
    if line.state == LineState.OPEN and version not in (None, line.version):
        raise DomainError(_("This line was matched anew meanwhile. Look at it again."), code="line_moved")
    if line.state != LineState.OPEN:
        message = _("This line was settled meanwhile: %(state)s.") % {"state": line.get_state_display().lower()}
        raise DomainError(message, code="line_settled")
    return line


@transaction.atomic
def discard(actor: Actor, batch_id: int) -> BankStatement:
    """Give a statement up of which no line is settled; its lines go and may come in again."""
    batch = steps.locked(BankStatement, batch_id, FileState.UPLOADED, FileState.CHECKED)
    by = reconciler(actor, batch.branch_id)
    if batch.rows.exclude(state__in=[LineState.OPEN, LineState.NOTHING]).exists():
        raise DomainError(_("Lines of this statement are settled already."), code="settled")
    batch.rows.all().delete()
    batch.state = FileState.DISCARDED
    saving.save(batch, by)
    events.record("bank.statement_discarded", by, events.Fact(batch, batch.branch_id))
    return batch
