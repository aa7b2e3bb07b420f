"""Orders by the hundred thousand: whole orders that the product's own services made, copied with everything that hangs on
them. A copy's ids are its number followed by five digits of the original's id, so relations need no look-up."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import psycopg

DIGITS = 5
# What belongs to one order, parents first: table and the condition that finds its rows. `{o}` is the order's id.
PARTS: dict[str, str] = {
    "prescriptions_prescription": "id = (SELECT prescription_id FROM orders_order WHERE id = {o})",
    "prescriptions_prescribedeye": "prescription_id = (SELECT prescription_id FROM orders_order WHERE id = {o})",
    "orders_order": "id = {o}",
    "orders_framechoice": "order_id = {o}",
    "orders_lensspecification": "order_id = {o}",
    "orders_lensspecification_add_ons": (
        "lensspecification_id IN (SELECT id FROM orders_lensspecification WHERE order_id = {o})"
    ),
    "orders_measurement": "order_id = {o}",
    "orders_quotation": "order_id = {o}",
    "orders_quotationline": "quotation_id IN (SELECT id FROM orders_quotation WHERE order_id = {o})",
    "orders_ledgerentry": "order_id = {o}",
    "labjobs_job": "order_id = {o}",
    "records_approval": "order_id = {o}",
    "records_event": (
        "id IN (SELECT id FROM records_event WHERE order_id = {o} ORDER BY subject_type <> 'orders.order', id LIMIT 8)"
    ),
}
_TYPES = {
    "orders.order": "orders_order",
    "orders.quotation": "orders_quotation",
    "orders.framechoice": "orders_framechoice",
    "orders.lensspecification": "orders_lensspecification",
    "orders.measurement": "orders_measurement",
    "orders.ledgerentry": "orders_ledgerentry",
    "prescriptions.prescription": "prescriptions_prescription",
    "labjobs.job": "labjobs_job",
}
# Belongs to one order only, or to the day at the counter: a copy has none.
_EMPTY = {"visit_id", "tray_id", "eye_test_id", "corrects_id", "second_pair_of_id", "replaced_by_id", "idempotency_key"}
_EMPTY |= {"drawer_id"}


@dataclass(frozen=True)
class Column:
    """`target` is the copied table that a foreign key points to."""

    name: str
    kind: str
    target: str = ""


@dataclass
class Original:
    """One order to copy: its rows by table, each a list of cells in COPY's text form (None: absent)."""

    pk: int
    number: str
    branch: str
    code: str
    customer: str
    confirmed_on: date
    changes: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: dict[str, list[list[str]]] = field(default_factory=dict)


def columns(db: psycopg.Connection[Any]) -> dict[str, list[Column]]:
    """The columns of every part, with what they point to."""
    keys = db.execute(
        "SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'"
    )
    target = {(table, name): to for table, name, to in keys}
    found: dict[str, list[Column]] = {}
    for table in PARTS:
        rows = db.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
            " AND table_schema = 'public' ORDER BY ordinal_position",
            [table],
        )
        found[table] = [Column(name, kind, target.get((table, name), "")) for name, kind in rows]
    return found


def read(db: psycopg.Connection[Any], order_id: int, layout: dict[str, list[Column]]) -> Original:
    """An order of the sample practice with all its parts."""
    facts = db.execute(
        "SELECT o.number, o.branch_id, b.code, o.customer_id, coalesce(o.confirmed_at, o.recorded_at)::date"
        " FROM orders_order o JOIN branches_branch b ON b.id = o.branch_id WHERE o.id = %s",
        [order_id],
    ).fetchone()
    if facts is None:
        raise LookupError(order_id)
    original = Original(order_id, facts[0], str(facts[1]), facts[2], str(facts[3]), facts[4])
    for table, condition in PARTS.items():
        names = ", ".join(f'"{column.name}"' for column in layout[table])
        query = f"COPY (SELECT {names} FROM {table} WHERE {condition.format(o=order_id)} ORDER BY id) TO STDOUT"
        with db.cursor().copy(query) as copy:
            text = b"".join(copy).decode()
        original.rows[table] = [line.split("\t") for line in text.splitlines()]
    return original


def block(original: Original, table: str, layout: list[Column], days: int) -> str:
    """The table's rows of one copy, `days` earlier, with %-places for what differs from copy to copy."""
    lines = []
    for row in original.rows[table]:
        cells = dict(zip([column.name for column in layout], row, strict=True))
        cells |= original.changes.get(table, {})
        made = [_cell(original, column, cells, days) for column in layout]
        made_by_name = dict(zip([column.name for column in layout], made, strict=True))
        made_by_name |= _unique(table, cells)
        lines.append("\t".join(made_by_name[column.name] for column in layout) + "\n")
    return "".join(lines)


def _unique(table: str, cells: dict[str, str]) -> dict[str, str]:
    """Numbers that exist once. The letters of a ledger number (I, R, C, A) stay."""
    if table == "orders_order":
        return {"public_code": "%(public)s"}
    if table == "orders_ledgerentry":
        middle = cells["number"].split("-")[1]
        return {"number": f"%(code)s-{middle}-%(k)d{int(cells['id']) % 100:02d}"}
    if table == "prescriptions_prescription":
        return {"number": "RX-%(k)d"}
    return {}


def _cell(original: Original, column: Column, cells: dict[str, str], days: int) -> str:
    value, name = cells[column.name], column.name
    if value == r"\N" or name in _EMPTY:
        return r"\N"
    if _is_copied(column, cells):
        return f"%(k)d{int(value):0{DIGITS}d}"
    if name == "customer_id":
        return "%(customer)d"
    if column.target == "branches_branch" and value == original.branch:
        return "%(branch)d"
    if column.kind == "uuid":
        return f"{value[:24]}%(k)012x"
    if days and column.kind in ("date", "timestamp with time zone"):
        return _earlier(value, days)
    return value.replace("%", "%%").replace(original.number, "%(code)s-%(number)d")


def _is_copied(column: Column, cells: dict[str, str]) -> bool:
    if column.name in ("id", "order_id") or column.target in PARTS:
        return True
    if column.name == "subject_id":
        return _TYPES.get(cells.get("subject_type", "")) is not None
    return False


def _earlier(value: str, days: int) -> str:
    if len(value) == 10:
        return str(date.fromisoformat(value) - timedelta(days=days))
    return str(datetime.fromisoformat(re.sub(r"([+-]\d\d)$", r"\1:00", value)) - timedelta(days=days))
