"""Exactly the records that a tile or a bar counts, each with its own part in the sum."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from core import formats, money
from core.states import Words
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
    """One fact: its record, day, branch, what it adds, and what is known of the causes, each with its heading."""

    origin: Origin
    day: str
    branch: str
    counts: str
    causes: Sequence[tuple[Words, str]]


def columns(measure: Measure, chosen: str) -> list[Cause]:
    """The causes beside each record: those that are not the chosen one, as many as fit."""
    return [cause for cause in measure.causes if cause.key != chosen][:MOST_COLUMNS]


def lines(measure: Measure, facts: Sequence[Fact], causes: Sequence[Cause]) -> list[Line]:
    """A page of facts in words; as many queries for ten as for a thousand."""
    origins = records.origins(facts)
    names = {
        cause.key: words.labels(cause.key, {str(fact.causes.get(cause.key) or "") for fact in facts})
        for cause in causes
    }
    today = timezone.localdate()
    return [
        Line(
            origins.get((fact.unit, fact.unit_id), NO_RECORD),
            formats.day(fact.day, today=today),
            fact.branch.label,
            counts(measure, fact),
            [(cause.label, names[cause.key][str(fact.causes.get(cause.key) or "")]) for cause in causes],
        )
        for fact in facts
    ]


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
