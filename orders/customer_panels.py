"""What orders add to the customer's page: open orders with their next step, the balance, and the button that begins one."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.roles import Can
from branches.scope import Scope
from core import ui
from core.money import money as shown_money
from core.prepared import Slot, prepared
from customers.models import Customer
from customers.panels import ASIDE, Action, Extras, Panel, Viewer, register, register_extras
from orders import rules, stages, states
from orders.models import Order, OrderState
from orders.services import ledger

MOST_SHOWN = 3
OVER = (OrderState.CLOSED, OrderState.CANCELLED)


@dataclass(frozen=True)
class Card:
    """One open order: what it is, how far it is, who is next."""

    order: Order
    badge: ui.Badge
    steps: list[ui.Stage]
    what: str


def _open_orders(customer: Customer, viewer: Viewer) -> list[Order]:
    """Open orders in the branches the viewer sees, newest first."""
    return _open(viewer.scope).rows(customer=customer.pk)


@prepared
def _open(scope: Scope) -> QuerySet[Order]:
    found = Order.objects.visible_to(scope).filter(customer=Slot("customer"))
    own = ("branch", "owner", "prescription", "visit", "measurement")
    found = found.filter(state__in=[state.value for state in states.OPEN])
    found = found.select_related(*own, "frame_choice__frame", "lens_specification__right")
    return found.order_by("-pk")[: MOST_SHOWN + 1]


def _orders_panel(customer: Customer, viewer: Viewer) -> Mapping[str, Any] | None:
    found = _open_orders(customer, viewer)
    known = stages.known_of_all(found[:MOST_SHOWN], _money(customer, viewer)) if found else {}
    return {
        "cards": [_card(order, known[order.pk]) for order in found[:MOST_SHOWN]],
        "more": len(found) > MOST_SHOWN,
        "customer": customer,
    }


def _card(order: Order, known: stages.Known) -> Card:
    badge = stages.work_badge(order.state, bool(known.reviews))
    return Card(order, badge, stages.stages(order, known), _what(order))


def _what(order: Order) -> str:
    """`Vista HD progressive, Karoo 214, havana`: what the customer would call it."""
    lens = getattr(order, "lens_specification", None)
    frame = getattr(order, "frame_choice", None)
    parts = [str(lens.right) if lens and lens.right else "", str(frame.frame) if frame and frame.frame else ""]
    return ", ".join(part for part in parts if part) or _("Nothing chosen yet")


def _balance_panel(customer: Customer, viewer: Viewer) -> Mapping[str, Any] | None:
    due = _due(customer, viewer)
    charged = any(one.charged or one.paid for one in _money(customer, viewer).values())
    return {"due": due, "nothing": due == rules.ZERO, "customer": customer, "has_entries": charged}


def _money(customer: Customer, viewer: Viewer) -> dict[int, rules.MoneyState]:
    """Every order that stands, with its money: read once for the head, the cards and the balance."""

    def read() -> dict[int, rules.MoneyState]:
        return ledger.money_of_customer(customer.pk)

    return viewer.once("orders.money", read)


def _due(customer: Customer, viewer: Viewer) -> Decimal:
    return sum((one.balance for one in _money(customer, viewer).values()), rules.ZERO)


def _extras(customer: Customer, viewer: Viewer) -> Extras:
    if not viewer.may(Can.VIEW_ORDERS):
        return Extras()
    number = len(_money(customer, viewer))
    summary = [ngettext("%(n)d order", "%(n)d orders", number) % {"n": number}]
    due = _due(customer, viewer)
    alerts = [ui.Badge(_("%(amount)s due") % {"amount": shown_money(due)}, "warning", "money")] if due > 0 else []
    return Extras(alerts=alerts, summary=summary, actions=_actions(customer, viewer))


def _actions(customer: Customer, viewer: Viewer) -> list[Action]:
    if not viewer.may(Can.EDIT_ORDERS):
        return []
    begin = Action(_("New order"), reverse("orders:start"), "o", True, {"customer": customer.number})
    return [begin]


register(Panel("open_orders", ASIDE, 10, "orders/_customer_orders.html", _orders_panel, can=Can.VIEW_ORDERS))
register(Panel("balance", ASIDE, 20, "orders/_customer_balance.html", _balance_panel, can=Can.VIEW_ORDERS))
register_extras("orders", _extras)
