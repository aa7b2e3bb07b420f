"""Follow the stream of events: whatever they speak of is computed again, soon after it happened."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from reports.measures import Unit
from reports.models import Reader
from reports.services import facts

READER = "facts"
MOST_EVENTS = 5_000
# Events of transactions that have not ended yet may still appear behind newer ones: they are waited for.
_NEW = """
SELECT id, kind, subject_type, subject_id, order_id, customer_id FROM records_event
WHERE id > %s AND age(xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid) ORDER BY id LIMIT %s
"""
_FIRST_OPEN = """
SELECT min(id) FROM records_event
WHERE id > %s AND age(xmin) <= age(pg_snapshot_xmin(pg_current_snapshot())::xid)
"""
_UNIT_OF = {
    "visits.appointment": Unit.APPOINTMENT,
    "notifications.message": Unit.MESSAGE,
    "cases.case": Unit.CASE,
    "prescriptions.prescription": Unit.PRESCRIPTION,
    "inventory.stockitem": Unit.STOCK,
}
_FAMILY = """
WITH RECURSIVE up AS (
    SELECT id, merged_into_id FROM customers_customer WHERE id = ANY(%(ids)s)
    UNION SELECT p.id, p.merged_into_id FROM customers_customer p JOIN up ON p.id = up.merged_into_id
), down AS (
    SELECT id FROM up WHERE merged_into_id IS NULL
    UNION SELECT p.id FROM customers_customer p JOIN down ON p.merged_into_id = down.id
)
"""
# What else changes with a record, because a measure reads it: by unit, the query of the records to compute again.
_OF_PEOPLE = {
    Unit.ORDER: f"{_FAMILY} SELECT o.id FROM orders_order o JOIN down ON down.id = o.customer_id",
    Unit.PRESCRIPTION: f"{_FAMILY} SELECT x.id FROM prescriptions_prescription x JOIN down ON down.id = x.customer_id",
    Unit.RECALL: f"""{_FAMILY} SELECT e.id FROM records_event e JOIN down ON down.id = e.customer_id
                     WHERE e.kind = 'customer.recall_due'""",
}
_OF_FRAMES = {
    Unit.ORDER: "SELECT order_id FROM orders_framechoice WHERE frame_id = ANY(%(ids)s)",
    Unit.STOCK: "SELECT id FROM inventory_stockitem WHERE frame_id = ANY(%(ids)s)",
}
_OF_LENSES = {
    Unit.ORDER: """SELECT order_id FROM orders_lensspecification
                   WHERE right_id = ANY(%(ids)s) OR (right_id IS NULL AND left_id = ANY(%(ids)s))""",
}
_OF_TRANSFERS = {
    Unit.STOCK: """SELECT i.id FROM inventory_transfer t JOIN inventory_transferline l ON l.transfer_id = t.id
                   JOIN inventory_stockitem i ON i.frame_id = l.frame_id
                        AND i.branch_id IN (t.from_branch_id, t.to_branch_id)
                   WHERE t.id = ANY(%(ids)s)""",
}
_OF_COUNTS = {
    Unit.STOCK: """SELECT i.id FROM inventory_stockcount c JOIN inventory_stockitem i ON i.branch_id = c.branch_id
                   WHERE c.id = ANY(%(ids)s)""",
}
_SPREADS = {
    "catalogue.frame": _OF_FRAMES,
    "catalogue.lensproduct": _OF_LENSES,
    "inventory.transfer": _OF_TRANSFERS,
    "inventory.stockcount": _OF_COUNTS,
}
# An import changes frames and lenses without an event for each: it names none, so everything of that kind is computed again.
_IMPORTS = {"catalogue.imported", "catalogue.import_reversed"}
_UNREAD = ("record.viewed", "review.")
_LATE = """
SELECT o.id FROM orders_order o JOIN branches_branch b ON b.id = o.branch_id
WHERE o.state IN ('confirmed', 'in_production', 'ready', 'shipped') AND o.ready_at IS NULL
  AND o.first_promised_on < (now() AT TIME ZONE b.time_zone)::date
  AND NOT EXISTS (SELECT 1 FROM reports_fact f WHERE f.measure = 'on_time' AND f.unit = 'order' AND f.unit_id = o.id)
"""
# What counts once its time is over. The clock rings every hour; two months make up for one that stood still.
_DUE = """
SELECT x.id FROM {table} x WHERE {where} AND {at} <= now() - interval '{days} days' AND {at} > now() - interval '{days} days' - interval '60 days'
  AND NOT EXISTS (SELECT 1 FROM reports_fact f WHERE f.measure = '{measure}' AND f.unit = '{unit}' AND f.unit_id = x.id)
