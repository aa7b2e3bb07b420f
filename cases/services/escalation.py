"""Cases that nobody took, or that are late, go one step up: the branch's manager becomes responsible."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from branches.models import Membership
from branches.roles import Role
from cases.models import Case, CaseState
from core import actor
from records import events

UNOWNED_AFTER = timedelta(minutes=15)


def escalate_due(now: datetime) -> int:
    """Escalate every open case that is unowned for a quarter of an hour or past its due time, once. Returns how many."""
    unowned = Q(owner=None, recorded_at__lt=now - UNOWNED_AFTER)
    late = Q(due_at__lt=now)
    due = Case.objects.exclude(state=CaseState.CLOSED).filter(unowned | late, escalated_at=None)
    return sum(_escalate(pk, now) for pk in due.values_list("pk", flat=True)[:500])


@transaction.atomic
def _escalate(case_id: int, now: datetime) -> bool:
    """Give it to a manager of its branch; with none there it stays unowned and the event says so."""
    case = (
        Case.objects.select_for_update(skip_locked=True)
        .filter(pk=case_id, escalated_at=None)
        .exclude(state=CaseState.CLOSED)
        .first()
    )
    if case is None:
        return False
    reason = "nobody took it" if case.owner_id is None else "past its due time"
    if case.owner_id is None:
        manager = (
            Membership.objects.filter(Q(branch_id=case.branch_id) | Q(branch=None), user__is_active=True)
            .filter(role__in=[Role.BRANCH_MANAGER, Role.HEAD_OFFICE])
            .order_by(F("branch_id").asc(nulls_last=True), "role", "user_id")
            .first()
        )
        case.owner_id = manager.user_id if manager else None
    case.escalated_at = now
    case.version += 1
    case.save()
    fact = events.Fact(case, case.branch_id, case.customer_id, case.order_id, reason=reason)
    events.record("case.escalated", actor.system(branch_id=case.branch_id), fact)
    return True
