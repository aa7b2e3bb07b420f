"""Customers in the search box: found by the same search as everywhere, told apart by birth date, phone end and branch."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from branches.access import allowed
from branches.middleware import StaffRequest
from branches.palette import Hit
from branches.roles import Can
from core import formats
from customers.search import CustomerRow, search

_MOST = 5


def customers(request: StaffRequest, text: str) -> Sequence[Hit]:
    """The best matches as lines of the search box."""
    today = timezone.localdate()
    return [
        Hit(row.sorted_name, reverse("customers:page", args=[row.number]), _meta(row, today), "user")
        for row in search(request.scope, text, _MOST)
    ]


def _meta(row: CustomerRow, today: date) -> str:
    parts = [
        formats.birth_date(row.birth_date, today=today) if row.birth_date else "",
        formats.phone_ends(row.phone) if row.phone else "",
        row.branch_code,
        _("last here %(day)s") % {"day": formats.day(row.last_visit, today=today)} if row.last_visit else "",
        row.number,
    ]
    return " · ".join(part for part in parts if part)


def new_customer(request: StaffRequest, text: str) -> Sequence[Hit]:
    """Nobody found: make a customer of that name."""
    if not text or not allowed(request.actor, Can.EDIT_CUSTOMERS, request.actor.branch_id):
        return []
    url = f"{reverse('customers:new')}?{urlencode({'name': text})}"
    return [Hit(_("New customer “%(name)s”") % {"name": text}, url, icon="plus")]
