"""Who has opened a customer's record: person by person, and the way to the report of every record and day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Sum
from django.urls import reverse
from django.utils import timezone

from branches import access
from branches.roles import Can
from core.actor import Actor
from customers.models import Customer
from reports.builder import reading
from reports.datasets import base, querying
from reports.datasets.base import Definition, Filter
from reports.privacy import subject

DAYS = 90
MOST = 25


@dataclass(frozen=True)
class Seen:
    """One person of the staff in one branch: when last, on how many days, how often."""

    name: str
    branch: str
    last: datetime
    days: int
    times: int


def by_person(actor: Actor, customer: Customer) -> Sequence[Seen] | None:
    """Who opened anything of this customer in the last ninety days, the latest first. None without the right to audits."""
    dataset = base.find("looks")
    if dataset is None or not access.allowed(actor, Can.VIEW_AUDIT, None):
        return None
    rows = dataset.rows(querying.scope_for(actor, Can.VIEW_AUDIT)).filter(
        customer_id__in=subject.people(customer), first_at__gt=timezone.now() - timedelta(days=DAYS)
    )
    found = (
        rows.order_by()
        .values_list("person__full_name", "branch__name")
        .annotate(last=Max("last_at"), days=Count("day", distinct=True), times=Sum("times"))
        .order_by("-last")[:MOST]
    )
    return [Seen(*row) for row in found]


def report_url(customer: Customer) -> str:
    """The report of every look at this customer's records, under merged numbers too."""
    dataset = base.find("looks")
    columns = tuple(dataset.standard) if dataset else ()
    asked = Definition("looks", columns, (Filter("customer", "is", customer.number),))
    return f"{reverse('reporting:build', args=['looks'])}?{reading.address_of(asked)}"
