"""Where returns and answers show in what lies below: the order's page and list, the navigation, the scanner."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aftersales import selectors, states
from aftersales.models import Feedback, Return
from aftersales.services import settling
from aftersales.things import HANDED_OVER
from branches import palette
from branches.middleware import StaffRequest
from branches.roles import Can
from branches.scope import Scope
from core import navigation
from core.actor import Actor
from orders import followers, panels
from orders.models import Order
from orders.querysets import OrderQuerySet
from orders.selectors import listing
from orders.viewer import Viewer


def connect() -> None:
    """At start-up."""
    followers.register(followers.CONFIRMED, settling.carry_credit)
    panels.register(
        panels.Panel("returns", _("After the sale"), panels.MAIN, 50, "aftersales/_order_panel.html", _panel)
    )
    listing.register_view(listing.ListView("returns", _("Returns"), _with_return, 80))
    palette.register_scanner(_scanned)
    navigation.register(
        navigation.Item(
            "returns",
            _("Returns"),
            "return",
            "aftersales:list",
            order=72,
            group="desk",
            can=Can.VIEW_ORDERS,
            count=_waiting,
        )
    )
    navigation.register(
        navigation.Item(
            "feedback", _("Feedback"), "chat", "aftersales:feedback", order=75, group="desk", can=Can.VIEW_ORDERS
        )
    )
    navigation.register(
        navigation.Item(
            "return_policy", _("Return policy"), "return", "aftersales:policies", 43, "settings", Can.MANAGE_SETTINGS,
            hint=_("What may come back, for how many days, and what customers read about it"),
        )
    )  # fmt: skip


def _with_return(found: OrderQuerySet, _today: date) -> QuerySet[Any]:
    """Orders with a return that is not over."""
    return found.filter(pk__in=Return.objects.filter(state__in=states.OPEN).values("order_id"))


def _panel(order: Order, viewer: Viewer) -> Mapping[str, Any] | None:
    if order.state not in HANDED_OVER:
        return None
    found = list(Return.objects.filter(order=order).order_by("-pk"))
    for one in found:
        one.order = order
    open_one = any(one.state in states.OPEN for one in found)
    return {
        "rows": [(one, selectors.badge(one)) for one in found],
        "may_ask": viewer.may(Can.MANAGE_RETURNS, order) and not open_one,
        "feedback": Feedback.objects.filter(order=order).first(),
        "count": len(found) or None,
    }


def _scanned(request: StaffRequest, code: str) -> str | None:
    """`RET-00012` of a return slip opens the return, with its next step under the Enter key."""
    text = code.strip().lstrip("~").upper()
    if not text.startswith("RET-"):
        return None
    found = selectors.returns_for(request.scope).filter(number=text).first()
    return reverse("aftersales:page", args=[found.number]) if found else None


def _waiting(actor: Actor) -> navigation.Count | None:
    """Requests that nobody decided on."""
    number = selectors.undecided(Scope.of(actor))
    return navigation.Count(number, _("to decide"), "warning") if number else None
