"""Lays the day out as a table of quarter hours: a column for each clinician, a row span for each length. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from visits.hours import Span

ROW = timedelta(minutes=15)


@dataclass(frozen=True)
class Item:
    """Something with a time in one column; `card` is whatever the template shows."""

    span: Span
    card: Any


@dataclass(frozen=True)
class Cell:
    """Rows `rowspan` high: cards, or a free stretch, or nothing outside the opening hours."""

    rowspan: int
    cards: Sequence[Any] = ()
    free: Span | None = None
    lane: int = 0

    @property
    def free_minutes(self) -> int:
        return int((self.free.end - self.free.start).total_seconds() // 60) if self.free else 0


@dataclass
class Row:
    """A quarter of an hour: its start, whether it begins an hour, whether now falls in it, its cells."""

    start: datetime
    is_hour: bool
    is_now: bool
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True)
class Lane:
    """One column before it is laid out; `key` is whose it is."""

    key: int
    items: Sequence[Item]
    gaps: Sequence[Span]


def window(spans: Sequence[Span], items: Sequence[Item]) -> Span | None:
    """From the first opening or appointment to the last, on the quarter-hour grid. None on an empty closed day."""
    starts = [span.start for span in spans] + [item.span.start for item in items]
    ends = [span.end for span in spans] + [item.span.end for item in items]
    return Span(_floor(min(starts)), _ceil(max(ends))) if starts else None


def around(now: datetime, whole: Span, before: timedelta, after: timedelta) -> Span:
    """The part of the day that matters now; the whole day when now lies outside it."""
    if not whole.start <= now < whole.end:
        return whole
    # Half hours make a steadier start than quarters: the board does not scroll away every fifteen minutes.
    start = max(whole.start, _floor(now - before, timedelta(minutes=30)))
    end = min(whole.end, _ceil(now + after, timedelta(minutes=30)))
    return Span(start, end)


def lay_out(shown: Span, lanes: Sequence[Lane], now: datetime) -> list[Row]:
    """The table's rows for the shown part of a day."""
    count = max(1, _rows_between(shown.start, shown.end))
    rows = []
    for n in range(count):
        start = _plus(shown.start, n * ROW)
        rows.append(Row(start, start.minute == 0, start <= now < _plus(start, ROW)))
    for lane in lanes:
        for at, cell in _cells(shown, lane, count):
            rows[at].cells.append(cell)
    return rows


def _cells(shown: Span, lane: Lane, count: int) -> list[tuple[int, Cell]]:
    """(row, cell) from top to bottom; what overlaps in the grid shares a cell."""
    blocks = _blocks(shown, lane.items, count)
    cells: list[tuple[int, Cell]] = []
    row = 0
    for start, end, cards in blocks:
        cells += _empty(shown, lane, row, start)
        cells.append((start, Cell(end - start, cards, lane=lane.key)))
        row = end
    return cells + _empty(shown, lane, row, count)


def _blocks(shown: Span, items: Sequence[Item], count: int) -> list[tuple[int, int, list[Any]]]:
    blocks: list[tuple[int, int, list[Any]]] = []
    for item in sorted(items, key=lambda one: (one.span.start, one.span.end)):
        if not item.span.overlaps(shown):
            continue
        start = max(0, math.floor(_offset(shown, item.span.start)))
        end = min(count, max(start + 1, math.ceil(_offset(shown, item.span.end))))
        if blocks and start < blocks[-1][1]:
            first, last, cards = blocks.pop()
            blocks.append((first, max(last, end), [*cards, item.card]))
        else:
            blocks.append((start, end, [item.card]))
    return blocks


def _empty(shown: Span, lane: Lane, first: int, last: int) -> list[tuple[int, Cell]]:
    """Rows without cards: one cell for each free stretch, plain cells where the branch is closed."""
    cells: list[tuple[int, Cell]] = []
    row = first
    while row < last:
        gap = next((gap for gap in lane.gaps if gap.overlaps(_row(shown, row))), None)
        end = row + 1
        while end < last and gap is not None and gap.overlaps(_row(shown, end)):
            end += 1
        free = None
        if gap is not None:
            free = Span(max(gap.start, _row(shown, row).start), min(gap.end, _row(shown, end - 1).end))
        cells.append((row, Cell(end - row, free=free, lane=lane.key)))
        row = end
    return cells


def _row(shown: Span, n: int) -> Span:
    return Span(_plus(shown.start, n * ROW), _plus(shown.start, (n + 1) * ROW))


def _offset(shown: Span, moment: datetime) -> float:
    return (moment.astimezone(UTC) - shown.start.astimezone(UTC)) / ROW


def _rows_between(start: datetime, end: datetime) -> int:
    return math.ceil((end.astimezone(UTC) - start.astimezone(UTC)) / ROW)


def _plus(moment: datetime, length: timedelta) -> datetime:
    """Elapsed time, not wall-clock time: across a clock change the two differ."""
    return (moment.astimezone(UTC) + length).astimezone(moment.tzinfo)


def _floor(moment: datetime, step: timedelta = ROW) -> datetime:
    minutes = int(step.total_seconds() // 60)
    return moment.replace(minute=moment.minute // minutes * minutes, second=0, microsecond=0)


def _ceil(moment: datetime, step: timedelta = ROW) -> datetime:
    down = _floor(moment, step)
    return down if down == moment else _plus(down, step)
