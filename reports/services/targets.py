"""What a branch aims at: set from a day on, so that earlier days keep what was aimed at then."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.models import Branch
from branches.roles import Can
from core.actor import Actor
from core.errors import Problems
from records import events
from reports.measures import Kind, get
from reports.models import Target

MOST_PERCENT, MOST_OF_MEAN, MOST = Decimal(100), Decimal(5), Decimal(100_000)


@dataclass(frozen=True)
class TargetData:
    """`branch_id` None: for every branch without its own. `value` in per cent, hours, or the measure's own unit."""

    measure: str
    branch_id: int | None
    value: Decimal
    begins_on: date


@transaction.atomic
def set_target(actor: Actor, data: TargetData, today: date) -> Target:
    """Set what counts from a day on. The same day again replaces it; the event keeps what stood there."""
    if data.branch_id is None:
        access.require_everywhere(actor, Can.MANAGE_SETTINGS)
    else:
        access.require(actor, Can.MANAGE_SETTINGS, data.branch_id)
    _check(data, today)
    branch = None if data.branch_id is None else Branch.objects.get(pk=data.branch_id)
    target, made = Target.objects.select_for_update().get_or_create(
        measure=data.measure, branch=branch, begins_on=data.begins_on, defaults={"value": data.value}
    )
    old = "" if made else f"{target.value:.2f}"
    target.value, target.set_by_id, target.set_at = data.value, actor.user_id, timezone.now()
    target.save()
    fact = events.Fact(
        target,
        data.branch_id,
        old={"target": old} if old else {},
        new={"target": f"{data.value:.2f}"},
        data={"measure": data.measure, "begins_on": data.begins_on.isoformat()},
    )
    events.record("target.set", actor, fact)
    return target


def _check(data: TargetData, today: date) -> None:
    measure, problems = get(data.measure), Problems()
    most = {Kind.RATE: MOST_PERCENT, Kind.MARGIN: MOST_PERCENT, Kind.MEAN: MOST_OF_MEAN}.get(measure.kind, MOST)
    if not 0 <= data.value <= most:
        problems.add("value", _("Enter a value from 0 to %(most)s.") % {"most": f"{most:f}"})
    if data.begins_on < today:
        problems.add("begins_on", _("Choose today or a later day: what was aimed at earlier stays as it was."))
    problems.raise_if_any(_("The target was not set."))
