"""Reminders that go by themselves: once a working day of the branch, the longest due first, as many as it can see.

Who is asked, by which channel, how often and when it stops is the same as by hand (`recall.send`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import CharField, Count, Exists, OuterRef, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.models import Branch
from branches.roles import Can
from branches.scope import Scope
from core.actor import Actor, system
from core.errors import DomainError, StaleRecord
from customers import selectors as customers
from customers.models import Consent, ConsentPurpose, Customer
from notifications.coming import TESTS
from notifications.models import RecallPlan
from notifications.services import recall
from orders import workdays
from records import events
from records.models import Event
from visits.models import Appointment, AppointmentState

_CLOCK = system("Calendar")
# People whom only a call reaches are passed over; looking further than this many would take too long for a page.
_LOOKED_AT, _AT_ONCE = 2000, 100


@dataclass(frozen=True)
class PlanData:
    is_on: bool
    from_hour: int
    most_a_day: int


def plan_of(branch: Branch) -> RecallPlan:
    """The branch's plan; off until somebody switches it on."""
    return RecallPlan.objects.filter(branch=branch).first() or RecallPlan(branch=branch)


@transaction.atomic
def set_plan(actor: Actor, branch_id: int, data: PlanData, version: int | None = None) -> RecallPlan:
    """Switch it on or off, and how many a day. Raises DomainError for numbers outside the day, StaleRecord."""
    access.require(actor, Can.EDIT_TEMPLATES, branch_id)
    fields = {}
    if not 7 <= data.from_hour <= 19:
        fields["from_hour"] = _("From 7 to 19.")
    if not 1 <= data.most_a_day <= 500:
        fields["most_a_day"] = _("From 1 to 500.")
    if fields:
        raise DomainError(_("The plan was not kept."), fields=fields, code="plan_range")
    RecallPlan.objects.get_or_create(branch_id=branch_id)
    row = RecallPlan.objects.select_for_update().get(branch_id=branch_id)
    if version is not None and version != row.version:
        raise StaleRecord(_("Somebody else changed the plan since you opened it."), current_version=row.version)
    old = _values(row)
    row.is_on, row.from_hour, row.most_a_day = data.is_on, data.from_hour, data.most_a_day
    row.version, row.changed_at, row.changed_by_id = row.version + 1, timezone.now(), actor.user_id
    row.save()
    events.record("recall.plan_set", actor, events.Fact(row, branch_id, old=old, new=_values(row)))
    return row


def _values(row: RecallPlan) -> dict[str, object]:
    return {"is_on": row.is_on, "from_hour": row.from_hour, "most_a_day": row.most_a_day}


def due(branch: Branch, today: date) -> QuerySet[Customer]:
    """Whose day has come at the branch, who has booked no test, and who may be reminded again already."""
    booked = Appointment.objects.filter(
        customer=OuterRef("pk"), kind__in=TESTS, state=AppointmentState.BOOKED, period__endswith__gt=timezone.now()
    )
    told = Event.objects.filter(kind="customer.recall_sent", customer_id=OuterRef("pk"))
    lately = told.filter(at__gt=timezone.now() - recall.BETWEEN_ROUNDS)
    day = Cast(OuterRef("recall_on"), CharField())
    often = (
        told.annotate(day=KeyTextTransform("recall_on", "data"))
        .filter(day=day)
        .values("customer_id")
        .annotate(times=Count("pk"))
        .filter(times__gte=recall.MOST_ROUNDS)
    )
    found = customers.recalls_due(Scope(everything=True), branch, today)
    return found.exclude(Exists(booked)).exclude(Exists(lately)).exclude(Exists(often)).order_by("recall_on", "pk")


def batch(branch: Branch, today: date, most: int) -> list[Customer]:
    """Whom the plan would remind today: the longest due whom a channel reaches."""
    # Nobody is reminded who never agreed to it: only the others are looked at, some at a time.
    agreed = Consent.objects.filter(customer=OuterRef("pk"), purpose=ConsentPurpose.RECALL, granted=True)
    found = due(branch, today).filter(Exists(agreed))[:_LOOKED_AT].iterator(chunk_size=_AT_ONCE)
    chosen: list[Customer] = []
    while len(chosen) < most and (people := list(islice(found, _AT_ONCE))):
        ways = recall.ways_of(people)
        chosen += [one for one in people if ways[one.pk]]
    return chosen[:most]


def run_due(now: datetime) -> int:
    """For every branch whose hour has come on a working day and that did not run today; how many were reminded."""
    return sum(_run(plan, now) for plan in RecallPlan.objects.filter(is_on=True).select_related("branch"))


def _run(plan: RecallPlan, now: datetime) -> int:
    local = timezone.localtime(now, ZoneInfo(plan.branch.time_zone))
    today = local.date()
    if local.hour < plan.from_hour or not workdays.is_working_day(today, plan.branch) or not plan.branch.is_active:
        return 0
    # The day is taken first, in one statement: two workers cannot both send its batch.
    mine = RecallPlan.objects.filter(pk=plan.pk, is_on=True).exclude(last_run_on=today)
    if not mine.update(last_run_on=today, last_sent=0):
        return 0
    people = batch(plan.branch, today, plan.most_a_day)
    sent = recall.send(_CLOCK, [person.pk for person in people], today).sent
    RecallPlan.objects.filter(pk=plan.pk).update(last_sent=sent)
    return sent
