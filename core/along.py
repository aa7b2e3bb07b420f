"""What `prefetch_related_objects` does for rows that belong to records (eyes of a prescription, add-ons of lenses): by a
kept query, since composing it takes longer than asking it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model, QuerySet

from core.prepared import one_of, prepared


def read_along(records: Sequence[Model], *names: str) -> None:
    """Read the rows of each name once for all records; `record.<name>.all()` asks no more. What was read stays."""
    for name in names:
        bare: list[Any] = [one for one in records if name not in vars(one).get("_prefetched_objects_cache", {})]
        if bare:
            _read(bare, name)


def _read(records: Sequence[Any], name: str) -> None:
    rows: dict[int, list[Any]] = {record.pk: [] for record in records}
    relation = records[0]._meta.get_field(name)
    for key, row in (_linked if relation.many_to_many else _pointing_back)(relation, list(rows)):
        rows[key].append(row)
    for record in records:
        if relation.one_to_many:
            for row in rows[record.pk]:
                setattr(row, relation.field.name, record)
        # Where Django itself keeps what it has prefetched, in the way it does.
        of_record = getattr(record, name).all()
        of_record._result_cache, of_record._prefetch_done = rows[record.pk], True
        vars(record).setdefault("_prefetched_objects_cache", {})[name] = of_record


def _pointing_back(relation: Any, keys: Sequence[int]) -> Iterable[tuple[int, Any]]:
    column = relation.field.attname
    return [(getattr(row, column), row) for row in _rows(relation.related_model, column).rows(keys=keys)]


def _linked(relation: Any, keys: Sequence[int]) -> Iterable[tuple[int, Any]]:
    """Many to many, from either end."""
    field = relation.field if relation.auto_created else relation
    ends = [
        (field.m2m_column_name(), field.m2m_field_name()),
        (field.m2m_reverse_name(), field.m2m_reverse_field_name()),
    ]
    (column, _own), (_column, to) = reversed(ends) if relation.auto_created else ends
    links = _rows(field.remote_field.through, column, to).rows(keys=keys)
    return [(getattr(link, column), getattr(link, to)) for link in links]


@prepared
def _rows(model: type[Model], column: str, to: str = "") -> QuerySet[Model]:
    found = model._default_manager.filter(one_of(column, "keys"))
    return found.select_related(to).order_by(*_order_of(model, to)) if to else found


def _order_of(model: Any, to: str) -> list[str]:
    """The order that the rows at the other end of a link have by themselves."""
    ordering = model._meta.get_field(to).related_model._meta.ordering
    return [f"-{to}__{name[1:]}" if name.startswith("-") else f"{to}__{name}" for name in ordering]
