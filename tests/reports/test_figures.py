"""Sums, figures, spans and the sentence, from values known by heart."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from reports import figures, periods, saying
from reports.figures import Sums
from reports.hours import Hours
from reports.measures import get
from reports.periods import Period
from reports.selectors import Part

D = Decimal
REWORK, TURNAROUND, MARGIN, ON_TIME = get("rework"), get("lab_turnaround"), get("lens_margin"), get("on_time")


def rate(hit: int, counted: int) -> Sums:
    return Sums(counted, D(counted), D(hit))


def test_a_rate_divides_and_an_empty_one_is_no_zero() -> None:
    assert figures.text(REWORK, figures.value(REWORK, rate(19, 312))) == "6.1 %"
    assert figures.value(REWORK, rate(0, 0)) is None
    assert figures.text(REWORK, None) == "–"


def test_median_and_ninth_decile_are_whole_hours_that_were_measured() -> None:
    sums = Sums(10, D(10), amount=D(550), hours=Hours.of(dict.fromkeys(map(str, range(10, 101, 10)), 1)))
    assert figures.value(TURNAROUND, sums) == 50
    assert sums.percentile(D("0.9")) == 90
    assert Sums().percentile(D("0.5")) is None
    assert figures.hours(D(48)) == ("48", "h")
    assert figures.hours(D(110)) == ("4.6", "days")


def test_one_is_told_as_one_and_large_numbers_in_groups() -> None:
    assert figures.of_counted(TURNAROUND, Sums(1, D(1))) == "1 job"
    assert figures.of_counted(get("cases_opened"), Sums(1, D(1), D(1))) == "1 case"
    assert figures.of_counted(TURNAROUND, Sums(26666, D(26666))) == "26\u00a0666 jobs"
    assert figures.weight_text(TURNAROUND, D(10451)) == "10\u00a0451 h"
    assert figures.weight_text(TURNAROUND, D(-10451)) == "\u221210\u00a0451 h"
    assert figures.weight_text(TURNAROUND, D(9999)) == "9999 h"
    assert figures.grouped(D("12345.50")) == "12\u00a0345.50"


def test_added_sums_keep_their_hours() -> None:
    one, two = Sums(1, D(1), hours=Hours.of({"5": 1})), Sums(2, D(2), hours=Hours.of({"5": 1, "7": 1}))
    assert figures.total([one, two]) == Sums(3, D(3), hours=Hours.of({"5": 2, "7": 1}))


def test_hours_before_zero_are_counted_in_their_order() -> None:
    """A record whose end was put before its beginning."""
    hours = Hours.total([Hours.of({"-30": 2, "-1": 1}), Hours.of({"-30": 1, "0": 3, "400": 3})])
    assert [hours.percentile(D(share)) for share in ("0.3", "0.31", "0.4", "0.5", "0.9", "1")] == [
        -30,
        -1,
        -1,
        0,
        400,
        400,
    ]
    assert Hours().percentile(D("0.5")) is None


@given(
    st.lists(st.lists(st.integers(-50, 900), max_size=30), max_size=5), st.sampled_from([D("0.5"), D("0.9"), D("1")])
)
def test_packed_hours_give_the_hour_that_a_sorted_list_gives(rows: list[list[int]], share: Decimal) -> None:
    packed = Hours.total(Hours.of({str(hour): row.count(hour) for hour in row}) for row in rows)
    each = sorted(hour for row in rows for hour in row)
    expected = each[ceil(share * len(each)) - 1] if each else None
    assert packed.percentile(share) == expected


def test_small_numbers_show_no_figure() -> None:
    assert not figures.enough(REWORK, rate(1, 19))
    assert figures.enough(REWORK, rate(1, 20))
    assert saying.few(REWORK) == "Fewer than 20 lens orders: not shown."


def test_bars_of_a_rate_that_should_be_high_are_its_misses() -> None:
    assert figures.weight(ON_TIME, rate(90, 100)) == 10
    assert figures.weight(REWORK, rate(9, 100)) == 9


def test_contributions_add_up_to_the_whole_change() -> None:
    now = {"a": rate(9, 60), "b": rate(2, 60)}
    before = {"a": rate(3, 50), "b": rate(3, 50)}
    whole = (figures.total(list(now.values())), figures.total(list(before.values())))
    parts = [figures.contribution(REWORK, (now[key], before[key]), whole) for key in now]
    change = D(11) / 120 - D(6) / 100
    assert round(sum(parts), 12) == round(change, 12)
    assert parts[0] > 0 > parts[1]


def test_selling_more_of_an_average_brand_explains_nothing() -> None:
    def money(kept: int, taken: int) -> Sums:
        return Sums(1, D(1), D(kept), D(taken))

    whole = (money(150, 300), money(100, 200))
    assert figures.contribution(MARGIN, (money(100, 200), money(50, 100)), whole) == 0


def test_the_sentence_names_how_it_moved_and_the_largest_mover() -> None:
    parts = [
        Part("S02", rate(7, 7), rate(2, 2)),
        Part("L02", rate(4, 4), rate(3, 3)),
        Part("", rate(0, 289), rate(0, 307)),
    ]
    names = {"S02": "S02 Measurement of PD or height", "L02": "L02 Axis", "": "not recorded"}
    now, before = (figures.total([part.now for part in parts]), figures.total([part.before for part in parts]))
    assert saying.sentence(REWORK, parts, names, now, before) == (
        "Rework rate rose from 1.6 % to 3.7 %. The largest mover is S02 Measurement of PD or height: 7, was 2."
    )
    few = saying.sentence(REWORK, parts, names, now, rate(0, 3))
    assert few == "Rework rate is 3.7 %. The period before has too few to compare."
    assert saying.sentence(REWORK, [], names, rate(0, 0), before) == "Nothing was counted in this period."


def test_what_has_no_cause_on_record_is_said_first_where_it_explains_more() -> None:
    parts = [Part("delay", rate(1, 2), rate(0, 0)), Part("", rate(39, 45), rate(30, 30))]
    now, before = (figures.total([part.now for part in parts]), figures.total([part.before for part in parts]))
    assert saying.sentence(ON_TIME, parts, {"delay": "Delay in the laboratory"}, now, before) == (
        "On time fell from 100.0 % to 85.1 %. Most of it has no cause on record (6 of 45); of what has one, the largest mover "
        "is Delay in the laboratory: 1 of 2, was 0."
    )


def test_no_mover_is_named_where_the_median_stayed_or_went_the_other_way() -> None:
    def hours(*each: int) -> Sums:
        counts = Hours.of({str(one): each.count(one) for one in each})
        return Sums(len(each), D(len(each)), amount=D(sum(each)), hours=counts)

    before = hours(*[50] * 20)
    stayed, other_way = hours(*[50] * 18, 90, 90), hours(*[60] * 11, *[0] * 9)
    names = {"coating": "Coating"}
    for now, words in ((stayed, "stayed at 2.1 days."), (other_way, "rose from 2.1 days to 2.5 days.")):
        parts = [Part("coating", now, before)]
        assert saying.mover(TURNAROUND, parts, now, before) is None
        assert saying.sentence(TURNAROUND, parts, names, now, before) == f"Laboratory turnaround {words}"


def test_change_is_said_in_the_measures_own_words() -> None:
    worse = figures.change(REWORK, D("6.1"), D("4.8"))
    assert worse is not None
    assert (worse.words, worse.tone, worse.rises) == ("1.3 points worse", "warning", True)
    faster = figures.change(TURNAROUND, D(40), D(52))
    assert faster is not None
    assert (faster.words, faster.tone) == ("12 h faster", "success")
    assert figures.change(REWORK, None, D(1)) is None


def test_the_span_before_is_as_long_and_ends_the_day_before() -> None:
    today = date(2026, 3, 31)
    for kind, first, last in [
        ("30", date(2026, 3, 2), today),
        ("month", date(2026, 3, 1), today),
        ("last", date(2026, 2, 1), date(2026, 2, 28)),
        ("quarter", date(2026, 1, 1), today),
        ("year", date(2025, 4, 1), today),
    ]:
        period = periods.chosen(kind, "", "", today)
        assert (period.first, period.last) == (first, last), kind
        assert period.before.days == period.days
        assert (period.first - period.before.last).days == 1


def test_own_dates_are_taken_and_nonsense_is_the_default() -> None:
    today = date(2026, 11, 25)
    own = periods.chosen("own", "2026-11-01", "2026-12-31", today)
    assert (own.first, own.last, own.kind) == (date(2026, 11, 1), today, "own")
    for first, last in [("2026-11-20", "2026-11-01"), ("x", "2026-11-01"), ("1990-01-01", "2026-11-01")]:
        assert periods.chosen("own", first, last, today).kind == "30"


def test_pieces_cover_every_day_once() -> None:
    for days in (1, 7, 30, 31, 90, 365):
        period = Period(date(2026, 1, 1), date.fromordinal(date(2026, 1, 1).toordinal() + days - 1))
        pieces = period.pieces()
        assert len(pieces) <= 12
        assert sum(piece.days for piece in pieces) == days
        assert (pieces[0].first, pieces[-1].last) == (period.first, period.last)


def test_a_long_span_is_cut_at_calendar_months_and_a_short_end_joins_its_neighbour() -> None:
    pieces = periods.of_kind("year", date(2026, 11, 26)).pieces()
    assert len(pieces) == 12
    assert (pieces[0].first, pieces[0].last) == (date(2025, 11, 27), date(2025, 12, 31))
    assert (pieces[1].first, pieces[1].last) == (date(2026, 1, 1), date(2026, 1, 31))
    assert (pieces[-1].first, pieces[-1].last) == (date(2026, 11, 1), date(2026, 11, 26))
    early = periods.of_kind("year", date(2026, 11, 2)).pieces()
    assert (early[-1].first, early[-1].last) == (date(2026, 10, 1), date(2026, 11, 2))


def test_every_year_of_every_day_has_at_most_twelve_pieces_that_cover_it_once() -> None:
    for days in (180, 200, 365, 366, 400, 731, 1826):
        for shift in range(0, 366, 5):
            period = Period(date.fromordinal(739000 + shift), date.fromordinal(739000 + shift + days - 1))
            pieces = period.pieces()
            assert 2 <= len(pieces) <= 12, period
            assert (pieces[0].first, pieces[-1].last) == (period.first, period.last)
            for one, following in pairwise(pieces):
                assert (following.first - one.last).days == 1


def test_whole_months_and_the_days_beside_them_are_the_span() -> None:
    months, rest = Period(date(2026, 1, 30), date(2026, 4, 30)).months_and_days()
    assert months == [date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)]
    assert rest == [Period(date(2026, 1, 30), date(2026, 1, 31))]
    inside = Period(date(2026, 1, 2), date(2026, 2, 27))
    assert inside.months_and_days() == ([], [inside])
    assert Period(date(2025, 12, 1), date(2025, 12, 31)).months_and_days() == ([date(2025, 12, 1)], [])
