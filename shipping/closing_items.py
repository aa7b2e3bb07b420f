"""Parcels that left here or come here."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.closing import Obstacle, register
from branches.models import Branch
from branches.roles import Can
from shipping import states
from shipping.models import Shipment


def _parcels(branch: Branch) -> int:
    here = Q(branch=branch) | Q(to_branch=branch)
    return Shipment.objects.filter(here, ended_reason="", state__in=states.OPEN).count()


register(
    Obstacle(
        "parcels",
        _("Parcels packed or on their way"),
        _("Wait until they have arrived, or unpack them."),
        65,
        Can.VIEW_ORDERS,
        lambda branch: f"{reverse('shipping:list')}?view=open",
        _parcels,
    )
)
