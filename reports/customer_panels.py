"""What reports add to the customer's page: the way to the person's rights."""

from django.urls import reverse
from django.utils.translation import gettext as _

from branches.roles import Can
from core.ui import Badge
from customers.models import Customer
from customers.panels import Action, Extras, Viewer, register_extras


def _extras(customer: Customer, viewer: Viewer) -> Extras:
    alerts = [Badge(_("Restricted: nothing is sent"), "warning", "lock")] if customer.restricted_at else []
    if not viewer.may(Can.ERASE_CUSTOMERS):
        return Extras(alerts=alerts)
    url = reverse("reporting:privacy_customer", args=[customer.number])
    return Extras(alerts=alerts, actions=[Action(_("Privacy"), url)])


register_extras("privacy", _extras)
