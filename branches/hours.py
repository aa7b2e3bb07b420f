"""Opening hours: `{"mon": ["08:30", "17:30"], ...}`; a weekday that is not there is closed."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time

from django.utils.translation import gettext_lazy as _

DAYS = (
    ("mon", _("Monday")),
    ("tue", _("Tuesday")),
    ("wed", _("Wednesday")),
    ("thu", _("Thursday")),
    ("fri", _("Friday")),
    ("sat", _("Saturday")),
    ("sun", _("Sunday")),
)
Hours = dict[str, list[str]]
# What a branch has until somebody sets its hours.
USUAL: Mapping[str, Sequence[str]] = {
    **{day: ["08:30", "17:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
    "sat": ["08:30", "13:00"],
}
_SPAN = re.compile(r"^\s*(\d{1,2})[:.h]?(\d{2})?\s*[-–]\s*(\d{1,2})[:.h]?(\d{2})?\s*$")


def read(text: str) -> list[str] | None:
    """`8:30-17` is `["08:30", "17:00"]`. None when it is not a span of one day."""
    match = _SPAN.match(text)
    if not match:
        return None
    first, first_minute, last, last_minute = (int(part or 0) for part in match.groups())
    if first > 23 or last > 23 or first_minute > 59 or last_minute > 59:
        return None
    opens, closes = f"{first:02d}:{first_minute:02d}", f"{last:02d}:{last_minute:02d}"
    return [opens, closes] if opens < closes else None


def write(span: list[str] | None) -> str:
    return "–".join(span) if span else ""


def on(hours: Hours, day: date) -> tuple[time, time] | None:
    """When the branch opens and closes that day; None when it stays closed."""
    span = hours.get(DAYS[day.weekday()][0])
    return (time.fromisoformat(span[0]), time.fromisoformat(span[1])) if span else None
