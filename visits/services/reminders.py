"""Appointments of tomorrow and recalls that have become due: facts that messages and call lists rest on."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from core import actor as actors
from customers.models import Customer
from customers.search import in_use
from records import events, saving
from records.models import Event
from visits.models import Appointment, AppointmentKind, AppointmentState

# From nine o'clock of the day before, on the branch's clock; whoever booked a few hours ago knows already.
_FROM_HOUR, _AHEAD, _AT_LEAST, _KNOWN_FOR = 9, timedelta(hours=40), timedelta(hours=3), timedelta(hours=12)
_AT_A_TIME = 500


def remind(now: datetime) -> int:
    """Record `appointment.reminder_due` once for each appointment about a day ahead. Returns how many.

    Each is a transaction of its own under its row's lock: two workers tell nobody twice.
    """
    due = Appointment.objects.filter(
        state=AppointmentState.BOOKED,
        reminder_sent_at=None,
        recorded_at__lt=now - _KNOWN_FOR,
        period__startswith__gt=now + _AT_LEAST,
        period__startswith__lt=now + _AHEAD,
    )
    found = due.select_related("branch").order_by("period")[:_AT_A_TIME]
    return sum(_remind(one.pk, now) for one in found if _is_time(one, now))


def _is_time(appointment: Appointment, now: datetime) -> bool:
    """The day before from nine, or the day itself when that was missed. Days are those of the branch."""
    zone = ZoneInfo(appointment.branch.time_zone)
    here, starts = now.astimezone(zone), appointment.period.lower.astimezone(zone)
    days = (starts.date() - here.date()).days
    return days == 0 or (days == 1 and here.hour >= _FROM_HOUR)


@transaction.atomic
def _remind(appointment_id: int, now: datetime) -> bool:
    appointment = (
        Appointment.objects.select_for_update(skip_locked=True)
        .filter(pk=appointment_id, state=AppointmentState.BOOKED, reminder_sent_at=None)
        .first()
    )
    if appointment is None:
        return False
    actor = actors.system(branch_id=appointment.branch_id)
    appointment.reminder_sent_at = now
    # Nobody's open form becomes stale by a reminder.
    saving.save(appointment, actor, new_version=False)
    data = {"appointment": appointment.pk, "kind": AppointmentKind(appointment.kind).value}
    fact = events.Fact(appointment, appointment.branch_id, appointment.customer_id, data=data)
    events.record("appointment.reminder_due", actor, fact)
    return True


def note_recalls(now: datetime) -> int:
    """Record `customer.recall_due` once for each recall date that has come. Returns how many."""
    told = Event.objects.filter(kind="customer.recall_due", at__gt=now - timedelta(days=400))
    known = {(event.customer_id, event.data.get("recall_on")) for event in told}
    due = in_use().filter(recall_on__lte=now.date(), recall_on__gt=now.date() - timedelta(days=60), restricted_at=None)
    fresh = [one for one in due.order_by("recall_on", "pk") if (one.pk, str(one.recall_on)) not in known]
    return sum(_note(customer) for customer in fresh[:_AT_A_TIME])


@transaction.atomic
def _note(customer: Customer) -> bool:
    locked = Customer.objects.select_for_update(skip_locked=True).filter(pk=customer.pk).first()
    if locked is None or locked.recall_on != customer.recall_on:
        return False
    data = {"recall_on": str(customer.recall_on)}
    again = Event.objects.filter(kind="customer.recall_due", customer_id=customer.pk, data__recall_on=data["recall_on"])
    if again.exists():
        return False
    actor = actors.system(branch_id=customer.home_branch_id)
    events.record("customer.recall_due", actor, events.Fact(customer, customer.home_branch_id, customer.pk, data=data))
    return True
