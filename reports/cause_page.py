"""One measure taken apart: the bars of a cause, its trend, and the table beside them. Bars add up to the tile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import formats, ui
from reports import charts, figures, pages, saying, selectors, words
from reports.asking import Asked
from reports.figures import Sums
from reports.measures import Better, Kind, Measure
from reports.selectors import BRANCH, Part, Trend, TrendsOf

MOST_BARS = 8
OTHERS = "\x00others"


@dataclass(frozen=True)
class Row:
    """One value of a cause in the table beside the bars. `share` and `added` are per cent of the whole.

    `elsewhere` is the share in branches whose figures the reader does not see.
    """

    value: str
    name: str
    url: str
    weight: Decimal
    weight_text: str
    share: Decimal
    added: Decimal
    before_text: str
    change_text: str
    change_tone: str
    figure: str
    others: str
    elsewhere: str
    facts: int
    is_mover: bool


@dataclass(frozen=True)
class Breakdown:
    """A measure by one cause. The rows' weights add up to `total`, and their facts to the tile's.

    `has_figure`: whether a row has a figure of its own beside its weight; a number is its weight.
    """

    cause: str
    label: str
    rows: Sequence[Row]
    total: Decimal
    total_text: str
    facts: int
    sentence: str
    chart: SafeString
    narrow: SafeString
    has_figure: bool
    has_others: bool
    has_elsewhere: bool

    @property
    def columns_beside(self) -> int:
        """Columns of the table behind the first two, which the total leaves empty."""
        return 4 + self.has_figure + self.has_others + self.has_elsewhere


def causes_of(asked: Asked, measure: Measure, current: str) -> list[ui.View]:
    """The cuts to choose from; branches are one of them where several are shown."""
    cuts = [(cause.key, cause.label) for cause in measure.causes]
    if len(asked.branches) > 1:
        cuts.append((BRANCH, _("Branch")))
    return [
        ui.View(label, asked.url("measure", measure.code, by=key), is_current=key == current) for key, label in cuts
    ]


def chosen_cause(asked: Asked, measure: Measure, key: str) -> str:
    """The cut that the address names, else the measure's first."""
    known = {cause.key for cause in measure.causes} | ({BRANCH} if len(asked.branches) > 1 else set())
    return key if key in known else measure.causes[0].key


def breakdown(asked: Asked, measure: Measure, cause: str, found: TrendsOf) -> Breakdown:
    """The cause's values, heaviest first, with the sentence about what moved."""
    if cause == BRANCH:
        parts = selectors.by_branch(found, measure)
        names = {str(branch.pk): branch.label for branch in asked.branches}
    else:
        parts = selectors.causes(measure, cause, asked.ids, asked.reach_ids, asked.period)
        names = words.labels(cause, (part.value for part in parts))
    whole = pages.trend_of(found, measure, asked.ids)
    now, before = whole.now, whole.before
    comparable = figures.enough(measure, now) and figures.enough(measure, before)
    moved = saying.mover(measure, parts, now, before) if comparable else None
    ordered = sorted(parts, key=lambda part: (-figures.weight(measure, part.now), names[part.value]))
    rows = _rows(asked, measure, cause, ordered, names, figures.weight(measure, now), moved.part if moved else None)
    label = _("Branch") if cause == BRANCH else str(next(one.label for one in measure.causes if one.key == cause))
    bars = _bars(measure, rows, ordered)
    told = rows if comparable else [replace(row, change_tone="", change_text="") for row in rows]
    title = _("%(bars)s by %(cause)s") % {"bars": measure.bars, "cause": label.lower()}
    return Breakdown(
        cause,
        label,
        [row for row, part in zip(told, ordered, strict=True) if row.facts or part.before.facts or part.others.facts],
        figures.weight(measure, now),
        figures.weight_text(measure, figures.weight(measure, now)),
        now.facts,
        saying.sentence(measure, parts, names, now, before),
        charts.bars(title, bars) if bars else SafeString(""),
        charts.bars(title, bars, charts.NARROW) if bars else SafeString(""),
        measure.kind != Kind.NUMBER,
        asked.has_others and cause != BRANCH,
        any(part.elsewhere is not None for part in parts),
    )


def _rows(
    asked: Asked,
    measure: Measure,
    cause: str,
    parts: Sequence[Part],
    names: Mapping[str, str],
    total: Decimal,
    mover: Part | None,
) -> list[Row]:
    rows: list[Row] = []
    added = figures.ZERO
    for part in parts:
        weight = figures.weight(measure, part.now)
        share = weight / total * 100 if total else figures.ZERO
        added += share
        rows.append(_row(asked, measure, cause, part, names[part.value], weight, share, added, part is mover))
    return rows


