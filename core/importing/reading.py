"""A file as headings and rows of text. A workbook is weighed before it is opened: a small file can hide a huge one."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import tablib
from django.utils.translation import gettext as _

from core.errors import DomainError

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 80
MOST_CELL = 500
MOST_UNPACKED_BYTES = 120 * 1024 * 1024
MOST_RATIO = 120
MOST_ENTRIES = 300
ZIP_MARK = b"PK\x03\x04"
DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Table:
    """Headings and rows; every row has a cell for each heading."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


def read(file_name: str, content: bytes, longest: int = MOST_CELL, most_rows: int = MOST_ROWS) -> Table:
    """The first table of a CSV or XLSX file, cells cut at `longest` signs. Raises DomainError at `file`, saying which limit is passed."""
    require_size(content)
    if content.startswith(ZIP_MARK):
        _weigh(content)
        grid = _book_grid(content)
    elif file_name.lower().endswith(".xls"):
        raise refused(_("This is an old .xls workbook. Save it as .xlsx or CSV."))
    else:
        grid = _csv_grid(decoded(content))
    table = _table(grid, longest)
    require_rows(len(table.rows), most_rows)
    return table


def require_size(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise refused(_("The file has %(mb)d MB; at most 10 MB are read.") % {"mb": len(content) // 1024 // 1024})


def require_rows(count: int, most_rows: int) -> None:
    if count > most_rows:
        words = _("The file has %(rows)d rows; at most %(most)d of this list are read at once. Split it.")
        raise refused(words % {"rows": count, "most": most_rows})


def refused(message: str) -> DomainError:
    return DomainError(message, code="file_refused", fields={"file": message})


def _weigh(content: bytes) -> None:
    """Only the archive's directory is read: how many parts, how large they become."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise refused(_("The workbook is damaged. Save it again, or as CSV.")) from error
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_ENTRIES:
        raise refused(_("The workbook has %(count)d parts; at most 300 are read.") % {"count": len(parts)})
    if unpacked > MOST_UNPACKED_BYTES or unpacked > MOST_RATIO * max(len(content), 1):
        raise refused(_("The workbook unpacks to %(mb)d MB, which is not read.") % {"mb": unpacked // 1024 // 1024})
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise refused(_("This is an archive, not a workbook. Save the list as .xlsx or CSV."))


def decoded(content: bytes) -> str:
    """Text by its byte order mark, else UTF-8, else the Western encoding of spreadsheets."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise refused(_("The file is neither text nor a workbook."))


def _csv_grid(content: str) -> list[tuple[Any, ...]]:
    """Rows by whichever separator the first line has most of."""
    first = next((line for line in content.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        grid = [tuple(row) for row in csv.reader(io.StringIO(content), delimiter=delimiter, strict=True) if row]
    except csv.Error as error:
        raise refused(
            _("The file cannot be read as a table: a quotation mark is not closed, or a cell is huge.")
        ) from error
    _limit_rows(len(grid) - 1)
    return grid or [()]


def _book_grid(content: bytes) -> list[tuple[Any, ...]]:
    dataset = tablib.Dataset()
    try:
        dataset.load(io.BytesIO(content), format="xlsx")
    except Exception as error:  # tablib and openpyxl raise what their parsers meet: any of it means an unreadable file
        raise refused(_("The file cannot be read as a table. Save it again, or as CSV.")) from error
    _limit_rows(dataset.height)
    return [tuple(dataset.headers or ()), *(tuple(row) for row in dataset)]


def _limit_rows(count: int) -> None:
    if count > MOST_ROWS:
        raise refused(_("The file has %(rows)d rows; at most 50,000 are read.") % {"rows": count})


def _table(grid: list[tuple[Any, ...]], longest: int) -> Table:
    headings = [text(cell) for cell in grid[0]]
    while headings and not headings[-1]:
        headings.pop()
    if not headings:
        raise refused(_("The first row has no headings."))
    if len(headings) > MOST_COLUMNS:
        raise refused(_("The file has %(count)d columns; at most 80 are read.") % {"count": len(headings)})
    doubled = {name for name in headings if name and headings.count(name) > 1}
    if doubled:
        raise refused(_("The heading “%(name)s” appears twice.") % {"name": sorted(doubled)[0]})
    width = len(headings)
    _require_no_ragged(grid, width)
    rows = [[*(text(cell, longest) for cell in row[:width]), *[""] * (width - len(row))] for row in grid[1:]]
    filled = [row for row in rows if any(row)]
    if not filled:
        raise refused(_("There is no row under the headings."))
    return Table(headings, filled)


def _require_no_ragged(grid: list[tuple[Any, ...]], width: int) -> None:
    """A cell beyond the headings means a separator inside a value: every later cell of the row would be misread."""
    for place, row in enumerate(grid[1:], start=2):
        if any(text(cell) for cell in row[width:]):
            words = _(
                "Row %(row)d has more cells than there are headings. Put quotation marks round a value with a separator in it."
            )
            raise refused(words % {"row": place})


def text(cell: Any, longest: int = MOST_CELL) -> str:
    """A cell as a person reads it: numbers of a workbook without a needless `.0`."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)).normalize():f}"
    return " ".join(str(cell).split())[:longest]
