"""Exactly the records that a tile or a bar counts, each with its own part in the sum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core import formats, money
from reports import figures, records, words
from reports.figures import Sums
from reports.measures import Cause, Kind, Measure
from reports.models import Fact
from reports.records import Origin
from reports.selectors import BRANCH, Part

NO_RECORD = Origin("")
MOST_COLUMNS = 4


@dataclass(frozen=True)
class Line:
    """One fact: its record, day, branch (empty where all are of one), what it adds, what is known of the causes, and its row."""

    origin: Origin
    day: str
    branch: str
    counts: str
    causes: Sequence[str]
    drawn: SafeString


def columns(measure: Measure, chosen: str) -> list[Cause]:
    """The causes beside each record: those that are not the chosen one, as many as fit."""
    return [cause for cause in measure.causes if cause.key != chosen][:MOST_COLUMNS]


def lines(measure: Measure, facts: Sequence[Fact], causes: Sequence[Cause], branches: Mapping[int, str]) -> list[Line]:
    """A page of facts in words; as many queries for ten as for a thousand. `branches`: their names, none where all are of one."""
    origins = records.origins(facts)
    keys = [cause.key for cause in causes]
    names = {key: words.labels(key, {str(fact.causes.get(key) or "") for fact in facts}) for key in keys}
    heads = _heads(causes, is_of_one=not branches)
    today = timezone.localdate()
    found = []
    for fact in facts:
        origin = origins.get((fact.unit, fact.unit_id), NO_RECORD)
        day, branch, adds = formats.day(fact.day, today=today), branches.get(fact.branch_id, ""), counts(measure, fact)
        known = [names[key][str(fact.causes.get(key) or "")] for key in keys]
        cells = [day, *([branch] if branches else []), adds, *known]
        found.append(Line(origin, day, branch, adds, known, _drawn(origin, heads, cells)))
    return found


def _heads(causes: Sequence[Cause], *, is_of_one: bool) -> list[str]:
    """How each cell of a row begins: its heading is read beside it on a narrow screen."""
    plain = [] if is_of_one else [("", _("Branch"))]
    named = [("nowrap", _("Day")), *plain, ("num", _("Counts as")), *(("", str(cause.label)) for cause in causes)]
    return [format_html('<td class="{}" data-label="{}">', *one) for one in named]


def _drawn(origin: Origin, heads: Sequence[str], cells: Sequence[str]) -> SafeString:
    """A row, put together here: fifty of them as template nodes take as long as everything else on the page."""
    title, who = escape(origin.title or _("no longer there")), escape(origin.who)
    record = f'<a class="nowrap" href="{escape(origin.url)}">{title}</a>' if origin.url else title
    shown = "".join([f"{head}{escape(cell)}</td>" for head, cell in zip(heads, cells, strict=True)])
    return mark_safe(f'<tr><th scope="row">{record}{f"<small>{who}</small>" if who else ""}</th>{shown}</tr>')  # noqa: S308 (escaped above)


def counts(measure: Measure, fact: Fact) -> str:
    """What one fact adds: its hours, its money kept of money taken, or which of the two outcomes it is."""
    if measure.kind == Kind.HOURS:
        return " ".join(figures.hours(fact.amount))
    if measure.kind == Kind.MARGIN:
        return _("%(kept)s of %(taken)s") % {"kept": money.money(fact.hit), "taken": money.money(fact.amount)}
    if measure.kind == Kind.RATE and measure.in_money:
        return _("%(hit)s of %(n)s") % {"hit": money.money(fact.hit), "n": money.money(fact.counted)}
    if measure.kind == Kind.RATE:
        return str(measure.hit if fact.hit else measure.miss)
    if measure.kind == Kind.TURN:
        return money.money(fact.hit) if fact.counted else _("value of the stock")
    return formats.number(fact.hit, 0 if fact.hit == fact.hit.to_integral_value() else 2)


def listed(measure: Measure, sums: Sums, *, weighed_only: bool) -> int | None:
    """How many facts the list holds, from the sums: a rate's bar lists its failures, every other bar all its facts.

    None for a rate of money, where only the list itself knows.
    """
    if measure.kind == Kind.RATE and weighed_only:
        return None if measure.in_money else int(figures.weight(measure, sums))
    return sums.facts


def part_of(parts: Sequence[Part], value: str) -> Sums:
    """The sums of one value."""
    return next((part.now for part in parts if part.value == value), figures.NOTHING)


def value_name(cause: str, value: str, branches: dict[str, str]) -> str:
    """The value in words."""
    return branches.get(value, value) if cause == BRANCH else words.labels(cause, [value])[value]
