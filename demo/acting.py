"""A sample member of staff acting in a branch, with the roles they really hold."""

from branches.models import Branch, Membership, User
from core.actor import Actor, Source


def acting(name: str, branch_code: str) -> Actor:
    """`name` is the first part of the address; raises when that person has no role in the branch."""
    user = User.objects.get(email=f"{name}@practice.example")
    branch = Branch.objects.get(code=branch_code)
    roles = frozenset(Membership.objects.filter(user=user).values_list("branch_id", "role"))
    here = sorted(role for branch_id, role in roles if branch_id in (None, branch.pk))
    if not here:
        raise LookupError(f"{name} has no role in {branch_code}")
    return Actor(
        name=user.full_name, role=here[0], source=Source.COUNTER, user_id=user.pk, branch_id=branch.pk, roles=roles
    )
