"""What orders have due in a branch: approvals waiting; and money due on a card."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.roles import Can
from core.money import money
from core.prepared import Slot, one_of, prepared
from core.states import Words
from orders.models import LedgerEntry, Order, OrderState, Quotation, QuotationState
from visits.due_now import Asked, DueNow, register, register_notes


def _url(view: str, asked: Asked) -> str:
    return f"{reverse('orders:list')}?view={view}&branch={asked.branch.pk}"


def _approvals(asked: Asked) -> DueNow:
    """Late and ready pairs are counted by the laboratory, which knows where each one stands."""
    waiting = _waiting().rows(branch=asked.branch.pk)
    opened = sum(was_opened for _pk, was_opened in waiting)
    meta = _("%(n)d opened, no answer") % {"n": opened} if opened else ""
    return DueNow(len(waiting), _("Approvals waiting"), _url("approval", asked), meta)


@prepared
def _waiting() -> QuerySet[Order, Any]:
    """(order, whether the customer has opened its quotation): few at any time."""
    opened = Quotation.objects.filter(order=OuterRef("pk"), opened_at__isnull=False, state=QuotationState.SENT)
    waiting = Order.objects.filter(branch=Slot("branch"), state=OrderState.QUOTED)
    return waiting.order_by().values_list("pk", Exists(opened))


def _balances(customer_ids: Sequence[int]) -> Mapping[int, Words]:
    """`R 480.00 due` on the appointment of somebody who owes money."""
    owed = _owed().rows(customers=list(customer_ids))
    return {customer_id: _("%(amount)s due") % {"amount": money(amount)} for customer_id, amount in owed}


@prepared
def _owed() -> QuerySet[LedgerEntry, Any]:
    rows = LedgerEntry.objects.filter(one_of("order__customer_id", "customers")).order_by()
    return rows.values_list("order__customer_id").annotate(sum=Sum("amount")).filter(sum__gt=0)


register("orders.approvals", 30, _approvals, Can.VIEW_ORDERS)
register_notes("orders", _balances)
