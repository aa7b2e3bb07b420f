"""A hash chain over every append-only table: what was sealed cannot be changed without being found.

Rows are hashed in id order as the database prints them, each seal over the one before it. A gap in the ids is normal
(a rollback); a changed, removed or added row inside a sealed range is not.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from records import append_only
from records.models import Seal

BATCH = 5_000
# The newest rows may still be joined by ids drawn earlier in a transaction that has not ended yet.
_SETTLED = "age(t.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)"


@dataclass(frozen=True)
class Broken:
    """A seal that no longer fits its rows."""

    table: str
    from_id: int
    to_id: int
    what: str


def seal_new(batch: int = BATCH) -> int:
    """Seal what is new in every table. Returns how many rows. Safe to run twice: one table's chain is locked at a time."""
    return sum(_seal_table(table, batch) for table in append_only.tables() if table != Seal._meta.db_table)


@transaction.atomic
def _seal_table(table: str, batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [f"seal:{table}"])
        if not cursor.fetchone()[0]:
            return 0
    last = Seal.objects.filter(table=table).order_by("-to_id").first()
    rows = _rows(table, last.to_id if last else 0, None, batch, settled=True)
    if not rows:
        return 0
    previous = last.sealed_hash if last else ""
    Seal.objects.create(
        table=table,
        from_id=(last.to_id if last else 0) + 1,
        to_id=rows[-1][0],
        row_count=len(rows),
        previous_hash=previous,
        sealed_hash=_hash(previous, rows),
    )
    return len(rows)


def verify() -> list[Broken]:
    """Every seal against its rows, oldest first. Empty: nothing was tampered with."""
    found = []
    for table in sorted(set(Seal.objects.values_list("table", flat=True))):
        previous = ""
        for seal in Seal.objects.filter(table=table).order_by("from_id").iterator():
            broken = _fault(seal, previous)
            if broken:
                found.append(Broken(table, seal.from_id, seal.to_id, broken))
                break
            previous = seal.sealed_hash
    return found


def _fault(seal: Seal, previous: str) -> str:
    rows = _rows(seal.table, seal.from_id - 1, seal.to_id, None)
    if seal.previous_hash != previous:
        return "the chain does not join the seal before it"
    if len(rows) != seal.row_count:
        return f"{seal.row_count} rows were sealed, {len(rows)} are there"
    if _hash(previous, rows) != seal.sealed_hash:
        return "a row was changed after it was sealed"
    return ""


def _rows(table: str, after: int, up_to: int | None, limit: int | None, settled: bool = False) -> list[tuple[int, str]]:
    """(id, the whole row as text) in id order."""
    key = _key(table)
    quote = connection.ops.quote_name
    conditions, values = [f"{quote(key)} > %s"], [after]
    if up_to is not None:
        conditions.append(f"{quote(key)} <= %s")
        values.append(up_to)
    tail = f" LIMIT {int(limit)}" if limit else ""
    with connection.cursor() as cursor:
        cursor.execute(
            " ".join(["SELECT", quote(key), ", t::text,", _SETTLED, "FROM", quote(table), "t WHERE"])
            + " AND ".join(conditions).join((" ", " ORDER BY 1"))
            + tail,
            values,
        )
        found: list[Any] = cursor.fetchall()
    rows = []
    for row_id, text, is_settled in found:
        if settled and not is_settled:
            break
        rows.append((row_id, text))
    return rows


def _key(table: str) -> str:
    with connection.cursor() as cursor:
        return connection.introspection.get_primary_key_column(cursor, table) or "id"


def _hash(previous: str, rows: list[tuple[int, str]]) -> str:
    digest = hashlib.sha256(previous.encode())
    for _row_id, text in rows:
        digest.update(text.encode())
        digest.update(b"\n")
    return digest.hexdigest()
