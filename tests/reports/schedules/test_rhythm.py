"""When a schedule is due next, by the wall clock of its branch."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from reports.models import Every
from reports.schedules.rhythm import Rhythm, next_after

JOHANNESBURG, NEW_YORK = ZoneInfo("Africa/Johannesburg"), ZoneInfo("America/New_York")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_every_day_at_the_hour_of_the_branch() -> None:
    daily = Rhythm(Every.DAY, 7)
    assert next_after(daily, moment("2026-11-25T04:59"), JOHANNESBURG) == moment("2026-11-25T05:00")
    assert next_after(daily, moment("2026-11-25T05:00"), JOHANNESBURG) == moment("2026-11-26T05:00")


def test_after_ten_at_night_in_utc_the_shop_s_day_is_the_next() -> None:
    assert next_after(Rhythm(Every.DAY, 1), moment("2026-11-25T22:30"), JOHANNESBURG) == moment("2026-11-25T23:00")


@pytest.mark.parametrize(
    ("weekday", "due"), [(0, "2026-11-30T05:00"), (2, "2026-12-02T05:00"), (3, "2026-11-26T05:00")]
)
def test_every_week_on_its_weekday(weekday: int, due: str) -> None:
    """The moment is a Wednesday at eight, after the hour."""
    assert next_after(Rhythm(Every.WEEK, 7, weekday), moment("2026-11-25T06:00"), JOHANNESBURG) == moment(due)


def test_the_31st_is_the_last_day_of_every_month() -> None:
    monthly, at, found = Rhythm(Every.MONTH, 7, day=31), moment("2027-12-31T06:00"), []
    for _n in range(4):
        at = next_after(monthly, at, JOHANNESBURG)
        found.append(f"{at:%Y-%m-%d}")
    assert found == ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]


def test_the_30th_is_the_last_of_february_and_the_30th_of_march() -> None:
    monthly = Rhythm(Every.MONTH, 7, day=30)
    first = next_after(monthly, moment("2027-01-30T05:00"), JOHANNESBURG)
    assert (first, next_after(monthly, first, JOHANNESBURG)) == (moment("2027-02-28T05:00"), moment("2027-03-30T05:00"))


def test_seven_in_the_morning_stays_seven_when_the_clocks_change() -> None:
    daily, at, found = Rhythm(Every.DAY, 7), moment("2027-03-13T12:30"), []
    for _n in range(2):
        at = next_after(daily, at, NEW_YORK)
        found.append(at)
    assert found == [moment("2027-03-14T11:00"), moment("2027-03-15T11:00")]


def test_an_hour_that_the_clock_skips_is_the_hour_after_and_comes_once() -> None:
    """On 14 March 2027 New York has no two o'clock."""
    daily, at, found = Rhythm(Every.DAY, 2), moment("2027-03-13T08:00"), []
    for _n in range(2):
        at = next_after(daily, at, NEW_YORK)
        found.append(at.astimezone(NEW_YORK).strftime("%d %H:%M"))
    assert found == ["14 03:00", "15 02:00"]


def test_an_hour_that_the_clock_shows_twice_comes_once() -> None:
    """On 7 November 2027 New York has one o'clock twice: at 05:00 and at 06:00 UTC."""
    daily = Rhythm(Every.DAY, 1)
    first = next_after(daily, moment("2027-11-06T12:00"), NEW_YORK)
    assert first == moment("2027-11-07T05:00")
    assert next_after(daily, first, NEW_YORK) == moment("2027-11-08T06:00")
