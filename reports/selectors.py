"""What dashboards read: sums from the summary rows, causes, targets, freshness. Never more than a few queries."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.prepared import Slot, ask, one_of, prepared
from reports import figures
from reports.figures import NOTHING, Sums, total
from reports.measures import Kind, Measure, get
from reports.models import Reader, Summary, Target
from reports.periods import Period
from reports.services.following import READER

VALUE_LENGTH = 120
BRANCH = "branch"
# Fewer branches together would show one of them.
FEWEST_BRANCHES = 2
LATE_AFTER = timedelta(minutes=5)
TrendRow = tuple[str, int, int, int, Decimal, Decimal, Decimal, int | None, int | None]
# Whole months of a span from the rows of months, what is left of it from those of days.
_READ = """
SELECT measure, branch_id, day, cause, value, facts, counted, hit, amount, hours, id AS month_row, NULL::bigint AS day_row
FROM reports_monthsummary s
WHERE {where} AND day = ANY(%(months)s::date[])
UNION ALL
SELECT measure, branch_id, day, cause, value, facts, counted, hit, amount, hours, NULL::bigint AS month_row, id AS day_row
FROM reports_summary s
WHERE {where} AND day = ANY(%(days)s::date[])
"""
# Sums by measure, branch and piece of the span. Whatever is summed again gets rows with new, higher ids: where the ids are
# the same, so are the hours, which are long and read on their own.
_IN_ALL = _READ.format(where="cause = '' AND branch_id = ANY(%(branches)s) AND measure = ANY(%(measures)s)")
_TREND = f"""
SELECT measure, branch_id, width_bucket(day, %(edges)s::date[]) AS piece,
       sum(facts), sum(counted), sum(hit), sum(amount), max(month_row), max(day_row)
FROM ({_IN_ALL}) found
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_HOURS = f"""
SELECT measure, branch_id, width_bucket(day, %(edges)s::date[]) AS piece, string_agg(hours::text, ',')
FROM ({_IN_ALL}) found WHERE hours IS NOT NULL
GROUP BY 1, 2, 3
"""
# Of branches beyond the reader's reach nothing is told but the share of a value that the reader's own branches have too.
_CAUSES = f"""
SELECT value, CASE WHEN branch_id = ANY(%(branches)s) THEN 'own' WHEN branch_id = ANY(%(reach)s) THEN 'reach' ELSE 'beyond' END,
       day >= %(begin)s AS now, array_agg(DISTINCT branch_id), sum(facts), sum(counted), sum(hit), sum(amount)
FROM ({_READ.format(where="measure = %(measure)s AND cause = %(cause)s")}) found
GROUP BY 1, 2, 3
"""
# One person's or one laboratory's own: the rows of the cause that names them, of all branches together.
_NARROWED = f"""
SELECT measure, width_bucket(day, %(edges)s::date[]) AS piece, sum(facts), sum(counted), sum(hit), sum(amount),
       string_agg(hours::text, ',')
FROM ({_READ.format(where="(measure, cause) IN (SELECT * FROM unnest(%(measures)s::text[], %(causes)s::text[])) AND value = %(value)s AND branch_id = ANY(%(branches)s)")}) found
GROUP BY 1, 2
"""


# Each branch by the first of its rows that the index finds, however many there are.
_COUNTED = """
SELECT chosen.id FROM unnest(%s::bigint[]) AS chosen(id)
WHERE EXISTS (SELECT FROM reports_summary s WHERE s.branch_id = chosen.id AND s.cause = '' AND s.day BETWEEN %s AND %s)
"""


@dataclass(frozen=True)
class Trend:
    """The cuts of a span for one measure and branch (or several added up), and the equal span before."""

    pieces: Sequence[Sums]
    before: Sums

    @cached_property
    def now(self) -> Sums:
        return total(self.pieces)

    def __add__(self, other: "Trend") -> "Trend":
        pieces = [mine + theirs for mine, theirs in zip(self.pieces, other.pieces, strict=True)]
        return Trend(pieces, self.before + other.before)


TrendsOf = Mapping[tuple[str, int], Trend]


