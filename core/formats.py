"""How values look on pages, paper and in messages: powers, axes, days, waits and masked contacts.

Pure functions: the clock is an argument, so that a page, a PDF and a test agree.
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.dates import format_date as babel_date
from django.utils import timezone
from django.utils.dateformat import DateFormat
from django.utils.timesince import timesince
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

MINUS = "\u2212"
DASH = "\u2013"
_HUNDREDTH = Decimal("0.01")


def power(value: Decimal | None, *, plano: bool = False) -> str:
    """A power in dioptres: `+2.00`, `−1.25`; zero has no sign, or reads Plano. None is a dash: blank is not zero."""
    if value is None:
        return DASH
    rounded = value.quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)
    if rounded == 0:
        return _("Plano") if plano else "0.00"
    return ltr(f"{'+' if rounded > 0 else MINUS}{abs(rounded)}")


def ltr(text: str) -> str:
    """A value with its sign, kept from left to right where the page runs the other way: `−3.00` never reads `3.00−`."""
    return f"\u2066{text}\u2069" if get_language_bidi() else text


def axis(value: int | None) -> str:
    """An axis in degrees with three digits: `065°`."""
    return DASH if value is None else f"{value:03d}°"


def number(value: Decimal | int | None, places: int = 1) -> str:
    """A measurement with fixed places and a true minus: `31.5`."""
    if value is None:
        return DASH
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{MINUS if rounded < 0 else ''}{abs(rounded)}"


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def day(value: date | datetime | None, *, today: date) -> str:
    """`Thu 26 Nov`; the year only when it is another one."""
    if value is None:
        return DASH
    local = _local(value)
    pattern = "D j M" if local.year == today.year else "D j M Y"
    return _in_words((local.year, local.month, local.day), pattern, get_language())


def day_of_month(value: date, *, today: date) -> str:
    """`26 Nov`, for the scale of a drawing; the year only when it is another one."""
    pattern = "j M" if value.year == today.year else "j M Y"
    return _in_words((value.year, value.month, value.day), pattern, get_language())


@lru_cache(maxsize=4096)
def _in_words(day: tuple[int, int, int], pattern: str, _language: str | None) -> str:
    """Lists name the same days again and again, and each takes a dozen look-ups of words."""
    return dated(date(*day), pattern)


def dated(value: date | datetime, pattern: str) -> str:
    """A day or moment by the letters of Django's `date` filter: `dated(day, "D j M Y")`.

    Names of days and months in English as the trade writes them, in other languages by CLDR: Django's own begin with a capital
    in the middle of a French sentence.
    """
    return _Dated(value).format(pattern)


class _Dated(DateFormat):
    """Django's letters with names as the language writes them inside a sentence."""

    data: date

    def D(self) -> str:  # noqa: N802 - the letter of the pattern
        return _name(self.data.isoweekday(), "EEE", get_language()) or str(super().D())

    def l(self) -> str:  # noqa: E743 - the letter of the pattern
        return _name(self.data.isoweekday(), "EEEE", get_language()) or str(super().l())

    def M(self) -> str:  # noqa: N802 - the letter of the pattern
        return _name(self.data.month, "MMM", get_language()) or str(super().M())

    def F(self) -> str:  # noqa: N802 - the letter of the pattern
        return _name(self.data.month, "MMMM", get_language()) or str(super().F())


@lru_cache(maxsize=256)
def _name(number: int, pattern: str, language: str | None) -> str:
    """The name of a day of the week or of a month; empty in English."""
    if language is None or language.startswith("en"):
        return ""
    # June 2026 began on a Monday: its days number the days of the week.
    known = date(2026, 6, number) if pattern.startswith("E") else date(2026, number, 1)
    return babel_date(known, pattern, locale=language.replace("-", "_")).replace(".", "")


def day_time(value: datetime | None, *, today: date) -> str:
    """`14:02` today, else `Thu 26 Nov 16:00`."""
    if value is None:
        return DASH
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    clock = f"{local:%H:%M}"
    return clock if local.date() == today else f"{day(local, today=today)} {clock}"


def birth_date(value: date | None, *, today: date) -> str:
    """`04 Mar 1974 (52)`: two digits for the day so that columns of births line up."""
    if value is None:
        return DASH
    words = _in_words((value.year, value.month, value.day), "d M Y", get_language())
    return f"{words} ({age(value, today=today)})"


def age(born: date, *, today: date) -> int:
    """Whole years; a person born on 29 February turns a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def time_ago(value: datetime | None, *, now: datetime) -> str:
    """`now`, `12 min ago`, `3 h ago`, `2 d ago`; older than a week, the day."""
    if value is None:
        return _("never")
    gone = now - value
    if gone >= timedelta(days=7):
        return day(value, today=timezone.localtime(now).date())
    if gone < timedelta(minutes=1):
        return _("now")
    return _("%(span)s ago") % {"span": span(gone)}


def span(length: timedelta) -> str:
    """A length of time in one unit: `12 min`, `3 h`, `2 d`."""
    minutes = int(abs(length).total_seconds() // 60)
    if minutes < 60:
        return _("%(n)d min") % {"n": minutes}
    if minutes < 24 * 60:
        return _("%(n)d h") % {"n": minutes // 60}
    return _("%(n)d d") % {"n": minutes // (24 * 60)}


def due(value: datetime | None, *, now: datetime) -> str:
    """A promise in words: `Late 1 d`, `Due today 16:00`, `Due Thu, 2 d left`, `Due Thu 3 Dec`."""
    if value is None:
        return _("No date promised")
    local, today = timezone.localtime(value), timezone.localtime(now).date()
    if value < now:
        return _("Late %(span)s") % {"span": span(now - value)}
    days_left = (local.date() - today).days
    if days_left == 0:
        return _("Due today %(time)s") % {"time": f"{local:%H:%M}"}
    if days_left < 7:
        return _("Due %(day)s, %(n)d d left") % {"day": dated(local, "D"), "n": days_left}
    return _("Due %(day)s") % {"day": day(local, today=today)}


def due_tone(value: datetime | None, *, now: datetime) -> str:
    """`danger` when late, `warning` when due today, else `neutral`. Boards with their own thresholds compute their own."""
    if value is None:
        return "neutral"
    if value < now:
        return "danger"
    return "warning" if timezone.localtime(value).date() == timezone.localtime(now).date() else "neutral"


def short_name(full_name: str) -> str:
    """`N. Khumalo`, for timelines and narrow columns."""
    parts = full_name.split()
    return f"{parts[0][0]}. {parts[-1]}" if len(parts) > 1 else full_name


def phone_ends(value: str) -> str:
    """The last four digits, enough to ask for and useless to a passer-by: `ends 4417`."""
    digits = [char for char in value if char.isdigit()]
    return _("ends %(digits)s") % {"digits": "".join(digits[-4:])} if digits else _("not recorded")


def phone_masked(value: str) -> str:
    """`•• ••• 4417`."""
    digits = [char for char in value if char.isdigit()]
    return f"•• ••• {''.join(digits[-4:])}" if digits else _("not recorded")


def email_masked(value: str) -> str:
    """`t•••@post.example`."""
    name, _at, host = value.partition("@")
    return f"{name[:1]}•••@{host}" if host else _("not recorded")


def until(value: datetime, *, now: datetime) -> str:
    """How long to wait, for people: `4 minutes`, `1 hour`."""
    return timesince(now, value, depth=1)
