"""The customer's pages: enter by link, the order, the way back in."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from core import addresses
from core.prepared import Slot, prepared
from core.views import page
from notifications import vapid
from orders.models import Delivery, OrderState, Quotation, QuotationState
from orders.services import links, online
from orders.states import PLACED
from portal import access, limits, reading, selectors
from portal.access import OrderRequest, form_token, order_page
from portal.finding import ask_for_link
from portal.forms import FindForm
from portal.reading import Known

_HERE_NOW = (OrderState.COLLECTED, OrderState.CLOSED)


@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The link itself: cookie, and on without the token; to the answer that is waited for, else the order."""
    link = links.resolve(token)
    if link is None:
        return access.lost(request)
    if request.method == "GET":
        links.used(link)
    waiting = _waiting().row(order=link.order_id)
    return access.enter(request, link, reverse("portal:approve", args=[link.order.public_code]) if waiting else "")


@prepared
def _waiting() -> QuerySet[Quotation, int]:
    return Quotation.objects.filter(order=Slot("order"), state=QuotationState.SENT).values_list("pk", flat=True)[:1]


@csrf_exempt  # it does nothing
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """An address below ours that is none: the customer's own page of a lost link, not the shop's."""
    return access.lost(request)


@require_safe
@order_page
def order(request: OrderRequest) -> HttpResponse:
    """Where the glasses are, what is expected of whom, what it costs."""
    code = request.order.public_code
    known = reading.read(request.link)
    shown = selectors.order(known)
    context = {
        "shown": shown,
        "public_branch": request.order.collect_branch,
        "approve_url": reverse("portal:approve", args=[code]),
        "actions": _actions(known, shown),
        "form_token": form_token(request.link),
    }
    return page(request, "portal/order.html", context)


def _actions(known: Known, shown: selectors.Shown) -> list[tuple[str, str]]:
    """What else one can do now: (words, address)."""
    order, state, back = known.order, known.order.state, shown.back
    comes = order.delivery == Delivery.COLLECT
    moving = comes and state in (OrderState.CONFIRMED, OrderState.IN_PRODUCTION)
    offered = [
        (_("Pay the balance now"), "portal:pay", online.can_pay(state, known.money.share)),
        (_("Choose when to collect"), "portal:collect", comes and state == OrderState.READY),
        (_("Collect at another shop"), "portal:collect_at", moving),
        (_("Tell us how it was"), "portal:feedback", state in _HERE_NOW and not known.facts["has_answered"]),
        (_("Invoice and receipt"), "portal:details", state in PLACED),
        (_("Report a problem"), "portal:problem", state in PLACED),
        (_("Return or exchange"), "portal:return", state in _HERE_NOW and (back is None or back.is_over)),
        (_("Notices on this phone"), "portal:notices", vapid.is_set_up()),
        (_("How we write to you"), "portal:order_messages", True),
    ]
    code = order.public_code
    return [(words, addresses.to(name, code)) for words, name, offer in offered if offer]


@csrf_exempt  # there is no session to misuse, and a page that forbids referrers posts with `Origin: null`
def find(request: HttpRequest) -> HttpResponse:
    """The look-up: the same answer, whether there was such an order or not."""
    form = FindForm(request.POST or None)
    context = {"form": form}
    if request.method != "POST" or not form.is_valid():
        return _private(page(request, "portal/find.html", context))
    number = form.values["number"].strip().upper()
    place = limits.allow(limits.LOOK_UP_BY_PLACE, limits.place_of(request))
    if not (place and limits.allow(limits.LOOK_UP_BY_ORDER, number)):
        return _private(render(request, "portal/too_often.html", context, status=429))
    ask_for_link(number, form.values["phone"], settings.DEFAULT_COUNTRY)
    return _private(render(request, "portal/found.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    access.private(response)
    return response
