"""Addresses on pages with many links. Reversing a route costs as much as drawing the row that links there, so the parts of
an address around its one argument are worked out once; what is not plain digits or letters goes to Django's `reverse`."""

import re
from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse

_WORD, _NUMBER = "A-1b_0", 1234567890
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


def to(name: str, *keys: object) -> str:
    """The same as `reverse(name, args=keys)`: `to("orders:page", order.number)`. Raises NoReverseMatch."""
    if not keys:
        return _fixed(settings.ROOT_URLCONF, name)
    around = _parts(name, keys[0]) if len(keys) == 1 else None
    return f"{around[0]}{keys[0]}{around[1]}" if around else reverse(name, args=keys)


def _parts(name: str, key: object) -> tuple[str, str] | None:
    """What stands before and after this key, when one like it is allowed there and needs no quoting."""
    if isinstance(key, str):
        return _around(settings.ROOT_URLCONF, name, _WORD) if _PLAIN.fullmatch(key) else None
    return _around(settings.ROOT_URLCONF, name, _NUMBER) if type(key) is int and key >= 0 else None


@cache
def _fixed(urlconf: str, name: str) -> str:
    return reverse(name)


@cache
def _around(urlconf: str, name: str, sample: str | int) -> tuple[str, str] | None:
    """None where the route takes no such key (a word where a number is wanted)."""
    try:
        before, _sample, after = reverse(name, args=[sample]).rpartition(str(sample))
    except NoReverseMatch:
        return None
    return before, after
