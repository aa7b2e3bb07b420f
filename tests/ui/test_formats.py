from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from core import formats, money

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # 14:00 in Johannesburg, a Tuesday


@pytest.fixture(autouse=True)
def johannesburg():
    with timezone.override(ZoneInfo("Africa/Johannesburg")):
        yield


@pytest.mark.parametrize(
    ("value", "shown"),
    [("2", "+2.00"), ("-1.25", "−1.25"), ("0", "0.00"), ("-0.001", "0.00"), ("0.125", "+0.13"), ("-12.5", "−12.50")],
)
def test_a_power_has_a_sign_two_places_and_a_true_minus(value, shown):
    assert formats.power(Decimal(value)) == shown


def test_zero_power_may_read_plano_and_a_blank_is_no_zero():
    assert formats.power(Decimal(0), plano=True) == "Plano"
    assert formats.power(None) == "–"


def test_an_axis_has_three_digits():
    assert (formats.axis(5), formats.axis(65), formats.axis(180), formats.axis(None)) == ("005°", "065°", "180°", "–")


def test_a_day_names_the_year_only_when_it_is_another_one():
    assert formats.day(date(2026, 11, 26), today=date(2026, 11, 24)) == "Thu 26 Nov"
    assert formats.day(date(2024, 10, 12), today=date(2026, 11, 24)) == "Sat 12 Oct 2024"


def test_a_moment_today_is_a_time_and_is_told_in_the_zone_of_the_branch():
    assert formats.day_time(datetime(2026, 11, 24, 12, 2, tzinfo=UTC), today=date(2026, 11, 24)) == "14:02"
    assert formats.day_time(datetime(2026, 11, 26, 14, 0, tzinfo=UTC), today=date(2026, 11, 24)) == "Thu 26 Nov 16:00"
    assert formats.day(datetime(2026, 11, 24, 23, 0, tzinfo=UTC), today=date(2026, 11, 24)) == "Wed 25 Nov"


@pytest.mark.parametrize(
    ("gone", "shown"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=12), "12 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=2), "2 d ago"),
        (timedelta(days=8), "Mon 16 Nov"),
    ],
)
def test_time_ago_uses_one_unit_and_then_the_day(gone, shown):
    assert formats.time_ago(NOW - gone, now=NOW) == shown


@pytest.mark.parametrize(
    ("promised", "shown", "tone"),
    [
        (datetime(2026, 11, 23, 11, 0, tzinfo=UTC), "Late 1 d", "danger"),
        (datetime(2026, 11, 24, 11, 0, tzinfo=UTC), "Late 1 h", "danger"),
        (datetime(2026, 11, 24, 14, 0, tzinfo=UTC), "Due today 16:00", "warning"),
        (datetime(2026, 11, 26, 14, 0, tzinfo=UTC), "Due Thu, 2 d left", "neutral"),
        (datetime(2026, 12, 3, 14, 0, tzinfo=UTC), "Due Thu 3 Dec", "neutral"),
        (None, "No date promised", "neutral"),
    ],
)
def test_a_promise_says_how_late_or_how_long_still(promised, shown, tone):
    assert formats.due(promised, now=NOW) == shown
    assert formats.due_tone(promised, now=NOW) == tone


def test_a_birth_date_carries_the_age_and_a_leap_day_counts_from_march():
    assert formats.birth_date(date(1974, 3, 4), today=date(2026, 11, 24)) == "04 Mar 1974 (52)"
    assert formats.age(date(2008, 2, 29), today=date(2026, 2, 28)) == 17
    assert formats.age(date(2008, 2, 29), today=date(2026, 3, 1)) == 18


def test_contacts_are_masked():
    assert formats.phone_ends("+27 82 555 4417") == "ends 4417"
    assert formats.phone_masked("+27825554417") == "•• ••• 4417"
    assert formats.email_masked("thandi@post.example") == "t•••@post.example"
    assert formats.email_masked("nonsense") == "not recorded"
    assert formats.phone_ends("") == "not recorded"


def test_money_has_the_currency_no_break_and_a_true_minus():
    assert money.money(Decimal("10525")) == "R\u00a010\u00a0525.00"
    assert money.money(Decimal("-5262.5")) == "−R\u00a05\u00a0262.50"
    assert money.plain(Decimal("2450")) == "2\u00a0450.00"
    assert money.plain(None) == "–"


def test_money_follows_the_language_of_the_reader(settings):
    settings.CURRENCY, settings.DEFAULT_COUNTRY = "EUR", "FR"
    with translation.override("fr"):
        assert money.plain(Decimal("10525.5")) == "10\u202f525,50"


def test_a_currency_without_cents_shows_none(settings):
    settings.CURRENCY, settings.DEFAULT_COUNTRY = "JPY", "JP"
    assert money.plain(Decimal("1200")) == "1,200"
