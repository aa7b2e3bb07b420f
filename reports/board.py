"""The body of a dashboard: tiles, the table of all measures, branches side by side. What is drawn is kept for the same figures.

The figures themselves are the key, so that a changed one is drawn anew, alone, and there is nothing to invalidate. Rows are put
together without template nodes: there are eighty of them for three branches.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from html import escape

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from branches.models import Branch
from core import addresses
from reports import asking, figures, pages, selectors
from reports.asking import Asked
from reports.measures import MEASURES, Better, Measure
from reports.pages import Card
from reports.selectors import TrendRows, TrendsOf

TILES = 5
_ROW = (
    '<tr><th scope="row"><a href="%%s">%%s</a><small>%%s</small></th>'
    '<td class="num" data-label="%s"><span><span class="strong">%%s</span> <span class="unit">%%s</span></span></td>'
    '<td class="%%s" data-label="%s">%%s</td><td class="nowrap %%s" data-label="%s">%%s</td>'
    '<td data-label="%s">%%s</td><td class="%%s" data-label="%s">%%s</td></tr>'
)
FEWEST_BESIDE = 2
# Everything the words depend on beside the figures: language, day, and what the branches are called now.
Reader = tuple[str | None, date, tuple[tuple[int, str, str], ...]]
Targets = Mapping[tuple[str, int | None], Decimal]


@dataclass(frozen=True)
class Drawn:
    """One measure: its card, its row among all measures, and its row of branches side by side."""

    card: Card
    row: SafeString
    beside: SafeString


@dataclass(frozen=True)
class Column:
    """A branch beside others: how its cells begin, and what an address must carry to ask for it."""

    branch_id: int
    head: str
    tail: str


_kept: dict[Hashable, Drawn] = {}
MOST_KEPT = 400


def drawn(asked: Asked, rows: TrendRows, targets: Targets) -> SafeString:
    """The board of these figures."""
    names = tuple((branch.pk, branch.code, branch.label) for branch in asked.reach)
    aims = tuple((one.code, selectors.target_of(targets, one, asked.ids)) for one in MEASURES)
    return _drawn(asked, rows, aims, (get_language(), timezone.localdate(), names))


@lru_cache(maxsize=32)
def _drawn(asked: Asked, rows: TrendRows, aims: tuple[tuple[str, Decimal | None], ...], reader: Reader) -> SafeString:
    busy = selectors.busy(rows, [measure for measure in MEASURES if measure.headline])
    beside = tuple(branch.pk for branch in asked.branches if branch.pk in busy)
    every = _measures(asked, rows, dict(aims), beside, reader)
    context = {
        "cards": [one.card for one in every],
        "tiles": [one.card.tile for one in every if one.card.measure.headline][:TILES],
        "rows": [one.row for one in every],
        "names": [branch.label for branch in asked.branches if branch.pk in beside],
        "beside": [one.beside for one in every] if len(beside) >= FEWEST_BESIDE else [],
    }
    return render_to_string("reports/_board.html", context)


def _measures(
    asked: Asked,
    rows: TrendRows,
    aims: Mapping[str, Decimal | None],
    beside: tuple[int, ...],
    reader: Reader,
) -> list[Drawn]:
    """Every measure, drawn anew where its own figures or its target changed; hours are read for all of those at once."""
    keys: dict[str, Hashable] = {code: (asked, code, found, aims[code], beside, reader) for code, found in rows}
    every = {code: known for code, key in keys.items() if (known := _kept.get(key))}
    new = [one for one in MEASURES if one.code not in every]
    found = selectors.trends_of(rows, new, asked.ids, asked.period)
    columns = [_column(asked, branch) for branch in asked.branches if branch.pk in beside]
    for one in new:
        card = pages.card(asked, one, pages.trend_of(found, one, asked.ids), aims[one.code])
        every[one.code] = Drawn(card, _row(card), _beside(one, columns, found))
    if len(_kept) + len(new) > MOST_KEPT:
        _kept.clear()
    _kept.update((keys[one.code], every[one.code]) for one in new)
    return [every[one.code] for one in MEASURES]


def _column(asked: Asked, branch: Branch) -> Column:
    head = f'<td class="num" data-label="{escape(branch.label)}"><span>'
    return Column(branch.pk, head, escape(asking.address("", {**asked.query, "branch": branch.code})))


def _row(card: Card) -> SafeString:
    measure, change = card.measure, card.change
    moved = f'<span class="moved" data-tone="{card.tone}">{escape(change.words)}</span>' if change else ""
    shown = (
        *map(escape, (card.url, str(measure.label), str(measure.question), card.value, card.unit)),
        *_cell(moved), *_cell(escape(card.target_value)), escape(card.counted), *_cell(card.spark or ""),
    )  # fmt: skip
    return mark_safe(_row_form(get_language()) % shown)  # noqa: S308 (every word is escaped)


def _cell(drawn: str) -> tuple[str, str]:
    """Class and content; a cell without anything in it is left out on a narrow screen."""
    return ("", drawn) if drawn else ("none", "–")


@lru_cache(maxsize=16)
def _row_form(_language: str | None) -> str:
    """A row with places for its words. Each cell has its heading beside it on a narrow screen."""
    heads = (_("Value"), pgettext("measure", "Change"), _("Target"), _("Counted"), _("Trend"))
    return _ROW % tuple(escape(head).replace("%", "%%") for head in heads)


def _beside(measure: Measure, columns: Sequence[Column], found: TrendsOf) -> SafeString:
    """A figure a branch; the best and the worst are marked."""
    sums = [found[measure.code, column.branch_id].now for column in columns]
    values = [figures.value(measure, one) if figures.enough(measure, one) else None for one in sums]
    known = sorted((value for value in values if value is not None), reverse=measure.better == Better.HIGHER)
    best, worst = (known[0], known[-1]) if len(known) > 1 else (None, None)
    page, marks = addresses.to("measures:measure", measure.code), _marks(get_language())
    cells = [
        f'{column.head}<a href="{page}{column.tail}">{escape(figures.text(measure, value))}</a>'
        f"{_mark(value, best, worst, marks)}<small>{escape(figures.of_counted(measure, one))}</small></span></td>"
        for column, one, value in zip(columns, sums, values, strict=True)
    ]
    return mark_safe(f'<tr><th scope="row">{escape(str(measure.label))}</th>{"".join(cells)}</tr>')  # noqa: S308


def _mark(value: Decimal | None, best: Decimal | None, worst: Decimal | None, marks: tuple[str, str]) -> str:
    if value is None or best == worst:
        return ""
    return marks[0] if value == best else marks[1] if value == worst else ""


@lru_cache(maxsize=16)
def _marks(_language: str | None) -> tuple[str, str]:
    """What stands at the best figure of a row, and at the weakest."""
    form = ' <span class="mark" data-tone="%s" title="%s">%s</span>'
    return form % ("success", escape(_("Best")), "▲"), form % ("warning", escape(_("Weakest")), "▼")
