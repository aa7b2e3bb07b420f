"""Opening hours, free times and the board's grid, across clock changes and odd zones."""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

import pytest

from visits import board, hours
from visits.hours import Span

LONDON, KATHMANDU = zoneinfo.ZoneInfo("Europe/London"), zoneinfo.ZoneInfo("Asia/Kathmandu")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def utc(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_a_day_of_a_clock_change_is_shorter_or_longer() -> None:
    lengths = [
        (span := hours.day_span(day, LONDON)).end.astimezone(UTC) - span.start.astimezone(UTC)
        for day in (SPRING, date(2026, 6, 1), AUTUMN)
    ]
    assert lengths == [timedelta(hours=23), timedelta(hours=24), timedelta(hours=25)]


def test_the_same_opening_is_another_instant_after_the_change() -> None:
    week = {"sat": ["09:00", "17:00"], "mon": ["09:00", "17:00"]}
    (before,) = hours.opening(week, date(2026, 3, 28), LONDON)
    (after,) = hours.opening(week, date(2026, 3, 30), LONDON)
    assert before.start.astimezone(UTC).hour == 9
    assert after.start.astimezone(UTC).hour == 8


def test_a_time_that_the_change_skips_is_the_first_after_it() -> None:
    assert hours.at(SPRING, time(1, 30), LONDON).astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert f"{hours.at(SPRING, time(1, 30), LONDON):%H:%M}" == "02:30"


def test_a_missing_day_is_closed_and_nothing_at_all_is_the_usual() -> None:
    assert hours.opening({"mon": ["08:30", "17:00"]}, date(2026, 11, 24), LONDON) == []
    assert [f"{s.start:%H:%M}-{s.end:%H:%M}" for s in hours.opening({}, date(2026, 11, 24), LONDON)] == ["08:30-17:00"]
    assert hours.opening({}, date(2026, 11, 22), LONDON) == []


def test_a_day_may_have_a_break() -> None:
    spans = hours.opening({"tue": [["08:30", "12:30"], ["13:30", "17:00"]]}, date(2026, 11, 24), KATHMANDU)
    assert [f"{s.start:%H:%M}" for s in spans] == ["08:30", "13:30"]


def test_free_times_in_a_zone_of_five_and_three_quarter_hours() -> None:
    (open_span,) = hours.opening({"tue": ["09:00", "11:00"]}, date(2026, 11, 24), KATHMANDU)
    assert open_span.start.astimezone(UTC) == utc(3, 15)
    taken = [Span(utc(3, 45), utc(4, 15))]
    found = hours.free([open_span], taken, timedelta(minutes=30), timedelta(minutes=15))
    assert [f"{slot.start:%H:%M}" for slot in found] == ["09:00", "10:00", "10:15", "10:30"]


def test_free_times_count_elapsed_minutes_across_the_change() -> None:
    (night,) = hours.opening({"sun": ["00:30", "03:00"]}, AUTUMN, LONDON)
    found = hours.free([night], [], timedelta(minutes=60), timedelta(minutes=60))
    assert [f"{slot.start:%H:%M %Z}" for slot in found] == ["00:30 BST", "01:30 BST", "01:30 GMT"]


def test_gaps_are_what_is_left() -> None:
    left = hours.gaps(
        [Span(utc(8), utc(12))], [Span(utc(9), utc(10)), Span(utc(7), utc(8, 30)), Span(utc(11, 30), utc(13))]
    )
    assert left == [Span(utc(8, 30), utc(9)), Span(utc(10), utc(11, 30))]


def lay(items: list[board.Item], gaps: tuple[Span, ...] = ()) -> list[board.Row]:
    return board.lay_out(Span(utc(8), utc(9, 30)), [board.Lane(7, items, gaps)], utc(8, 20))


def shape(rows: list[board.Row]) -> list[tuple[str, list[tuple[int, list[str]]]]]:
    return [(f"{row.start:%H:%M}", [(cell.rowspan, list(cell.cards)) for cell in row.cells]) for row in rows]


def item(start: tuple[int, int], end: tuple[int, int], card: str) -> board.Item:
    return board.Item(Span(utc(*start), utc(*end)), card)


def test_each_column_fills_every_row_once() -> None:
    rows = lay([item((8, 15), (8, 45), "A"), item((8, 50), (9, 0), "B"), item((9, 0), (9, 10), "C")])
    assert shape(rows) == [
        ("08:00", [(1, [])]),
        ("08:15", [(2, ["A"])]),
        ("08:30", []),
        ("08:45", [(1, ["B"])]),
        ("09:00", [(1, ["C"])]),
        ("09:15", [(1, [])]),
    ]
    assert sum(cell.rowspan for row in rows for cell in row.cells) == len(rows) == 6


def test_two_in_one_quarter_share_a_cell() -> None:
    rows = lay([item((8, 0), (8, 10), "A"), item((8, 10), (8, 40), "B")])
    assert shape(rows)[0] == ("08:00", [(3, ["A", "B"])])


def test_what_began_before_the_window_is_cut_at_its_edge() -> None:
    rows = lay([item((7, 0), (8, 30), "A"), item((6, 0), (7, 0), "gone")])
    assert shape(rows)[0] == ("08:00", [(2, ["A"])])


def test_a_free_stretch_is_one_cell_with_its_minutes() -> None:
    rows = lay([item((8, 30), (8, 45), "A")], gaps=(Span(utc(8), utc(8, 30)), Span(utc(8, 45), utc(9, 30))))
    frees = [(cell.rowspan, cell.free_minutes) for row in rows for cell in row.cells if cell.free]
    assert frees == [(2, 30), (3, 45)]


def test_now_falls_in_one_row() -> None:
    assert [f"{row.start:%H:%M}" for row in lay([]) if row.is_now] == ["08:15"]


@pytest.mark.parametrize(("now", "start", "end"), [((14, 20), (13, 30), (17, 0)), ((8, 40), (8, 30), (11, 0))])
def test_the_board_shows_the_part_of_the_day_that_matters(
    now: tuple[int, int], start: tuple[int, int], end: tuple[int, int]
) -> None:
    whole = Span(utc(8, 30), utc(17))
    shown = board.around(utc(*now), whole, timedelta(minutes=45), timedelta(minutes=135))
    assert (shown.start, shown.end) == (utc(*start), utc(*end))


def test_outside_the_opening_hours_the_whole_day_is_shown() -> None:
    whole = Span(utc(8, 30), utc(17))
    assert board.around(utc(20), whole, timedelta(minutes=45), timedelta(minutes=135)) == whole
