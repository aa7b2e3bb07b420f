"""Keep the filters of the list of orders under a name: mine or the branch's, renamed, deleted, opened with."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, NotAllowed, NotVisible
from orders.models import DefaultView, SavedView
from records import events

MOST = 30


@dataclass(frozen=True)
class ViewData:
    """`query` is the address of checked filters; with `branch_id` the view is shared there."""

    name: str
    query: str
    branch_id: int | None = None


@transaction.atomic
def save(actor: Actor, data: ViewData) -> SavedView:
    """A new view, or the same name with other filters. Raises DomainError at the field, NotVisible for another branch."""
    name = _named(data.name)
    if data.branch_id is not None:
        access.require(actor, Can.VIEW_ORDERS, data.branch_id)
    mine = SavedView.objects.select_for_update().filter(owner_id=actor.user_id)
    row = mine.filter(name=name).first()
    if row is None and mine.count() >= MOST:
        raise _refused(_("You keep %(most)s views already. Delete one first.") % {"most": MOST})
    row = row or SavedView(owner_id=_person(actor), name=name)
    row.query, row.branch_id, row.changed_at = data.query, data.branch_id, timezone.now()
    row.save()
    _tell("order_view.saved", actor, row)
    return row


def _person(actor: Actor) -> int:
    """Views belong to people. Raises NotVisible for the system."""
    if actor.user_id is None:
        raise NotVisible(_("Not found."))
    return actor.user_id


@transaction.atomic
def rename(actor: Actor, view_id: int, name: str) -> SavedView:
    row, name = _own(actor, view_id), _named(name)
    if SavedView.objects.filter(owner_id=row.owner_id, name=name).exclude(pk=row.pk).exists():
        raise _refused(_("There is a view of this name already."))
    row.name, row.changed_at = name, timezone.now()
    row.save(update_fields=["name", "changed_at"])
    _tell("order_view.renamed", actor, row)
    return row


@transaction.atomic
def share(actor: Actor, view_id: int, branch_id: int | None) -> SavedView:
    """Lend the question to a branch, or take it back: each sees the rows of their own branches."""
    row = _own(actor, view_id)
    if branch_id is not None:
        access.require(actor, Can.VIEW_ORDERS, branch_id)
    row.branch_id, row.changed_at = branch_id, timezone.now()
    row.save(update_fields=["branch", "changed_at"])
    if branch_id is None:
        DefaultView.objects.filter(view=row).exclude(person_id=row.owner_id).delete()
    _tell("order_view.shared", actor, row)
    return row


@transaction.atomic
def delete(actor: Actor, view_id: int) -> None:
    """Gone for everybody; whose list opened with it gets all open orders again."""
    row = _own(actor, view_id)
    _tell("order_view.deleted", actor, row)
    row.delete()


@transaction.atomic
def open_with(actor: Actor, view_id: int | None) -> None:
    """The view with which this person's list opens; None: all open orders."""
    if view_id is None:
        DefaultView.objects.filter(person_id=actor.user_id).delete()
        return
    row = _seen(actor, view_id)
    DefaultView.objects.update_or_create(person_id=actor.user_id, defaults={"view": row})


def visible(actor: Actor) -> Q:
    """The actor's own views and those of the branches they work in."""
    here = {branch for branch, _role in actor.roles if branch is not None}
    shared = Q(branch__isnull=False) if any(branch is None for branch, _role in actor.roles) else Q(branch_id__in=here)
    return Q(owner_id=actor.user_id) | shared


def may_change(actor: Actor, row: SavedView) -> bool:
    """Its owner changes a view; a shared one also whoever manages the branch, for owners who have left."""
    if row.owner_id == actor.user_id:
        return True
    return row.branch_id is not None and access.allowed(actor, Can.EDIT_TEMPLATES, row.branch_id)


def _seen(actor: Actor, view_id: int) -> SavedView:
    row: SavedView | None = SavedView.objects.select_for_update().filter(visible(actor), pk=view_id).first()
    if row is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return row


def _own(actor: Actor, view_id: int) -> SavedView:
    row = _seen(actor, view_id)
    if not may_change(actor, row):
        raise NotAllowed(_("Only who saved this view, or a manager of the branch, changes it."), code="not_allowed")
    return row


def _named(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > 40:
        raise _refused(_("Give the view a name of up to 40 signs."))
    return cleaned


def _refused(message: str) -> DomainError:
    return DomainError(message, fields={"name": message}, code="view_name")


def _tell(kind: str, actor: Actor, row: SavedView) -> None:
    fact = events.Fact(row, row.branch_id or actor.branch_id, data={"name": row.name, "query": row.query})
    events.record(kind, actor, fact)
