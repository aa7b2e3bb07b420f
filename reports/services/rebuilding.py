"""Build the facts and sums anew from the records, or compare what stands with what would be built."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from branches.models import Branch
from reports.measures import MEASURES, Unit
from reports.services import facts, sums

SOURCES = {
    Unit.ORDER: ("orders_order", "true"),
    Unit.APPOINTMENT: ("visits_appointment", "true"),
    Unit.MESSAGE: ("notifications_message", "true"),
    Unit.CASE: ("cases_case", "true"),
    Unit.PRESCRIPTION: ("prescriptions_prescription", "true"),
    Unit.RECALL: ("records_event", "kind = 'customer.recall_due'"),
    Unit.STOCK: ("inventory_stockitem", "true"),
}
# A recall that names no branch belongs to the home branch of its customer, as in the measure.
_BRANCH_OF = {
    Unit.RECALL: """coalesce(branch_id, (SELECT c.home_branch_id FROM customers_customer c
                    WHERE c.id = records_event.customer_id))"""
}
_BOTH = " UNION ALL ".join(
    f"SELECT '{table}' AS span, {sums.COLUMNS} FROM {table}" for table in (sums.DAYS, sums.MONTHS)
)
_KEEP = f"CREATE TEMPORARY TABLE stands ON COMMIT DROP AS {_BOTH}"
_COMPARE = f"""
SELECT span, measure, branch_id, day, cause, value, coalesce(s.row, 'nothing'), coalesce(n.row, 'nothing')
FROM (SELECT span, measure, branch_id, day, cause, value, (facts, counted, hit, amount, hours)::text AS row FROM stands) s
FULL JOIN (SELECT span, measure, branch_id, day, cause, value, (facts, counted, hit, amount, hours)::text AS row
           FROM ({_BOTH}) both_spans) n USING (span, measure, branch_id, day, cause, value)
WHERE measure = ANY(%s) AND s.row IS DISTINCT FROM n.row
ORDER BY 1, 2, 3, 4, 5, 6 LIMIT 1000
"""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Difference:
    """A sum that is not what the records say."""

    span: str
    measure: str
    branch_id: int
    day: date
    cause: str
    value: str
    stands: str
    should: str


def rebuild(branch_id: int | None = None, progress: Progress | None = None) -> int:
    """Compute every record's facts again (of one branch, or all). Returns how many records were read."""
    ids = {unit: _ids(unit, branch_id) for unit in SOURCES}
    total, done = sum(len(found) for found in ids.values()), 0
    for unit, found in ids.items():
        for start in range(0, len(found), facts.BATCH):
            done += facts.refresh(unit, found[start : start + facts.BATCH])
            if progress:
                progress(done, total)
    _mend_sums(branch_id)
    return total


def _mend_sums(branch_id: int | None) -> None:
    """Batches sum the days whose facts changed; a sum that is wrong by itself is found here."""
    branches = list(Branch.objects.values_list("pk", flat=True)) if branch_id is None else [branch_id]
    for measure in MEASURES:
        with transaction.atomic():
            facts.lock()
            sums.mend(measure.code, branches)


def _ids(unit: Unit, branch_id: int | None) -> list[int]:
    """The records there are, and those of which only a fact is left."""
    table, where = SOURCES[unit]
    of_branch = "" if branch_id is None else f" AND ({_BRANCH_OF.get(unit, 'branch_id')} = %(branch)s)"
    query = f"""SELECT id FROM {table} WHERE {where}{of_branch}
                UNION SELECT unit_id FROM reports_fact WHERE unit = %(unit)s
                      AND (%(branch)s::bigint IS NULL OR branch_id = %(branch)s) ORDER BY 1"""
    with connection.cursor() as cursor:
        cursor.execute(query, {"unit": unit.value, "branch": branch_id})
        return [row_id for (row_id,) in cursor.fetchall()]


def check() -> list[Difference]:
    """Compare the sums that stand with sums built anew; what stands is kept. At most a thousand differences are told."""
    with transaction.atomic():
        facts.lock()
        with connection.cursor() as cursor:
            cursor.execute(_KEEP)
            cursor.execute("DELETE FROM reports_fact")
            cursor.execute("DELETE FROM reports_summary")
            cursor.execute("DELETE FROM reports_monthsummary")
        rebuild()
        with connection.cursor() as cursor:
            cursor.execute(_COMPARE, [[measure.code for measure in MEASURES]])
            found = [Difference(*row) for row in cursor.fetchall()]
        transaction.set_rollback(True)
    return found
