"""XLSX: one large sheet written row by row, or several small ones."""

import io
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from core.errors import DomainError
from reports.datasets.base import Kind
from reports.exports import sheets
from reports.exports.cells import Cell, neutral
from reports.exports.files import Content

MOST_ROWS = 1_048_575  # what one sheet holds beside its heading
# Positive; negative; zero. A power always shows its sign and stays a number.
POWER_FORMAT = "+0.00;-0.00;0.00"
FORMATS = {
    Kind.MONEY: "#,##0.00;-#,##0.00;0.00",
    Kind.POWER: POWER_FORMAT,
    Kind.DAY: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm",
}
WIDTHS = {Kind.TEXT: 24, Kind.CHOICE: 20, Kind.MOMENT: 17, Kind.DAY: 12, Kind.MONEY: 14}
MOST_UPRIGHT = 95  # letters across a sheet that is printed upright
_A4 = 9  # ECMA-376 part 1, 18.3.1.63
WIDEST = 60  # longer words take a second line
# What a workbook puts at the right edge of its column; the heading stands over it.
_RIGHT = frozenset({Kind.NUMBER, Kind.MONEY, Kind.POWER, Kind.DAY, Kind.MOMENT})


def of_sheets(contents: Iterable[Content]) -> bytes:
    """A workbook of several small sheets."""
    book = Workbook(write_only=True)
    for content in contents:
        _add_sheet(book, content)
    space = io.BytesIO()
    book.save(space)
    return space.getvalue()


def write(content: Content, into: IO[bytes]) -> None:
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
        if count > MOST_ROWS:
            raise DomainError(_("A workbook holds at most 1,048,575 rows. Narrow the report, or take CSV."))
        yield row


def _style(sheet: Any, form: str) -> int:
    """The number under which the workbook keeps a format; 0 for none."""
    cell: Any = WriteOnlyCell(sheet)
    if form:
        cell.number_format = form
    return int(cell.style_id)


def _add_sheet(book: Workbook, content: Content) -> None:
    """One small sheet of a workbook of several, as wide as its words. Raises DomainError where a sheet would overflow."""
    rows = list(_at_most(content.cells()))
    sheet = _sheet(book, content)
    for place, values in enumerate(zip(*rows, strict=True), start=1):
        _widen(sheet, place, max((len(value) for value in values if isinstance(value, str)), default=0))
    _head(sheet, content)
    forms = [FORMATS.get(column.kind, "") for column in content.columns]
    for row in rows:
        sheet.append([_cell(sheet, value, form) for value, form in zip(row, forms, strict=True)])
    _filtered(sheet, content, len(rows))


def _sheet(book: Workbook, content: Content) -> Any:
    """A sheet with its widths; the first row, its heading, stays in sight and is printed on every page."""
    sheet: Any = book.create_sheet(_sheet_name(content.title))
    for place, (column, heading) in enumerate(zip(content.columns, content.headings(), strict=True), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(column.kind, 12)
        _widen(sheet, place, len(heading) + 2)  # the arrow of the filter
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.sheet_view.rightToLeft = get_language_bidi()
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes, one page wide
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "&P / &N"
    return sheet


def _widen(sheet: Any, place: int, letters: int) -> None:
    dimension = sheet.column_dimensions[get_column_letter(place)]
    dimension.width = max(dimension.width, min(letters + 2, WIDEST))


def _head(sheet: Any, content: Content) -> None:
    cells = []
    for column, heading in zip(content.columns, content.headings(), strict=True):
        cell = _cell(sheet, heading, "")
        cell.font = Font(bold=True)
        cell.alignment = Alignment(
            horizontal="right" if column.kind in _RIGHT else None, vertical="top", wrap_text=True
        )
        cells.append(cell)
    sheet.append(cells)


def _filtered(sheet: Any, content: Content, count: int) -> None:
    letters = sum(one.width for one in sheet.column_dimensions.values())
    sheet.page_setup.orientation = "landscape" if letters > MOST_UPRIGHT else "portrait"
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
        if len(value) > WIDEST:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    else:
        cell.number_format = form
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
