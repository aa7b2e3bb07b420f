"""Find orders within a scope; outside of it they do not exist."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from branches.scope import Scope
from core.errors import NotVisible
from core.prepared import Slot, prepared
from orders.models import LedgerEntry, Order, Quotation
from orders.querysets import OrderQuerySet

_WITH = (
    "branch", "collect_branch", "made_branch", "customer", "visit", "prescription", "owner", "seller", "recorded_by",
)  # fmt: skip


def orders_for(scope: Scope) -> OrderQuerySet:
    """Orders of the scope with what every page reads."""
    return Order.objects.visible_to(scope).select_related(*_WITH)


def order_of(scope: Scope, number: str) -> Order:
    """One order by its number. Raises NotVisible."""
    order = _numbered(scope).row(number=number)
    if order is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return order


@prepared
def _numbered(scope: Scope) -> QuerySet[Order]:
    return orders_for(scope).filter(number=Slot("number"))


def quotation_of(order: Order, version: int) -> Quotation:
    """One version. Raises NotVisible."""
    found = order.quotations.filter(version=version).prefetch_related("lines").first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    found.order = order
    return found


def entry_of(scope: Scope, number: str) -> LedgerEntry:
    """A ledger entry by its number, with its order. Raises NotVisible."""
    found = LedgerEntry.objects.select_related("order", "branch", "by").filter(number=number).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    found.order = order_of(scope, found.order.number)
    return found
