"""The customer's links to an order: which are out, whether they were opened, and cutting them off."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core import ui
from core.views import Done, act, page
from orders.models import OrderLink
from orders.selectors.finding import order_of
from orders.services import links


@dataclass(frozen=True)
class Line:
    """One link; the address itself is never shown to staff."""

    way: str
    made: datetime
    opened: int
    last: datetime | None
    state: ui.Badge


@staff_page(Can.VIEW_ORDERS)
def show(request: StaffRequest, number: str) -> HttpResponse:
    """Every link that was ever sent for the order, the newest first."""
    order = order_of(request.scope, number)
    found = list(OrderLink.objects.filter(order=order).select_related("order").order_by("-created_at", "-pk"))
    shown = {
        "order": order,
        "lines": [_line(link) for link in found],
        "is_open": any(link.revoked_at is None for link in found),
        "may_cut": access.allowed(request.actor, Can.EDIT_ORDERS, order.branch_id),
    }
    return page(request, "orders/links.html", shown)


@require_POST
@staff_page(Can.EDIT_ORDERS)
def cut_off(request: StaffRequest, number: str) -> HttpResponse:
    order = order_of(request.scope, number)
    back = reverse("orders:links", args=[order.number])

    def cut() -> Done:
        if links.revoke(request.actor, order.pk):
            return Done(back, _("The links no longer open. The next message carries a new one."))
        return Done(back, _("There was no open link."))

    return act(request, cut)


def _line(link: OrderLink) -> Line:
    if link.revoked_at:
        state = ui.Badge(_("Cut off"), "danger", "lock")
    elif links.is_open(link, timezone.now()):
        state = ui.Badge(_("Open"), "success", "check")
    else:
        state = ui.Badge(_("Ended"), "neutral", "pause")
    return Line(link.get_channel_display(), link.created_at, link.use_count, link.last_used_at, state)
