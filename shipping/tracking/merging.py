"""The state of a parcel out of everything ever said about it. The order of arrival, repetition and gaps do not matter."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shipping.tracking.readers import Checkpoint
from shipping.tracking.words import MESSAGE, OUT_OF_TERMINAL, PROGRESS, RANK, TERMINAL, State

# A carrier's clock may be wrong; what lies further ahead is kept and not believed.
FUTURE = timedelta(hours=24)
_FIRST = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Merged:
    """`history` in the order of occurrence. `contradictions` and `future` hold fingerprints of what was not believed."""

    state: State
    reason: str
    at: datetime | None
    history: tuple[Checkpoint, ...]
    contradictions: frozenset[str] = frozenset()
    future: frozenset[str] = frozenset()
    place: str = ""
    reached: frozenset[State] = frozenset()


def merge(checkpoints: Iterable[Checkpoint], now: datetime) -> Merged:
    """Recompute from all checkpoints: one of each fingerprint, by time, then rank, then fingerprint."""
    distinct = {point.fingerprint: point for point in checkpoints}
    points = _without_idle_summaries(sorted(distinct.values(), key=_order))
    future = frozenset(point.fingerprint for point in points if point.at and point.at > now + FUTURE)
    counted = [point for point in points if point.fingerprint not in future]
    state, reason, at, contradictions = _fold(counted)
    believed = [point for point in counted if point.fingerprint not in contradictions]
    place = next((point.place for point in reversed(believed) if point.place), "")
    reached = frozenset(point.state for point in believed if point.state != State.UNKNOWN)
    return Merged(state, reason, at, tuple(points), contradictions, future, place, reached)


def _order(point: Checkpoint) -> tuple[datetime, int, str]:
    return (point.at or _FIRST, RANK[point.state], point.fingerprint)


def _without_idle_summaries(points: Sequence[Checkpoint]) -> list[Checkpoint]:
    """A tracking's own status counts only where no checkpoint of a history says the same."""
    said = {point.state for point in points if not point.is_summary}
    return [point for point in points if not (point.is_summary and said) or _says_more(point, said)]


def _says_more(point: Checkpoint, said: set[State]) -> bool:
    return point.state not in said and point.state != State.UNKNOWN


def _fold(points: Sequence[Checkpoint]) -> tuple[State, str, datetime | None, frozenset[str]]:
    state, reason, at = State.UNKNOWN, "", None
    contradictions: set[str] = set()
    for point in points:
        if point.state == State.UNKNOWN:
            continue
        if not _follows(state, point.state):
            if not point.is_summary:
                contradictions.add(point.fingerprint)
            continue
        state, reason, at = point.state, point.reason, point.at
    return state, reason, at, frozenset(contradictions)


def _follows(before: State, after: State) -> bool:
    """An end is left only by an allowed way; a label is not printed after the parcel has moved."""
    if before == after:
        return True
    if before in TERMINAL:
        return (before, after) in OUT_OF_TERMINAL
    return after != State.LABEL_CREATED or before == State.UNKNOWN


def messages(merged: Merged, told: Collection[str] = ()) -> list[str]:
    """What the customer would be told now: at most one, the present state's, never twice, never a step back.

    `told` holds what was sent before: `in_transit`, `out_for_delivery`, `delivered`, or `problem:<state>`.
    """
    word = MESSAGE.get(merged.state)
    if word is None:
        return []
    if word == "problem":
        key = f"problem:{merged.state.value}"
        return [] if key in told else [key]
    place = PROGRESS.index(word)
    return [] if any(later in told for later in PROGRESS[place:]) else [word]
