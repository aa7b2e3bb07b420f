"""Files as other programs read them: no cell is a formula, powers are signed numbers, text comes back as it was."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.errors import DomainError
from reports.datasets import base
from reports.datasets.base import Column, Kind
from reports.exports import workbooks
from reports.exports.cells import maker, neutral, plain, restored
from reports.exports.files import Content, write_csv, write_xlsx

FORMULAS = [
    "=1+1",
    "+27825554417",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    ";=1",
    "'=1",
    "''-1",
    "＝1",
    '=HYPERLINK("http://x")',
]
COLUMNS = (
    Column("text", "Text"),
    Column("sphere", "Sphere", Kind.POWER),
    Column("money", "Money", Kind.MONEY),
    Column("number", "Number", Kind.NUMBER),
    Column("day", "Day", Kind.DAY),
    Column("at", "At", Kind.MOMENT),
    Column("yes", "Yes", Kind.YES_NO),
)


def made(write: Callable[[Content, IO[bytes]], None], *rows: tuple[Any, ...], columns: Any = COLUMNS) -> io.BytesIO:
    space = io.BytesIO()
    write(Content("A report", columns, rows, ["Day in last month"], "Themba"), space)
    space.seek(0)
    return space


def row(text: str = "Karoo 214", sphere: str = "-2.25", money: str = "1234.50") -> tuple[Any, ...]:
    at = datetime(2026, 11, 25, 14, 2, 30)  # noqa: DTZ001 - as the branch's clock showed it
    return text, Decimal(sphere), Decimal(money), 3, date(2026, 11, 25), at, True


def read_csv(space: io.BytesIO) -> list[list[str]]:
    return list(csv.reader(io.StringIO(space.read().decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_looks_like_a_formula_is_text_in_csv_and_comes_back(text: str) -> None:
    cell = read_csv(made(write_csv, row(text)))[1][0]
    assert cell[0] == "'"
    assert restored(cell) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_neutral_text_never_begins_a_formula_and_comes_back(text: str) -> None:
    assert neutral(text)[:1] not in {"=", "+", "-", "@", ";", "＝", "＋", "－", "＠"}
    assert restored(neutral(text)) == text


def test_ordinary_text_is_left_alone() -> None:
    for text in ("Karoo 214", "'s-Gravenhage", "O'Brien", "65 - 66", "a=b"):
        assert neutral(text) == restored(text) == text


def test_csv_writes_powers_and_amounts_as_numbers_without_a_plus() -> None:
    rows = read_csv(made(write_csv, row(sphere="2.00"), row(sphere="-2.25"), row(sphere="0", money="-0.5")))
    assert rows[0] == ["Text", "Sphere", "Money", "Number", "Day", "At", "Yes"]
    assert [line[1] for line in rows[1:]] == ["2.00", "-2.25", "0.00"]
    assert rows[3][2] == "-0.50"
    assert rows[1][3:] == ["3", "2026-11-25", "2026-11-25 14:02", "yes"]


def test_a_workbook_holds_signed_numbers_dates_and_no_formula() -> None:
    rows = [row(text, sphere="2.00") for text in FORMULAS] + [row(sphere="-2.25")]
    sheet = load_workbook(made(write_xlsx, *rows)).worksheets[0]
    cells = [cell for line in sheet.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert [restored(str(sheet.cell(place, 1).value)) for place in range(2, len(FORMULAS) + 2)] == [
        text.replace("\r", "\n") for text in FORMULAS
    ]
    power = sheet.cell(2, 2)
    assert (power.value, power.number_format) == (2, "+0.00;-0.00;0.00")
    assert sheet.cell(len(rows) + 1, 2).value == -2.25
    assert sheet.cell(2, 5).value == datetime(2026, 11, 25)  # noqa: DTZ001


def test_a_workbook_tells_what_it_is() -> None:
    about = load_workbook(made(write_xlsx, row())).worksheets[1]
    said = {about.cell(line, 1).value: about.cell(line, 2).value for line in range(1, 5)}
    assert said["Report"] == "A report"
    assert said["Filter"] == "Day in last month"
    assert said["For"] == "Themba"


def test_signs_that_no_file_carries_are_replaced() -> None:
    sheet = load_workbook(made(write_xlsx, row("a\x00b\x0bc"))).worksheets[0]
    assert sheet.cell(2, 1).value == "a\ufffdb\ufffdc"


def test_a_heading_cannot_be_a_formula() -> None:
    columns = (Column("x", "=cmd()"),)
    assert read_csv(made(write_csv, ("a",), columns=columns))[0] == ["'=cmd()"]
    assert load_workbook(made(write_xlsx, ("a",), columns=columns)).worksheets[0].cell(1, 1).value == "'=cmd()"


def test_a_large_workbook_is_whole_with_its_filters_and_its_spaces() -> None:
    rows = [row(f"  A & B <{number}> ") for number in range(1_234)]
    book = load_workbook(made(write_xlsx, *rows))
    sheet = book.worksheets[0]
    assert (sheet.auto_filter.ref, sheet.freeze_panes, sheet.max_row) == ("A1:G1235", "A2", 1235)
    assert [sheet.cell(place, 1).value for place in (2, 1235)] == ["  A & B <0> ", "  A & B <1233> "]
    assert sheet.cell(1235, 6).value == datetime(2026, 11, 25, 14, 2)  # noqa: DTZ001 - as the branch's clock showed it


def test_an_empty_workbook_opens() -> None:
    sheet = load_workbook(made(write_xlsx)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["Text", "Sphere", "Money", "Number", "Day", "At", "Yes"]
    assert sheet.max_row == 1


def test_a_sheet_that_would_overflow_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.exports.workbooks.MOST_ROWS", 2)
    with pytest.raises(DomainError):
        made(write_xlsx, row(), row(), row())


def test_a_heading_stands_over_its_numbers_and_is_never_cut() -> None:
    columns = (Column("t", "Text"), Column("n", "Median hours from opening to closing", Kind.NUMBER))
    sheet = load_workbook(made(write_xlsx, ("a", 1), columns=columns)).worksheets[0]
    assert [sheet.cell(1, place).alignment.horizontal for place in (1, 2)] == [None, "right"]
    assert sheet.column_dimensions["B"].width >= len("Median hours from opening to closing")


def test_a_workbook_prints_one_page_wide_with_its_heading_on_every_page() -> None:
    sheet = load_workbook(made(write_xlsx, row())).worksheets[0]
    assert (sheet.print_title_rows, sheet.page_setup.orientation) == ("$1:$1", "landscape")
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)


def test_a_workbook_in_arabic_runs_from_right_to_left() -> None:
    with translation.override("ar"):
        sheet = load_workbook(made(write_xlsx, row())).worksheets[0]
    assert sheet.sheet_view.rightToLeft is True


def test_small_sheets_are_as_wide_as_their_words() -> None:
    columns = (Column("t", "Branch"), Column("m", "Paid", Kind.MONEY))
    content = Content("Takings", columns, [("Rosebank and the whole of the northern suburbs", Decimal("-12.50"))])
    sheet = load_workbook(io.BytesIO(workbooks.of_sheets([content]))).worksheets[0]
    assert sheet.column_dimensions["A"].width == 48
    assert (sheet.cell(2, 2).value, sheet.cell(2, 2).number_format) == (-12.5, "#,##0.00;-#,##0.00;0.00")
    assert sheet.page_setup.orientation == "portrait"


@pytest.mark.parametrize("evil", ["=1+1", "+27 1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", ";=1", "\uff1d1", "'=1"])
def test_no_column_of_any_dataset_lets_a_formula_through(evil: str) -> None:
    for dataset in base.every():
        for column in dataset.columns:
            if column.kind in (Kind.TEXT, Kind.CHOICE):
                shown = {"x": evil} if column.show and column.source in ("old", "new", "data") else evil
                cell = plain(maker(column)(shown))
                assert cell[:1] not in "=+-@;\t\r\n\uff1d\uff0b\uff0d\uff20", (dataset.key, column.key, cell)


def test_signed_powers_stay_numbers_in_every_dataset() -> None:
    powers = [column for dataset in base.every() for column in dataset.columns if column.kind == Kind.POWER]
    assert len(powers) >= 3
    for column in powers:
        assert [plain(maker(column)(value)) for value in (Decimal("1.25"), Decimal("-0.5"), Decimal(0))] == [
            "1.25",
            "-0.50",
            "0.00",
        ]
