"""Writers of CSV, XLSX and PDF: rows come one by one, memory stays the same however many there are."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from branches.models import Organisation
from core import formats, money, pdf
from core.errors import DomainError
from reports.datasets.base import Column, Kind
from reports.exports.cells import Cell, Maker, maker, neutral, plain

# What a person can read on paper.
MOST_PAPER_ROWS = 2_000
Row = Sequence[Any]


@dataclass(frozen=True)
class Content:
    """What goes into a file: title, columns, rows, and in words what was asked and by whom."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    said: Sequence[str] = ()
    by: str = ""
    at: datetime = field(default_factory=timezone.now)

    def headings(self) -> list[str]:
        return [neutral(str(column.label)) for column in self.columns]

    def makers(self) -> list[Maker]:
        return [maker(column) for column in self.columns]

    def cells(self) -> Iterator[list[Cell]]:
        makers = self.makers()
        for row in self.rows:
            yield [make(value) for make, value in zip(makers, row, strict=True)]


Writer = Callable[[Content, IO[bytes]], None]


def write_csv(content: Content, into: IO[bytes]) -> None:
    """UTF-8 with its mark, so that spreadsheets read names right; text is quoted, numbers are bare."""
    text = io.TextIOWrapper(into, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(content.headings())
    for row in content.cells():
        writer.writerow([plain(cell) for cell in row])
    text.flush()
    text.detach()


def write_xlsx(content: Content, into: IO[bytes]) -> None:
    """A workbook; see `workbooks.write`."""
    from reports.exports import workbooks  # openpyxl is loaded when the first one is written

    workbooks.write(content, into)


def write_pdf(content: Content, into: IO[bytes]) -> None:
    """A table on paper. Raises DomainError where it would be too long to read."""
    makers = content.makers()
    rows: list[list[tuple[str, bool]]] = []
    for row in content.rows:
        if len(rows) == MOST_PAPER_ROWS:
            raise DomainError(_("Paper takes at most 2,000 rows. Narrow the report, group it, or take CSV or XLSX."))
        rows.append(
            [paper(column, make(value)) for column, make, value in zip(content.columns, makers, row, strict=True)]
        )
    numeric = {Kind.NUMBER, Kind.MONEY, Kind.POWER}
    context = {
        "content": content,
        "heads": [(_heading(column), column.kind in numeric) for column in content.columns],
        "rows": rows,
        "organisation": Organisation.objects.first(),
        "for_pdf": True,
        "is_wide": len(content.columns) > 6,
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
    }
    into.write(pdf.render(render_to_string("reporting/table_paper.html", context)))


def _heading(column: Column) -> str:
    """The currency stands once, over its amounts."""
    return f"{column.label}, {money.symbol()}" if column.kind == Kind.MONEY else str(column.label)


def paper(column: Column, cell: Cell) -> tuple[str, bool]:
    """A cell as people read it, and whether it is a number."""
    if cell is None:
        return "–", False
    if column.kind == Kind.MONEY and isinstance(cell, Decimal):
        return money.plain(cell), True
    if column.kind == Kind.POWER and isinstance(cell, Decimal):
        return formats.power(cell), True
    if column.kind == Kind.NUMBER:
        return plain(cell), True
    text = plain(cell)
    return (text[1:] if text.startswith("'") and neutral(text[1:]) == text else text), False


WRITERS: dict[str, Writer] = {"csv": write_csv, "xlsx": write_xlsx, "pdf": write_pdf}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
}
