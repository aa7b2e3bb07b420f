"""Values of the shell that may be some seconds old: counts beside the navigation, the practice's name.

Kept in the process, never shared, never for a decision. `SHELL_CACHE_SECONDS = 0` switches it off.
"""

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.conf import settings

T = TypeVar("T")
MOST = 2000
_kept: dict[Hashable, tuple[float, Any]] = {}


def remembered(key: Hashable, make: Callable[[], T]) -> T:
    """The value made for this key during the last seconds, else a new one."""
    seconds: int = settings.SHELL_CACHE_SECONDS
    if not seconds:
        return make()
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


def forget(key: Hashable) -> None:
    """The value changed here: do not show the old one for the rest of its seconds."""
    _kept.pop(key, None)
