"""Work that is made here or for here."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.closing import Obstacle, register
from branches.models import Branch
from branches.roles import Can
from labjobs import states
from labjobs.models import Job, Lab


def _jobs(branch: Branch) -> int:
    return Job.objects.filter(Q(branch=branch) | Q(lab_branch=branch), state__in=states.OPEN).count()


register(
    Obstacle(
        "jobs",
        _("Laboratory jobs under way"),
        _("Finish, hand over or take back each."),
        55,
        Can.VIEW_JOBS,
        lambda branch: reverse("labjobs:board"),
        _jobs,
    )
)
register(
    Obstacle(
        "labs",
        _("Laboratories in use here"),
        _("Take each out of use, so that no order is released to it."),
        60,
        Can.MANAGE_LABS,
        lambda branch: reverse("labjobs:labs"),
        lambda branch: Lab.objects.filter(branch=branch, is_active=True).count(),
    )
)
