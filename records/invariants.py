"""Statements that are always true of the data, one query each: `manage.py check_invariants`, after tests and nightly.

Apps declare theirs in `invariants.py`. A query returns the rows that break the statement; none is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

MOST_SHOWN = 20


@dataclass(frozen=True)
class Invariant:
    """`code` as in the promises (I3, I8 ...), the statement in words, and the query of its exceptions."""

    code: str
    statement: str
    query: str


@dataclass(frozen=True)
class Violation:
    """A broken statement with the first rows that break it."""

    invariant: Invariant
    rows: Sequence[tuple[Any, ...]]


_declared: dict[str, Invariant] = {}


def declare(*invariants: Invariant) -> None:
    for invariant in invariants:
        if invariant.code in _declared and _declared[invariant.code] != invariant:
            raise ValueError(f"Two invariants are called {invariant.code}")
        _declared[invariant.code] = invariant


def declared() -> list[Invariant]:
    """All of them, by code."""
    return sorted(_declared.values(), key=lambda one: one.code)


def violations() -> list[Violation]:
    """Every statement that does not hold now."""
    found = []
    for invariant in declared():
        with connection.cursor() as cursor:
            cursor.execute(invariant.query)
            rows = cursor.fetchmany(MOST_SHOWN)
        if rows:
            found.append(Violation(invariant, rows))
    return found
