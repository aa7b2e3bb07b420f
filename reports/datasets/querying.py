"""A definition becomes one query: columns that may be seen, conditions, groups with counts and sums, always scoped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, DateField, Expression, F, Q, QuerySet, Sum
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches import access
from branches.roles import Can
from branches.scope import Scope
from core.actor import Actor
from core.errors import NotVisible, Problems
from reports.datasets import base, conditions
from reports.datasets.base import DATED, Column, Dataset, Definition, Formula, Kind
from reports.datasets.conditions import Named, Refused
from reports.datasets.expressions import local, month

COUNT = "rows"
MOST_FILTERS = 12
MOST_GROUPS = 3
_PREFIX, _DATE = "c_", "d_"


@dataclass(frozen=True)
class Query:
    """What a definition comes to: the columns in order, the rows as tuples, and the words of its conditions.

    `filtered` are the columns that the conditions speak of.
    """

    dataset: Dataset
    columns: Sequence[Column]
    rows: QuerySet[Any]
    said: Sequence[str]
    scope: Scope
    is_grouped: bool
    filtered: Sequence[Column] = ()

    @property
    def personal(self) -> list[str]:
        """Keys of the personal columns: those shown, and those filtered by, whose values stand in the file as words."""
        return [column.key for column in _unique([*self.columns, *self.filtered]) if column.is_personal]

    def count(self, most: int) -> int:
        """How many rows there are, counted no further than `most`, and without working out what they would show."""
        rows = self.rows.order_by()
        return (rows if self.is_grouped else rows.values_list("pk"))[:most].count()


def scope_for(actor: Actor, *rights: str) -> Scope:
    """The branches in which the actor holds every one of these rights."""
    if actor.is_system:
        return Scope(everything=True)
    found: frozenset[int | None] = frozenset({None})
    for right in rights:
        holds = access.branches_with(actor, right)
        if None in holds:
            continue
        found = holds if None in found else found & holds
    if None in found:
        return Scope(everything=True)
    return Scope(branch_ids=frozenset(one for one in found if one is not None))


def dataset_for(actor: Actor, key: str) -> Dataset:
    """The dataset, if the actor may see it somewhere. Raises NotVisible."""
    dataset = base.find(key)
    if dataset is None or not access.allowed(actor, dataset.can, None):
        raise NotVisible(_("Not found."), code="not_visible")
    return dataset


def datasets_for(actor: Actor) -> list[Dataset]:
    return [dataset for dataset in base.every() if access.allowed(actor, dataset.can, None)]


def columns_for(actor: Actor, dataset: Dataset) -> list[Column]:
    """The columns that this person may use: cost with its right, personal data with its own."""
    return [column for column in dataset.columns if _may(actor, column)]


def _may(actor: Actor, column: Column) -> bool:
    if column.is_personal and not access.allowed(actor, Can.EXPORT_PERSONAL, None):
        return False
    return not column.can or access.allowed(actor, column.can, None)


def rights_of(definition: Definition) -> frozenset[str]:
    """What its rows need: the dataset's right, and those of the columns shown, put together by and filtered by."""
    dataset = base.find(definition.dataset)
    if dataset is None:
        return frozenset()
    keys = [
        *(definition.columns or dataset.standard),
        *(one.column for one in definition.filters),
        *(group.partition(":")[0] for group in definition.groups),
    ]
    return _rights(dataset, [column for column in map(dataset.column, keys) if column is not None])


def _rights(dataset: Dataset, columns: Sequence[Column]) -> frozenset[str]:
    own = {column.can for column in columns if column.can}
    personal = {Can.EXPORT_PERSONAL} if any(column.is_personal for column in columns) else set()
    return frozenset({dataset.can, *own, *personal})


def build(actor: Actor, definition: Definition, today: date, *rights: str) -> Query:
    """The query of a definition under these further rights (such as the right to export).

    Raises NotVisible for an unknown dataset, DomainError with `fields` `filter_0`, `columns`, `groups`, `sort`.
    """
    dataset = dataset_for(actor, definition.dataset)
    problems = Problems()
    columns = _columns(actor, dataset, definition, problems)
    filters = [_column(actor, dataset, one.column) for one in definition.filters]
    used = [*columns, *(column for column in filters if column)]
    scope = scope_for(actor, *sorted({*rights, *_rights(dataset, used)}))
    rows = _rows(dataset, scope, definition)
    named = {column.key: _named(column) for column in used}
    used_once = _unique(used)
    rows = rows.annotate(**{_PREFIX + column.key: _expression(column) for column in used_once})
    rows = rows.annotate(
        **{_DATE + column.key: Cast(F(_PREFIX + column.key), DateField()) for column in used_once if _has_clock(column)}
    )
    wanted, said = _conditions(definition, filters, named, today, problems)
    problems.raise_if_any(_("The report cannot be run like this."))
    rows = rows.filter(wanted)
    found = (_grouped if definition.groups else _plain)(dataset, definition, columns, rows, said, scope)
    return replace(found, filtered=[column for column in filters if column])


def _rows(dataset: Dataset, scope: Scope, definition: Definition) -> QuerySet[Any]:
    if definition.listed and dataset.of_list:
        return dataset.of_list(scope, definition.listed)
    return dataset.rows(scope)


