"""Values of the shell that may be some seconds old: counts beside the navigation, the practice's name.

Kept in the process, never shared, never for a decision. `SHELL_CACHE_SECONDS = 0` keeps them for one request only, so that
what several parts of a page show is read once.
"""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.conf import settings

T = TypeVar("T")
MOST = 2000
_kept: dict[Hashable, tuple[float, Any]] = {}
_request: ContextVar[dict[Hashable, Any] | None] = ContextVar("one_request", default=None)


def remembered(key: Hashable, make: Callable[[], T]) -> T:
    """The value made for this key during the last seconds, else a new one."""
    seconds: int = settings.SHELL_CACHE_SECONDS
    if not seconds:
        return _once(key, make)
    now = time.monotonic()
    until, value = _kept.get(key, (0.0, None))
    if until > now:
        kept: T = value
        return kept
    if len(_kept) >= MOST:
        _kept.clear()
    made = make()
    _kept[key] = (now + seconds, made)
    return made


def _once(key: Hashable, make: Callable[[], T]) -> T:
    read = _request.get()
    if read is None:
        return make()
    if key not in read:
        read[key] = make()
    value: T = read[key]
    return value


@contextmanager
def one_request() -> Iterator[None]:
    """What is remembered inside is read once at most."""
    token = _request.set({})
    try:
        yield
    finally:
        _request.reset(token)


def forget(key: Hashable) -> None:
    """The value changed here: do not show the old one for the rest of its seconds."""
    _kept.pop(key, None)
    (_request.get() or {}).pop(key, None)
