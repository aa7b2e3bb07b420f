"""What the pages about branches and staff read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from branches import access
from branches.models import Branch, Desk, Membership, Room, User
from branches.roles import DISCOUNT_LIMIT_PERCENT, MATRIX, SUMMARY, Can, Role
from core.actor import Actor
from core.errors import NotVisible
from core.states import Words


def managers() -> QuerySet[User]:
    """Active people who may give roles, for "ask your manager"."""
    roles = [role for role, powers in MATRIX.items() if Can.MANAGE_STAFF in powers]
    return User.objects.filter(is_active=True, memberships__role__in=roles).distinct()


def manageable_branches(actor: Actor, permission: str) -> QuerySet[Branch]:
    """The branches in which the actor holds the permission."""
    held = access.branches_with(actor, permission)
    return Branch.objects.all() if None in held else Branch.objects.filter(pk__in=[pk for pk in held if pk is not None])


def manageable_branch(actor: Actor, permission: str, pk: int) -> Branch:
    """Raises NotVisible for a branch in which the actor does not hold the permission."""
    found = manageable_branches(actor, permission).filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def offered(kept: int | None = None) -> list[tuple[int, str]]:
    """Open branches to choose from; and the one that a record has already, closed by now, so that saving does not lose it."""
    return [(one.pk, one.label) for one in Branch.objects.filter(Q(is_active=True) | Q(pk=kept))]


def staff(actor: Actor, query: str = "") -> QuerySet[User]:
    """The people whom the actor manages, and those without any branch."""
    people = User.objects.prefetch_related("memberships__branch")
    held = access.branches_with(actor, Can.MANAGE_STAFF)
    if None not in held:
        people = people.filter(Q(memberships__branch__in=list(held)) | Q(memberships=None)).distinct()
    return people.filter(Q(full_name__icontains=query) | Q(email__icontains=query)) if query else people


def person(actor: Actor, pk: int) -> User:
    """Raises NotVisible for somebody of other branches."""
    found = staff(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def desks(actor: Actor) -> QuerySet[Desk]:
    branches = manageable_branches(actor, Can.MANAGE_STAFF)
    return Desk.objects.filter(branch__in=branches).select_related("branch", "enrolled_by")


def rooms(actor: Actor) -> QuerySet[Room]:
    """By branch; those in use first."""
    branches = manageable_branches(actor, Can.MANAGE_SETTINGS)
    found: QuerySet[Room] = Room.objects.filter(branch__in=branches).select_related("branch")
    return found.order_by("branch__name", "-is_active", "name")


def room(actor: Actor, pk: int) -> Room:
    """Raises NotVisible for a room of other branches."""
    found = rooms(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


@dataclass(frozen=True)
class Change:
    """One line of a history: of a person's roles, of a branch."""

    at: datetime
    text: str
    reason: str
    by: str
    icon: str


def branch_changes(branch: Branch, most: int = 5) -> list[Change]:
    """The branch's story, newest first: when it was opened, changed, closed and opened again, by whom and why."""
    rows = list(branch.history.select_related("history_user").order_by("-history_id")[: most + 1])
    return [_branch_change(row, before) for row, before in zip(rows, [*rows[1:], None], strict=True)][:most]


def _branch_change(row: Any, before: Any) -> Change:
    text, icon = _("Changed"), "pen"
    if row.history_type == "+":
        text, icon = _("Branch opened"), "plus"
    elif before is not None and before.is_active != row.is_active:
        text, icon = (_("Opened again"), "pass") if row.is_active else (_("Closed"), "lock")
    by = row.history_user.short_name if row.history_user else _("System")
    return Change(row.history_date, text, row.history_change_reason or "", by, icon)


def role_changes(user: User) -> list[Change]:
    """Given and taken roles, and the account switched off and on, newest first."""
    entries = Membership.history.filter(user_id=user.pk).select_related("branch", "history_user")
    changes = [_role_change(entry) for entry in entries]
    return sorted(changes + _switches(user), key=lambda change: change.at, reverse=True)


def _role_change(entry: Any) -> Change:
    words = {"role": Role(entry.role).label, "where": entry.branch.name if entry.branch else _("every branch")}
    taken = entry.history_type == "-"
    text = _("%(role)s at %(where)s taken away") if taken else _("%(role)s at %(where)s given")
    by = entry.history_user.short_name if entry.history_user else _("System")
    return Change(entry.history_date, text % words, entry.history_change_reason or "", by, "cross" if taken else "plus")


def _switches(user: User) -> list[Change]:
    found, earlier = [], None
    for entry in user.history.select_related("history_user").order_by("history_id"):
        if earlier is not None and earlier.is_active != entry.is_active:
            text = _("Account switched on") if entry.is_active else _("Account switched off")
            by = entry.history_user.short_name if entry.history_user else _("System")
            found.append(Change(entry.history_date, text, entry.history_change_reason or "", by, "lock"))
        earlier = entry
    return found


@dataclass(frozen=True)
class RoleInWords:
    """A role as a sentence and as everything it may do."""

    label: Words
    summary: Words
    powers: list[Words]
    discount: str


def roles_in_words() -> list[RoleInWords]:
    return [
        RoleInWords(
            Role(role).label,
            SUMMARY[role],
            [can.label for can in Can if can in MATRIX[role]],
            f"{DISCOUNT_LIMIT_PERCENT[role]:.0f}",
        )
        for role in Role.values
    ]