def _columns(actor: Actor, dataset: Dataset, definition: Definition, problems: Problems) -> list[Column]:
    """The columns asked for, in their order; for groups, those grouped by and those summed."""
    keys = definition.columns or tuple(dataset.standard)
    group_keys = [group.partition(":")[0] for group in definition.groups]
    found: list[Column] = []
    for key in dict.fromkeys([*group_keys, *keys]):
        column = _column(actor, dataset, key)
        if column is None:
            problems.add("columns", _("There is no column “%(key)s” for you here.") % {"key": key})
        else:
            found.append(column)
    if len(group_keys) > MOST_GROUPS:
        problems.add("groups", _("At most %(n)d groups.") % {"n": MOST_GROUPS})
    for key in group_keys:
        column = dataset.column(key)
        if column and not column.is_grouped:
            problems.add("groups", _("Rows cannot be put together by “%(label)s”.") % {"label": column.label})
    return found


def _column(actor: Actor, dataset: Dataset, key: str) -> Column | None:
    column = dataset.column(key)
    return column if column is not None and _may(actor, column) else None


def _unique(columns: Sequence[Column]) -> list[Column]:
    return list({column.key: column for column in columns}.values())


def _has_clock(column: Column) -> bool:
    return column.kind == Kind.MOMENT


def _source(column: Column) -> Formula:
    if callable(column.source):
        return column.source()
    return F(column.source or column.key)


def _expression(column: Column) -> Formula:
    """How a column reads: moments by the clock of the branch."""
    if column.kind == Kind.MOMENT:
        return local(str(column.source or column.key), column.zone)
    return _source(column)


def _named(column: Column) -> Named:
    """Where a condition finds the column; periods compare the date of a moment, not its time."""
    alias = (_DATE if _has_clock(column) else _PREFIX) + column.key
    return Named(column, alias, "" if callable(column.source) else column.source or column.key)


def _conditions(
    definition: Definition,
    filters: Sequence[Column | None],
    named: dict[str, Named],
    today: date,
    problems: Problems,
) -> tuple[Q, list[str]]:
    wanted, said = Q(), []
    if len(definition.filters) > MOST_FILTERS:
        problems.add(f"filter_{MOST_FILTERS}", _("At most %(n)d filters.") % {"n": MOST_FILTERS})
    for place, (one, column) in enumerate(zip(definition.filters, filters, strict=True)):
        if column is None:
            problems.add(f"filter_{place}", _("Filter %(n)d: choose a column.") % {"n": place + 1})
            continue
        try:
            wanted &= conditions.condition(named[column.key], one.operator, one.value, today)
        except Refused as error:
            words = {"n": place + 1, "label": column.label, "why": error}
            problems.add(f"filter_{place}", _("Filter %(n)d, %(label)s: %(why)s") % words)
        said.append(conditions.in_words(column, one.operator, one.value))
    return wanted, said


def _plain(
    dataset: Dataset,
    definition: Definition,
    columns: Sequence[Column],
    rows: QuerySet[Any],
    said: Sequence[str],
    scope: Scope,
) -> Query:
    order = _order(definition, columns)
    chosen = rows.order_by(*order, *dataset.order).values_list(*(_PREFIX + column.key for column in columns))
    return Query(dataset, columns, chosen, said, scope, is_grouped=False)


def _order(definition: Definition, columns: Sequence[Column]) -> list[Any]:
    """By the column asked for, empty values last."""
    key = definition.sort.lstrip("-")
    if key not in {column.key for column in columns}:
        return []
    name = F(_PREFIX + key)
    return [name.desc(nulls_last=True) if definition.sort.startswith("-") else name.asc(nulls_last=True)]


def _grouped(
    dataset: Dataset,
    definition: Definition,
    columns: Sequence[Column],
    rows: QuerySet[Any],
    said: Sequence[str],
    scope: Scope,
) -> Query:
    by_key = {column.key: column for column in columns}
    shown: list[Column] = []
    group_names: list[str] = []
    for group in definition.groups:
        key, _sign, step = group.partition(":")
        column = by_key[key]
        alias = f"g_{key}"
        rows = rows.annotate(**{alias: _step(column, step)})
        group_names.append(alias)
        shown.append(_group_column(column, step))
    summed = [column for column in columns if column.is_summed and column.key not in {c.key for c in shown}]
    sums = {f"s_{column.key}": Sum(_PREFIX + column.key) for column in summed}
    grouped = rows.order_by().values(*group_names).annotate(**{COUNT: Count("pk")}, **sums)
    shown += [Column(COUNT, gettext_lazy("Rows"), Kind.NUMBER), *summed]
    names = [*group_names, COUNT, *sums]
    order = _group_order(definition, dict(zip((column.key for column in shown), names, strict=True)), group_names)
    return Query(dataset, shown, grouped.order_by(*order).values_list(*names), said, scope, is_grouped=True)


def _group_order(definition: Definition, names: dict[str, str], groups: Sequence[str]) -> list[Any]:
    wanted = names.get(definition.sort.lstrip("-"))
    if wanted is None:
        return list(groups)
    field = F(wanted)
    return [field.desc(nulls_last=True) if definition.sort.startswith("-") else field.asc(nulls_last=True), *groups]


def _step(column: Column, step: str) -> Expression | F:
    if column.kind not in DATED:
        return F(_PREFIX + column.key)
    if step == "month":
        return month(F(_PREFIX + column.key))
    return Cast(F(_PREFIX + column.key), DateField())


def _group_column(column: Column, step: str) -> Column:
    if column.kind not in DATED:
        return column
    word = _("%(label)s, month") if step == "month" else _("%(label)s, day")
    return Column(column.key, word % {"label": column.label}, Kind.DAY, is_personal=column.is_personal)