def _row(
    asked: Asked,
    measure: Measure,
    cause: str,
    part: Part,
    name: str,
    weight: Decimal,
    share: Decimal,
    added: Decimal,
    is_mover: bool,
) -> Row:
    before = figures.weight(measure, part.before)
    difference = weight - before
    worse = figures.worsens(measure, difference)
    return Row(
        value=part.value,
        name=name,
        url=asked.url("rows", measure.code, by=cause, value=part.value) + ("" if part.value else "&value="),
        weight=weight,
        weight_text=figures.weight_text(measure, weight),
        share=share,
        added=added,
        before_text=figures.weight_text(measure, before),
        change_text=_signed(measure, difference),
        change_tone="" if not difference else ("warning" if worse else "success"),
        figure=_figure(measure, part.now),
        others=_figure(measure, part.others),
        elsewhere=formats.DASH if part.elsewhere is None else f"{formats.number(part.elsewhere, 0)} %",
        facts=part.now.facts,
        is_mover=is_mover,
    )


def _signed(measure: Measure, difference: Decimal) -> str:
    text = figures.weight_text(measure, difference)
    return f"+{text}" if difference > 0 else text


def _figure(measure: Measure, sums: Sums) -> str:
    """The measure's own figure for a part: its rate, its average hours, its margin."""
    if not sums.facts or figures.basis(measure, sums) <= 0:
        return formats.DASH
    if not figures.enough(measure, sums):
        return _("%(n)s only") % {"n": figures.number_of(measure, sums.counted)}
    if measure.kind == Kind.HOURS:
        return " ".join(figures.hours(figures.average(measure, sums)))
    return figures.text(measure, figures.value(measure, sums))


def _bars(measure: Measure, rows: Sequence[Row], parts: Sequence[Part]) -> tuple[charts.Bar, ...]:
    """The heaviest bars; what is left is one bar, so that the bars add up."""
    heavy = [(row, part) for row, part in zip(rows, parts, strict=True) if row.weight]
    shown = heavy if len(heavy) <= MOST_BARS else heavy[: MOST_BARS - 1]
    bars = [_bar(measure, row, figures.weight(measure, part.before)) for row, part in shown]
    rest = heavy[len(shown) :]
    if rest:
        weight = sum((row.weight for row, _part in rest), figures.ZERO)
        before = sum((figures.weight(measure, part.before) for _row, part in rest), figures.ZERO)
        text = figures.weight_text(measure, weight)
        name = _("%(n)s others") % {"n": len(rest)}
        bars.append(charts.Bar(name, float(weight), text, f"{name}: {text}", "#table", float(before)))
    return tuple(bars)


def _bar(measure: Measure, row: Row, before: Decimal) -> charts.Bar:
    hover = _("%(name)s: %(now)s (%(share)s %%), was %(before)s") % {
        "name": row.name,
        "now": row.weight_text,
        "share": formats.number(row.share, 0),
        "before": row.before_text,
    }
    return charts.Bar(row.name, float(row.weight), row.weight_text, hover, row.url, float(before), row.is_mover)


@dataclass(frozen=True)
class Story:
    """The trend of a measure: its drawing in two widths, the table of its points, and what its hollow ones mean."""

    chart: SafeString
    narrow: SafeString
    rows: Sequence[Mapping[str, str]]
    hollow: str = ""


def story(asked: Asked, measure: Measure, trend: Trend, target: Decimal | None) -> Story:
    """The span's pieces in order, each linked to its own days."""
    today = timezone.localdate()
    found = pages.pieces(measure, asked.period, trend)
    pieces = [piece for piece, _sums in found]
    days = [formats.day_of_month(piece.first, today=today) for piece in pieces]
    values = [figures.value(measure, sums) for _piece, sums in found]
    texts = [figures.text(measure, value) for value in values]
    counted = [figures.of_counted(measure, sums) for _piece, sums in found]
    notes = [pages.unfinished(measure, piece, today) for piece in pieces]
    scale = figures.DAY if measure.kind == Kind.HOURS else 1
    points = tuple(
        charts.Point(
            day,
            float(value / scale) if value is not None else None,
            f"{piece.label}: {text} ({n})" + (f", {note}" if note else ""),
            asked.url("measure", measure.code, **{"period": "own", "from": str(piece.first), "to": str(piece.last)}),
            bool(note),
        )
        for day, value, text, n, note, piece in zip(days, values, texts, counted, notes, pieces, strict=True)
    )
    drawn = charts.Line(
        points,
        texts[-1],
        _unit(measure),
        float(target / scale) if target is not None else None,
        _("target %(value)s") % {"value": figures.text(measure, target)} if target is not None else "",
        from_zero=measure.better == Better.LOWER,
    )
    rows = [
        {"label": piece.label, "text": text, "counted": n, "note": note}
        for piece, text, n, note in zip(pieces, texts, counted, notes, strict=True)
    ]
    if sum(point.value is not None for point in points) < 2:  # nothing to draw a line between
        return Story(SafeString(""), SafeString(""), rows)
    hollow = [
        f"{point.label}: {note}" for note, point in zip(notes, points, strict=True) if note and point.value is not None
    ]
    title = _("%(label)s over time") % {"label": measure.label}
    return Story(charts.line(title, drawn), charts.line(title, drawn, charts.NARROW), rows, " · ".join(hollow))


def _unit(measure: Measure) -> str:
    if measure.kind == Kind.HOURS:
        return _(" d")
    return " %" if measure.kind in {Kind.RATE, Kind.MARGIN} else ""
