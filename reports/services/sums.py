"""Sums of the facts: rows for each day and each month, in all and by each value of each cause. Derived, like the facts."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection

from reports.measures import MEASURES, Kind

Day = tuple[str, int, date]
IN_HOURS = [measure.code for measure in MEASURES if measure.kind == Kind.HOURS]
# Whose median is shown: everybody's, and a laboratory's or an optometrist's own.
WITH_HOURS = ["", "lab", "prescriber"]
DAYS, MONTHS = "reports_summary", "reports_monthsummary"
COLUMNS = "measure, branch_id, day, cause, value, facts, counted, hit, amount, hours"
_CAUSES = """
    SELECT '' AS cause, '' AS value UNION ALL SELECT key, left(coalesce(value, ''), 120) FROM jsonb_each_text(f.causes)
"""
_WITH_HOURS = "SELECT s.*, h.hours FROM sums s LEFT JOIN hours h USING (measure, branch_id, day, cause, value)"
# Days are summed from facts, months from days. `hours` tells how many facts there are of each whole hour.
_ANEW_DAYS = f"""
WITH chosen AS (SELECT f.* FROM reports_fact f {{which}}), hours AS (
    SELECT measure, branch_id, day, cause, value, jsonb_object_agg(hour, facts) AS hours FROM (
        SELECT f.measure, f.branch_id, f.day, c.cause, c.value, f.amount::bigint AS hour, count(*) AS facts
        FROM chosen f CROSS JOIN LATERAL ({_CAUSES}) c
        WHERE f.measure = ANY(%s) AND c.cause = ANY(%s) GROUP BY 1, 2, 3, 4, 5, 6) one
    GROUP BY 1, 2, 3, 4, 5
), sums AS (
    SELECT f.measure, f.branch_id, f.day, c.cause, c.value,
           count(*) AS facts, sum(f.counted) AS counted, sum(f.hit) AS hit, sum(f.amount) AS amount
    FROM chosen f CROSS JOIN LATERAL ({_CAUSES}) c GROUP BY 1, 2, 3, 4, 5
), anew AS ({_WITH_HOURS})
"""
_ANEW_MONTHS = f"""
WITH chosen AS (
    SELECT f.measure, f.branch_id, date_trunc('month', f.day)::date AS day, f.cause, f.value,
           f.facts, f.counted, f.hit, f.amount, f.hours
    FROM reports_summary f {{which}}
), hours AS (
    SELECT measure, branch_id, day, cause, value, jsonb_object_agg(hour, facts) AS hours FROM (
        SELECT measure, branch_id, day, cause, value, one.hour, sum(one.facts::bigint) AS facts
        FROM chosen c, jsonb_each_text(c.hours) one(hour, facts) GROUP BY 1, 2, 3, 4, 5, 6) one
    GROUP BY 1, 2, 3, 4, 5
), sums AS (
    SELECT measure, branch_id, day, cause, value,
           sum(facts) AS facts, sum(counted) AS counted, sum(hit) AS hit, sum(amount) AS amount
    FROM chosen GROUP BY 1, 2, 3, 4, 5
), anew AS ({_WITH_HOURS})
"""
_OF = """
JOIN unnest(%s::text[], %s::bigint[], %s::date[]) AS t(measure, branch_id, day)
  ON t.measure = f.measure AND t.branch_id = f.branch_id AND {day}
"""
_OF_DAYS = _OF.format(day="t.day = f.day")
_OF_MONTHS = _OF.format(day="f.day >= t.day AND f.day < t.day + interval '1 month'")
_OF_BRANCH = "WHERE f.measure = %s AND f.branch_id = ANY(%s)"
_DROP = """
DELETE FROM {table} s USING unnest(%s::text[], %s::bigint[], %s::date[]) AS t(measure, branch_id, day)
WHERE s.measure = t.measure AND s.branch_id = t.branch_id AND s.day = t.day
"""
_PUT = f"INSERT INTO {{table}} ({COLUMNS}) SELECT {COLUMNS} FROM anew"
_WRONG = f"""
, stands AS (SELECT {COLUMNS} FROM {{table}} f {_OF_BRANCH})
SELECT DISTINCT measure, branch_id, day FROM (
    (SELECT {COLUMNS} FROM anew EXCEPT TABLE stands) UNION ALL (TABLE stands EXCEPT SELECT {COLUMNS} FROM anew)
) differs
"""


def sum_days(days: Iterable[Day]) -> None:
    """The sums of these days (measure, branch, day) from their facts, and those of their months."""
    chosen = set(days)
    if not chosen:
        return
    rows = _columns(chosen)
    _execute(_DROP.format(table=DAYS), rows)
    _execute(_ANEW_DAYS.format(which=_OF_DAYS) + _PUT.format(table=DAYS), [*rows, IN_HOURS, WITH_HOURS])
    _sum_months({(measure, branch_id, day.replace(day=1)) for measure, branch_id, day in chosen})


def _sum_months(months: Iterable[Day]) -> None:
    rows = _columns(months)
    _execute(_DROP.format(table=MONTHS), rows)
    _execute(_ANEW_MONTHS.format(which=_OF_MONTHS) + _PUT.format(table=MONTHS), rows)


def mend(measure: str, branch_ids: Sequence[int]) -> None:
    """Sum again what is not the sum of its facts: for a rebuild, which trusts nothing that stands."""
    chosen = [measure, list(branch_ids)]
    values = [*chosen, IN_HOURS, WITH_HOURS, *chosen]
    sum_days(_execute(_ANEW_DAYS.format(which=_OF_BRANCH) + _WRONG.format(table=DAYS), values))
    wrong = _execute(_ANEW_MONTHS.format(which=_OF_BRANCH) + _WRONG.format(table=MONTHS), [*chosen, *chosen])
    if wrong:
        _sum_months(wrong)


def statements_for_all() -> list[tuple[str, list[Any]]]:
    """What sums every day and month into empty tables: statements with their values."""
    return [
        (_ANEW_DAYS.format(which="") + _PUT.format(table=DAYS), [IN_HOURS, WITH_HOURS]),
        (_ANEW_MONTHS.format(which="") + _PUT.format(table=MONTHS), []),
    ]


def _columns(days: Iterable[Day]) -> list[list[Any]]:
    return [list(column) for column in zip(*sorted(days), strict=True)]


def _execute(query: str, values: Sequence[Any]) -> list[Day]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        found: list[Day] = cursor.fetchall() if cursor.description else []
        return found
