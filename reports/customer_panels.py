"""What reports add to the customer's page: the way to the person's rights, and to who opened the record."""

from django.urls import reverse
from django.utils.translation import gettext as _

from branches.roles import Can
from core.ui import Badge
from customers.models import Customer
from customers.panels import Action, Extras, Viewer, register_extras
from reports.privacy import seen


def _extras(customer: Customer, viewer: Viewer) -> Extras:
    alerts = [Badge(_("Restricted: nothing is sent"), "warning", "lock")] if customer.restricted_at else []
    return Extras(alerts=alerts, actions=_actions(customer, viewer))


def _actions(customer: Customer, viewer: Viewer) -> list[Action]:
    """The page of the person's rights also tells who opened the record; auditors without it have the report."""
    if viewer.may(Can.ERASE_CUSTOMERS):
        return [Action(_("Privacy"), reverse("reporting:privacy_customer", args=[customer.number]))]
    if viewer.may(Can.VIEW_AUDIT):
        return [Action(_("Who saw this"), seen.report_url(customer))]
    return []


register_extras("privacy", _extras)
