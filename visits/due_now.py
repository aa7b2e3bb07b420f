"""What is due in a branch now, and a word beside an appointment: other apps register here from `due_now_items.py`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from branches.access import allowed
from branches.models import Branch
from branches.scope import Scope
from core.actor import Actor
from core.states import Words
from core.ui import Badge


@dataclass(frozen=True)
class Asked:
    """For whom and when the counts are made."""

    branch: Branch
    actor: Actor
    scope: Scope
    now: datetime


@dataclass(frozen=True)
class DueNow:
    """One count that opens its list. A count of nought is not shown."""

    count: int
    label: Words
    url: str
    meta: Words = ""
    badge: Badge | None = None


Counter = Callable[[Asked], DueNow | None]
Notes = Callable[[Sequence[int]], Mapping[int, Words]]


@dataclass(frozen=True)
class _Item:
    order: int
    counter: Counter
    can: str


_items: dict[str, _Item] = {}
_notes: dict[str, Notes] = {}


def register(code: str, order: int, counter: Counter, can: str = "") -> None:
    """Reviews 10, late jobs 20, approvals 30, ready to collect 40, calls 50. One or two queries each."""
    _items[code] = _Item(order, counter, can)


def register_notes(code: str, notes: Notes) -> None:
    """Words on an appointment's card by customer id, such as `R 480.00 due`: one query for a whole board."""
    _notes[code] = notes


def due(asked: Asked) -> list[DueNow]:
    """Everything due that the viewer may see, in order."""
    wanted = sorted(_items.values(), key=lambda item: item.order)
    counted = (
        item.counter(asked) for item in wanted if not item.can or allowed(asked.actor, item.can, asked.branch.pk)
    )
    return [found for found in counted if found is not None and found.count]


def notes_on(customer_ids: Sequence[int]) -> dict[int, list[Words]]:
    """All apps' words by customer."""
    found: dict[int, list[Words]] = {}
    for code in sorted(_notes):
        for customer_id, words in _notes[code](customer_ids).items() if customer_ids else ():
            found.setdefault(customer_id, []).append(words)
    return found