"""
_FETCHED_OR_NOT = _DUE.format(
    table="orders_order", where="x.state <> 'cancelled'", at="x.ready_at", days=14, measure="uncollected", unit="order"
)
_CAPTURED_OR_NOT = _DUE.format(
    table="prescriptions_prescription",
    where="x.version = 1 AND x.origin = 'own_test' AND x.kind <> 'contact_lens' AND x.state <> 'entered_in_error'",
    at="x.signed_at", days=30, measure="capture", unit="prescription",
)  # fmt: skip
_ANSWERED_OR_NOT = _DUE.format(
    table="records_event", where="x.kind = 'customer.recall_due'", at="x.at", days=60, measure="recall", unit="recall"
)
_LOOKED_AT = "SELECT order_id FROM orders_orderlink WHERE last_used_at > %(since)s"
_MONTH_ENDED = """
SELECT i.id FROM inventory_stockitem i JOIN branches_branch b ON b.id = i.branch_id
WHERE (SELECT sum(e.quantity) FROM inventory_stockentry e WHERE e.item_id = i.id
         AND (e.at AT TIME ZONE b.time_zone)::date < date_trunc('month', now() AT TIME ZONE b.time_zone)) > 0
  AND NOT EXISTS (SELECT 1 FROM reports_fact f WHERE f.measure = 'old_stock' AND f.unit = 'stock' AND f.unit_id = i.id
        AND f.part = -to_char(now() AT TIME ZONE b.time_zone - interval '1 month', 'YYYYMM')::bigint)
"""


class Told(NamedTuple):
    """What following needs of an event."""

    id: int
    kind: str
    subject_type: str
    subject_id: int
    order_id: int | None
    customer_id: int | None


@dataclass
class Touched:
    """The records that some events speak of, the people behind them, and the goods whose description changed."""

    units: dict[Unit, set[int]] = field(default_factory=dict)
    customers: set[int] = field(default_factory=set)
    spreads: dict[str, set[int]] = field(default_factory=dict)
    imported: bool = False

    def add(self, unit: Unit, record_ids: Iterable[int]) -> None:
        self.units.setdefault(unit, set()).update(record_ids)


@transaction.atomic
def read_on() -> int:
    """Read the next events into facts. Returns how many; call again while it returns some. One reader at a time."""
    Reader.objects.get_or_create(name=READER)
    reader = Reader.objects.select_for_update(skip_locked=True).filter(name=READER).first()
    if reader is None:
        return 0
    rows = _new_events(reader.event_id)
    take(rows)
    if rows:
        reader.event_id = rows[-1].id
    reader.read_at = timezone.now()
    reader.save()
    return len(rows)


def take(rows: Iterable[Told]) -> None:
    """Compute again whatever these events speak of."""
    touched = _touched(rows)
    _spread(touched)
    for unit, ids in touched.units.items():
        facts.refresh(unit, ids)


def _new_events(after: int) -> list[Told]:
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_OPEN, [after])
        (first_open,) = cursor.fetchone()
        cursor.execute(_NEW, [after, MOST_EVENTS])
        rows = [Told(*row) for row in cursor.fetchall()]
    return [row for row in rows if first_open is None or row.id < first_open]


def _touched(rows: Iterable[Told]) -> Touched:
    touched = Touched()
    for event in rows:
        if event.kind.startswith(_UNREAD):
            continue
        if event.order_id is not None:
            touched.add(Unit.ORDER, [event.order_id])
        if event.customer_id is not None:
            touched.customers.add(event.customer_id)
        if event.kind == "customer.recall_due":
            touched.add(Unit.RECALL, [event.id])
        if unit := _UNIT_OF.get(event.subject_type):
            touched.add(unit, [event.subject_id])
        if event.subject_type in _SPREADS:
            touched.spreads.setdefault(event.subject_type, set()).add(event.subject_id)
        touched.imported = touched.imported or event.kind in _IMPORTS
    return touched


def _spread(touched: Touched) -> None:
    """Whoever orders, comes or is merged changes what the person's other records count as; so do goods."""
    if touched.customers:
        for unit, query in _OF_PEOPLE.items():
            touched.add(unit, _ids(query, ids=list(touched.customers)))
    for subject, ids in touched.spreads.items():
        for unit, query in _SPREADS[subject].items():
            touched.add(unit, _ids(query, ids=list(ids)))
    if touched.imported:
        touched.add(Unit.STOCK, _ids("SELECT id FROM inventory_stockitem"))
        touched.add(
            Unit.ORDER,
            _ids("SELECT order_id FROM orders_framechoice UNION SELECT order_id FROM orders_lensspecification"),
        )


def _ids(query: str, **values: Any) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return [record_id for (record_id,) in cursor.fetchall()]


def pass_of_time() -> int:
    """What changes without an event: promised days that passed, times that are over, looks at orders, ended months."""
    since = timezone.now() - timedelta(hours=25)
    due = {
        Unit.ORDER: [*_ids(_LATE), *_ids(_FETCHED_OR_NOT), *_ids(_LOOKED_AT, since=since)],
        Unit.PRESCRIPTION: _ids(_CAPTURED_OR_NOT),
        Unit.RECALL: _ids(_ANSWERED_OR_NOT),
        Unit.STOCK: _ids(_MONTH_ENDED),
    }
    return sum(facts.refresh(unit, ids) for unit, ids in due.items())
