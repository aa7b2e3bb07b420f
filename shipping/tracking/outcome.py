"""What a merged history leads to beyond its state: the case that opens, and the whole of it as plain data."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shipping.tracking import merging
from shipping.tracking.merging import Merged
from shipping.tracking.readers import Checkpoint, Tracking
from shipping.tracking.words import DELAYING, GROUP, State

LOST, PROBLEM, STALLED = "lost_parcel", "delivery_problem", "shipment_stalled"


def case_kind(state: State, reason: str) -> str:
    """The kind of case that a state and reason open; empty when nobody has to act."""
    if state == State.EXCEPTION and reason == "lost":
        return LOST
    if state in {State.EXCEPTION, State.ATTEMPT_FAILED, State.RETURNING, State.RETURNED}:
        return PROBLEM
    return PROBLEM if state not in {State.DELIVERED, State.CANCELLED} and reason in DELAYING else ""


def template(message: str) -> str:
    """The key of the text that tells it."""
    return "delivery_problem" if message.startswith("problem") else message


def together(trackings: list[Tracking]) -> dict[str, list[Tracking]]:
    """The payloads of one parcel, by its number."""
    grouped: dict[str, list[Tracking]] = {}
    for one in trackings:
        grouped.setdefault(one.number, []).append(one)
    return grouped


def describe(number: str, parts: list[Tracking], now: datetime) -> dict[str, Any]:
    """One parcel's history as it would be applied: state, reason, checkpoints, messages, flags. The order of `parts` is nothing."""
    points = [point for part in parts for point in part.checkpoints]
    merged = merging.merge(points, now)
    latest = sorted({part.expected_on for part in parts if part.expected_on})
    return {
        "number": number,
        "carrier": min((part.carrier for part in parts if part.carrier), default=""),
        "state": merged.state.value,
        "reason": merged.reason,
        "reason_group": GROUP.get(merged.reason, ""),
        "since": _iso(merged.at),
        "place": merged.place,
        "expected_on": latest[-1].isoformat() if latest else None,
        "signed_by": min((part.signed_by for part in parts if part.signed_by), default=""),
        "checkpoints": [_point(point, merged) for point in merged.history],
        "messages": [
            {"event": f"shipment.{word.split(':')[0]}", "template": template(word)} for word in merging.messages(merged)
        ],
        "opens_case": case_kind(merged.state, merged.reason),
        "flags": _flags(merged),
        "unknown_words": sorted({word for part in parts for word in part.unknown}),
        "repeated": len(points) - len({point.fingerprint for point in points}),
    }


def _flags(merged: Merged) -> dict[str, int]:
    """How many checkpoints need a look, by why."""
    return {
        "contradictions": len(merged.contradictions),
        "future_times": len(merged.future),
        "zones_assumed": sum(point.zone_assumed for point in merged.history),
        "times_missing": sum(point.at is None for point in merged.history),
    }


def _point(point: Checkpoint, merged: Merged) -> Mapping[str, Any]:
    return {
        "occurred_at": _iso(point.at),
        "state": point.state.value,
        "reason": point.reason,
        "place": point.place,
        "message": point.message,
        "status_raw": point.status_raw,
        "detail_raw": point.detail_raw,
        "zone_assumed": point.zone_assumed,
        "time_unreadable": point.time_unreadable,
        "contradiction": point.fingerprint in merged.contradictions,
        "future": point.fingerprint in merged.future,
        "fingerprint": point.fingerprint,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
