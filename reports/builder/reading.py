"""The address of the builder as a definition, and a definition as an address: every report can be bookmarked and sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.states import Words
from reports.datasets import conditions, periods
from reports.datasets.base import DATED, Column, Dataset, Definition, Filter, Kind

MOST = 12
Choice = tuple[str, Words]


@dataclass(frozen=True)
class FilterRow:
    """One filter of the form. `choices` makes its value a list, `input` says which box otherwise."""

    place: int
    column: str
    operator: str
    value: str
    operators: Sequence[Choice]
    choices: Sequence[Choice]
    input: str
    error: str = ""
    label: Words = ""

    @property
    def key(self) -> str:
        """By what the page names it, for its focus."""
        return f"filter_{self.place}"

    @property
    def several(self) -> str:
        """The words of several values at once; empty for one."""
        chosen = self.value.split(",")
        return ", ".join(str(word) for code, word in self.choices if code in chosen) if len(chosen) > 1 else ""

    @property
    def is_alone(self) -> bool:
        """Whether the operator needs no value."""
        return self.operator in conditions.ALONE


def definition_of(dataset: Dataset, query: QueryDict) -> Definition:
    """What an address asks for. An untouched address asks the standard question: its columns, this month."""
    if not query.get("run"):
        return start(dataset)
    dropped = query.get("drop", "")
    filters = [one for place, one in _filters(query) if str(place) != dropped]
    added = dataset.column(query.get("add", ""))
    if added is not None:
        filters.append(first_filter(added))
    return Definition(
        dataset.key,
        columns=tuple(query.getlist("c")) or tuple(dataset.standard),
        filters=tuple(filters),
        groups=tuple(group for group in query.getlist("g") if group),
        sort=query.get("sort", ""),
    )


def start(dataset: Dataset) -> Definition:
    """The question that a dataset begins with."""
    moment = dataset.column(dataset.period)
    return Definition(dataset.key, tuple(dataset.standard), (first_filter(moment),) if moment else ())


def first_filter(column: Column) -> Filter:
    """A filter as it appears when a column is added: it can be run at once where a first value makes sense."""
    if column.kind in DATED:
        return Filter(column.key, "in", "this_month")
    if column.kind == Kind.YES_NO:
        return Filter(column.key, "is", "yes")
    if column.kind == Kind.CHOICE:
        known = list(column.choices()) if column.choices else []
        return Filter(column.key, "is", known[0] if known else "")
    return Filter(column.key, "contains" if column.kind == Kind.TEXT else "at_least", "")


def _filters(query: QueryDict) -> list[tuple[int, Filter]]:
    """`f0c`, `f0o`, `f0v`: column, operator, value of each filter. Several values of a list are joined by commas."""
    found = []
    for place in range(MOST):
        column = query.get(f"f{place}c", "")
        if column:
            value = ",".join(query.getlist(f"f{place}v"))
            found.append((place, Filter(column, query.get(f"f{place}o", "is"), value)))
    return found


def address_of(definition: Definition) -> str:
    """The same question as the part of an address after `?`."""
    query = QueryDict(mutable=True)
    query["run"] = "1"
    query.setlist("c", list(definition.columns))
    query.setlist("g", list(definition.groups))
    if definition.sort:
        query["sort"] = definition.sort
    for place, one in enumerate(definition.filters):
        query[f"f{place}c"], query[f"f{place}o"], query[f"f{place}v"] = one.column, one.operator, one.value
    return query.urlencode()


def ready_to_run(definition: Definition) -> Definition:
    """Without the filters that still wait for their value."""
    kept = tuple(one for one in definition.filters if one.value.strip() or one.operator in conditions.ALONE)
    return Definition(
        definition.dataset, definition.columns, kept, definition.groups, definition.sort, definition.listed
    )


def rows(dataset: Dataset, definition: Definition, errors: Mapping[str, str]) -> list[FilterRow]:
    """The filters as the form shows them."""
    return [
        _row(dataset, place, one, errors.get(f"filter_{place}", "")) for place, one in enumerate(definition.filters)
    ]


def _row(dataset: Dataset, place: int, one: Filter, error: str) -> FilterRow:
    column = dataset.column(one.column)
    if column is None:
        return FilterRow(place, one.column, one.operator, one.value, (), (), "text", error)
    operators = [(code, conditions.WORDS[code]) for code in conditions.OPERATORS[column.kind]]
    choices, box = _value_of(column, one.operator)
    return FilterRow(place, column.key, one.operator, one.value, operators, choices, box, error, column.label)


def _value_of(column: Column, operator: str) -> tuple[list[Choice], str]:
    if column.kind in DATED:
        if operator == "in":
            return [(code, words) for code, (words, _span) in periods.PERIODS.items()], ""
        return [], "date"
    if column.kind == Kind.YES_NO:
        return [("yes", _("yes")), ("no", _("no"))], ""
    if column.kind == Kind.CHOICE and column.choices:
        return sorted(((str(code), word) for code, word in column.choices().items()), key=lambda one: str(one[1])), ""
    return [], "text"


def group_choices(columns: Sequence[Column]) -> list[Choice]:
    """What rows can be put together by: dates by month and by day, texts and choices by their value."""
    found: list[Choice] = []
    for column in columns:
        if not column.is_grouped:
            continue
        if column.kind in DATED:
            found.append((f"{column.key}:month", _("%(label)s, by month") % {"label": column.label}))
            found.append((f"{column.key}:day", _("%(label)s, by day") % {"label": column.label}))
        else:
            found.append((column.key, column.label))
    return found


def shown(definition: Definition) -> dict[str, Any]:
    """What hidden fields carry when a report is exported or saved."""
    return definition.as_json()
