"""Who may get a report: people who hold, in one branch, every right that its rows need."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from branches import access
from branches.models import Branch, User
from branches.roles import MATRIX, Can
from branches.scope import Scope
from core.actor import Actor
from reports.datasets import querying
from reports.datasets.base import Definition
from reports.models import Schedule


@dataclass(frozen=True)
class Reader:
    """A person with the branch in which they hold the rights."""

    person: User
    branch: Branch


def rights_for(definition: Definition) -> frozenset[str]:
    """What a person needs to take this report home."""
    return querying.rights_of(definition) | {Can.VIEW_MEASURES, Can.EXPORT_DATA}


def holds(person: User, branch_id: int, rights: Iterable[str]) -> bool:
    """Whether a person holds all of them in a branch now."""
    roles = [one.role for one in person.memberships.all() if one.branch_id in (None, branch_id)]
    return person.is_active and all(any(right in MATRIX[role] for role in roles) for right in rights)


def belongs(person: User, branch_id: int) -> bool:
    return any(one.branch_id in (None, branch_id) for one in person.memberships.all())


def readers(actor: Actor, definition: Definition, home: Branch) -> list[Reader]:
    """Everybody with an e-mail address whom the actor may choose: their rights in one of the actor's own branches."""
    rights = rights_for(definition)
    branches = places(actor, home)
    people = User.objects.filter(is_active=True).exclude(email="").prefetch_related("memberships")
    found = [_reader(person, branches, rights) for person in people.order_by("full_name")]
    return [one for one in found if one is not None]


def places(actor: Actor, home: Branch) -> Sequence[Branch]:
    """The branches whose people the actor may choose, home first."""
    scope: Scope = querying.scope_for(actor, Can.VIEW_MEASURES)
    rows = Branch.objects.filter(is_active=True).exclude(pk=home.pk).order_by("name")
    return [home, *(rows if scope.everything else rows.filter(pk__in=scope.branch_ids))]


def _reader(person: User, places: Sequence[Branch], rights: frozenset[str]) -> Reader | None:
    return next((Reader(person, branch) for branch in places if holds(person, branch.pk, rights)), None)


def may_own(schedule: Schedule) -> bool:
    """Whether its owner still works here and sees reports in its branch."""
    return holds(schedule.owner, schedule.branch_id, {Can.VIEW_MEASURES, Can.EXPORT_DATA})


def may_change(actor: Actor, schedule: Schedule) -> bool:
    """Its owner, and who runs its branch."""
    return schedule.owner_id == actor.user_id or access.allowed(actor, Can.MANAGE_SETTINGS, schedule.branch_id)