@dataclass(frozen=True)
class Part:
    """One value of a cause: its sums in the span, in the span before, and in the other branches within reach.

    `elsewhere`: its share, per cent, in the branches beyond reach; None where it could be traced to one of them.
    """

    value: str
    now: Sums = NOTHING
    before: Sums = NOTHING
    others: Sums = NOTHING
    elsewhere: Decimal | None = None


def trends(measures: Sequence[Measure], branch_ids: Iterable[int], period: Period) -> TrendsOf:
    """Sums by measure and branch, piece by piece. One query, and one for hours that changed, whatever the rows behind them."""
    branches = tuple(branch_ids)
    return _kept(trend_rows(measures, branches, period), tuple(one.code for one in measures), branches, period)


@lru_cache(maxsize=16)
def _kept(rows: tuple[TrendRow, ...], codes: tuple[str, ...], branches: tuple[int, ...], period: Period) -> TrendsOf:
    """The same rows have the same hours, by their ids; to read those and add them up is half the work of a page of hours."""
    return trends_of(rows, [get(code) for code in codes], branches, period)


def trend_rows(measures: Sequence[Measure], branch_ids: Sequence[int], period: Period) -> tuple[TrendRow, ...]:
    """The sums as the database gives them: alike only while all figures are alike, those of hours included."""
    rows: tuple[TrendRow, ...] = tuple(_found(_TREND, measures, branch_ids, period))
    return rows


def trends_of(
    rows: Sequence[TrendRow], measures: Sequence[Measure], branch_ids: Sequence[int], period: Period
) -> TrendsOf:
    """The sums in their places, with their hours; nothing where there is no row."""
    timed = [measure for measure in measures if measure.kind == Kind.HOURS]
    hours = {row[:3]: row[3] for row in _found(_HOURS, timed, branch_ids, period)} if timed else {}
    found = {row[:3]: Sums(*row[3:7], _added(hours.get(row[:3]))) for row in rows}
    places = range(2, len(period.cuts()) + 2)
    return {
        (measure.code, branch_id): Trend(
            [found.get((measure.code, branch_id, n), NOTHING) for n in places],
            found.get((measure.code, branch_id, 1), NOTHING),
        )
        for measure in measures
        for branch_id in branch_ids
    }


def _found(query: str, measures: Sequence[Measure], branch_ids: Sequence[int], period: Period) -> list[Any]:
    values: dict[str, Any] = {
        "measures": [measure.code for measure in measures],
        "branches": list(branch_ids),
        **_pieces(period),
    }
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _pieces(period: Period) -> dict[str, list[date]]:
    """The span before is piece 1, the parts of the span itself come after it."""
    pieces = period.cuts()
    return {"edges": [period.before.first, *(piece.first for piece in pieces)], **_spans([period.before, *pieces])}


def _spans(spans: Sequence[Period]) -> dict[str, list[date]]:
    """Which rows make up these spans, for `_READ`: every day by its name, so that the index leads to it and to no other."""
    split = [span.months_and_days() for span in spans]
    return {
        "months": [month for months, _rest in split for month in months],
        "days": [day for _months, rest in split for stretch in rest for day in stretch.dates()],
    }


@lru_cache(maxsize=256)
def _added(hours: str | None) -> Mapping[int, int]:
    """`{"31": 2}, {"31": 1, "40": 1}` as one count by hour."""
    counts: dict[str, int] = {}
    for one in json.loads(f"[{hours or ''}]"):
        for hour, facts in one.items():
            counts[hour] = counts.get(hour, 0) + facts
    return {int(hour): facts for hour, facts in counts.items()}


def causes(measure: Measure, cause: str, branch_ids: Sequence[int], reach: Sequence[int], period: Period) -> list[Part]:
    """The values of one cause with their sums. `reach` also holds the branches to compare with. One query."""
    found: dict[str, dict[str, Sums]] = {}
    beyond: dict[str, Sums] = {}
    places: set[int] = set()
    values: dict[str, Any] = {
        "measure": measure.code,
        "cause": cause,
        "branches": list(branch_ids),
        "reach": list(reach),
        "begin": period.first,
        **_spans([period.before, period]),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CAUSES, values)
        for value, place, now, branches, facts, counted, hit, amount in cursor.fetchall():
            sums = Sums(facts, counted, hit, amount)
            if place == "own":
                found.setdefault(value, {})["now" if now else "before"] = sums
            elif now and place == "reach":
                found.setdefault(value, {})["others"] = sums
            elif now:
                beyond[value] = sums
                places.update(branches)
    shares = _shares(measure, beyond, len(places))
    return [Part(value, **sums, elsewhere=shares.get(value)) for value, sums in sorted(found.items())]


