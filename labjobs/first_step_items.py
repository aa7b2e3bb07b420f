"""Who makes the glasses."""

from django.utils.translation import gettext_lazy as _

from branches.first_steps import FirstStep, register
from branches.roles import Can
from labjobs.models import Lab

register(
    FirstStep(
        "labs",
        _("A laboratory"),
        _("Your own or an outside one, its trays and its file"),
        "labjobs:labs",
        80,
        Can.MANAGE_LABS,
        lambda branch: Lab.objects.filter(is_active=True),
    )
)
