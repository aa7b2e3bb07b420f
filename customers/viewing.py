"""Opening a clinical record from another branch stands in its story. Every look is noted besides (`records.looks`)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from branches.access import allowed
from branches.roles import Can
from core.actor import Actor
from core.prepared import Slot, prepared
from customers.models import Customer
from records import events
from records.models import Event

# Paging through one record is one look.
_ONE_LOOK = timedelta(hours=1)


def note_view(actor: Actor, customer: Customer, now: datetime) -> Event | None:
    """Record `record.viewed` when the viewer may read prescriptions and works in another branch than the record's."""
    if actor.branch_id == customer.home_branch_id or not allowed(actor, Can.VIEW_PRESCRIPTIONS, actor.branch_id):
        return None
    looks = _looks().rows(customer=customer.pk, actor=actor.user_id or 0, since=now - _ONE_LOOK)
    if actor.branch_id in looks:
        return None
    with transaction.atomic():
        return events.record("record.viewed", actor, events.Fact(customer, customer_id=customer.pk))


@prepared
def _looks() -> QuerySet[Event, int | None]:
    """The branches from which a person has looked at a customer since a moment."""
    seen = Event.objects.filter(
        subject_type=Customer._meta.label_lower, subject_id=Slot("customer"), kind="record.viewed"
    )
    return seen.filter(actor=Slot("actor"), at__gt=Slot("since")).values_list("branch_id", flat=True)


def merged_at(customer: Customer) -> datetime:
    """When this record was merged into another."""
    found = (
        Event.objects.filter(subject_type=events.type_of(customer), subject_id=customer.pk, kind="customer.merged")
        .order_by("-pk")
        .values_list("at", flat=True)
        .first()
    )
    return found or timezone.now()
