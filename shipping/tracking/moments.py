"""Carriers' times: ISO with and without zone, bare days, seconds since 1970 as number or text, mail dates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

# The zone of a place that a carrier named without one: country as two letters, or empty.
ZoneOf = Callable[[str], tzinfo]

_EARLIEST_EPOCH = 10**8  # 1973; smaller numbers are years or nonsense
_LATEST_EPOCH = 10**14
_PATTERNS = (
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y%m%d%H%M%S", "%Y%m%d %H%M%S", "%Y%m%d%H%M", "%b %d, %Y %H:%M",
    "%b %d, %Y %I:%M %p", "%B %d, %Y %H:%M", "%B %d, %Y %I:%M %p", "%B %d, %Y", "%b %d, %Y", "%d %b %Y %H:%M", "%d %b %Y",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%Y-%m-%d %I:%M %p", "%Y-%m-%dT%H:%M:%S %z", "%Y-%m-%d %H:%M:%S %z",
)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """`at` is None when the text was empty or unreadable; `text` is what stands in the fingerprint."""

    at: datetime | None
    text: str = ""
    zone_assumed: bool = False
    unreadable: bool = False


def read(value: object, country: str, zone_of: ZoneOf) -> Moment:
    """A carrier's time. Never raises."""
    raw = "" if value is None or isinstance(value, bool | dict | list) else str(value).strip()
    if not raw:
        return Moment(None)
    found = _epoch(raw) or _written(raw)
    if found is None or not 1990 <= found.year <= 2200:
        return Moment(None, raw, unreadable=True)
    if found.tzinfo is None:
        return Moment(found.replace(tzinfo=zone_of(country)).astimezone(UTC), found.isoformat(), zone_assumed=True)
    at = found.astimezone(UTC)
    return Moment(at, at.isoformat())


def _epoch(raw: str) -> datetime | None:
    """Seconds or milliseconds since 1970."""
    try:
        number = float(raw)
    except ValueError:
        return None
    if not _EARLIEST_EPOCH <= number <= _LATEST_EPOCH or (raw.startswith(("19", "20")) and len(raw) in {12, 14}):
        return None
    return datetime.fromtimestamp(number / 1000 if number > 10**11 else number, UTC)


def _written(raw: str) -> datetime | None:
    for attempt in (datetime.fromisoformat, parsedate_to_datetime, _loosely):
        try:
            return attempt(raw)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def _loosely(raw: str) -> datetime:
    """The other ways carriers write a time; months and day halves in English."""
    for pattern in _PATTERNS:
        try:
            return datetime.strptime(raw, pattern)  # noqa: DTZ007 the zone is added by the caller
        except ValueError:
            continue
    raise ValueError(raw)
