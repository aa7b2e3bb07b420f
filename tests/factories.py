"""Makers of test objects: plain functions, each with the least that a test must say."""

from itertools import count

from branches.models import Branch, Membership, User
from branches.roles import Role
from core.actor import Actor, Source

_numbers = count(1)


def branch(code: str = "", **fields: object) -> Branch:
    """A branch; `code` A, B, C ... unless given."""
    n = next(_numbers)
    code = code or f"B{n}"
    defaults: dict[str, object] = {"name": f"Branch {code}", "time_zone": "Africa/Johannesburg", "tax_percent": 15}
    return Branch.objects.create(code=code, **(defaults | fields))


def user(role: str = Role.RECEPTIONIST, at: Branch | None = None, **fields: object) -> User:
    """A member of staff holding one role in one branch (in every branch when `at` is None)."""
    n = next(_numbers)
    defaults: dict[str, object] = {"email": f"person{n}@practice.example", "full_name": f"Person {n}"}
    person = User.objects.create_user(password="a-long-password-1", **(defaults | fields))
    Membership.objects.create(user=person, branch=at, role=role)
    return person


def actor(person: User, at: Branch | None = None) -> Actor:
    """The person acting in a branch, with the roles they hold in the database."""
    roles = frozenset(person.memberships.values_list("branch_id", "role"))
    first = sorted(role for branch_id, role in roles if branch_id in (None, at and at.pk))
    return Actor(
        name=person.full_name,
        role=first[0] if first else "",
        source=Source.COUNTER,
        user_id=person.pk,
        branch_id=at.pk if at else None,
        roles=roles,
    )


def staff(role: str, at: Branch) -> Actor:
    """A new person with one role, acting in their branch."""
    return actor(user(role, at), at)
