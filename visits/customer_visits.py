"""One customer's visits and bookings, for their page, their story and the search: read without a scope, as customers are."""

import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.prepared import Slot, one_of, prepared
from customers.panels import VisitDay
from visits.models import Appointment, AppointmentState, Visit


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


def times_here(customer_id: int) -> int:
    """How often the customer was here."""
    return next(iter(_times_here().rows(customer=customer_id)), (0, 0))[1]


@prepared
def _times_here() -> QuerySet[Visit, Any]:
    return Visit.objects.filter(customer=Slot("customer")).order_by().values_list("customer").annotate(Count("pk"))


def coming(customer_id: int, now: datetime) -> list[Appointment]:
    """A customer's next two booked appointments."""
    return _coming().rows(customer=customer_id, now=now)


@prepared
def _coming() -> QuerySet[Appointment]:
    booked = Appointment.objects.filter(customer=Slot("customer"), state=AppointmentState.BOOKED)
    return booked.filter(period__endswith__gt=Slot("now")).select_related("branch", "clinician").order_by("period")[:2]
