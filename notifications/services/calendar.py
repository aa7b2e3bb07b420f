"""What falls due by the day: reminders before an appointment, the question how it was after a collection.

Each records its event once; the messages follow from it like from any other.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from aftersales.services import feedback
from core.actor import system
from records import events
from visits.models import Appointment, AppointmentState

_ACTOR = system("Calendar")
# A reminder for something booked an hour ago would only repeat the booking.
_BOOKED_BEFORE = timedelta(hours=12)


def fall_due() -> int:
    """Everything due now; how many events were recorded."""
    return remind() + feedback.ask_due(timezone.now())


@transaction.atomic
def remind() -> int:
    """Appointments of the next day that nobody was reminded of."""
    now = timezone.now()
    until = now + timedelta(hours=settings.REMIND_HOURS)
    found = list(
        Appointment.objects.select_for_update(skip_locked=True)
        .filter(state=AppointmentState.BOOKED, reminder_sent_at=None, recorded_at__lt=now - _BOOKED_BEFORE)
        .filter(period__startswith__gt=now, period__startswith__lte=until)
        .order_by("pk")[:200]
    )
    for appointment in found:
        appointment.reminder_sent_at = now
        appointment.save()
        fact = events.Fact(appointment, appointment.branch_id, appointment.customer_id)
        events.record("appointment.reminder_due", _ACTOR, fact)
    return len(found)
