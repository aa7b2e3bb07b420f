"""The records behind a figure, page by page, the newest first.

The sums tell on which days of which branches they lie. A page reads the facts of as many days as it needs and of no other, so
that it costs the same however many facts there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.paging import SIZE, KeyPage, cut, key_of
from reports.measures import Kind, Measure
from reports.models import Fact
from reports.periods import Period
from reports.selectors import BRANCH, VALUE_LENGTH

ORDER = ("-day", "-id")
_PAGE = """
WITH days AS (
    SELECT branch_id, day, sum({number}) FILTER (WHERE day < %(day)s) OVER (
        ORDER BY day DESC RANGE BETWEEN UNBOUNDED PRECEDING AND '1 day' PRECEDING) AS newer
    FROM reports_summary s
    WHERE measure = %(measure)s AND branch_id = ANY(%(branches)s) AND day BETWEEN %(first)s AND least(%(last)s, %(day)s)
          AND cause = %(cause)s AND value = %(value)s AND {number} > 0
)
SELECT f.* FROM days CROSS JOIN LATERAL (
    SELECT * FROM reports_fact one
    WHERE one.measure = %(measure)s AND one.branch_id = days.branch_id AND one.day = days.day AND (one.day, one.id) < (%(day)s, %(id)s)
          AND {weighed} AND (%(cause)s = '' OR left(coalesce(one.causes ->> %(cause)s, ''), %(length)s) = %(value)s)
    OFFSET 0
) f
WHERE coalesce(newer, 0) < %(most)s
ORDER BY f.day DESC, f.id DESC LIMIT %(most)s
"""


@dataclass(frozen=True)
class Behind:
    """Which records: those behind a tile, or behind one value of a cause.

    `weighed_only` leaves out those that the bar does not count: of a rate the successes.
    """

    measure: Measure
    branch_ids: Sequence[int]
    period: Period
    cause: str = ""
    value: str = ""
    weighed_only: bool = True


def page(behind: Behind, after: str = "") -> KeyPage[Fact]:
    """The records that follow a key, or the first ones. One query."""
    branches, cause, value = list(behind.branch_ids), behind.cause, behind.value
    if cause == BRANCH:
        branches, cause, value = [pk for pk in branches if str(pk) == value], "", ""
    start = _start(after)
    day, fact_id = start or (behind.period.last + timedelta(days=1), 0)
    number, weighed = _conditions(behind)
    values = {
        "measure": behind.measure.code,
        "branches": branches,
        "first": behind.period.first,
        "last": behind.period.last,
        "cause": cause,
        "value": value if cause else "",
        "length": VALUE_LENGTH,
        "day": day,
        "id": fact_id,
        "most": SIZE + 1,
    }
    found = Fact.objects.raw(_PAGE.format(number=number, weighed=weighed), values)
    return cut(list(found), ORDER, is_later=start is not None)


def _start(after: str) -> tuple[date, int] | None:
    try:
        day, fact_id = key_of(after, len(ORDER)) or ("", 0)
        return date.fromisoformat(day), int(fact_id)
    except (TypeError, ValueError):
        return None


def _conditions(behind: Behind) -> tuple[str, str]:
    """From sums: how many of a day are listed, or (of money) whether any are. For a fact: whether it is."""
    measure = behind.measure
    if measure.kind != Kind.RATE or not behind.weighed_only:
        return "facts", "true"
    number, weighed = ("counted - hit", "hit < counted") if measure.counts_misses else ("hit", "hit > 0")
    return (f"(({number}) > 0)::int" if measure.in_money else f"({number})"), weighed
