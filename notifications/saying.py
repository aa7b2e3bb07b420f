"""How a value gets into a message: one line, no structure of its own, and nothing of the eye."""

import re
from datetime import date, datetime

from django.utils import timezone

from core import formats

# A power, an addition or an axis as opticians write them: a signed number with two decimals, "axis 65", "add 2.00",
# "x 090". Words that a person types may hold them; a customer's message must not.
_POWER = re.compile(r"(?<![\d.,])[+\-\u2212\u2013]\s?\d{1,2}[.,]\d{2}(?!\d)")
_NAMED = re.compile(
    r"\b(?:sph(?:ere)?|cyl(?:inder)?|axis|ax|add(?:ition)?|prism|pd|bvd)\b\W{0,3}\d+|[x×]\s?\d{1,3}\s?°|\d{1,3}\s?°",
    re.I,
)
_EYES = re.compile(r"\b(?:OD|OS|OU)\b|\b\d{1,2}[.,]\d{2}\s?(?:D|dpt|dioptr)", re.I)


def one_line(text: str) -> str:
    """No line break, no control sign, no brackets of our own grammar: a value can never become structure."""
    cleaned = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(cleaned.replace("{", "(").replace("}", ")").split())


def discreet(text: str) -> str:
    """Words that a person typed, for the customer: empty when they hold a value of the eye, so that their line goes."""
    words = one_line(text)
    return "" if any(one.search(words) for one in (_POWER, _NAMED, _EYES)) else words


def day(value: date | None) -> str:
    """`Thu 26 Nov`, empty for none."""
    return formats.day(value, today=timezone.localdate()) if value else ""


def moment(value: datetime | None) -> str:
    """`Mon 30 Nov 11:20` on the clock that is set; the day is always said, because a message is read later."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{formats.day(local.date(), today=timezone.localdate())} {local:%H:%M}"


def as_date(value: object) -> date | None:
    """A day out of an event's values, which keep it as text."""
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def as_moment(value: object) -> datetime | None:
    """A moment out of an event's values, read on the clock that is set when it names no zone; None for a bare day."""
    try:
        found = datetime.fromisoformat(str(value)) if value and ":" in str(value) else None
    except ValueError:
        return None
    return timezone.make_aware(found) if found is not None and timezone.is_naive(found) else found
