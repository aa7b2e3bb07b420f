"""What the counter itself has due: customers to call for their recall."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from customers.search import in_use
from visits.due_now import Asked, DueNow, register


def _recalls(asked: Asked) -> DueNow | None:
    today = timezone.localtime(asked.now).date()
    due = in_use().filter(recall_on__lte=today, home_branch=asked.branch).count()
    return DueNow(due, _("Calls to make"), reverse("customers:recalls"), _("Recall due"))


register("recalls", 50, _recalls, Can.MANAGE_VISITS)
