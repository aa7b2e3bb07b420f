"""Build the facts and sums anew from the records, or compare what stands with what would be built."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from reports.measures import MEASURES, Unit
from reports.services import facts

SOURCES = {
    Unit.ORDER: ("orders_order", "true"),
    Unit.APPOINTMENT: ("visits_appointment", "true"),
    Unit.MESSAGE: ("notifications_message", "true"),
    Unit.CASE: ("cases_case", "true"),
    Unit.PRESCRIPTION: ("prescriptions_prescription", "true"),
    Unit.RECALL: ("records_event", "kind = 'customer.recall_due'"),
    Unit.STOCK: ("inventory_stockitem", "true"),
}
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Difference:
    """A sum that is not what the records say."""

    measure: str
    branch_id: int
    day: date
    cause: str
    value: str
    stands: str
    should: str


def rebuild(branch_id: int | None = None, progress: Progress | None = None) -> int:
    """Compute every record's facts again (of one branch, or all). Returns how many records were read."""
    ids = {unit: _ids(table, where, branch_id) for unit, (table, where) in SOURCES.items()}
    total, done = sum(len(found) for found in ids.values()), 0
    for unit, found in ids.items():
        for start in range(0, len(found), facts.BATCH):
            done += facts.refresh(unit, found[start : start + facts.BATCH])
            if progress:
                progress(done, total)
    return total


def _ids(table: str, where: str, branch_id: int | None) -> list[int]:
    of_branch = " AND branch_id = %s" if branch_id is not None else ""
    with connection.cursor() as cursor:
        values = [branch_id] if branch_id is not None else []
        cursor.execute(f"SELECT id FROM {table} WHERE {where}{of_branch} ORDER BY id", values)
        return [row_id for (row_id,) in cursor.fetchall()]


def check() -> list[Difference]:
    """Compare the sums that stand with sums built anew; what stands is kept."""
    stands = _sums()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM reports_fact")
            cursor.execute("DELETE FROM reports_summary")
        rebuild()
        should = _sums()
        transaction.set_rollback(True)
    return [
        Difference(*key, str(stands.get(key, "nothing")), str(should.get(key, "nothing")))
        for key in sorted(set(stands) | set(should), key=str)
        if stands.get(key) != should.get(key)
    ]


def _sums() -> dict[tuple[str, int, date, str, str], tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT measure, branch_id, day, cause, value, facts, counted, hit, amount FROM reports_summary"
            " WHERE measure = ANY(%s)",
            [[measure.code for measure in MEASURES]],
        )
        return {row[:5]: row[5:] for row in cursor.fetchall()}
