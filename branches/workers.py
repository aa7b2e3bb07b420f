"""Who a background job acts as: the person who asked, with the roles they hold when the work is done."""

from branches.models import Membership, User
from core.actor import Actor, Source


def actor_of(user_id: int, branch_id: int | None = None, source: Source = Source.IMPORT) -> Actor:
    """Read anew: a role taken away meanwhile is gone, and so are all of a person who no longer works here.

    The first role that counts in the branch is recorded.
    """
    person = User.objects.get(pk=user_id)
    held = Membership.objects.filter(user=person, user__is_active=True)
    roles = frozenset(held.values_list("branch_id", "role"))
    here = sorted(role for branch, role in roles if branch_id is None or branch in (None, branch_id))
    return Actor(person.full_name, here[0] if here else "", source, person.pk, branch_id, roles)
