"""Who a background job acts as: the person who asked, with the roles they hold when the work is done."""

from branches.models import Membership, User
from core.actor import Actor, Source


def actor_of(user_id: int, branch_id: int | None = None, source: Source = Source.IMPORT) -> Actor:
    """Read in one go; a role taken away meanwhile is gone. The first role that counts in the branch is recorded."""
    person = User.objects.get(pk=user_id)
    roles = frozenset(Membership.objects.filter(user=person).values_list("branch_id", "role"))
    here = sorted(role for branch, role in roles if branch_id is None or branch in (None, branch_id))
    return Actor(person.full_name, here[0] if here else "", source, person.pk, branch_id, roles)
