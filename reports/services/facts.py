"""Compute facts again for some records, and the sums of the days they touch. Running it twice changes nothing."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import connection, transaction

from reports.measures import MEASURES, Measure, Unit, of_unit

BATCH = 2_000
_COLUMNS = "branch_id, day, unit_id, part, order_id, counted, hit, amount, causes"
_SUMS = """
INSERT INTO reports_summary (measure, branch_id, day, cause, value, facts, counted, hit, amount)
SELECT f.measure, f.branch_id, f.day, c.cause, c.value, count(*), sum(f.counted), sum(f.hit), sum(f.amount)
FROM reports_fact f
{days}
CROSS JOIN LATERAL (
    SELECT '' AS cause, '' AS value
    UNION ALL SELECT key, left(coalesce(value, ''), 120) FROM jsonb_each_text(f.causes)
    UNION ALL SELECT '#', (f.amount::bigint)::text WHERE f.measure = ANY(%s)
) c
GROUP BY f.measure, f.branch_id, f.day, c.cause, c.value
"""
_OF_DAYS = """
JOIN unnest(%s::text[], %s::bigint[], %s::date[]) AS t(measure, branch_id, day)
  ON t.measure = f.measure AND t.branch_id = f.branch_id AND t.day = f.day
"""
_DROP = """
DELETE FROM reports_summary s USING unnest(%s::text[], %s::bigint[], %s::date[]) AS t(measure, branch_id, day)
WHERE s.measure = t.measure AND s.branch_id = t.branch_id AND s.day = t.day
"""
Day = tuple[str, int, object]


def refresh(unit: Unit, ids: Iterable[int]) -> int:
    """Facts and sums of these records as they are now. Returns how many records were read."""
    done = 0
    for batch in _batches(sorted(set(ids))):
        _refresh_batch(unit, batch)
        done += len(batch)
    return done


@transaction.atomic
def _refresh_batch(unit: Unit, ids: Sequence[int]) -> None:
    """One batch: its old facts go, its new ones come, and every day that had or has one is summed again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reports.facts'))")
        cursor.execute(
            "DELETE FROM reports_fact WHERE unit = %s AND unit_id = ANY(%s) RETURNING measure, branch_id, day",
            [unit.value, list(ids)],
        )
        touched: set[Day] = set(cursor.fetchall())
        for measure in of_unit(unit):
            cursor.execute(_insert(measure), {"ids": list(ids), "measure": measure.code, "unit": unit.value})
            touched |= set(cursor.fetchall())
    sum_days(touched)


def _insert(measure: Measure) -> str:
    return (
        f"INSERT INTO reports_fact (measure, unit, {_COLUMNS}) "
        f"SELECT %(measure)s, %(unit)s, x.* FROM ({measure.query}) x RETURNING measure, branch_id, day"
    )


def sum_days(days: Iterable[Day]) -> None:
    """The sums of these days from their facts; hours are also summed by their own value, for median and p90."""
    rows = sorted(set(days), key=str)
    if not rows:
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_DROP, columns)
        cursor.execute(_SUMS.format(days=_OF_DAYS), [*columns, [m.code for m in MEASURES if m.kind == "hours"]])


def sums_of_all() -> str:
    """The statement that sums every day at once into an empty table; its one value: the codes of measures in hours."""
    return _SUMS.format(days="")


def _batches(ids: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        yield batch
