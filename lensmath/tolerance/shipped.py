"""The editions that come with the product, from `editions/*.json`: the starting point of the editable records."""

import json
from functools import cache
from importlib import resources
from typing import Any

from lensmath.tolerance.codec import from_plain
from lensmath.tolerance.edition import Edition

DEFAULT = "ansi-z80.1-2015"


def shipped_codes() -> list[str]:
    """Codes of all shipped editions, in alphabetical order."""
    folder = resources.files("lensmath.tolerance") / "editions"
    return sorted(entry.name.removesuffix(".json") for entry in folder.iterdir() if entry.name.endswith(".json"))


@cache
def shipped(code: str = DEFAULT) -> Edition:
    """One shipped edition. Raises KeyError when there is none of that code."""
    return from_plain(shipped_plain(code))


def shipped_plain(code: str) -> dict[str, Any]:
    """A shipped edition as plain JSON, complete, as a database record stores it. Raises KeyError for an unknown code."""
    if code not in shipped_codes():
        raise KeyError(code)
    text = (resources.files("lensmath.tolerance") / "editions" / f"{code}.json").read_text(encoding="utf-8")
    own: dict[str, Any] = json.loads(text)
    base = own.pop("based_on", None)
    return {**shipped_plain(base), **own} if base else own


def named(name: str) -> Edition:
    """A shipped edition by its printed name or code. Raises KeyError when there is none."""
    wanted = name.strip().casefold()
    for code in shipped_codes():
        edition = shipped(code)
        if wanted in (code, edition.name.casefold()):
            return edition
    raise KeyError(name)
