"""One end state and one set of messages, whatever the order of arrival, repetitions and gaps; contradictions are seen."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipping.tracking import merging, outcome, readers, vocabulary
from shipping.tracking.merging import Merged
from shipping.tracking.readers import Checkpoint, Tracking
from shipping.tracking.vocabulary import ADAPTERS
from shipping.tracking.words import State
from tests.shipping.files import HISTORY, easypost, reference

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
S = State


def read(payload: Any, adapter: str = "easypost", zone: str = "UTC") -> Tracking:
    found = readers.read(ADAPTERS[adapter], payload, lambda _country: ZoneInfo(zone))
    assert len(found) == 1
    return found[0]


def points(*steps: tuple[str, str, str, str], **more: Any) -> tuple[Checkpoint, ...]:
    return read(easypost("EZ1", *steps, **more)).checkpoints


def merged(*steps: tuple[str, str, str, str], **more: Any) -> Merged:
    return merging.merge(points(*steps, **more), NOW)


def test_all_120_orders_of_five_events_end_the_same() -> None:
    ends = {
        (found.state, found.reason, found.at, found.reached, tuple(merging.messages(found)))
        for order in itertools.permutations(points(*HISTORY))
        for found in [merging.merge(order, NOW)]
    }
    assert ends == {
        (
            S.DELIVERED, "arrived_at_destination", datetime(2026, 11, 18, 11, 20, tzinfo=UTC),
            frozenset({S.LABEL_CREATED, S.IN_TRANSIT, S.OUT_FOR_DELIVERY, S.DELIVERED}), ("delivered",),
        )
    }  # fmt: skip


@given(st.data())
def test_posts_shuffled_repeated_and_cut_short_end_as_the_whole_history_does(data: st.DataObject) -> None:
    """The services send all of the history each time: any pile of posts with the last one in it says the same."""
    posts = [easypost("EZ1", *HISTORY[: n + 1]) for n in range(len(HISTORY))]
    pile = [*data.draw(st.lists(st.sampled_from(posts), max_size=12)), posts[-1]]
    pile = data.draw(st.permutations(pile))
    found = merging.merge([point for post in pile for point in read(post).checkpoints], NOW)
    whole = merging.merge(read(posts[-1]).checkpoints, NOW)
    assert (found.state, found.reason, found.at, found.contradictions) == (
        whole.state, whole.reason, whole.at, frozenset()
    )  # fmt: skip
    assert merging.messages(found) == ["delivered"]


@given(st.data())
def test_single_checkpoints_lost_on_the_way_do_not_change_the_end(data: st.DataObject) -> None:
    history = points(*HISTORY)
    last = history[4]
    some = [*data.draw(st.lists(st.sampled_from(history[:4]))), last]
    found = merging.merge(data.draw(st.permutations(some)), NOW)
    assert (found.state, merging.messages(found)) == (S.DELIVERED, ["delivered"])


@given(st.permutations(range(5)))
def test_told_one_post_at_a_time_nothing_is_told_twice_or_backwards(order: list[int]) -> None:
    history, seen, told = points(*HISTORY), [], []
    for place in order:
        seen.append(history[place])
        told += merging.messages(merging.merge(seen, NOW), told)
    ranks = ["in_transit", "out_for_delivery", "delivered"]
    assert told == sorted(set(told), key=ranks.index)
    assert told[-1] == "delivered"


@pytest.mark.parametrize(
    ("adapter", "name"),
    [
        ("easypost", "tracker_updated.event-body.json"),
        ("aftership", "tracking_update.webhook.composed.json"),
        ("shippo", "track_updated.webhook.docs.json"),
        ("easypost", "tracking-webhook.guide.json"),
    ],
)
def test_real_histories_in_any_order_end_the_same(adapter: str, name: str) -> None:
    history = read(readers.parse(reference(name)), adapter).checkpoints
    orders = itertools.islice(itertools.permutations(history), 720)
    ends = {
        (found.state, found.reason, found.at, found.contradictions, tuple(merging.messages(found)))
        for order in orders
        for found in [merging.merge((*order, *order[:2]), NOW)]
    }
    assert len(ends) == 1


def test_a_parcel_delivered_before_it_moved_stays_delivered_and_is_flagged() -> None:
    found = merging.merge(read(readers.parse(reference("tracking-webhook.guide.json"))).checkpoints, NOW)
    assert (found.state, len(found.contradictions), len(found.history)) == (S.DELIVERED, 5, 6)


def test_a_later_scan_after_delivery_is_a_contradiction_and_moves_nothing() -> None:
    found = merged(*HISTORY, ("2026-11-19T07:00:00Z", "in_transit", "arrived_at_facility", "Arrived at hub"))
    assert (found.state, len(found.contradictions)) == (S.DELIVERED, 1)
    assert merging.messages(found, ["delivered"]) == []


def test_a_delivered_parcel_may_come_back() -> None:
    found = merged(*HISTORY, ("2026-11-19T07:00:00Z", "return_to_sender", "return", "Returning"))
    assert (found.state, found.contradictions) == (S.RETURNING, frozenset())
    assert merging.messages(found, ["delivered"]) == ["problem:returning"]


def test_a_parcel_back_in_the_depot_is_in_transit_again_and_nobody_is_told_twice() -> None:
    steps = (*HISTORY[:4], ("2026-11-18T18:00:00Z", "in_transit", "arrived_at_facility", "Back at depot"))
    found = merged(*steps)
    assert found.state == S.IN_TRANSIT
    assert merging.messages(found, ["in_transit", "out_for_delivery"]) == []


def test_a_failed_attempt_is_told_once_and_opens_a_case() -> None:
    steps = (*HISTORY[:4], ("2026-11-18T12:00:00Z", "in_transit", "delivery_exception", "Nobody at home"))
    found = merged(*steps)
    assert (found.state, found.reason) == (S.ATTEMPT_FAILED, "delivery_exception")
    assert merging.messages(found, ["in_transit", "out_for_delivery"]) == ["problem:attempt_failed"]
    assert merging.messages(found, ["problem:attempt_failed"]) == []
    assert outcome.case_kind(found.state, found.reason) == "delivery_problem"


def test_a_weather_delay_keeps_the_state_and_gives_a_reason() -> None:
    found = merged(*HISTORY[:2], ("2026-11-17T09:00:00Z", "in_transit", "weather_delay", "Weather delay"))
    assert (found.state, found.reason) == (S.IN_TRANSIT, "weather_delay")
    assert outcome.case_kind(found.state, found.reason) == "delivery_problem"


def test_times_more_than_a_day_ahead_are_kept_and_not_believed() -> None:
    ahead = (NOW + timedelta(hours=25)).isoformat()
    near = (NOW + timedelta(hours=23)).isoformat()
    assert merged(*HISTORY[:2], (ahead, "delivered", "", "Delivered")).state == S.IN_TRANSIT
    kept = merged(*HISTORY[:2], (ahead, "delivered", "", "Delivered"))
    assert (len(kept.history), len(kept.future)) == (3, 1)
    assert merged(*HISTORY[:2], (near, "delivered", "", "Delivered")).state == S.DELIVERED


def test_a_time_without_zone_is_read_in_the_zone_given_and_flagged_and_counts_once() -> None:
    step = ("2026-11-18T11:20:00", "delivered", "", "Delivered")
    here, there = read(easypost("1", step), zone="Africa/Johannesburg"), read(easypost("1", step), zone="UTC")
    point = here.checkpoints[0]
    assert (point.at, point.zone_assumed) == (datetime(2026, 11, 18, 9, 20, tzinfo=UTC), True)
    assert point.fingerprint == there.checkpoints[0].fingerprint


@pytest.mark.parametrize(
    "text", ["2026-11-18T11:20:00+00:00", "2026-11-18T13:20:00+02:00", "1795000800", 1795000800000]
)
def test_the_same_moment_written_otherwise_is_the_same_checkpoint(text: Any) -> None:
    written = datetime(2026, 11, 18, 11, 20, tzinfo=UTC)
    moment = written if "T" in str(text) else datetime.fromtimestamp(1795000800, UTC)
    first = read(easypost("1", (moment.isoformat(), "delivered", "", "x"))).checkpoints[0]
    second = read(easypost("1", (text, "delivered", "", "x"))).checkpoints[0]
    assert (first.fingerprint, first.at) == (second.fingerprint, second.at)


def test_unknown_words_are_kept_and_listed_and_never_raise() -> None:
    found = read(
        easypost("1", HISTORY[0], ("2026-11-17T00:00:00Z", "teleported", "wormhole", "?"), status="teleported")
    )
    assert found.unknown == ("status:teleported", "detail:wormhole")
    assert merging.merge(found.checkpoints, NOW).state == S.LABEL_CREATED
    assert [point.status_raw for point in found.checkpoints][1] == "teleported"


def test_a_word_that_was_taught_is_understood() -> None:
    taught: vocabulary.Taught = {"teleported": (S.OUT_FOR_DELIVERY, "")}
    found = readers.read(
        ADAPTERS["easypost"], easypost("1", ("2026-11-17T00:00:00Z", "Tele-Ported", "", "")), lambda _c: UTC, taught
    )
    assert (found[0].checkpoints[0].state, found[0].unknown) == (S.OUT_FOR_DELIVERY, ())


@pytest.mark.parametrize(
    ("adapter", "status", "detail", "state", "reason"),
    [
        ("easypost", "failure", "lost", S.EXCEPTION, "lost"),
        ("easypost", "failure", "refused", S.EXCEPTION, "refused"),
        ("easypost", "in_transit", "arrived_at_pickup_location", S.AVAILABLE_FOR_PICKUP, ""),
        ("shippo", "TRANSIT", "out_for_delivery", S.OUT_FOR_DELIVERY, ""),
        ("shippo", "TRANSIT", {"code": "pickup_available", "text": "x"}, S.AVAILABLE_FOR_PICKUP, ""),
        ("shippo", "FAILURE", "package_lost", S.EXCEPTION, "lost"),
        ("shippo", "DELIVERED", "information_received", S.DELIVERED, ""),
        ("shippo", "RETURNED", "", S.RETURNED, ""),
        ("aftership", "Exception", "Exception_011", S.RETURNED, ""),
        ("aftership", "Exception", "Exception_004", S.IN_TRANSIT, "customs_delay"),
        ("aftership", "AttemptFail", "AttemptFail_002", S.ATTEMPT_FAILED, "recipient_absent"),
        ("aftership", "Expired", "Expired_001", S.UNKNOWN, "expired"),
        ("generic", "Out for delivery", "", S.OUT_FOR_DELIVERY, ""),
        ("generic", "lost", "", S.EXCEPTION, "lost"),
    ],
)
def test_carriers_words_are_read_as_documented(
    adapter: str, status: str, detail: Any, state: State, reason: str
) -> None:
    code = detail["code"] if isinstance(detail, dict) else detail
    found = vocabulary.understand(ADAPTERS[adapter].vocabulary, status, code)
    assert (found.state, found.reason, found.unknown) == (state, reason, ())


@pytest.mark.parametrize(
    "payload",
    [
        easypost("EZ1", *HISTORY),
        [easypost("EZ1", *HISTORY)],
        {"object": "Event", "description": "tracker.updated", "result": easypost("EZ1", *HISTORY)},
        {"trackers": [easypost("EZ1", *HISTORY)], "has_more": False},
        {"data": {"tracker": easypost("EZ1", *HISTORY)}},
    ],
)
def test_bare_trackings_lists_and_envelopes_are_all_found(payload: Any) -> None:
    assert merging.merge(read(payload).checkpoints, NOW).state == S.DELIVERED


def test_missing_fields_and_nulls_stay_empty() -> None:
    found = read({"tracking_code": 123456, "status": None, "tracking_details": [{"status": "in_transit"}, None, 7, {}]})
    assert (found.number, merging.merge(found.checkpoints, NOW).state) == ("123456", S.IN_TRANSIT)


def test_a_status_without_history_counts_by_itself() -> None:
    found = read({"tracking_code": "1", "status": "delivered", "updated_at": "2026-11-18T11:20:00Z"})
    assert merging.merge(found.checkpoints, NOW).state == S.DELIVERED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "tracking_code",
                    "tracking_number",
                    "status",
                    "tag",
                    "datetime",
                    "tracking_details",
                    "checkpoints",
                    "result",
                    "msg",
                    "data",
                    "tracking_status",
                    "tracking_history",
                    "location",
                    "est_delivery_date",
                    "substatus",
                    "event",
                    "time",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from(sorted(ADAPTERS)))
def test_no_json_in_the_world_makes_a_reader_fall_over(payload: Any, adapter: str) -> None:
    try:
        found = readers.read(ADAPTERS[adapter], payload, lambda _country: UTC)
    except readers.Unreadable:
        return
    for number, parts in outcome.together(found).items():
        json.dumps(outcome.describe(number, parts, NOW))