def _shares(measure: Measure, beyond: Mapping[str, Sums], branches: int) -> dict[str, Decimal | None]:
    """Per cent of each value beyond reach; nothing for one branch alone, or for too few facts to tell."""
    whole = total(list(beyond.values()))
    weight = figures.weight(measure, whole)
    if branches < FEWEST_BRANCHES or not weight or not figures.enough(measure, whole):
        return {}
    return {value: figures.weight(measure, sums) / weight * 100 for value, sums in beyond.items()}


def narrowed(keys: Mapping[str, str], value: str, branch_ids: Iterable[int], period: Period) -> dict[str, Trend]:
    """The trend of the facts whose cause has this value, by measure; `keys` names the cause for each. One query."""
    values: dict[str, Any] = {
        "measures": list(keys.keys()),
        "causes": list(keys.values()),
        "value": value,
        "branches": list(branch_ids),
        **_pieces(period),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NARROWED, values)
        found = {
            (code, piece): Sums(facts, counted, hit, amount, _added(hours))
            for code, piece, facts, counted, hit, amount, hours in cursor.fetchall()
        }
    places = range(2, len(period.cuts()) + 2)
    return {
        code: Trend([found.get((code, n), NOTHING) for n in places], found.get((code, 1), NOTHING)) for code in keys
    }


def by_branch(found: TrendsOf, measure: Measure) -> list[Part]:
    """The branches as a cause: each with its sums, from trends already read."""
    return [
        Part(str(branch_id), trend.now, trend.before)
        for (code, branch_id), trend in found.items()
        if code == measure.code
    ]


@prepared
def _targets() -> QuerySet[Target]:
    mine = Q(one_of("branch_id", "branches")) | Q(branch=None)
    return Target.objects.filter(mine, begins_on__lte=Slot("on")).order_by("begins_on", "pk")


def targets(branch_ids: Iterable[int], on: date) -> dict[tuple[str, int | None], Decimal]:
    """The target that counts on a day, by measure and branch; a branch without its own has the practice's (None)."""
    return {(row.measure, row.branch_id): row.value for row in _targets().rows(branches=list(branch_ids), on=on)}


def target_of(
    found: Mapping[tuple[str, int | None], Decimal], measure: Measure, branch_ids: Sequence[int]
) -> Decimal | None:
    """One branch's own target, else the practice's."""
    own = found.get((measure.code, branch_ids[0])) if len(branch_ids) == 1 else None
    return own if own is not None else found.get((measure.code, None))


def target_history(measure: Measure, branch_ids: Iterable[int]) -> QuerySet[Target]:
    """Every target of a measure for these branches and for the practice, the newest first."""
    mine = Q(branch_id__in=list(branch_ids)) | Q(branch=None)
    rows = Target.objects.filter(mine, measure=measure.code).select_related("branch", "set_by")
    return rows.order_by("-begins_on", "-pk")[:100]


@dataclass(frozen=True)
class Freshness:
    """When events were last read into the measures, and whether that is too long ago."""

    read_at: datetime | None
    is_late: bool


@prepared
def _reader() -> QuerySet[Reader]:
    return Reader.objects.filter(name=READER)


def freshness(now: datetime | None = None) -> Freshness:
    """Shown on every dashboard: figures are as fresh as the last reading."""
    reader = _reader().row()
    read_at = reader.read_at if reader else None
    moment = now or timezone.now()
    return Freshness(read_at, read_at is None or moment - read_at > LATE_AFTER)


def counted_in(branch_ids: Sequence[int], period: Period) -> set[int]:
    """Those of these branches that counted something in the span or the equal one before; no query for none."""
    values = [list(branch_ids), period.before.first, period.last]
    return {branch_id for (branch_id,) in ask(_COUNTED, values)} if branch_ids else set()


def is_empty(branch_ids: Iterable[int]) -> bool:
    """Whether nothing was ever counted in these branches."""
    return not Summary.objects.filter(branch_id__in=list(branch_ids), cause="").exists()
