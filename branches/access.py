"""The one question every verb asks first: may this actor do this here?"""

from decimal import Decimal

from django.utils.translation import gettext as _

from branches.roles import DISCOUNT_LIMIT_PERCENT, MATRIX, Can
from core.actor import Actor
from core.errors import NotAllowed, NotVisible


def allowed(actor: Actor, permission: str, branch_id: int | None) -> bool:
    """Whether one of the actor's roles in this branch carries the permission. `branch_id` None: in any branch."""
    if actor.is_system:
        return True
    roles = {role for _branch, role in actor.roles} if branch_id is None else actor.roles_in(branch_id)
    return any(permission in MATRIX[role] for role in roles)


def require(actor: Actor, permission: str, branch_id: int | None) -> None:
    """Raises NotVisible for a branch the actor does not belong to, NotAllowed where the role does not reach."""
    if actor.is_system:
        return
    if branch_id is not None and not actor.roles_in(branch_id):
        raise NotVisible(_("Not found."), code="not_visible")
    if not allowed(actor, permission, branch_id):
        raise NotAllowed(
            _("Your role cannot %(what)s here. Ask someone whose role can.") % {"what": Can(permission).label},
            code="not_allowed",
        )


def require_everywhere(actor: Actor, permission: str) -> None:
    """Raises NotAllowed unless the actor holds the permission in the whole organisation."""
    if not actor.is_system and None not in branches_with(actor, permission):
        raise NotAllowed(
            _("Only head office can %(what)s in every branch.") % {"what": Can(permission).label}, code="not_allowed"
        )


def branches_with(actor: Actor, permission: str) -> frozenset[int | None]:
    """The branches in which the actor holds the permission; None stands for every branch."""
    return frozenset(branch for branch, role in actor.roles if permission in MATRIX[role])


def discount_limit(actor: Actor, branch_id: int) -> Decimal:
    """The largest discount in per cent that the actor may give in this branch without another's approval."""
    return max((DISCOUNT_LIMIT_PERCENT[role] for role in actor.roles_in(branch_id)), default=Decimal(0))
