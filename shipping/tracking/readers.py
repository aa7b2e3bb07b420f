"""Payloads of the tracking services as trackings with checkpoints. Tolerant: what is missing stays empty, nothing raises."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from babel.core import get_global

from shipping.tracking import moments, vocabulary
from shipping.tracking.moments import ZoneOf
from shipping.tracking.vocabulary import Adapter, Taught
from shipping.tracking.words import State

Json = Any
_DEEPEST = 6
_ALIASES = get_global("territory_aliases")


class Unreadable(ValueError):
    """Not JSON, or JSON without a tracking in it. The sentence says which and where."""


@dataclass(frozen=True)
class Checkpoint:
    """One thing a carrier said. `at` in UTC or None; `fingerprint` is the same however often and however it arrives."""

    fingerprint: str
    state: State
    reason: str = ""
    at: datetime | None = None
    place: str = ""
    message: str = ""
    status_raw: str = ""
    detail_raw: str = ""
    zone_assumed: bool = False
    time_unreadable: bool = False
    # Made from the tracking's own status because no checkpoint says it.
    is_summary: bool = False
    country: str = ""


@dataclass(frozen=True)
class Tracking:
    """One parcel in a payload. `unknown` are words that no table explains, as `status:word`."""

    number: str = ""
    carrier: str = ""
    expected_on: date | None = None
    checkpoints: tuple[Checkpoint, ...] = ()
    unknown: tuple[str, ...] = ()
    signed_by: str = ""
    public_url: str = field(default="", repr=False)


@dataclass(frozen=True)
class Shape:
    """Where an adapter's payload keeps things; the first name that is there counts."""

    details: tuple[str, ...]
    number: tuple[str, ...]
    status: tuple[str, ...]
    detail: tuple[str, ...]
    time: tuple[str, ...]
    message: tuple[str, ...]
    summary_time: tuple[str, ...]
    expected: tuple[str, ...]
    place: tuple[str, ...] = ()


SHAPES: dict[str, Shape] = {
    "easypost": Shape(
        ("tracking_details",), ("tracking_code",), ("status",), ("status_detail",), ("datetime",),
        ("message", "description"), ("updated_at", "created_at"), ("est_delivery_date",), ("tracking_location",),
    ),
    "shippo": Shape(
        ("tracking_history",), ("tracking_number",), ("status",), ("substatus",), ("status_date", "object_created"),
        ("status_details",), ("status_date", "object_updated"), ("eta",), ("location",),
    ),
    "aftership": Shape(
        ("checkpoints",), ("tracking_number",), ("tag",), ("subtag",), ("checkpoint_time", "created_at"),
        ("message", "subtag_message"), ("last_updated_at", "updated_at", "created_at"),
        ("expected_delivery", "courier_estimated_delivery_date", "latest_estimated_delivery"), (),
    ),
    "generic": Shape(
        ("checkpoints", "events", "history", "tracking_details", "tracking_history"),
        ("tracking_number", "tracking_code", "number", "tracking"), ("status", "state", "tag"),
        ("reason", "detail", "status_detail", "substatus", "subtag", "code"),
        ("occurred_at", "time", "at", "datetime", "timestamp", "date", "checkpoint_time", "status_date"),
        ("message", "description", "text", "status_details"), ("occurred_at", "time", "at", "datetime", "updated_at", "timestamp"),
        ("expected_on", "expected_delivery", "eta", "est_delivery_date"), ("place", "location", "tracking_location"),
    ),
}  # fmt: skip


def parse(raw: bytes) -> Json:
    """The JSON of a body; also one object a line. Raises Unreadable with place and cause."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"not UTF-8 text (byte {error.start})") from error
    if not text.strip():
        raise Unreadable("the file is empty")
    try:
        return json.loads(text)
    except RecursionError as error:
        raise Unreadable("nested too deeply") from error
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            if len(lines) > 1:
                return [json.loads(line) for line in lines]
        except (ValueError, RecursionError):
            pass
        raise Unreadable(f"not JSON: {error}") from error


def read(adapter: Adapter, payload: Json, zone_of: ZoneOf, taught: Taught | None = None) -> list[Tracking]:
    """Every tracking in a payload: bare, in a list, or in the service's envelopes. Raises Unreadable when there is none."""
    shape = SHAPES[adapter.name]
    found = [_tracking(adapter, shape, one, zone_of, taught) for one in _walk(payload, shape, 0)]
    if not found:
        raise Unreadable(f"no tracking of {adapter.label} in it")
    return found


def _walk(node: Json, shape: Shape, depth: int) -> Iterator[Mapping[str, Json]]:
    if depth > _DEEPEST:
        return
    if isinstance(node, list):
        for item in node:
            yield from _walk(item, shape, depth + 1)
    elif isinstance(node, dict):
        if _is_tracking(node, shape):
            yield node
            return
        for value in node.values():
            if isinstance(value, dict | list):
                yield from _walk(value, shape, depth + 1)


def _is_tracking(node: Mapping[str, Json], shape: Shape) -> bool:
    has_number = any(isinstance(node.get(name), str | int) and node.get(name) != "" for name in shape.number)
    has_status = any(isinstance(node.get(name), str | int) for name in (*shape.status, "tracking_status"))
    has_details = any(isinstance(node.get(name), list) for name in shape.details)
    return (has_details and (has_number or has_status)) or (has_number and (has_status or "tracking_status" in node))


