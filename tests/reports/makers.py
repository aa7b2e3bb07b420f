"""Facts put down by hand, for tests of what is made of them."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from branches.models import Branch
from reports.measures import get
from reports.models import Fact
from reports.services import sums

_ids = count(1_000_000)


def fact(code: str, at: Branch, day: date, **fields: Any) -> Fact:
    """One fact of a measure; `causes` may leave out keys, which are then empty."""
    measure = get(code)
    causes = {cause.key: "" for cause in measure.causes} | fields.pop("causes", {})
    defaults: dict[str, Any] = {"unit": measure.unit, "unit_id": next(_ids), "counted": Decimal(1)}
    made = Fact.objects.create(measure=code, branch=at, day=day, causes=causes, **(defaults | fields))
    return made


def many(code: str, at: Branch, day: date, number: int, **fields: Any) -> None:
    """That many facts alike, and their sums."""
    for _n in range(number):
        fact(code, at, day, **{key: dict(value) if key == "causes" else value for key, value in fields.items()})
    summed()


def summed() -> None:
    """The sums of every fact there is."""
    sums.sum_days(set(Fact.objects.values_list("measure", "branch_id", "day")))
