"""Several counts in one question to the database, for lists with saved views."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


@dataclass(frozen=True)
class Counts:
    """A question put together; it may be kept and asked again."""

    text: str
    values: Sequence[Any]

    def ask(self) -> list[int]:
        if not self.text:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.text, self.values)
            return list(cursor.fetchone())


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
