"""What moves when two records turn out to be one person: each app above registers its own open work."""

from collections.abc import Callable

from core.actor import Actor
from customers.models import Customer

# (kept, merged, actor) -> how many records it moved
Mover = Callable[[Customer, Customer, Actor], int]

_movers: dict[str, Mover] = {}


def register(name: str, mover: Mover) -> None:
    """`name` appears in the event, for example `orders`; called inside the merge's transaction."""
    _movers[name] = mover


def move_all(kept: Customer, merged: Customer, actor: Actor) -> dict[str, int]:
    """Ask every app to point its open work at the kept record; how many each moved."""
    return {name: mover(kept, merged, actor) for name, mover in sorted(_movers.items())}
