"""Steps that every import of a file takes: keep its rows, know its columns, go through them in portions, lock, save."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from branches import numbers
from core.actor import Actor
from core.errors import DomainError, IllegalTransition, NotVisible
from core.importing import columns as known_columns
from core.importing import reading
from core.importing.columns import Column, Problem
from core.importing.downloads import meant
from records import saving
from records.import_models import FileImport, FileRow, FileState

PORTION = 500
WHY = "Why it was refused"
Progress = Callable[[int, int], None]
Batch = TypeVar("Batch", bound=FileImport)


def silent(_done: int, _total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Incoming:
    """A file as it was sent, for a branch. `longest` is where a cell is cut; one with more than `most_rows` is refused.

    `table` is what a file that is no table of columns was read into by its own reader.
    """

    branch_id: int
    file_name: str
    content: bytes
    options: Mapping[str, Any]
    longest: int = reading.MOST_CELL
    most_rows: int = reading.MOST_ROWS
    table: reading.Table | None = None


def keep(actor: Actor, batch: Batch, rows: Any, known: Sequence[Column], file: Incoming, series: str) -> Batch:
    """Fill a new import from the file and keep its rows; columns as the last such file had them, else guessed.

    `series` is the letters before its number. Raises DomainError at `file`.
    """
    table = file.table or reading.read(file.file_name, file.content, file.longest, file.most_rows)
    batch.number = f"{series}-{numbers.draw(f'import-{series}'):05d}"
    batch.branch_id, batch.options = file.branch_id, dict(file.options)
    batch.file_name, batch.sha256 = file.file_name[:200], hashlib.sha256(file.content).hexdigest()
    batch.headings, batch.row_count = list(table.headings), len(table.rows)
    batch.columns = {**known_columns.guess(known, table.headings), **_remembered(type(batch), table.headings)}
    saving.start(batch, actor)
    saving.save(batch, actor)
    rows._default_manager.bulk_create(
        (
            rows(batch=batch, row_number=place, cells=[meant(cell) for cell in row])
            for place, row in enumerate(table.rows, 2)
        ),
        batch_size=1000,
    )
    return batch


def _remembered(model: type[FileImport], headings: Sequence[str]) -> dict[str, str]:
    """The columns of the last applied file that had every heading it used in common with this one."""
    earlier = model._default_manager.filter(state__in=[FileState.APPLIED, FileState.REVERSED]).order_by("-pk")
    for columns in earlier.values_list("columns", flat=True)[:20]:
        if columns and set(columns.values()) <= set(headings):
            return dict(columns)
    return {}


def chosen_columns(batch: FileImport, known: Sequence[Column], columns: Mapping[str, str]) -> dict[str, str]:
    """What was said of the columns, without what the file does not have. Raises DomainError at required ones."""
    names = {column.name for column in known}
    chosen = {name: heading for name, heading in columns.items() if name in names and heading in batch.headings}
    missing = [column for column in known if column.required and not chosen.get(column.name)]
    if missing:
        raise columns_missing(missing)
    return chosen


def columns_missing(missing: Sequence[Column]) -> DomainError:
    return DomainError(
        _("Columns are missing: %(names)s.") % {"names": ", ".join(str(one.label) for one in missing)},
        code="columns_missing",
        fields={one.name: _("Say which column it is.") for one in missing},
    )


class Cells:
    """The cells of a file's rows by our columns."""

    def __init__(self, batch: FileImport) -> None:
        self.headings = list(batch.headings)
        self.places = {name: self.headings.index(heading) for name, heading in batch.columns.items()}

    def of(self, row: FileRow) -> dict[str, str]:
        return {name: row.cells[place] for name, place in self.places.items()}

    def fingerprint(self, row: FileRow) -> str:
        """Of every filled cell with its heading, ours for refused rows left out."""
        filled = sorted(
            (heading, cell) for heading, cell in zip(self.headings, row.cells, strict=False) if cell and heading != WHY
        )
        return hashlib.sha256(json.dumps(filled, ensure_ascii=False).encode()).hexdigest()


def portions(rows: Any, size: int = PORTION) -> Iterator[list[Any]]:
    """Rows in their order, some at a time, so that a long file fits into a small worker."""
    last = 0
    while True:
        found = list(rows.filter(row_number__gt=last).order_by("row_number")[:size])
        if not found:
            return
        yield found
        last = found[-1].row_number


def locked(model: type[Batch], batch_id: int, *states: str) -> Batch:
    """The import's row, held. Raises NotVisible, IllegalTransition. The caller asks for the right in its branch."""
    batch = model._default_manager.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise NotVisible(_("Not found."), code="not_visible")
    if batch.state not in states:
        message = _("This import is %(state)s already.") % {"state": batch.get_state_display().lower()}
        raise IllegalTransition(message, code="illegal_transition")
    return batch


def told(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Problems as a row keeps them."""
    return [vars(problem) for problem in problems]


def refused_rows(batch: FileImport, rows: Any, labels: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    """The refused rows under the file's own headings, with a last column that says why: mend them and import them again."""
    headings = [heading for heading in batch.headings if heading != WHY]
    places = [batch.headings.index(heading) for heading in headings]
    yield [*headings, WHY]
    for row in rows.exclude(cells=[]).order_by("row_number").iterator(chunk_size=500):  # an erased person's have none
        why = "; ".join(f"{labels.get(one['column'], one['column'])}: {one['reason']}" for one in row.problems)
        yield [*(row.cells[place] for place in places), why]
