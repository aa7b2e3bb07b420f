"""Writers of CSV, XLSX and PDF: rows come one by one, memory stays the same however many there are."""

import csv
import io
import tempfile
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
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from branches.models import Organisation
from core import formats, money, pdf
from core.errors import DomainError
from reports.datasets.base import Column, Kind
from reports.exports import sheets
from reports.exports.cells import Cell, Maker, maker, neutral, plain

# What one sheet of a workbook holds, heading included, and what a person can read on paper.
MOST_SHEET_ROWS = 1_048_575
MOST_PAPER_ROWS = 2_000
# Positive; negative; zero. A power always shows its sign and stays a number.
POWER_FORMAT = "+0.00;-0.00;0.00"
FORMATS = {
    Kind.MONEY: "#,##0.00;-#,##0.00;0.00",
    Kind.POWER: POWER_FORMAT,
    Kind.DAY: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm",
}
WIDTHS = {Kind.TEXT: 24, Kind.CHOICE: 20, Kind.MOMENT: 17, Kind.DAY: 12, Kind.MONEY: 14}
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
    """A workbook with a frozen heading and filters; written row by row. A second sheet tells what it is.

    Raises DomainError where a sheet would overflow.
    """
    book = Workbook(write_only=True)
    sheet = _sheet(book, content)
    styles = [_style(sheet, FORMATS.get(column.kind, "")) for column in content.columns]
    with tempfile.TemporaryFile() as rows:
        count = sheets.write_rows(_at_most(content.cells()), styles, rows)
        _head(sheet, content)
        _filtered(sheet, content, count)
        _about(book, content)
        frame = io.BytesIO()
        book.save(frame)
        sheets.splice(frame.getvalue(), rows, into)


def _at_most(rows: Iterable[list[Cell]]) -> Iterator[list[Cell]]:
    for count, row in enumerate(rows, start=1):
        if count > MOST_SHEET_ROWS:
            raise DomainError(_("A workbook holds at most 1,048,575 rows. Narrow the report, or take CSV."))
        yield row


def _style(sheet: Any, form: str) -> int:
    """The number under which the workbook keeps a format; 0 for none."""
    cell: Any = WriteOnlyCell(sheet)
    if form:
        cell.number_format = form
    return int(cell.style_id)


def add_sheet(book: Workbook, content: Content) -> None:
    """One small sheet of a workbook of several. Raises DomainError where a sheet would overflow."""
    sheet = _sheet(book, content)
    _head(sheet, content)
    forms = [FORMATS.get(column.kind, "") for column in content.columns]
    count = 0
    for row in _at_most(content.cells()):
        sheet.append([_cell(sheet, value, form) for value, form in zip(row, forms, strict=True)])
        count += 1
    _filtered(sheet, content, count)


def _sheet(book: Workbook, content: Content) -> Any:
    """A sheet with its widths; the first row, its heading, stays in sight."""
    sheet: Any = book.create_sheet(_sheet_name(content.title))
    for place, column in enumerate(content.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(column.kind, 12)
    sheet.freeze_panes = "A2"
    return sheet


def _head(sheet: Any, content: Content) -> None:
    heading = Font(bold=True)
    sheet.append([_styled(sheet, text, font=heading) for text in content.headings()])


def _filtered(sheet: Any, content: Content, count: int) -> None:
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(content.columns)))}{count + 1}"


def _cell(sheet: Any, value: Cell, form: str) -> Any:
    """Text is marked as text: a workbook would take any that begins with = for a formula."""
    if value is None:
        return None
    if not isinstance(value, str) and not form:
        return value
    cell: Any = WriteOnlyCell(sheet)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    else:
        cell.number_format = form
    return cell


def _styled(sheet: Any, text: str, **style: Any) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.font = style["font"]
    return cell


def _sheet_name(title: str) -> str:
    """At most 31 letters without the signs that workbooks refuse."""
    clean = "".join(" " if sign in "[]:*?/\\'" else sign for sign in title).strip()
    return clean[:31] or _("Report")


def _about(book: Workbook, content: Content) -> None:
    sheet = book.create_sheet(_sheet_name(_("About")))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 20, 80
    lines = [(_("Report"), content.title), *((_("Filter"), one) for one in content.said)]
    lines += [(_("Made"), f"{timezone.localtime(content.at):%Y-%m-%d %H:%M %Z}"), (_("For"), content.by)]
    for label, words in lines:
        sheet.append([_cell(sheet, neutral(str(label)), ""), _cell(sheet, neutral(str(words)), "")])


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
        "heads": [(column.label, column.kind in numeric) for column in content.columns],
        "rows": rows,
        "organisation": Organisation.objects.first(),
        "for_pdf": True,
        "is_wide": len(content.columns) > 6,
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
    }
    into.write(pdf.render(render_to_string("reporting/table_paper.html", context)))


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