def _tracking(
    adapter: Adapter, shape: Shape, node: Mapping[str, Json], zone_of: ZoneOf, taught: Taught | None
) -> Tracking:
    unknown: list[str] = []
    details: list[Json] = next((node[name] for name in shape.details if isinstance(node.get(name), list)), [])
    reader = _Reader(adapter, shape, zone_of, taught or {}, unknown)
    points = [reader.point(one) for one in details if isinstance(one, dict)]
    newest = node.get("tracking_status")
    if isinstance(newest, dict):
        points.append(reader.point(newest))
    summary = reader.summary(node)
    if summary is not None and _adds(summary, points):
        points.append(summary)
    number = _text(_first(node, shape.number))
    return Tracking(
        number=number.upper().replace(" ", ""),
        carrier=_text(node.get("carrier") or node.get("slug")),
        expected_on=_day(_first(node, shape.expected)),
        checkpoints=tuple(points),
        unknown=tuple(dict.fromkeys(unknown)),
        signed_by=_text(node.get("signed_by")),
        public_url=_text(node.get("public_url")),
    )


def _adds(summary: Checkpoint, points: list[Checkpoint]) -> bool:
    """The tracking's own status is worth keeping where no checkpoint of it says the same."""
    return not points or summary.state not in {State.UNKNOWN, *(point.state for point in points)}


@dataclass(frozen=True)
class _Reader:
    """Reads the checkpoints of one tracking; words that no table explains are collected."""

    adapter: Adapter
    shape: Shape
    zone_of: ZoneOf
    taught: Taught
    unknown: list[str]

    def point(self, node: Mapping[str, Json], *, is_summary: bool = False) -> Checkpoint:
        """One checkpoint of a history."""
        status, detail = _word(_first(node, self.shape.status)), _word(_first(node, self.shape.detail))
        meaning = vocabulary.understand(self.adapter.vocabulary, status, detail, self.taught)
        self.unknown.extend(meaning.unknown)
        place, country = _place(node, self.shape)
        times = self.shape.summary_time if is_summary else self.shape.time
        moment = moments.read(_first(node, times), country, self.zone_of)
        message = "" if is_summary else _text(_first(node, self.shape.message))
        made = Checkpoint(
            fingerprint="", state=meaning.state, reason=meaning.reason, at=moment.at, place=place, message=message,
            status_raw=status, detail_raw=detail, zone_assumed=moment.zone_assumed,
            time_unreadable=moment.unreadable, is_summary=is_summary, country=country,
        )  # fmt: skip
        return replace(made, fingerprint=_fingerprint(moment.text, made))

    def summary(self, node: Mapping[str, Json]) -> Checkpoint | None:
        """The tracking's own status as a checkpoint; None when it has no word of its own."""
        if not _word(_first(node, self.shape.status)):
            return None
        return self.point(node, is_summary=True)


def _fingerprint(time: str, point: Checkpoint) -> str:
    """sha256 over carrier time, words, place and message; not over our own reading, which may learn."""
    parts = (
        time,
        point.status_raw,
        point.detail_raw,
        point.place,
        point.message,
        "summary" if point.is_summary else "",
    )
    plain = "|".join(" ".join(part.casefold().split()) for part in parts)
    return hashlib.sha256(plain.encode(errors="replace")).hexdigest()


def fingerprint_of(point: Checkpoint) -> Checkpoint:
    """The checkpoint with its fingerprint, for what did not come in a payload."""
    return replace(point, fingerprint=_fingerprint(point.at.astimezone(UTC).isoformat() if point.at else "", point))


def _first(node: Mapping[str, Json], names: tuple[str, ...]) -> Json:
    return next((node[name] for name in names if node.get(name) not in (None, "", [], {})), None)


def _word(value: Json) -> str:
    """A status may be a word, a number, or an object with a code."""
    if isinstance(value, dict):
        value = value.get("code") or value.get("status") or value.get("name")
    return _text(value)[:80]


def _text(value: Json) -> str:
    """One line of text out of whatever stands there."""
    if value is None or isinstance(value, dict | list):
        return ""
    return " ".join("".join(char if char.isprintable() else " " for char in str(value)).split())[:300]


def _place(node: Mapping[str, Json], shape: Shape) -> tuple[str, str]:
    """`Orlando, FL, US` and the country as two letters."""
    found = _first(node, shape.place)
    if isinstance(found, str | int):
        country = _country(_text(node.get("country")))
        return _text(found), country
    where = found if isinstance(found, dict) else {} if shape.place else node
    country = _country(_text(where.get("country") or where.get("country_iso3") or where.get("country_name")))
    parts = [_text(where.get("city")), _text(where.get("state")), country]
    if not any(parts[:2]) and _text(where.get("location")):
        return _text(where.get("location")), country
    return ", ".join(part for part in parts if part), country


def _country(text: str) -> str:
    code = text.upper()
    if len(code) == 3 and code.isalpha():
        return str(next(iter(_ALIASES.get(code, [""])), ""))
    return code if len(code) == 2 and code.isalpha() else ""


def _day(value: Json) -> date | None:
    """The calendar day as the carrier wrote it; no zone is applied to a promise of a day."""
    moment = moments.read(value, "", lambda _country: UTC)
    if moment.at is None:
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return moment.at.date()
