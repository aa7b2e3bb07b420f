"""Hours count while the shop is open: nights, Sundays, holidays, breaks and changes of the clock are left out."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from branches import working_time
from branches.models import Branch

WEEK = {day: ["08:30", "17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def shop(**fields: object) -> Branch:
    return Branch(**({"opening_hours": WEEK, "country": "ZA", "time_zone": "Africa/Johannesburg"} | fields))


def local(text: str, zone: str = "Africa/Johannesburg") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-25T09:00", 4, "2026-11-25T13:00"),
        ("2026-11-27T17:00", 4, "2026-11-30T12:30"),  # Friday at closing time: Monday
        ("2026-11-27T15:00", 4, "2026-11-30T10:30"),  # over the weekend
        ("2026-11-28T11:00", 4, "2026-11-30T12:30"),  # a Saturday on which the shop is closed
        ("2026-11-25T06:00", 4, "2026-11-25T12:30"),  # before opening
        ("2026-11-25T12:00", 8, "2026-11-26T11:30"),
        ("2026-12-24T16:00", 4, "2026-12-28T11:30"),  # Christmas, the day after, a Sunday
    ],
)
def test_so_many_opening_hours_later(start: str, hours: int, end: str) -> None:
    assert working_time.after(local(start), hours, shop()) == local(end)


def test_a_saturday_morning_and_a_break_at_noon_count_as_they_are() -> None:
    hours = {"fri": [["08:00", "12:00"], ["13:00", "17:00"]], "sat": ["08:30", "13:00"]}
    assert working_time.after(local("2026-11-27T11:00"), 6, shop(opening_hours=hours)) == local("2026-11-28T09:30")


def test_without_hours_of_its_own_a_shop_keeps_the_usual_ones() -> None:
    assert working_time.after(local("2026-11-27T16:00"), 4, shop(opening_hours={})) == local("2026-11-28T11:30")


def test_an_hour_that_the_clock_skips_or_repeats_is_counted_as_it_passes() -> None:
    london = shop(
        country="GB",
        time_zone="Europe/London",
        opening_hours={day: ["00:00", "06:00"] for day in ("sat", "sun", "mon")},
    )
    # On 29 March 2026 the clock goes from 1:00 to 2:00: that night is open for five hours.
    assert working_time.after(local("2026-03-29T00:00", "Europe/London"), 6, london) == local(
        "2026-03-30T01:00", "Europe/London"
    )


def test_a_branch_that_never_opens_counts_every_hour() -> None:
    never = shop(opening_hours={"mon": []})
    assert working_time.after(local("2026-11-27T17:00"), 4, never) == local("2026-11-27T21:00")
