"""The checkpoint "payment captured": what an order's policy wants paid before a step, and what of it is still open.

The policy: the deposit before the laboratory starts; all of it when the glasses are handed over at the counter, and before
they are sent. What an insurer has promised in writing counts as captured.
"""

from decimal import Decimal
from enum import StrEnum

from django.urls import reverse
from django.utils.translation import gettext as _

from branches.roles import Role
from core.errors import Missing
from core.money import money
from orders import rules, states
from orders.models import Order
from orders.services import ledger, payments
from records.facts import role_word

CODE = "payment"


class Before(StrEnum):
    """The step that asks."""

    LABORATORY = "laboratory"
    COLLECTION = "collection"
    SHIPPING = "shipping"


def missing(order: Order, before: Before) -> list[Missing]:
    """Empty when the money the step needs has come in; otherwise the one reason, who mends it and where.

    A cancelled or unconfirmed order is never captured: it has no charge.
    """
    if order.state not in states.PLACED:
        return [Missing(CODE, _("The order is not confirmed, so nothing is charged yet."), _owner())]
    short = still_due(order, before)
    if short <= 0:
        return []
    return [Missing(CODE, _reason(before) % {"amount": money(short)}, _owner(), _url(order))]


def still_due(order: Order, before: Before) -> Decimal:
    """The amount in the practice's currency that has to come in before the step; never negative."""
    if before is Before.LABORATORY:
        return payments.deposit_missing(order)
    known = ledger.money_of(order)
    return max(known.charged - known.captured, rules.ZERO)


def _reason(before: Before) -> str:
    return {
        Before.LABORATORY: _("The deposit is short by %(amount)s."),
        Before.COLLECTION: _("%(amount)s is still to pay before the glasses are handed over."),
        Before.SHIPPING: _("%(amount)s is still to pay: an order is sent when it is paid in full."),
    }[before]


def _owner() -> str:
    return str(role_word(Role.RECEPTIONIST))


def _url(order: Order) -> str:
    return reverse("orders:pay", args=[order.number])
