"""Dashboards as people see them: tiles, the table of all measures, causes with their bars, and the rows behind a bar."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import ui
from reports import figures, periods, saying, selectors, sparks
from reports.asking import ALL, Asked
from reports.figures import Sums
from reports.measures import Better, Kind, Measure
from reports.periods import Period
from reports.selectors import Trend, TrendsOf


@dataclass(frozen=True)
class Card:
    """One measure on a dashboard."""

    measure: Measure
    sums: Sums
    value: str
    unit: str
    counted: str
    url: str
    target_value: str = ""
    change: figures.Change | None = None
    tone: str = ""
    spark: SafeString | None = None

    @property
    def target(self) -> str:
        return _("target %(value)s") % {"value": self.target_value} if self.target_value else ""

    @property
    def tile(self) -> ui.Stat:
        return ui.Stat(
            label=self.measure.label,
            value=self.value,
            unit=self.unit,
            url=self.url,
            change=self.change.words if self.change else "",
            change_tone=self.tone,
            change_icon=_arrow(self.change),
            meta=" · ".join(part for part in (self.target, self.counted) if part),
            spark=self.spark,
        )


def _arrow(change: figures.Change | None) -> str:
    if change is None or change.difference == 0:
        return ""
    return "up" if change.rises else "fall"


def trend_of(found: TrendsOf, measure: Measure, branch_ids: Iterable[int]) -> Trend:
    """The trend of several branches together."""
    return Trend.together([found[measure.code, pk] for pk in branch_ids])


def card(asked: Asked, measure: Measure, trend: Trend, target: Decimal | None) -> Card:
    """A measure with its value if there is enough for one, its change, target and trend."""
    now = trend.now
    shown = figures.value(measure, now) if figures.enough(measure, now) else None
    before = figures.value(measure, trend.before) if figures.enough(measure, trend.before) else None
    change = figures.change(measure, shown, before)
    number, unit = figures.parts(measure, shown)
    return Card(
        measure,
        now,
        number,
        unit,
        figures.of_counted(measure, now) if shown is not None or not now.facts else saying.few(measure),
        asked.url("measure", measure.code),
        figures.text(measure, target) if target is not None else "",
        change,
        _tone(measure, shown, target, change),
        spark(measure, asked.period, trend, target),
    )


def spark(measure: Measure, period: Period, trend: Trend, target: Decimal | None = None) -> SafeString | None:
    """A trend shows its shape also where a piece alone would be too small for a figure of its own."""
    today, found = timezone.localdate(), pieces(measure, period, trend)
    values = [figures.value(measure, sums) for _piece, sums in found]
    return sparks.spark(
        [None if value is None else float(value) for value in values],
        None if target is None else float(target),
        [bool(unfinished(measure, piece, today)) for piece, _sums in found],
    )


def pieces(measure: Measure, period: Period, trend: Trend) -> list[tuple[Period, Sums]]:
    """The points of a trend. What adds up over days keeps a short end apart, else the short end joins its neighbour."""
    if measure.kind == Kind.NUMBER:
        return list(zip(period.cuts(), trend.pieces, strict=True))
    return [(piece, figures.total(trend.pieces[start:end])) for piece, start, end in periods.spread(period)]


def unfinished(measure: Measure, piece: Period, today: date) -> str:
    """Why a point may not be compared with the others: its days are not over, or it has fewer; empty where it may."""
    if piece.last >= today:
        return _("so far")
    if measure.kind == Kind.NUMBER and piece.is_part:
        return ngettext("%(n)s day only", "%(n)s days only", piece.days) % {"n": piece.days}
    return ""


def _tone(measure: Measure, shown: Decimal | None, target: Decimal | None, change: figures.Change | None) -> str:
    """Worse is a warning; worse and beyond the target a danger."""
    if change is None:
        return ""
    return "danger" if change.tone == "warning" and misses(measure, shown, target) else change.tone


def misses(measure: Measure, shown: Decimal | None, target: Decimal | None) -> bool:
    """Whether a figure lies on the wrong side of its target."""
    if shown is None or target is None:
        return False
    return shown < target if measure.better == Better.HIGHER else shown > target


def cards(
    asked: Asked, measures: Sequence[Measure], found: TrendsOf, targets: Mapping[tuple[str, int | None], Decimal]
) -> list[Card]:
    """The measures of a dashboard, each over all branches shown."""
    return [
        card(asked, one, trend_of(found, one, asked.ids), selectors.target_of(targets, one, asked.ids))
        for one in measures
    ]


def period_choices(asked: Asked, name: str, *args: object) -> list[ui.View]:
    """The spans to choose from, as links that keep everything else."""
    return [
        ui.View(
            label,
            asked.url(name, *args, **{"period": kind, "from": "", "to": ""}),
            is_current=asked.period.kind == kind,
        )
        for kind, label in periods.KINDS
    ]


def branch_choices(asked: Asked, name: str, *args: object) -> list[ui.View]:
    """The branches to choose from; empty for a person of one branch."""
    if len(asked.reach) < 2:
        return []
    every = ui.View(_("All branches"), asked.url(name, *args, branch=ALL), is_current=len(asked.branches) > 1)
    return [every] + [
        ui.View(one.label, asked.url(name, *args, branch=one.code), is_current=asked.branch == one)
        for one in asked.reach
    ]
