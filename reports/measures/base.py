"""What a measure is. The words here are the words on the page ("How this is counted")."""

from dataclasses import dataclass
from enum import StrEnum

from core.states import Words


class Kind(StrEnum):
    """How facts become one figure.

    rate: sum(hit) / sum(counted); hours: median and p90 of `amount` in whole hours; margin: sum(hit) / sum(amount), money
    kept over money taken; mean: sum(hit) / sum(counted); number: sum(hit).
    """

    RATE = "rate"
    HOURS = "hours"
    MARGIN = "margin"
    MEAN = "mean"
    NUMBER = "number"


class Better(StrEnum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"


class Unit(StrEnum):
    """The record from which facts are computed, and computed again when it changes."""

    ORDER = "order"
    APPOINTMENT = "appointment"
    MESSAGE = "message"
    CASE = "case"
    PRESCRIPTION = "prescription"


@dataclass(frozen=True)
class Cause:
    """Something that can weaken a measure: the key in the facts and the question in words."""

    key: str
    label: Words


@dataclass(frozen=True)
class Measure:
    """One measure.

    `query` selects (branch_id, day, unit_id, part, order_id, counted, hit, amount, causes) for the ids in
    `%(ids)s`; days are dates of the branch's own zone. `least` is the number of facts under which no rate is shown.
    `noun` names what is counted, `bars` what its causes are weighed by, `hit` and `miss` the two outcomes of a rate.
    """

    code: str
    label: Words
    question: Words
    kind: Kind
    unit: Unit
    better: Better
    definition: Words
    population: Words
    edge_cases: Words
    source: Words
    noun: Words
    bars: Words
    causes: tuple[Cause, ...]
    query: str
    hit: Words = ""
    miss: Words = ""
    mean_unit: Words = ""
    least: int = 20
    headline: bool = False

    @property
    def counts_misses(self) -> bool:
        """A rate that should be high is explained by what missed; every other by what it counts."""
        return self.kind == Kind.RATE and self.better == Better.HIGHER

    def cause(self, key: str) -> Cause | None:
        """One of its causes by key, or None."""
        return next((cause for cause in self.causes if cause.key == key), None)
