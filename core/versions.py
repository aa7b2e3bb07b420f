"""Two people on one record: what each changed is told apart with the record's own history, and nothing is lost."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from core.errors import Clash, StaleRecord

# A save older than these is not looked for when it is said who changed a field.
_LOOKED_AT = 40


_taken_over: ContextVar[list[str] | None] = ContextVar("taken_over", default=None)


@contextmanager
def noticing() -> Iterator[list[str]]:
    """What somebody else saved in the moment before the row was locked, and was kept: `Name: Long room`, one text a field."""
    found: list[str] = []
    token = _taken_over.set(found)
    try:
        yield found
    finally:
        _taken_over.reset(token)


@dataclass(frozen=True)
class Save:
    """Who saved a value, and when."""

    by: str
    at: datetime


def counted(row: Any) -> int:
    """The version that a form about this row carries: its own count of saves, else the number of its latest history entry."""
    for name in ("revision", "version"):
        if hasattr(row, name):
            return int(getattr(row, name) or 0)
    return version_of(row)


def last_saves(rows: Iterable[Any], columns: Mapping[str, str]) -> dict[str, Save]:
    """Who gave each field the value it has now. `columns` names the column of each field; without one the newest save counts."""
    found: dict[str, Save] = {}
    for row in rows:
        entries = _entries(row)
        for name, wanted in columns.items() if entries else ():
            column = _column(row, wanted)
            if column or name not in found:
                found[name] = _save(_origin(entries, column) if column else entries[0])
    return found


def _entries(row: Any) -> list[Any]:
    """The newest history entries first; for a row that keeps none, the row itself where it says who changed it."""
    history = getattr(row, "history", None)
    if history is None:
        return [row] if hasattr(row, "changed_by") else []
    return list(history.select_related("history_user").order_by("-history_id")[:_LOOKED_AT])


def _column(row: Any, name: str) -> str:
    return next((field.attname for field in row._meta.concrete_fields if name in (field.name, field.attname)), "")


def _origin(entries: list[Any], column: str) -> Any:
    """The oldest of the newest entries that hold the present value."""
    found = entries[0]
    for entry in entries[1:]:
        if getattr(entry, column) != getattr(found, column):
            break
        found = entry
    return found


def _save(entry: Any) -> Save:
    user, at = (getattr(entry, name, None) for name in ("history_user", "history_date"))
    if at is None:
        user, at = entry.changed_by, entry.changed_at
    return Save(user.full_name if user else _("the system"), at)


def version_of(row: Any) -> int:
    """The number of the row's latest history entry: what a form carries as the version it was opened with."""
    latest = row.history.order_by("-history_id").values_list("history_id", flat=True).first()
    return int(latest or 0)


def merged(row: Any, opened: int | None, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What to save when the form was opened at version `opened` and the locked row may have moved on.

    A field that only one side changed keeps that change. Raises StaleRecord, naming the fields that both changed.
    Without a version (a form of another time) the typed values stand.
    """
    now = version_of(row)
    if opened is None or opened == now:
        return dict(typed)
    return _merged(row, row.history.filter(history_id=opened).first(), now, typed)


def merged_since(row: Any, version: int | None, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a record that counts its versions itself."""
    if version is None or version == row.version:
        return dict(typed)
    return _merged(row, row.history.filter(version=version).order_by("-history_id").first(), row.version, typed)


def _merged(row: Any, original: Any, now: int, typed: Mapping[str, Any]) -> dict[str, Any]:
    if original is None:
        return dict(typed)
    clashes = [
        _clash(row, original, name, yours)
        for name, yours in typed.items()
        if _all_differ(getattr(original, name), getattr(row, name), yours)
    ]
    if clashes:
        raise StaleRecord(_("Somebody else saved first."), clashes=clashes, current_version=now)
    theirs = [name for name, yours in typed.items() if yours == getattr(original, name) != getattr(row, name)]
    kept = _taken_over.get()
    if kept is not None:
        kept.extend(_kept(row, name) for name in theirs)
    return {name: getattr(row, name) if yours == getattr(original, name) else yours for name, yours in typed.items()}


def merge(row: Any, opened: int | None, fill: Callable[[Any], None]) -> Any:
    """The locked row as it is to be saved: `fill` puts a form's values on it, what somebody else saved meanwhile is kept.

    Raises StaleRecord where both changed a field. For verbs that do not take their fields by name.
    """
    if opened is None:
        fill(row)
        return row
    now, names = copy(row), [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    fill(row)
    for name, value in merged(now, opened, {name: getattr(row, name) for name in names}).items():
        setattr(row, name, value)
    return row


def _all_differ(original: Any, theirs: Any, yours: Any) -> bool:
    return bool(theirs != original and yours != original and theirs != yours)


def _clash(row: Model, original: Any, name: str, yours: Any) -> Clash:
    return Clash(name, _label(row, name), _said(getattr(original, name)), _said(getattr(row, name)), _said(yours))


def _label(row: Model, name: str) -> str:
    """The field's name in words; `name` may be its column."""
    named = (one.verbose_name for one in row._meta.concrete_fields if name in (one.name, one.attname))
    return str(next(named, name)).capitalize()


def _kept(row: Model, name: str) -> str:
    """`Name: Long room`; of a table kept in one column its name alone."""
    value = getattr(row, name)
    return _label(row, name) if isinstance(value, dict | list) else f"{_label(row, name)}: {_said(value) or '–'}"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


def because(row: Any, reason: str) -> None:
    """The next save or delete of the row carries this reason in its history."""
    row._change_reason = reason
