"""Several counts in one question to the database, for lists with saved views."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from core.prepared import ask, with_slots, written


@dataclass(frozen=True)
class Counts:
    """A question put together; it may be kept and asked again."""

    text: str
    values: Sequence[Any]

    def ask(self, **slots: Any) -> list[int]:
        """With a value for every slot."""
        return list(ask(self.text, with_slots(self.values, slots))[0]) if self.text else []

    def kept(self) -> "Counts":
        """For one that is asked again and again."""
        return Counts(*written(self.text, self.values))


def count_each(found: Sequence[QuerySet[Any]], most: int) -> Counts:
    """How many rows each queryset has, none counted beyond `most`; one query for all of them."""
    parts: list[str] = []
    values: list[Any] = []
    for rows in found:
        try:
            sql, own = rows.order_by().values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:
            sql, own = "SELECT 1 WHERE false", ()
        # The text comes from the ORM and every value stays a parameter.
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")
        values += own
    return Counts(f"SELECT {', '.join(parts)}" if parts else "", values)
