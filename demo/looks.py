"""Who opened whose record in the last weeks: whoever did something at a record that day had opened it, and so had its paper."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min
from django.db.models.functions import TruncDate

from branches.models import Branch
from records import looks
from records.models import Event, Look, Way

_WEEKS = timedelta(days=45)


def build(now: datetime) -> None:
    """One look a person, record and day of the events of each branch."""
    for branch in Branch.objects.order_by("pk"):
        Look.objects.bulk_create(_of(branch, now))


def _of(branch: Branch, now: datetime) -> Iterator[Look]:
    keys = ("actor_id", "role", "subject_type", "subject_id", "customer_id", "order_id", "day")
    found = (
        Event.objects.filter(
            branch=branch,
            actor__isnull=False,
            customer_id__isnull=False,
            subject_type__in=looks.types(),
            source="counter",
            at__gt=now - _WEEKS,
        )
        .order_by()
        .annotate(day=TruncDate("at", tzinfo=ZoneInfo(branch.time_zone)))
        .values_list(*keys)
        .annotate(first=Min("at"), last=Max("at"), times=Count("pk"))
        .order_by("first")
    )
    seen: set[tuple[object, ...]] = set()
    for person, role, kind, pk, customer, order, day, first, last, times in found:
        key = (person, kind, pk, day)
        if key in seen:
            continue
        seen.add(key)
        yield Look(
            person_id=person, role=role, branch=branch, record_branch=branch, way=Way.PAGE, day=day, subject_type=kind,
            subject_id=pk, customer_id=customer, order_id=order, first_at=first, last_at=last, times=times,
        )  # fmt: skip
