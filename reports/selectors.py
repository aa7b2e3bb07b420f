"""What dashboards read: sums from the summary rows, causes, targets, freshness. Never more than a few queries."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, cast

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.prepared import Slot, ask, one_of, prepared
from reports import figures
from reports.figures import NOTHING, Sums, total
from reports.hours import NO_HOURS, Hours
from reports.measures import Measure, get
from reports.models import Reader, Summary, Target
from reports.periods import Period
from reports.services.following import READER

VALUE_LENGTH = 120
BRANCH = "branch"
# Stands for all branches together where a row has no branch of its own.
TOGETHER = 0
# Fewer branches together would show one of them.
FEWEST_BRANCHES = 2
LATE_AFTER = timedelta(minutes=5)
# Branch, piece, facts, counted, hit, amount, keys of the rows with hours; and those of each measure.
TrendRow = tuple[int, int, int, str, str, str, str | None]
TrendRows = tuple[tuple[str, tuple[TrendRow, ...]], ...]
# Rows whose hours are kept, at most: a kilobyte or two each.
MOST_HOURS = 4096
_hours: dict[int, Hours] = {}
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
# Sums by measure, branch and piece of the span, as they are written: numbers are made of them only where they are not known yet.
# Hours are long and read on their own, by the keys of their rows (those of days below zero): what is summed again gets new ones.
_IN_ALL = _READ.format(where="cause = '' AND branch_id = ANY(%(branches)s) AND measure = ANY(%(measures)s)")
_PIECES = """
width_bucket(day, %(edges)s::date[]) AS piece, sum(facts), sum(counted)::text, sum(hit)::text, sum(amount)::text,
string_agg(coalesce(month_row, -day_row)::text, ',') FILTER (WHERE hours IS NOT NULL)
"""
_TREND = f"SELECT measure, branch_id, {_PIECES} FROM ({_IN_ALL}) found GROUP BY measure, branch_id, piece"
_HOURS = """
SELECT id, hours::text FROM reports_monthsummary WHERE id = ANY(%s)
UNION ALL SELECT -id, hours::text FROM reports_summary WHERE id = ANY(%s)
"""
# Of branches beyond the reader's reach nothing is told but the share of a value that the reader's own branches have too.
_CAUSES = f"""
SELECT value, CASE WHEN branch_id = ANY(%(branches)s) THEN 'own' WHEN branch_id = ANY(%(reach)s) THEN 'reach' ELSE 'beyond' END,
       day >= %(begin)s AS now, array_agg(DISTINCT branch_id), sum(facts), sum(counted), sum(hit), sum(amount)
FROM ({_READ.format(where="measure = %(measure)s AND cause = %(cause)s")}) found
GROUP BY 1, 2, 3
"""
# One person's or one laboratory's own: the rows of the cause that names them, of all branches together.
_OF_VALUE = _READ.format(
    where="""(measure, cause) IN (SELECT * FROM unnest(%(measures)s::text[], %(causes)s::text[]))
             AND value = %(value)s AND branch_id = ANY(%(branches)s)"""
)
_NARROWED = f"SELECT measure, {TOGETHER}, {_PIECES} FROM ({_OF_VALUE}) found GROUP BY measure, piece"


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

    @classmethod
    def together(cls, many: Sequence["Trend"]) -> "Trend":
        """Those of several branches added up."""
        pieces = [total(each) for each in zip(*(one.pieces for one in many), strict=True)]
        return many[0] if len(many) == 1 else cls(pieces, total([one.before for one in many]))


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
def _kept(rows: TrendRows, codes: tuple[str, ...], branches: tuple[int, ...], period: Period) -> TrendsOf:
    return trends_of(rows, [get(code) for code in codes], branches, period)


def trend_rows(measures: Sequence[Measure], branch_ids: Sequence[int], period: Period) -> TrendRows:
    """What the database writes of each measure: alike only while all its figures are alike, those of hours included."""
    codes = [measure.code for measure in measures]
    return _rows(_TREND, codes, {"branches": list(branch_ids), **_pieces(period)})


def _rows(query: str, codes: Sequence[str], values: Mapping[str, Any]) -> TrendRows:
    found: dict[str, list[TrendRow]] = {code: [] for code in codes}
    for code, *row in ask(query, {"measures": list(codes), **values}):
        found[code].append(cast(TrendRow, tuple(row)))
    return tuple((code, tuple(rows)) for code, rows in found.items())


def trends_of(rows: TrendRows, measures: Sequence[Measure], branch_ids: Sequence[int], period: Period) -> TrendsOf:
    """The sums of these measures in their places, with their hours; nothing where there is no row.

    One query for hours that were not read before.
    """
    wanted = {measure.code for measure in measures}
    parts = [(code, part) for code, found in rows if code in wanted for part in found]
    keys = {part[6]: [int(key) for key in part[6].split(",")] for _code, part in parts if part[6]}
    hours = hours_of([key for each in keys.values() for key in each])
    added = {written: Hours.total([hours[key] for key in each if key in hours]) for written, each in keys.items()}
    found = {
        (code, branch_id, piece): Sums(
            facts, Decimal(counted), Decimal(hit), Decimal(amount), added.get(written or "", NO_HOURS)
        )
        for code, (branch_id, piece, facts, counted, hit, amount, written) in parts
    }
    places = range(2, len(period.cuts()) + 2)
    return {
        (measure.code, branch_id): Trend(
            [found.get((measure.code, branch_id, n), NOTHING) for n in places],
            found.get((measure.code, branch_id, 1), NOTHING),
        )
        for measure in measures
        for branch_id in branch_ids
    }


def busy(rows: TrendRows, measures: Sequence[Measure]) -> set[int]:
    """The branches in which any of these measures counted something in the span itself."""
    wanted = {measure.code for measure in measures}
    return {branch_id for code, found in rows if code in wanted for branch_id, piece, *_sums in found if piece > 1}


def hours_of(keys: Sequence[int]) -> Mapping[int, Hours]:
    """The hours of rows of sums. One query for those that nobody has asked for yet: a row that changes has a new key."""
    found = {key: hours for key in keys if (hours := _hours.get(key)) is not None}
    missing = [key for key in keys if key not in found]
    if missing:
        chosen = [key for key in missing if key > 0], [-key for key in missing if key < 0]
        read = {key: Hours.of(json.loads(text)) for key, text in ask(_HOURS, chosen)}
        if len(_hours) + len(read) > MOST_HOURS:
            _hours.clear()
        _hours.update(read)
        found |= read
    return found


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
    """The trend of the facts whose cause has this value, by measure; `keys` names the cause for each.

    One query, and one for hours that were not read before.
    """
    values = {"causes": list(keys.values()), "value": value, "branches": list(branch_ids), **_pieces(period)}
    found = trends_of(_rows(_NARROWED, list(keys), values), [get(code) for code in keys], [TOGETHER], period)
    return {code: found[code, TOGETHER] for code in keys}


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
