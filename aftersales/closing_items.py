"""Returns that are not settled."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aftersales import states
from aftersales.models import Return
from branches.closing import Obstacle, register
from branches.roles import Can

register(
    Obstacle(
        "returns",
        _("Returns that are not closed"),
        _("Settle and close each."),
        67,
        Can.VIEW_ORDERS,
        lambda branch: f"{reverse('aftersales:list')}?view=open",
        lambda branch: Return.objects.filter(branch=branch, state__in=states.OPEN).count(),
    )
)
