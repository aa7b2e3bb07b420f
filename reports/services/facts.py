"""Compute facts again for some records, and the sums of the days they change. Running it twice changes nothing."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction

from reports.measures import Measure, Unit, of_unit
from reports.services import sums
from reports.services.sums import Day

BATCH = 2_000
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('reports.facts'))"
# What is as it was stays untouched, so that only the days of what changed are summed again.
_REPLACE = """
WITH made AS MATERIALIZED (
    SELECT x.branch_id, x.day, x.unit_id, x.part, x.order_id, x.counted::numeric(14, 2) AS counted,
           x.hit::numeric(14, 2) AS hit, x.amount::numeric(14, 2) AS amount, x.causes
    FROM ({query}) x (branch_id, day, unit_id, part, order_id, counted, hit, amount, causes)
), changed AS MATERIALIZED (
    SELECT f.id, f.branch_id AS old_branch, f.day AS old_day, m.branch_id AS new_branch, m.day AS new_day,
           unit_id, part, m.order_id, m.counted, m.hit, m.amount, m.causes
    FROM (SELECT * FROM reports_fact WHERE measure = %(measure)s AND unit = %(unit)s AND unit_id = ANY(%(ids)s)) f
    FULL JOIN made m USING (unit_id, part)
    WHERE (f.branch_id, f.day, f.order_id, f.counted, f.hit, f.amount, f.causes)
          IS DISTINCT FROM (m.branch_id, m.day, m.order_id, m.counted, m.hit, m.amount, m.causes)
), gone AS (
    DELETE FROM reports_fact f USING changed c WHERE f.id = c.id AND c.new_day IS NULL
), moved AS (
    UPDATE reports_fact f SET branch_id = c.new_branch, day = c.new_day, order_id = c.order_id, counted = c.counted,
           hit = c.hit, amount = c.amount, causes = c.causes
    FROM changed c WHERE f.id = c.id AND c.new_day IS NOT NULL
), come AS (
    INSERT INTO reports_fact
        (measure, unit, branch_id, day, unit_id, part, order_id, counted, hit, amount, causes)
    SELECT %(measure)s, %(unit)s, new_branch, new_day, unit_id, part, order_id, counted, hit, amount, causes
    FROM changed WHERE id IS NULL
)
SELECT %(measure)s, old_branch, old_day FROM changed WHERE old_day IS NOT NULL
UNION SELECT %(measure)s, new_branch, new_day FROM changed WHERE new_day IS NOT NULL
"""


def refresh(unit: Unit, ids: Iterable[int]) -> int:
    """Facts and sums of these records as they are now. Returns how many records were read."""
    done = 0
    for batch in _batches(sorted(set(ids))):
        _refresh_batch(unit, batch)
        done += len(batch)
    return done


def lock() -> None:
    """Facts and sums are written by one transaction at a time."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


@transaction.atomic
def _refresh_batch(unit: Unit, ids: Sequence[int]) -> None:
    """One batch: facts that are no more go, new ones come, and every day that had or has one is summed again."""
    lock()
    changed: set[Day] = set()
    for measure in of_unit(unit):
        changed |= _replace(measure, ids)
    sums.sum_days(changed)


def _replace(measure: Measure, ids: Sequence[int]) -> set[Day]:
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"ids": list(ids), "measure": measure.code, "unit": measure.unit.value}
        cursor.execute(_REPLACE.format(query=measure.query), values)
        return set(cursor.fetchall())


def _batches(ids: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        yield batch
