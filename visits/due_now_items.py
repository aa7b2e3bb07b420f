"""What the counter itself has due: customers to call for their recall."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches import first_steps
from branches.roles import Can
from core.prepared import Slot, prepared
from core.shortlived import remembered
from customers.models import Customer
from customers.search import in_use
from visits.due_now import Asked, DueNow, register


def _recalls(asked: Asked) -> DueNow | None:
    today = timezone.localtime(asked.now).date()
    due = _to_call().count(day=today, branch=asked.branch.pk)
    return DueNow(due, _("Calls to make"), reverse("customers:recalls"), _("Recall due"))


@prepared
def _to_call() -> QuerySet[Customer, Any]:
    due = in_use().filter(recall_on__lte=Slot("day"), home_branch=Slot("branch"))
    return due.order_by().values_list("pk")


def _first_steps(asked: Asked) -> DueNow | None:
    """Until its first order a new branch is reminded of what is still to be set up."""
    branch = asked.branch
    if remembered(("at work", branch.pk), lambda: first_steps.is_at_work(branch)):
        return None
    standing = first_steps.standing(asked.actor, branch)
    done = sum(is_done for _step, is_done in standing)
    words = _now("%(done)d of %(all)d done") % {"done": done, "all": len(standing)}
    return DueNow(len(standing) - done, _("First steps"), reverse("branches:first_steps"), words)


register("first_steps", 5, _first_steps, Can.MANAGE_SETTINGS)
register("recalls", 50, _recalls, Can.MANAGE_VISITS)
