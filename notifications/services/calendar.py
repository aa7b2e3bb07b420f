"""What falls due by the day: reminders before an appointment, the question how it was after a collection.

Each records its event once; the messages follow from it like from any other.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.actor import system
from orders.models import Order, OrderState
from orders.services.common import tell
from records import events
from records.models import Event
from visits.models import Appointment, AppointmentState

_ACTOR = system("Calendar")
# A reminder for something booked an hour ago would only repeat the booking.
_BOOKED_BEFORE = timedelta(hours=12)
# After this an answer says little; a practice that was switched off for long does not ask about last season.
_FEEDBACK_WINDOW = timedelta(days=14)


def fall_due() -> int:
    """Everything due now; how many events were recorded."""
    return remind() + ask_feedback()


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


@transaction.atomic
def ask_feedback() -> int:
    """Orders handed over some days ago that were not asked about; consent is looked at when the message is planned."""
    now = timezone.now()
    latest = now - timedelta(days=settings.FEEDBACK_AFTER_DAYS)
    asked = Event.objects.filter(kind="order.feedback_due").values("order_id")
    found = list(
        Order.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .filter(state__in=[OrderState.COLLECTED, OrderState.CLOSED])
        .filter(collected_at__lte=latest, collected_at__gt=latest - _FEEDBACK_WINDOW)
        .exclude(pk__in=asked)
        .order_by("pk")[:200]
    )
    for order in found:
        tell("order.feedback_due", _ACTOR, order)
    return len(found)
