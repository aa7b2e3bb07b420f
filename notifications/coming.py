"""Who comes anyway: a test is booked, or was done since. Nobody asks these people to come."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from customers.models import Customer
from visits.models import Appointment, AppointmentKind, AppointmentState, Visit

TESTS = (AppointmentKind.EYE_TEST, AppointmentKind.CONTACT_LENS)


def has_come(customer_ids: Iterable[int], since: date) -> set[int]:
    """Of these people, those who have a test ahead or had one since that day."""
    ids = list(customer_ids)
    tests = Appointment.objects.filter(customer_id__in=ids, kind__in=TESTS)
    booked = tests.filter(
        state__in=[AppointmentState.BOOKED, AppointmentState.ARRIVED], period__endswith__gt=timezone.now()
    )
    tested = tests.filter(state=AppointmentState.DONE, period__startswith__date__gte=since)
    seen = Visit.objects.filter(customer_id__in=ids, test_started_at__date__gte=since)
    return {pk for found in (booked, tested, seen) for pk in found.values_list("customer_id", flat=True)}


def still_due(customer: Customer) -> bool:
    """Looked at again as a reminder is written: it stops on booking."""
    return customer.recall_on is not None and customer.pk not in has_come([customer.pk], customer.recall_on)
