"""Lists page by key, not by offset: the next page starts after the last row, however many rows come in between."""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, Protocol, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import Model, Q, QuerySet

from core.prepared import ask


class Keyed(Protocol):
    """A record, or what is shown of one."""

    @property
    def pk(self) -> Any: ...


Record = TypeVar("Record", bound=Model)
Row = TypeVar("Row", bound=Keyed)
SIZE = 50


@dataclass(frozen=True)
class KeyPage(Generic[Row]):
    """The rows of one page. `next_key` goes into the address as `after`."""

    rows: Sequence[Row]
    next_key: str = ""
    is_later: bool = False

    @property
    def has_other(self) -> bool:
        return bool(self.next_key) or self.is_later


def by_key(rows: QuerySet[Record], after: str, order: Sequence[str], size: int = SIZE) -> KeyPage[Record]:
    """One page in the given order (`("-created_at", "-id")`), which must end in a unique column.

    Columns must not be null. A key that is not ours starts at the beginning.
    """
    return cut(
        list(_after(rows, after, order)[: size + 1]), order, size, is_later=key_of(after, len(order)) is not None
    )


def keys_after(rows: QuerySet[Any], after: str, order: Sequence[str], size: int = SIZE) -> list[int]:
    """The keys of that page, and of one row more: for rows that join much of others, which then join for the page alone."""
    try:
        wanted = _after(rows, after, order).values_list("pk")[: size + 1]
        return [key for (key,) in ask(*wanted.query.sql_with_params())]
    except EmptyResultSet:
        return []


def _after(rows: QuerySet[Record], after: str, order: Sequence[str]) -> QuerySet[Record]:
    key = key_of(after, len(order))
    return (rows if key is None else rows.filter(_beyond(order, key))).order_by(*order)


def cut(found: Sequence[Row], order: Sequence[str], size: int = SIZE, *, is_later: bool = False) -> KeyPage[Row]:
    """A page of rows that somebody has read in this order, one more than a page holds."""
    last = found[size - 1] if len(found) > size else None
    return KeyPage(rows=found[:size], next_key=_encode(last, order) if last else "", is_later=is_later)


def in_order(keys: Sequence[int], rows: Iterable[Row]) -> list[Row]:
    """The rows with these keys, in the order of the keys."""
    by_key = {row.pk: row for row in rows}
    return [by_key[key] for key in keys if key in by_key]


def _beyond(order: Sequence[str], key: Sequence[Any]) -> Q:
    """(a, b) after (x, y): a > x, or a = x and b > y; each column in its own direction."""
    condition, equal = Q(), Q()
    for column, value in zip(order, key, strict=True):
        name = column.lstrip("-")
        condition |= equal & Q(**{f"{name}__{'lt' if column.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    return condition


def _encode(row: Any, order: Sequence[str]) -> str:
    values = []
    for column in order:
        value = row
        for part in column.lstrip("-").split("__"):
            value = getattr(value, part)
        values.append(value.isoformat() if isinstance(value, date | datetime) else _plain(value))
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def key_of(after: str, length: int) -> list[Any] | None:
    """The values in a key of so many columns; None for one that is not ours, or for none."""
    try:
        values = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except ValueError:
        return None
    return values if isinstance(values, list) and len(values) == length else None
