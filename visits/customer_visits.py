"""One customer's visits and bookings, for their page, their story and the search: read without a scope, as customers are."""

import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, FilteredRelation, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from core.prepared import Slot, one_of, prepared
from customers.models import Customer
from customers.panels import VisitDay
from visits.models import AppointmentState, Visit


def last_visits(customer_ids: Sequence[int]) -> Mapping[int, date]:
    """The day of each customer's last visit, for search results."""
    rows = _last_arrivals().rows(customers=list(customer_ids))
    return {customer_id: arrived.date() for customer_id, arrived in rows}


@prepared
def _last_arrivals() -> QuerySet[Visit, Any]:
    rows = Visit.objects.filter(one_of("customer_id", "customers")).values_list("customer_id")
    return rows.annotate(Max("arrived_at")).order_by()


def visit_days(customer_ids: Sequence[int], days: Sequence[date]) -> Mapping[date, VisitDay]:
    """On which of the days the customer was here, where and how they came."""
    about = {"begin": min(days) - timedelta(days=1), "end": max(days) + timedelta(days=2)}
    shown: dict[date, VisitDay] = {}
    for arrived_at, walk_in, branch, zone in _visits_between().rows(customers=list(customer_ids), **about):
        day = timezone.localtime(arrived_at).date()
        if day in days:
            words: dict[str, Any] = {"time": f"{arrived_at.astimezone(zoneinfo.ZoneInfo(zone)):%H:%M}"}
            how = _("walk-in %(time)s") % words if walk_in else _("booked, here %(time)s") % words
            shown[day] = VisitDay(branch, how)
    return shown


@prepared
def _visits_between() -> QuerySet[Visit, Any]:
    found = Visit.objects.filter(one_of("customer_id", "customers"), arrived_at__range=(Slot("begin"), Slot("end")))
    return found.order_by("-arrived_at").values_list("arrived_at", "walk_in", "branch__name", "branch__time_zone")


@dataclass(frozen=True)
class Booked:
    """A booked time as the customer's page names it."""

    kind: str
    begins: datetime
    branch: str
    clinician: str


def here_and_coming(customer_id: int, now: datetime) -> tuple[int, list[Booked]]:
    """How often the customer was here, and the next two booked appointments: one query for both."""
    rows = _here_and_coming().rows(customer=customer_id, now=now)
    booked = [Booked(kind, period.lower, branch, name) for _times, kind, period, branch, name in rows if period]
    return (rows[0][0] or 0 if rows else 0), booked


@prepared
def _here_and_coming() -> QuerySet[Customer, Any]:
    coming = Q(appointments__state=AppointmentState.BOOKED, appointments__period__endswith__gt=Slot("now"))
    visits = Visit.objects.filter(customer=OuterRef("pk")).order_by().values("customer").annotate(n=Count("pk"))
    found = Customer.objects.filter(pk=Slot("customer")).annotate(
        times=Subquery(visits.values("n")), booked=FilteredRelation("appointments", condition=coming)
    )
    told = ("times", "booked__kind", "booked__period", "booked__branch__name", "booked__clinician__full_name")
    return found.order_by("booked__period").values_list(*told)[:2]
