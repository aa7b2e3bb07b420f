"""Spans of days for measures, and the equal span before. Pure: today is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import count

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import formats
from core.states import Words

DEFAULT = "30"
OWN = "own"
MOST_DAYS = 5 * 366
PIECES = 12
WEEK = 7
HALF_A_YEAR = 180
KINDS: tuple[tuple[str, Words], ...] = (
    (DEFAULT, _("30 days")),
    ("month", _("This month")),
    ("last", _("Last month")),
    ("quarter", _("Quarter")),
    ("year", _("12 months")),
)


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both counted. `kind` is the choice that made it.

    `is_part`: as a part of a longer span, cut short by its end.
    """

    first: date
    last: date
    kind: str = OWN
    is_part: bool = field(default=False, compare=False)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def dates(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=n) for n in range(self.days)]

    @property
    def before(self) -> "Period":
        """As many days, ending the day before this begins: equal spans are compared, whatever the month's length."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    @property
    def label(self) -> str:
        """`25 Oct to 23 Nov 2026` in the reader's words."""
        today = timezone.localdate()
        return f"{formats.day(self.first, today=today)} – {formats.day(self.last, today=today)}"

    def cuts(self) -> Sequence["Period"]:
        """The span in parts for a trend, counted back from its end; the first and the last may be cut short by it.

        Calendar months (or several) from half a year on, weeks or longer from four weeks on.
        """
        return _cuts(self)

    def pieces(self) -> Sequence["Period"]:
        """The same parts, at most twelve: what is left over at an end joins its neighbour when it is no more than half a part."""
        return _joined(self.cuts())

    def months_and_days(self) -> tuple[Sequence[date], Sequence["Period"]]:
        """The first days of the whole calendar months in it, and the stretches of days beside those."""
        months: list[date] = []
        month = self.first if self.first.day == 1 else _month_after(self.first)
        while (following := _month_after(month)) <= self.last + timedelta(days=1):
            months.append(month)
            month = following
        if not months:
            return [], [self]
        ends = [Period(self.first, months[0] - timedelta(days=1)), Period(month, self.last)]
        return months, [end for end in ends if end.days > 0]


def _month_after(day: date, months: int = 1) -> date:
    """The first day of a month so many after (or before) that of a day."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


@lru_cache(maxsize=64)
def _cuts(period: Period) -> Sequence[Period]:
    if period.days >= HALF_A_YEAR:
        return next(cuts for cuts in (_months(period, step) for step in count(1)) if len(_joined(cuts)) <= PIECES)
    return _lengths(period, max(-(-period.days // PIECES), WEEK if period.days >= 4 * WEEK else 1))


def _months(period: Period, step: int) -> list[Period]:
    """The span in groups of so many calendar months, counted back from its last."""
    found, last = [], period.last
    while last >= period.first:
        begin = _month_after(last, 1 - step)
        is_part = begin < period.first or last + timedelta(days=1) < _month_after(last)
        found.append(Period(max(period.first, begin), last, is_part=is_part))
        last = begin - timedelta(days=1)
    return found[::-1]


def _lengths(period: Period, days: int) -> list[Period]:
    """The span in parts of so many days, counted back from its last."""
    found, last = [], period.last
    while last >= period.first:
        begin = last - timedelta(days=days - 1)
        found.append(Period(max(period.first, begin), last, is_part=begin < period.first))
        last = begin - timedelta(days=1)
    return found[::-1]


def _joined(cuts: Sequence[Period]) -> list[Period]:
    """A short piece at either end becomes part of its neighbour."""
    pieces = list(cuts)
    if len(pieces) > 2 and 2 * pieces[0].days <= pieces[1].days:
        pieces[:2] = [Period(pieces[0].first, pieces[1].last)]
    if len(pieces) > 2 and 2 * pieces[-1].days <= pieces[-2].days:
        pieces[-2:] = [Period(pieces[-2].first, pieces[-1].last)]
    return pieces


@lru_cache(maxsize=64)
def spread(period: Period) -> Sequence[tuple[Period, int, int]]:
    """Each piece with the places of its cuts: the first and the one after its last."""
    cuts, found, start = period.cuts(), [], 0
    for piece in period.pieces():
        end = next((n for n in range(start, len(cuts)) if cuts[n].first > piece.last), len(cuts))
        found.append((piece, start, end))
        start = end
    return found


def of_kind(kind: str, today: date) -> Period:
    """The span that a choice names, ending today except for the last month. An unknown choice is the default."""
    if kind == "month":
        return Period(today.replace(day=1), today, kind)
    if kind == "last":
        end = today.replace(day=1) - timedelta(days=1)
        return Period(end.replace(day=1), end, kind)
    if kind == "quarter":
        return Period(date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), today, kind)
    if kind == "year":
        return Period(today - timedelta(days=364), today, kind)
    return Period(today - timedelta(days=29), today, DEFAULT)


def chosen(kind: str, first: str, last: str, today: date) -> Period:
    """What the address asks for. Two dates that make no span (or one beyond five years) give the default."""
    if kind != OWN:
        return of_kind(kind, today)
    try:
        period = Period(date.fromisoformat(first), min(date.fromisoformat(last), today))
    except ValueError:
        return of_kind(DEFAULT, today)
    return period if 0 < period.days <= MOST_DAYS else of_kind(DEFAULT, today)
