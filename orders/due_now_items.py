"""What orders have due in a branch: approvals waiting; and money due on a card."""

from collections.abc import Mapping, Sequence

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Can
from core.money import money
from core.states import Words
from orders.models import LedgerEntry, Order, OrderState
from visits.due_now import Asked, DueNow, register, register_notes


def _url(view: str, asked: Asked) -> str:
    return f"{reverse('orders:list')}?view={view}&branch={asked.branch.pk}"


def _approvals(asked: Asked) -> DueNow:
    """Late and ready pairs are counted by the laboratory, which knows where each one stands."""
    waiting = Order.objects.filter(branch=asked.branch, state=OrderState.QUOTED)
    opened_too = Q(quotations__opened_at__isnull=False, quotations__state="sent")
    found = waiting.aggregate(all=Count("pk", distinct=True), opened=Count("pk", filter=opened_too, distinct=True))
    meta = _("%(n)d opened, no answer") % {"n": found["opened"]} if found["opened"] else ""
    return DueNow(found["all"], _("Approvals waiting"), _url("approval", asked), meta)


def _balances(customer_ids: Sequence[int]) -> Mapping[int, Words]:
    """`R 480.00 due` on the appointment of somebody who owes money."""
    rows = LedgerEntry.objects.filter(order__customer_id__in=customer_ids).order_by().values("order__customer_id")
    owed = rows.annotate(sum=Sum("amount")).filter(sum__gt=0)
    words = gettext_lazy("%(amount)s due")
    return {row["order__customer_id"]: str(words) % {"amount": money(row["sum"])} for row in owed}


register("orders.approvals", 30, _approvals, Can.VIEW_ORDERS)
register_notes("orders", _balances)
