"""What a measure is. The words here are the words on the page ("How this is counted")."""

from dataclasses import dataclass
from enum import StrEnum

from core.states import Words


class Kind(StrEnum):
    """How facts become one figure.

    rate: sum(hit) / sum(counted); hours: median and p90 of `amount` in whole hours; margin: sum(hit) / sum(amount), money
    kept over money taken; mean: sum(hit) / sum(counted); number: sum(hit); turn: sum(hit) / sum(amount) * 365, where amount
    is value times days.
    """

    RATE = "rate"
    HOURS = "hours"
    MARGIN = "margin"
    MEAN = "mean"
    NUMBER = "number"
    TURN = "turn"


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
    RECALL = "recall"
    STOCK = "stock"


# Every record of the person to whom {column} belongs: whatever was merged, in however many steps.
SAME_PERSON = """
    (WITH RECURSIVE up AS (
        SELECT id, merged_into_id FROM customers_customer WHERE id = {column}
        UNION SELECT p.id, p.merged_into_id FROM customers_customer p JOIN up ON p.id = up.merged_into_id
    ), down AS (
        SELECT id FROM up WHERE merged_into_id IS NULL
        UNION SELECT p.id FROM customers_customer p JOIN down ON p.merged_into_id = down.id
    ) SELECT id FROM down)
"""


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
    `noun` names what is counted (`one` a single one, where it is not told as a part of many), `bars` what its causes are weighed by, `hit` and `miss` the two outcomes of a rate.
    `in_money`: what is counted is an amount. `weighs_amount`: the bars of a mean show `amount` (what it lost), not `hit`.
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
    one: Words = ""
    mean_unit: Words = ""
    least: int = 20
    headline: bool = False
    in_money: bool = False
    weighs_amount: bool = False

    @property
    def counts_misses(self) -> bool:
        """A rate that should be high is explained by what missed; every other by what it counts."""
        return self.kind == Kind.RATE and self.better == Better.HIGHER

    def cause(self, key: str) -> Cause | None:
        """One of its causes by key, or None."""
        return next((cause for cause in self.causes if cause.key == key), None)
