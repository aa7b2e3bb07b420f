"""A cursor over a JSON object: reads each element by its type, and remembers which were not read."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from .findings import Report

MAX_ITEMS = 100
MAX_SHOWN = 60
LARGEST_NUMBER = Decimal(1000)
MOST_PLACES = 6
FIRST_YEAR, LAST_YEAR = 1900, 2200
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)


class Node:
    """One JSON object at a path. Wrong types become problems in the report and read as absent."""

    def __init__(self, values: dict[str, object], path: str, report: Report) -> None:
        self.values = values
        self.path = path
        self.report = report
        self._read: set[str] = set()

    def at(self, name: str) -> str:
        """The path of an element."""
        return f"{self.path}.{name}" if self.path else name

    def has(self, name: str) -> bool:
        """Whether the element is there, without reading it; null counts as absent."""
        return self.values.get(name) is not None

    def take(self, name: str) -> object:
        """The raw element, or None; from now on it counts as read."""
        self._read.add(name)
        return self.values.get(name)

    def refuse(self, code: str, name: str, message: str) -> None:
        """A problem at an element."""
        self.report.problem(code, self.at(name), message)

    def note(self, code: str, name: str, message: str) -> None:
        """A note at an element."""
        self.report.note(code, self.at(name), message)

    def text(self, name: str, longest: int) -> str:
        """A text without surrounding blanks, or empty."""
        value = self.take(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._wrong_type(name, _("a text"))
            return ""
        if len(value.strip()) > longest:
            message = _("The text is longer than %(longest)d characters.")
            self.refuse("text_too_long", name, message % {"longest": longest})
            return ""
        return value.strip()

    def code(self, name: str, choices: Sequence[str]) -> str:
        """A code out of a fixed list, or empty; required."""
        value = self.take(name)
        if value is None:
            self.refuse("required", name, _("This element is required."))
        elif not isinstance(value, str) or value not in choices:
            message = _("“%(value)s” is none of %(choices)s.")
            self.refuse("code", name, message % {"value": shown(value), "choices": ", ".join(choices)})
        else:
            return value
        return ""

    def number(self, name: str) -> Decimal | None:
        """A decimal number of a plausible size, or none."""
        value = self.take(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self._wrong_type(name, _("a number"))
            return None
        number = Decimal(value)
        if number.copy_abs() >= LARGEST_NUMBER or _places(number) > MOST_PLACES:
            self.refuse("number_range", name, _("%(value)s cannot be a measurement.") % {"value": shown(value)})
            return None
        return abs(number) if number == 0 else number

    def whole_number(self, name: str) -> int | None:
        """An integer, or none."""
        value = self.take(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong_type(name, _("a whole number"))
            return None
        return value

    def flag(self, name: str) -> bool:
        """A boolean; absent is false."""
        value = self.take(name)
        if value is not None and not isinstance(value, bool):
            self._wrong_type(name, _("true or false"))
        return value is True

    def node(self, name: str) -> "Node | None":
        """An object inside this one, or none."""
        value = self.take(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self._wrong_type(name, _("an object"))
            return None
        return Node(value, self.at(name), self.report)

    def nodes(self, name: str) -> list["Node"]:
        """The objects of a list; empty when absent."""
        value = self.take(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self._wrong_type(name, _("a list of objects"))
            return []
        if len(value) > MAX_ITEMS:
            self.refuse("too_many", name, _("There are more than %(most)d entries.") % {"most": MAX_ITEMS})
            return []
        return [Node(item, f"{self.at(name)}[{index}]", self.report) for index, item in enumerate(value)]

    def moment(self, name: str) -> date | datetime | None:
        """A day, or a time with its zone; none when absent or when the day is not said."""
        value = self.take(name)
        if value is None:
            return None
        parsed = _parsed_moment(value) if isinstance(value, str) else None
        if parsed is None or not FIRST_YEAR <= parsed.year <= LAST_YEAR:
            message = _("“%(value)s” is not a full date, or a time with its zone.")
            self.refuse("date", name, message % {"value": shown(value)})
            return None
        return parsed

    def day(self, name: str) -> date | None:
        """The day of a date or time, in its own zone."""
        moment = self.moment(name)
        return moment.date() if isinstance(moment, datetime) else moment

    def leave_the_rest(self) -> None:
        """List every element that was not read as not taken over."""
        for name in self.values:
            if name not in self._read:
                self.report.left(self.at(name), shown(self.values[name]))

    def _wrong_type(self, name: str, wanted: str) -> None:
        message = _("“%(value)s” stands where %(wanted)s is expected.")
        self.refuse("type", name, message % {"value": shown(self.values[name]), "wanted": wanted})


def shown(value: object) -> str:
    """A value for a message, cut short."""
    text = str(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else MOST_PLACES + 1


def _parsed_moment(text: str) -> date | datetime | None:
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
        if MOMENT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        return None
    return None
