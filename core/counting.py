"""Several counts in one question to the database, for lists with saved views."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def count_each(found: Sequence[QuerySet[Any]], most: int) -> list[int]:
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
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return list(cursor.fetchone())
