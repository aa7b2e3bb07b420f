"""Close a branch and open it again: its past stays, nobody works there meanwhile."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from branches import access, closing
from branches.models import Branch
from branches.roles import Can
from core import versions
from core.actor import Actor
from core.errors import GateClosed, IllegalTransition, Missing, NotVisible

_CLOSING_LOCK = 7_202


@transaction.atomic
def close(branch_id: int, *, reason: str, actor: Actor) -> Branch:
    """Raises GateClosed with everything that stands against it, IllegalTransition when it is closed already.

    One closing at a time, so that two people do not close the last two shops; the lock on the branch holds back
    orders and visits that are being written, and everything is counted under it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLOSING_LOCK])
    branch = _locked(branch_id, actor)
    if not branch.is_active:
        raise IllegalTransition(_("%(branch)s is closed already.") % {"branch": branch.name}, code="closed_already")
    _check_nothing_stands(branch)
    return _switch(branch, False, reason, actor)


@transaction.atomic
def open_again(branch_id: int, *, reason: str, actor: Actor) -> Branch:
    """Everybody who held a role there works there again. Raises IllegalTransition when it is open."""
    branch = _locked(branch_id, actor)
    if branch.is_active:
        raise IllegalTransition(_("%(branch)s is open already.") % {"branch": branch.name}, code="open_already")
    return _switch(branch, True, reason, actor)


def _locked(branch_id: int, actor: Actor) -> Branch:
    access.require(actor, Can.MANAGE_SETTINGS, branch_id)
    branch = Branch.objects.select_for_update().filter(pk=branch_id).first()
    if branch is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return branch


def _check_nothing_stands(branch: Branch) -> None:
    missing = [
        Missing(one.key, _("%(what)s: %(number)s") % {"what": one.label, "number": number}, url=one.url(branch))
        for one, number in closing.standing(branch)
    ]
    if missing:
        message = _("%(branch)s cannot be closed yet.") % {"branch": branch.name}
        raise GateClosed(message, code="branch_not_empty", missing=missing)


def _switch(branch: Branch, is_active: bool, reason: str, actor: Actor) -> Branch:
    branch.is_active = is_active
    versions.because(branch, reason)
    branch.save()
    closing.tell(branch, actor, reason)
    return branch
