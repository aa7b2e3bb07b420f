"""What the inbox, the record pages and the gates read."""

from datetime import datetime

from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.scope import Scope
from cases.models import Case, CaseState
from core.actor import Actor
from core.errors import NotVisible
from core.prepared import Slot, one_of, prepared

VIEWS = ("open", "mine", "unowned", "waiting", "breaching", "closed")


def visible(scope: Scope) -> QuerySet[Case]:
    """Cases of the scope's branches."""
    found = Case.objects.select_related("branch", "owner")
    return found if scope.everything else found.filter(branch_id__in=scope.branch_ids)


def inbox(scope: Scope, view: str, user_id: int | None) -> QuerySet[Case]:
    """One view of the inbox, the most urgent first (closed: the newest first)."""
    conditions = {
        "open": ~Q(state=CaseState.CLOSED),
        "mine": Q(owner_id=user_id) & ~Q(state=CaseState.CLOSED),
        "unowned": Q(owner=None) & ~Q(state=CaseState.CLOSED),
        "waiting": Q(state=CaseState.WAITING_APPROVAL),
        "breaching": Q(due_at__lt=timezone.now()) & ~Q(state=CaseState.CLOSED),
        "closed": Q(state=CaseState.CLOSED),
    }
    found = visible(scope).filter(conditions[view])
    return found.order_by("-closed_at") if view == "closed" else found.order_by("severity", "due_at", "pk")


def blocking(order_id: int, *stages: str) -> list[Case]:
    """Open cases of an order that hold one of these stages, each with its owner."""
    return _blocking().rows(order=order_id, stages=list(stages))


@prepared
def _blocking() -> QuerySet[Case]:
    found = Case.objects.filter(one_of("blocks", "stages"), order_id=Slot("order")).exclude(state=CaseState.CLOSED)
    return found.select_related("owner")


def of_order(order_id: int) -> QuerySet[Case]:
    """Every case of an order, open ones first."""
    return Case.objects.filter(order_id=order_id).select_related("owner").order_by("closed_at", "-pk")


def case(scope: Scope, number: str) -> Case:
    """One case by its number. Raises NotVisible outside the scope."""
    found = visible(scope).filter(number=number).select_related("requested_by", "decided_by", "recorded_by").first()
    if found is None:
        raise NotVisible(_("Not found."))
    return found


def last_closed_at(scope: Scope) -> datetime | None:
    """When a case of these branches was last closed, for the empty inbox."""
    last: datetime | None = visible(scope).filter(state=CaseState.CLOSED).aggregate(last=Max("closed_at"))["last"]
    return last


def unowned_count(actor: Actor) -> int:
    """For the navigation."""
    return inbox(Scope.of(actor), "unowned", actor.user_id).count()
