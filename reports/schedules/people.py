"""Who may get a report: people who hold, in one branch, every right that its rows need."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from branches import access
from branches.models import Branch, User
from branches.roles import MATRIX, Can
from branches.scope import Scope
from core.actor import Actor
from reports.datasets import base, querying
from reports.datasets.base import Definition
from reports.models import Schedule


@dataclass(frozen=True)
class Reader:
    """A person with the branch in which they hold the rights."""

    person: User
    branch: Branch


def rights_for(definition: Definition) -> frozenset[str]:
    """What a person needs to take this report home: the dataset's right, and those of the columns shown and filtered by."""
    dataset = base.find(definition.dataset)
    rights: set[str] = {Can.VIEW_MEASURES, Can.EXPORT_DATA}
    if dataset is None:
        return frozenset(rights)
    keys = [
        *(definition.columns or dataset.standard),
        *(one.column for one in definition.filters),
        *(group.partition(":")[0] for group in definition.groups),
    ]
    columns = [column for column in map(dataset.column, keys) if column is not None]
    rights |= {dataset.can, *(column.can for column in columns if column.can)}
    return frozenset(rights | ({Can.EXPORT_PERSONAL} if any(column.is_personal for column in columns) else set()))


def holds(person: User, branch_id: int, rights: Iterable[str]) -> bool:
    """Whether a person holds all of them in a branch now."""
    roles = [one.role for one in person.memberships.all() if one.branch_id in (None, branch_id)]
    return person.is_active and all(any(right in MATRIX[role] for role in roles) for right in rights)


def belongs(person: User, branch_id: int) -> bool:
    return any(one.branch_id in (None, branch_id) for one in person.memberships.all())


def readers(actor: Actor, definition: Definition, home: Branch) -> list[Reader]:
    """Everybody with an e-mail address whom the actor may choose: their rights in one of the actor's own branches."""
    rights = rights_for(definition)
    places = [home, *(branch for branch in _places(actor) if branch.pk != home.pk)]
    people = User.objects.filter(is_active=True).exclude(email="").prefetch_related("memberships")
    found = [_reader(person, places, rights) for person in people.order_by("full_name")]
    return [one for one in found if one is not None]


def _places(actor: Actor) -> Sequence[Branch]:
    scope: Scope = querying.scope_for(actor, Can.VIEW_MEASURES)
    rows = Branch.objects.filter(is_active=True).order_by("name")
    return list(rows if scope.everything else rows.filter(pk__in=scope.branch_ids))


def _reader(person: User, places: Sequence[Branch], rights: frozenset[str]) -> Reader | None:
    return next((Reader(person, branch) for branch in places if holds(person, branch.pk, rights)), None)


def may_own(schedule: Schedule) -> bool:
    """Whether its owner still works here and sees reports in its branch."""
    return holds(schedule.owner, schedule.branch_id, {Can.VIEW_MEASURES, Can.EXPORT_DATA})


def may_change(actor: Actor, schedule: Schedule) -> bool:
    """Its owner, and who runs its branch."""
    return schedule.owner_id == actor.user_id or access.allowed(actor, Can.MANAGE_SETTINGS, schedule.branch_id)
