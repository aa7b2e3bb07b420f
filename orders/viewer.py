"""Who looks at an order: what they may do there and which branches they see."""

from dataclasses import dataclass

from branches.access import allowed
from branches.scope import Scope
from core.actor import Actor
from orders.models import Order


@dataclass(frozen=True)
class Viewer:
    actor: Actor
    scope: Scope

    def may(self, permission: str, order: Order) -> bool:
        """The right counts where the order is sold or collected, as in the verbs."""
        return any(allowed(self.actor, permission, at) for at in {order.branch_id, order.collect_branch_id})
