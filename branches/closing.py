"""What stands against closing a branch. Every app names its own in `closing_items.py`; the data tell how many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from branches.models import Branch
from core.actor import Actor
from core.states import Words


@dataclass(frozen=True)
class Obstacle:
    """`count`: how many there are now; any refuses. `hint` says how they go away, `url` leads there, `can` opens that page."""

    key: str
    label: Words
    hint: Words
    order: int
    can: str
    url: Callable[[Branch], str]
    count: Callable[[Branch], int]


Heard = Callable[[Branch, Actor, str], None]

_obstacles: dict[str, Obstacle] = {}
_listeners: list[Heard] = []


def register(obstacle: Obstacle) -> None:
    _obstacles[obstacle.key] = obstacle


def standing(branch: Branch) -> Sequence[tuple[Obstacle, int]]:
    """Everything that still has to be done before the branch can close, each with its number; one query for each kind."""
    counted = ((one, one.count(branch)) for one in sorted(_obstacles.values(), key=lambda one: one.order))
    return [(one, number) for one, number in counted if number]


def heard(listener: Heard) -> None:
    """Called with branch, actor and reason inside the transaction that closes a branch or opens it again."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(branch: Branch, actor: Actor, reason: str) -> None:
    for listener in _listeners:
        listener(branch, actor, reason)
