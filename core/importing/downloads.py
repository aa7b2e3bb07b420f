"""Tables that leave as CSV and are opened in a spreadsheet: no cell becomes a formula there."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """Hands each CSV line on as it is written."""

    def write(self, line: str) -> str:
        return line


def csv_file(name: str, rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Rows as a download, written as they are read."""
    answer = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def sample_file(name: str, rows: Iterable[Sequence[str]]) -> HttpResponse:
    """A short list of ours with headings and a few rows, to fill in."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    csv.writer(answer).writerows(rows)
    return answer


def _lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(cell: Any) -> Any:
    """A value that a spreadsheet would take for a formula is written as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) else cell


def meant(cell: str) -> str:
    """The value of a cell that `harmless` has written, when the file comes back mended."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in FORMULA_SIGNS else cell
