"""Exceptions that nobody would own."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.closing import Obstacle, register
from branches.roles import Can
from cases.models import Case, CaseState

register(
    Obstacle(
        "cases",
        _("Open cases"),
        _("Decide and close each."),
        110,
        Can.VIEW_CASES,
        lambda branch: reverse("cases:inbox"),
        lambda branch: Case.objects.filter(branch=branch).exclude(state=CaseState.CLOSED).count(),
    )
)
