"""What orders have due in a branch: approvals waiting, late promises, ready to collect; and money due on a card."""

from collections.abc import Mapping, Sequence

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Can
from core.money import money
from core.states import Words
from core.ui import Badge
from orders.models import LedgerEntry, Order, OrderState
from orders.services.common import today
from visits.due_now import Asked, DueNow, register, register_notes


def _url(view: str, asked: Asked) -> str:
    return f"{reverse('orders:list')}?view={view}&branch={asked.branch.pk}"


def _approvals(asked: Asked) -> DueNow:
    waiting = Order.objects.filter(branch=asked.branch, state=OrderState.QUOTED)
    opened = waiting.filter(quotations__opened_at__isnull=False, quotations__state="sent").count()
    meta = _("%(n)d opened, no answer") % {"n": opened} if opened else ""
    return DueNow(waiting.count(), _("Approvals waiting"), _url("approval", asked), meta)


def _late(asked: Asked) -> DueNow:
    count = Order.objects.filter(branch=asked.branch).late(today(asked.branch, asked.now)).count()
    return DueNow(count, _("Late orders"), _url("late", asked), badge=Badge(_("Late"), "danger", "alert"))


def _ready(asked: Asked) -> DueNow:
    count = Order.objects.filter(collect_branch=asked.branch, state=OrderState.READY).count()
    return DueNow(count, _("Ready to collect"), _url("ready", asked))


def _balances(customer_ids: Sequence[int]) -> Mapping[int, Words]:
    """`R 480.00 due` on the appointment of somebody who owes money."""
    rows = LedgerEntry.objects.filter(order__customer_id__in=customer_ids).order_by().values("order__customer_id")
    owed = rows.annotate(sum=Sum("amount")).filter(sum__gt=0)
    words = gettext_lazy("%(amount)s due")
    return {row["order__customer_id"]: str(words) % {"amount": money(row["sum"])} for row in owed}


register("orders.late", 20, _late, Can.VIEW_ORDERS)
register("orders.approvals", 30, _approvals, Can.VIEW_ORDERS)
register("orders.ready", 40, _ready, Can.VIEW_ORDERS)
register_notes("orders", _balances)
