"""Addresses on pages with many links. Reversing a route costs as much as drawing the row that links there, so the text of an
address around its keys is worked out once; a key that is not plain digits or letters goes to Django's `reverse`."""

import re
from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


def to(name: str, *keys: object) -> str:
    """The same as `reverse(name, args=keys)`: `to("orders:page", order.number)`. Raises NoReverseMatch."""
    kinds = tuple(map(_kind, keys))
    pattern = None if None in kinds else _pattern(settings.ROOT_URLCONF, name, kinds)
    return pattern % keys if pattern else reverse(name, args=keys)


def _kind(key: object) -> str | None:
    """`word` or `number`, when the key stands in an address as it is."""
    if isinstance(key, str):
        return "word" if _PLAIN.fullmatch(key) else None
    return "number" if type(key) is int and key >= 0 else None


@cache
def _pattern(urlconf: str, name: str, kinds: tuple[str | None, ...]) -> str | None:
    """`/orders/%s/`, or None where the route takes no such keys (a word where a number is wanted)."""
    samples = [f"A-1b_{place}" if kind == "word" else 1234567890 + place for place, kind in enumerate(kinds)]
    try:
        text = reverse(name, args=samples).replace("%", "%%")
    except NoReverseMatch:
        return None
    for sample in samples:
        text = text.replace(str(sample), "%s", 1)
    return text
