"""Values as people read them: powers, money, days, masked contacts."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.template import Library
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import formats, practice_words
from core import money as amounts

register = Library()


@register.filter(name="power")
def power_filter(value: Decimal | None, zero: str = "") -> str:
    """`{{ sphere|power }}` or `{{ sphere|power:"plano" }}`."""
    return formats.power(value, plano=zero == "plano")


@register.simple_tag
def power(value: Decimal | None, plano: bool = False) -> str:
    return formats.power(value, plano=plano)


@register.filter(name="axis")
def axis_filter(value: int | None) -> str:
    return formats.axis(value)


@register.simple_tag
def axis(value: int | None) -> str:
    return formats.axis(value)


@register.filter
def in_their_words(row: object, name: str) -> str:
    """`{{ practice|in_their_words:"invoice_words" }}`: what the practice wrote, in the reader's language where it did."""
    return practice_words.spoken(row, name)


@register.filter
def mm(value: Decimal | None) -> str:
    """A length in millimetres with one place, without the unit."""
    return formats.number(value, 1)


@register.filter(name="money")
def money_filter(value: Decimal | None) -> str:
    return amounts.money(value)


@register.simple_tag
def money(value: Decimal | None) -> str:
    return amounts.money(value)


@register.filter
def amount(value: Decimal | None) -> str:
    """The number alone; the column's heading carries `{% currency %}`."""
    return amounts.plain(value)


@register.simple_tag
def currency() -> str:
    return amounts.symbol()


@register.filter(name="date", expects_localtime=True)
def date_filter(value: date | datetime | None, pattern: str) -> str:
    """Django's own, with the names of days and months as the language writes them inside a sentence."""
    return formats.dated(value, pattern) if value else ""


@register.filter
def day(value: date | datetime | None) -> str:
    return formats.day(value, today=timezone.localdate())


@register.filter
def day_time(value: datetime | None) -> str:
    return formats.day_time(value, today=timezone.localdate())


@register.filter
def clock(value: datetime | None) -> str:
    """`16:00` in the branch's zone."""
    return formats.DASH if value is None else f"{timezone.localtime(value):%H:%M}"


@register.filter
def born(value: date | None) -> str:
    return formats.birth_date(value, today=timezone.localdate())


@register.filter
def time_ago(value: datetime | None) -> str:
    return formats.time_ago(value, now=timezone.now())


@register.filter
def due(value: datetime | None) -> str:
    return formats.due(value, now=timezone.now())


@register.filter
def phone_ends(value: str) -> str:
    return formats.phone_ends(value)


@register.filter
def phone_masked(value: str) -> str:
    return formats.phone_masked(value)


@register.filter
def email_masked(value: str) -> str:
    return formats.email_masked(value)


@register.simple_tag
def when(value: datetime | None) -> SafeString | str:
    """`<time>` that shows how long ago and says the exact moment on hover and to machines."""
    if value is None:
        return _("never")
    full = f"{formats.day(value, today=date.min)} {timezone.localtime(value):%H:%M}"
    shown = formats.time_ago(value, now=timezone.now())
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), full, shown)


@register.filter
def marked(text: str, query: str) -> SafeString:
    """The text with what was typed marked where it begins a word or stands inside one."""
    words = [re.escape(word) for word in query.split() if word]
    if not words:
        return format_html("{}", text)
    pieces = re.split(f"({'|'.join(words)})", str(text), flags=re.IGNORECASE)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", one) if at % 2 else one,) for at, one in enumerate(pieces))
    )
