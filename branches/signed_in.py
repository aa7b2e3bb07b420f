"""Who is signed in, with the roles held in each branch: one query of every request, so that a role taken away works at once."""

from django.db.models import QuerySet

from branches.models import Membership, User
from core.prepared import Slot, prepared


@prepared
def _held() -> QuerySet[Membership]:
    found = Membership.objects.filter(user=Slot("user")).select_related("user", "branch")
    return found.order_by("branch__name", "pk")


def person(user_id: int) -> User | None:
    """The person with their memberships; None for somebody who holds no role."""
    held = _held().rows(user=user_id)
    if not held:
        return None
    held[0].user.held = held
    return held[0].user


def memberships_of(user: User) -> list[Membership]:
    """By the names of the branches; read along with the person of a session."""
    return _held().rows(user=user.pk) if user.held is None else user.held
