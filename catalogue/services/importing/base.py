"""What the targets of an import share: judging a row against what stands, stored text as typed values, the refusal of a moved record."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from django.db import models
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from catalogue.models import CatalogueImport, ImportRow, RowVerdict
from core.actor import Actor
from core.errors import DomainError
from core.importing.columns import Column, Problem

BATCH = 1000
Cells = Mapping[str, str]


class Judge(Protocol):
    """Decides the rows of one file, in their order."""

    def decide(self, row: ImportRow) -> None:
        """Set verdict, problems, values, what stood before, and which record is meant."""


class Target(Protocol):
    """One kind of list: its columns, how its rows are judged, written and taken back."""

    columns: Sequence[Column]

    def missing(self, chosen: Mapping[str, str]) -> Sequence[Column]:
        """Columns that must still be named."""

    def judge(self, batch: CatalogueImport) -> Judge:
        """A judge that has read what it compares with."""

    def write(self, actor: Actor, batch: CatalogueImport, rows: Sequence[ImportRow]) -> None:
        """Write rows judged new or changed, in the caller's transaction; keep in each row which record it wrote."""

    def finish(self, actor: Actor, batch: CatalogueImport) -> None:
        """After the last row."""

    def undo(self, actor: Actor, batch: CatalogueImport, rows: Sequence[ImportRow]) -> None:
        """Take written rows back. Raises DomainError when a record was touched or is in use since."""


class Rows:
    """The cells of a file's rows by our columns."""

    def __init__(self, batch: CatalogueImport) -> None:
        self.places = {name: batch.headings.index(heading) for name, heading in batch.columns.items()}

    def cells(self, row: ImportRow) -> dict[str, str]:
        return {name: row.cells[place] for name, place in self.places.items()}


def blank(row: ImportRow) -> None:
    """Forget an earlier verdict."""
    row.values, row.before, row.problems, row.target_id, row.target_version = {}, {}, [], None, None


def reject(row: ImportRow, problems: Sequence[Problem]) -> None:
    """The row stays out."""
    row.problems = [vars(problem) for problem in problems]
    row.verdict = RowVerdict.REJECTED


def required(columns: Sequence[Column], chosen: Mapping[str, str]) -> list[Column]:
    """Required columns that are not mapped."""
    return [column for column in columns if column.required and not chosen.get(column.name)]


def plain(value: Any) -> Any:
    """A value as it is kept in a row: text, empty for nothing."""
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def typed(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Kept text back as the values of a model's fields."""
    found: dict[str, Any] = {}
    for name, text in values.items():
        field: Any = model._meta.get_field(name)
        found[name] = None if text == "" and field.null else field.to_python(text)
    return found


def moved() -> DomainError:
    """Somebody changed the catalogue between the dry run and Apply."""
    return DomainError(
        _("The catalogue has changed since the dry run. Run it again: nothing was written."), code="catalogue_moved"
    )


def require_untouched(rows: Mapping[int, ImportRow], records: Mapping[int, Any], name: str) -> None:
    """Raises DomainError naming the records that changed since the import."""
    stale = [
        str(row.values[name])
        for pk, row in rows.items()
        if pk not in records or records[pk].version != row.target_version
    ]
    if stale:
        raise touched(stale)


def touched(names: Sequence[str]) -> DomainError:
    """Somebody changed what the import wrote."""
    message = _("Changed since the import, so it cannot be taken back: %(names)s.") % {"names": ", ".join(names[:5])}
    return DomainError(message, code="touched")


def remove(record: models.Model) -> None:
    """Delete what an import added. Raises DomainError when something rests on it."""
    try:
        record.delete()
    except ProtectedError as error:
        message = _("%(record)s is in stock or in an order already, so the import cannot be taken back.")
        raise DomainError(message % {"record": record}, code="in_use") from error


def undo_reason(batch: CatalogueImport) -> str:
    return _("Import %(number)s taken back") % {"number": batch.number}


def reason(batch: CatalogueImport) -> str:
    return _("Import %(number)s") % {"number": batch.number}
