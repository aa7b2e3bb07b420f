"""A record's versions with field-by-field differences in words, and its values as of a moment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db import models
from django.utils.translation import gettext as _

from core import formats
from records import events
from records.facts import role_word
from records.models import Event
from records.registry import RecordKind

_NEVER_SHOWN = {"id", "version", "recorded_by", "recorded_at", "source", "responsible_role", "public_id", "series"}
_SAME_MOMENT = timedelta(seconds=5)


@dataclass(frozen=True)
class FieldDiff:
    """One value before and after, as a person reads it."""

    field: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Version:
    """One saved state. `what` is created, changed or deleted; `related` are the other events of the same action."""

    number: int
    at: datetime
    what: str
    by: str
    role: str
    source: str
    reason: str
    changes: Sequence[FieldDiff]
    related: Sequence[Event] = ()


def versions(kind: RecordKind, record: models.Model) -> list[Version]:
    """Every version of a record, the newest first."""
    rows = list(_rows_of(record).select_related("history_user").order_by("history_id"))
    facts = list(Event.objects.filter(subject_type=events.type_of(record), subject_id=record.pk).order_by("id"))
    related = _related(facts)
    found = []
    for number, row in enumerate(rows, start=1):
        fact = _closest(facts, row.history_date)
        found.append(
            Version(
                number=number,
                at=row.history_date,
                what={"+": _("Created"), "~": _("Changed"), "-": _("Deleted")}[row.history_type],
                by=fact.actor_name if fact else str(row.history_user or _("System")),
                role=role_word(fact.role) if fact else "",
                source=fact.get_source_display() if fact else "",
                reason=(fact.reason if fact else "") or (row.history_change_reason or ""),
                changes=_differences(kind, rows[number - 2], row) if number > 1 else (),
                related=[other for other in related.get(fact.action, []) if other.pk != fact.pk] if fact else (),
            )
        )
    return [version for version in reversed(found) if version.changes or version.what != _("Changed")]


def _rows_of(record: models.Model) -> Any:
    """By the key, so that a deleted record has its history too."""
    model = cast(Any, type(record))
    return model.history.filter(**{model._meta.pk.attname: record.pk})


def of_field(found: Sequence[Version], field: str) -> list[Version]:
    """Only the versions that changed one field, each with that change alone."""
    kept = [replace(version, changes=[c for c in version.changes if c.field == field]) for version in found]
    return [version for version in kept if version.changes]


def as_of(kind: RecordKind, record: models.Model, moment: datetime) -> list[tuple[str, str]]:
    """(label, value) of every field as it stood at a moment; empty when the record did not exist yet."""
    row = _rows_of(record).filter(history_date__lte=moment).order_by("-history_id").first()
    if row is None or row.history_type == "-":
        return []
    return [
        (str(field.verbose_name), shown(field, getattr(row, field.name)))
        for field in _fields(kind, record)
        if hasattr(row, field.attname)
    ]


def shown(field: Any, value: Any) -> str:
    """A stored value as a person reads it: choices by label, dates by day, blank as nothing."""
    if value is None or value == "":
        return ""
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return formats.day_time(value, today=date.min)
    if isinstance(value, date):
        return formats.day(value, today=date.min)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace("-", formats.MINUS)
    return str(value)


def _fields(kind: RecordKind, record: models.Model) -> list[Any]:
    hidden = _NEVER_SHOWN | set(kind.hidden_fields)
    return [field for field in record._meta.concrete_fields if field.name not in hidden]


def _differences(kind: RecordKind, before: Any, after: Any) -> list[FieldDiff]:
    changes = []
    for field in _fields(kind, after.instance):
        if not hasattr(before, field.attname):
            continue
        if getattr(before, field.attname) != getattr(after, field.attname):
            old, new = shown(field, getattr(before, field.name)), shown(field, getattr(after, field.name))
            changes.append(FieldDiff(field.name, str(field.verbose_name), old, new))
    return changes


def _closest(facts: Sequence[Event], moment: datetime) -> Event | None:
    """The event that the same click recorded: the nearest in time, within a few seconds."""
    near = [fact for fact in facts if abs(fact.at - moment) <= _SAME_MOMENT]
    return min(near, key=lambda fact: abs(fact.at - moment), default=None)


def _related(facts: Sequence[Event]) -> dict[Any, list[Event]]:
    """Events of other subjects that happened in the same actions."""
    found: dict[Any, list[Event]] = {}
    for event in Event.objects.filter(action__in={fact.action for fact in facts}).order_by("id"):
        found.setdefault(event.action, []).append(event)
    return found
