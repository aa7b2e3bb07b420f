"""Who and what would be left without an open branch."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.closing import Obstacle, register
from branches.models import Branch, Membership, User
from branches.roles import Can


def _is_last(branch: Branch) -> int:
    """1 where no other shop stays open; a laboratory needs any other branch."""
    others = Branch.objects.filter(is_active=True).exclude(pk=branch.pk)
    return int(not (others if branch.is_lab else others.filter(is_lab=False)).exists())


def _people(branch: Branch) -> int:
    """Those whose account is on and who hold no role in another open branch."""
    elsewhere = Membership.objects.filter(Q(branch=None) | Q(branch__is_active=True)).exclude(branch_id=branch.pk)
    here = User.objects.filter(is_active=True, pk__in=branch.memberships.values("user"))
    return here.exclude(pk__in=elsewhere.values("user")).count()


register(
    Obstacle(
        "last_shop",
        _("The last open shop"),
        _("Open another branch first: without a shop nobody can work."),
        10,
        Can.MANAGE_SETTINGS,
        lambda branch: reverse("branches:add_branch"),
        _is_last,
    )
)
register(
    Obstacle(
        "people",
        _("People who work only here"),
        _("Give each a role in another branch, or switch the account off."),
        120,
        Can.MANAGE_STAFF,
        lambda branch: reverse("branches:staff"),
        _people,
    )
)
