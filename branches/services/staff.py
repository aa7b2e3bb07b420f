"""Members of staff and the roles they hold: who gave which, when and why stays in the history."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from branches import access
from branches.models import Membership, User
from branches.roles import MATRIX, Can, Role
from core import versions
from core.actor import Actor
from core.errors import DomainError, IllegalTransition, NotVisible

# These reach beyond one branch, so only who manages staff everywhere gives or takes them.
FOR_HEAD_OFFICE_TO_GIVE = frozenset({Role.HEAD_OFFICE})


@transaction.atomic
def add(
    email: str, full_name: str, *, role: str, branch_id: int | None, reason: str, password: str, actor: Actor
) -> User:
    """A new colleague with a first role. Without a password they set one by a link.

    Raises DomainError at `email` when it is taken.
    """
    _may_give(actor, role, branch_id)
    if User.objects.filter(email__iexact=email).exists():
        raise DomainError(
            _("Taken."), code="email_taken", fields={"email": _("E-mail: somebody already signs in with it")}
        )
    user = User.objects.create_user(email, password or None, full_name=full_name)
    _give(user, role, branch_id, reason)
    return user


@transaction.atomic
def give_role(user_id: int, role: str, branch_id: int | None, *, reason: str, actor: Actor) -> Membership:
    """Raises NotAllowed for roles that are head office's to give, DomainError when the person holds it already."""
    _may_give(actor, role, branch_id)
    user = _locked(user_id, actor)
    try:
        with transaction.atomic():
            return _give(user, role, branch_id, reason)
    except IntegrityError as error:
        raise DomainError(_("%(name)s holds this role there already.") % {"name": user}, code="role_held") from error


@transaction.atomic
def take_role(membership_id: int, *, reason: str, actor: Actor) -> User:
    """The last person who may give roles keeps that role: raises IllegalTransition."""
    membership = Membership.objects.select_for_update().filter(pk=membership_id).first()
    if membership is None:
        raise NotVisible(_("Not found."), code="not_visible")
    _may_give(actor, membership.role, membership.branch_id)
    user = _locked(membership.user_id, actor)
    _keep_a_manager(without=[membership.pk])
    versions.because(membership, reason)
    membership.delete()
    return user


@transaction.atomic
def switch(user_id: int, *, active: bool, reason: str, actor: Actor) -> User:
    """Switch an account off (it can no longer sign in, its sessions end with the next click) or on again."""
    user = _locked(user_id, actor)
    for membership in user.memberships.all():
        _may_give(actor, membership.role, membership.branch_id)
    if user_id == actor.user_id:
        raise IllegalTransition(_("You cannot switch off your own account."), code="own_account")
    if not active:
        _keep_a_manager(without=list(user.memberships.values_list("pk", flat=True)))
    user.is_active = active
    versions.because(user, reason)
    user.save()
    return user


def _give(user: User, role: str, branch_id: int | None, reason: str) -> Membership:
    membership = Membership(user=user, branch_id=branch_id, role=role)
    versions.because(membership, reason)
    membership.save()
    return membership


def _may_give(actor: Actor, role: str, branch_id: int | None) -> None:
    if branch_id is None or role in FOR_HEAD_OFFICE_TO_GIVE:
        access.require_everywhere(actor, Can.MANAGE_STAFF)
    else:
        access.require(actor, Can.MANAGE_STAFF, branch_id)


def _locked(user_id: int, actor: Actor) -> User:
    """The person, if the actor manages staff in a branch of theirs, everywhere, or they have no branch yet."""
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None or not sees(actor, user):
        raise NotVisible(_("Not found."), code="not_visible")
    return user


def sees(actor: Actor, user: User) -> bool:
    """Whether this person is among those whom the actor may manage."""
    managed = access.branches_with(actor, Can.MANAGE_STAFF)
    theirs = {membership.branch_id for membership in user.memberships.all()}
    return None in managed or not theirs or bool(theirs & managed)


def _keep_a_manager(without: list[int]) -> None:
    roles = [role for role, powers in MATRIX.items() if Can.MANAGE_STAFF in powers]
    others = Membership.objects.select_for_update().filter(role__in=roles, user__is_active=True).exclude(pk__in=without)
    if not others.exists():
        raise IllegalTransition(
            _("Nobody could give roles any more. Give that role to somebody else first."), code="last_manager"
        )
