"""What visits add to the customer's page: buttons, how often they came, the next appointment."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.roles import Can
from core import formats
from customers.models import Customer
from customers.panels import Action, Extras, Viewer, register_extras
from visits import customer_visits
from visits.models import AppointmentKind


def _extras(customer: Customer, viewer: Viewer) -> Extras:
    times, coming = customer_visits.here_and_coming(customer.pk, timezone.now())
    lines = [
        (
            AppointmentKind(one.kind).label,
            f"{formats.day_time(one.begins, today=timezone.localdate())}, {one.branch}, {formats.short_name(one.clinician)}",
        )
        for one in coming
    ]
    actions = []
    if viewer.may(Can.MANAGE_VISITS):
        walk_in = f"{reverse('visits:walk_in')}?known={customer.number}"
        book = f"{reverse('visits:book')}?customer={customer.number}"
        actions = [Action(_("Into the queue"), walk_in), Action(_("Book"), book, key="b")]
    return Extras(summary=[ngettext("%(n)d visit", "%(n)d visits", times) % {"n": times}], actions=actions, next=lines)


register_extras("visits", _extras)
