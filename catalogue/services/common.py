"""What every verb of the catalogue does: the right, the locked row, fields that changed, a version, an event, who must hear."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import Clash, NotVisible, StaleRecord
from records import events
from records.services import changes
from records.services.changes import Change, FieldChange

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Opened:
    """The version a page was opened with, and why the change is made."""

    version: int | None = None
    reason: str = ""


AS_IT_STANDS = Opened()


def allow(actor: Actor) -> None:
    """The catalogue belongs to the organisation: the right counts in whichever branch it is held."""
    access.require(actor, Can.MANAGE_CATALOGUE, None)


def locked(model: type[Row], pk: int) -> Row:
    found = model._default_manager.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def require_fresh(row: Any, opened: Opened, values: Mapping[str, Any]) -> None:
    """Raises StaleRecord naming the values that differ when somebody saved since."""
    if opened.version is None or opened.version == row.version:
        return
    clashes = [
        Clash(name, label(row, name), "", shown(getattr(row, name)), shown(value))
        for name, value in values.items()
        if getattr(row, name) != value
    ]
    raise StaleRecord(
        _("Somebody else saved first. Choose what to keep, then save again."),
        clashes=clashes,
        current_version=row.version,
    )


def differences(row: models.Model, values: Mapping[str, Any]) -> list[FieldChange]:
    """What would change, as a person reads it."""
    return [
        FieldChange(name, label(row, name), shown(getattr(row, name)), shown(value))
        for name, value in values.items()
        if getattr(row, name) != value
    ]


def label(row: models.Model, name: str) -> str:
    return str(getattr(row._meta.get_field(name), "verbose_name", name))


def shown(value: Any) -> str:
    """A value in words: decimals without needless zeros, nothing for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dict | list):
        return _("present")
    return str(value)


def write(row: Any, values: Mapping[str, Any]) -> None:
    """Set, count up, save: every change of a tracked row is a version with its history."""
    for name, value in values.items():
        setattr(row, name, value)
    row.version = (row.version or 0) + 1 if row.pk else 1
    row.save()


def tell(kind: str, actor: Actor, row: Any, moved: list[FieldChange], reason: str = "") -> None:
    """The event, and word to everybody whose decision rests on the row."""
    fact = events.Fact(
        row,
        reason=reason,
        old={one.label: one.old for one in moved if one.old},
        new={one.label: one.new for one in moved},
    )
    event = events.record(kind, actor, fact)
    if row.version > 1 and moved:
        changes.announce(row, Change(moved, "", reason, event, row.version), actor)
