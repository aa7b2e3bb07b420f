"""Follow the stream of events: whatever they speak of is computed again, soon after it happened."""

from dataclasses import dataclass, field
from datetime import date

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
}


@dataclass
class Touched:
    """The records that some events speak of."""

    units: dict[Unit, set[int]] = field(default_factory=dict)
    customers: set[int] = field(default_factory=set)

    def add(self, unit: Unit, record_id: int) -> None:
        self.units.setdefault(unit, set()).add(record_id)


@transaction.atomic
def read_on() -> int:
    """Read the next events into facts. Returns how many; call again while it returns some. One reader at a time."""
    Reader.objects.get_or_create(name=READER)
    reader = Reader.objects.select_for_update(skip_locked=True).filter(name=READER).first()
    if reader is None:
        return 0
    rows = _new_events(reader.event_id)
    touched = _touched(rows)
    _with_customers(touched)
    for unit, ids in touched.units.items():
        facts.refresh(unit, ids)
    if rows:
        reader.event_id = rows[-1][0]
    reader.read_at = timezone.now()
    reader.save()
    return len(rows)


def _new_events(after: int) -> list[tuple[int, str, str, int, int | None, int | None]]:
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_OPEN, [after])
        (first_open,) = cursor.fetchone()
        cursor.execute(_NEW, [after, MOST_EVENTS])
        rows = cursor.fetchall()
    return [row for row in rows if first_open is None or row[0] < first_open]


def _touched(rows: list[tuple[int, str, str, int, int | None, int | None]]) -> Touched:
    touched = Touched()
    for _id, kind, subject_type, subject_id, order_id, customer_id in rows:
        if order_id is not None:
            touched.add(Unit.ORDER, order_id)
        if unit := _UNIT_OF.get(subject_type):
            touched.add(unit, subject_id)
        if customer_id is not None and kind in {"order.confirmed", "order.cancelled", "customer.merged"}:
            touched.customers.add(customer_id)
    return touched


def _with_customers(touched: Touched) -> None:
    """A confirmed or cancelled order changes what its customer's other orders and prescriptions count as."""
    if not touched.customers:
        return
    people = "SELECT id FROM customers_customer WHERE coalesce(merged_into_id, id) IN (SELECT coalesce(merged_into_id, id) FROM customers_customer WHERE id = ANY(%s))"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM orders_order WHERE customer_id IN ({people})", [list(touched.customers)])
        for (order_id,) in cursor.fetchall():
            touched.add(Unit.ORDER, order_id)
        cursor.execute(
            f"SELECT id FROM prescriptions_prescription WHERE customer_id IN ({people})", [list(touched.customers)]
        )
        for (prescription_id,) in cursor.fetchall():
            touched.add(Unit.PRESCRIPTION, prescription_id)


def pass_of_time(today: date) -> int:
    """What changes without an event: an order whose promised day has passed unready counts as late from then on."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT o.id FROM orders_order o WHERE o.first_promised_on < %s AND o.first_promised_on > %s - 14
               AND o.ready_at IS NULL AND o.confirmed_at IS NOT NULL AND o.state <> 'cancelled'""",
            [today, today],
        )
        ids = [order_id for (order_id,) in cursor.fetchall()]
    return facts.refresh(Unit.ORDER, ids)
