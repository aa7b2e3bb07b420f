"""What moves along when an order is cancelled, promised anew or quoted again: registered from the apps above.

A follower runs inside the verb's transaction and may refuse it by raising a DomainError.
"""

from collections.abc import Callable

from core.actor import Actor
from orders.models import Order

Follower = Callable[[Order, Actor, str], None]
CANCELLED, REPROMISED, CONFIRMED = "cancelled", "repromised", "confirmed"
# A frame, lens or measurement was chosen again: what was quoted is no longer what would be made.
CHOSEN_AGAIN = "chosen_again"
# The customer gets it another way: collected instead of sent, sent instead of collected, or at another shop.
DELIVERY = "delivery"

_followers: dict[str, list[Follower]] = {CANCELLED: [], REPROMISED: [], CONFIRMED: [], CHOSEN_AGAIN: [], DELIVERY: []}


def register(what: str, follower: Follower) -> None:
    """`what` is one of the words above; the follower gets the order as changed, the actor and the reason."""
    if follower not in _followers[what]:
        _followers[what].append(follower)


def follow(what: str, order: Order, actor: Actor, reason: str) -> None:
    for follower in _followers[what]:
        follower(order, actor, reason)
