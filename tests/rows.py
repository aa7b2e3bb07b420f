"""Rows laid down beside every verb, for tests that need one of a kind and do not care what it says."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

# A key that no row has: what may exist once for a parent is not laid down beside the one that is there.
NOBODY = 987_654_321


def lay_down(model: type[models.Model], **values: Any) -> Any:
    """A row without history or event; what is not named and may not be empty is filled with something of its type."""
    found = dict(values)
    for field in model._meta.concrete_fields:
        known = field.name in values or field.attname in values or field.has_default() or field.has_db_default()
        if not (known or field.primary_key or field.null or field.blank):
            found[field.attname] = _something(field)
    return model._base_manager.bulk_create([model(**found)])[0]


_SOMETHING: tuple[tuple[type[Any], Callable[[], Any]], ...] = (
    (models.ForeignKey, lambda: NOBODY),
    (models.DateTimeField, timezone.now),
    (models.DateField, lambda: date(2026, 1, 1)),
    (models.DecimalField, lambda: Decimal(1)),
    (models.IntegerField, lambda: 1),
    (models.BooleanField, lambda: False),
    (models.JSONField, dict),
    (models.UUIDField, uuid.uuid4),
)


def _something(field: Any) -> Any:
    if field.get_internal_type() == "DateTimeRangeField":
        return span(0)
    made = next((make for kind, make in _SOMETHING if isinstance(field, kind)), None)
    return made() if made else (field.choices[0][0] if field.choices else uuid.uuid4().hex[: field.max_length or 8])


def span(minutes: int) -> DateTimeTZRange:
    begins = datetime(2030, 1, 7, 8, tzinfo=UTC) + timedelta(minutes=minutes)
    return DateTimeTZRange(begins, begins + timedelta(minutes=30))
