"""The customer's pages: enter by link, the order, the way back in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from core.views import page
from orders.models import QuotationState
from orders.services import links
from portal import access, limits, selectors
from portal.access import OrderRequest, order_page
from portal.finding import ask_for_link
from portal.forms import FindForm


@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The link itself: cookie, and on without the token; to the answer that is waited for, else the order."""
    link = links.resolve(token)
    if link is None:
        return access.lost(request)
    if request.method == "GET":
        links.used(link)
    waiting = link.order.quotations.filter(state=QuotationState.SENT).exists()
    return access.enter(request, link, reverse("portal:approve", args=[link.order.public_code]) if waiting else "")


@require_safe
@order_page
def order(request: OrderRequest) -> HttpResponse:
    """Where the glasses are, what is expected of whom, what it costs."""
    code = request.order.public_code
    context = {
        "shown": selectors.order(request.order),
        "public_branch": request.order.collect_branch,
        "approve_url": reverse("portal:approve", args=[code]),
    }
    return page(request, "portal/order.html", context)


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
