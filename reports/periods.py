"""Spans of days for measures, and the equal span before. Pure: today is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import formats
from core.states import Words

DEFAULT = "30"
OWN = "own"
MOST_DAYS = 5 * 366
PIECES = 12
WEEK = 7
KINDS: tuple[tuple[str, Words], ...] = (
    (DEFAULT, _("30 days")),
    ("month", _("This month")),
    ("last", _("Last month")),
    ("quarter", _("Quarter")),
    ("year", _("12 months")),
)


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both counted. `kind` is the choice that made it."""

    first: date
    last: date
    kind: str = OWN

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """As many days, ending the day before this begins: equal spans are compared, whatever the month's length."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    @property
    def label(self) -> str:
        """`25 Oct to 23 Nov 2026` in the reader's words."""
        today = timezone.localdate()
        return f"{formats.day(self.first, today=today)} – {formats.day(self.last, today=today)}"

    def pieces(self, most: int = PIECES) -> Sequence["Period"]:
        """The span in at most so many parts for a trend, weeks or longer from four weeks on, the last one ending with it.

        What is left over at the beginning joins its neighbour when it is less than half a part.
        """
        length = max(-(-self.days // most), WEEK if self.days >= 4 * WEEK else 1)
        found: list[Period] = []
        last = self.last
        while last >= self.first:
            found.append(Period(max(self.first, last - timedelta(days=length - 1)), last))
            last -= timedelta(days=length)
        if len(found) > 1 and 2 * found[-1].days < length:
            found[-2:] = [Period(self.first, found[-2].last)]
        return found[::-1]


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
