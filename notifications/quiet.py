"""Quiet hours: no SMS and no push notice at night, by the customer's clock. E-mail waits by itself in its box."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from customers.models import Channel

_DISTURBING = {Channel.SMS.value, Channel.PUSH.value}


def until(channel: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the message may go, if it may not go now. `QUIET_HOURS` is `20:00-08:00`; empty switches it off."""
    span = hours()
    if span is None or channel not in _DISTURBING:
        return None
    starts, ends = span
    local = now.astimezone(zone)
    quiet = starts <= local.time() or local.time() < ends if starts > ends else starts <= local.time() < ends
    if not quiet:
        return None
    day = local.date() + timedelta(days=1 if local.time() >= ends else 0)
    return datetime.combine(day, ends, zone)


def hours() -> tuple[time, time] | None:
    """From and to, as set up."""
    text = str(settings.QUIET_HOURS).strip()
    if not text:
        return None
    starts, _dash, ends = text.partition("-")
    return time.fromisoformat(starts.strip()), time.fromisoformat(ends.strip())
