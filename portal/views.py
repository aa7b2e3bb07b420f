"""The customer's pages: enter by link, the order in plain words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from orders import states
from orders.models import QuotationState
from orders.services import ledger, links
from portal import access
from portal.access import OrderRequest, order_page
from portal.approving import called


@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The link itself: sets the cookie and leaves the token behind; to the answer that is waited for, else the order."""
    link = links.resolve(token)
    if link is None:
        return access.lost(request)
    if request.method == "GET":
        links.used(link)
    waiting = link.order.quotations.filter(state__in=[QuotationState.DRAFT, QuotationState.SENT]).exists()
    code = link.order.public_code
    return access.enter(request, link, reverse("portal:approve", args=[code]) if waiting else "")


@require_safe
@order_page
def order(request: OrderRequest) -> HttpResponse:
    """Where it is, when it is expected, what is owed; no clinical value."""
    shown = request.order
    context = {
        "order": shown,
        "called": called(shown),
        "public_branch": shown.collect_branch,
        "words": states.CUSTOMER_WORDS[shown.state],
        "balance": ledger.money_of(shown).balance,
        "waiting": shown.quotations.filter(state__in=[QuotationState.DRAFT, QuotationState.SENT]).exists(),
        "promised": shown.promised_on if shown.state in states.PROMISED else None,
    }
    return render(request, "portal/order.html", context)
