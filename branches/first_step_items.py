"""What the practice and its branch need first."""

from django.utils.translation import gettext_lazy as _

from branches.first_steps import FirstStep, register
from branches.models import Branch, Membership, Organisation, Room
from branches.roles import Can

register(
    FirstStep(
        "practice",
        _("The practice on paper"),
        _("Legal name, tax number and bank account, as on invoices"),
        "branches:practice",
        10,
        Can.MANAGE_SETTINGS,
        lambda branch: Organisation.objects.exclude(legal_name=""),
    )
)
register(
    FirstStep(
        "address",
        _("Address, hours and tax of the branch"),
        _("Printed on receipts and told to customers; the hours are what can be booked"),
        "branches:branches",
        20,
        Can.MANAGE_SETTINGS,
        lambda branch: Branch.objects.filter(pk=branch.pk).exclude(line1="").exclude(opening_hours={}),
    )
)
register(
    FirstStep(
        "staff",
        _("Colleagues and their roles"),
        _("At least one more person; an optometrist signs prescriptions"),
        "branches:staff",
        30,
        Can.MANAGE_STAFF,
        lambda branch: Membership.objects.filter(branch=branch, user__is_active=True).values("user").distinct()[1:2],
    )
)
register(
    FirstStep(
        "rooms",
        _("Rooms"),
        _("So that no room is booked twice"),
        "branches:rooms",
        40,
        Can.MANAGE_SETTINGS,
        lambda branch: Room.objects.filter(branch=branch, is_active=True),
    )
)
