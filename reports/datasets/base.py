"""What can be listed: datasets, their columns, and a question asked of one of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Expression, F, Q, QuerySet, Subquery

from branches.roles import Can
from branches.scope import Scope
from core.states import Words


class Kind(StrEnum):
    """How a column's values look, are filtered and are written into files.

    power: dioptres, written as a signed number; day: a date; moment: a point in time, shown by the branch's clock;
    choice: a code with a word.
    """

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    POWER = "power"
    DAY = "day"
    MOMENT = "moment"
    YES_NO = "yes_no"
    CHOICE = "choice"


# What a column may be computed by.
Formula = Expression | Subquery | F
# What may be added up.
SUMMED = frozenset({Kind.NUMBER, Kind.MONEY})
# What may be filtered by a period.
DATED = frozenset({Kind.DAY, Kind.MOMENT})


@dataclass(frozen=True)
class Column:
    """One column. `source` is a path of fields or an expression; without it the key is the path.

    `can` is a further right without which the column does not exist; `is_personal` ones also need the right to export
    personal data. `zone` is the path of the time zone of a moment. `page` names an address that takes the value.
    `adds`: whether a sum of it means something. `show` makes text of a stored value that is none. `opens` names the column
    that tells the type of the record whose key this is. `found_by` finds the rows with exactly this value by an index;
    `above_zero` is the path of a kept field that is above zero where this value is, and has an index for that.
    """

    key: str
    label: Words
    kind: Kind = Kind.TEXT
    source: str | Callable[[], Formula] = ""
    can: str = ""
    is_personal: bool = False
    choices: Callable[[], Mapping[str, Words]] | None = None
    zone: str = "branch__time_zone"
    page: str = ""
    adds: bool = True
    show: Callable[[Any], str] | None = None
    opens: str = ""
    found_by: Callable[[str], Q] | None = None
    above_zero: str = ""

    @property
    def is_summed(self) -> bool:
        return self.kind in SUMMED and self.adds

    @property
    def is_grouped(self) -> bool:
        """Whether rows may be put together by it; personal texts and free amounts make no groups."""
        return self.kind in {Kind.CHOICE, Kind.YES_NO, Kind.DAY, Kind.MOMENT} or (
            self.kind == Kind.TEXT and not self.is_personal and self.show is None
        )


@dataclass(frozen=True)
class Dataset:
    """A table that reports can be made of. `rows` gives what a scope sees; every column goes forward only, so rows are
    never multiplied. `of_list` applies the filters of a list page, so that its export holds the same rows.
    """

    key: str
    label: Words
    hint: Words
    can: Can
    rows: Callable[[Scope], QuerySet[Any]]
    columns: Sequence[Column]
    standard: Sequence[str]
    period: str
    of_list: Callable[[Scope, Mapping[str, str]], QuerySet[Any]] | None = None
    order: Sequence[str] = ("-pk",)

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)


@dataclass(frozen=True)
class Filter:
    """One condition as a person typed it: column, operator, value."""

    column: str
    operator: str
    value: str = ""


@dataclass(frozen=True)
class Definition:
    """A question: which columns, under which conditions, put together by what, in which order.

    `groups` holds column keys, dates with `:month` or `:day`. `listed` are the filters of the list page it came from.
    """

    dataset: str
    columns: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    groups: tuple[str, ...] = ()
    sort: str = ""
    listed: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "dataset": self.dataset,
            "columns": list(self.columns),
            "filters": [[one.column, one.operator, one.value] for one in self.filters],
            "groups": list(self.groups),
            "sort": self.sort,
            "listed": dict(self.listed),
        }

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> "Definition":
        """The definition as kept; what is missing is empty."""
        return cls(
            dataset=str(value.get("dataset", "")),
            columns=tuple(map(str, value.get("columns", ()))),
            filters=tuple(Filter(*map(str, one)) for one in value.get("filters", ())),
            groups=tuple(map(str, value.get("groups", ()))),
            sort=str(value.get("sort", "")),
            listed={str(name): str(text) for name, text in dict(value.get("listed", {})).items()},
        )


_datasets: dict[str, Dataset] = {}


def declare(*datasets: Dataset) -> None:
    """Add datasets; their keys are what saved reports remember, so they stay."""
    for dataset in datasets:
        _datasets[dataset.key] = dataset


def find(key: str) -> Dataset | None:
    return _datasets.get(key)


def every() -> list[Dataset]:
    """All of them, as they were declared."""
    return list(_datasets.values())
