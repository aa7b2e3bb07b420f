"""The stand-in gateway's own payment page: pay, be declined, or leave. It plays the other side, so it knows no order."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from core.views import SeeOther
from orders import gateways
from orders.gateways import stand_in
from orders.gateways.base import DECLINED, PAID
from orders.models import PaymentRequest, RequestState
from orders.services import gateway_notices
from portal.access import lost, private


@csrf_exempt  # like a gateway's page: no session of ours; the signed address is what opens it
def show(request: HttpRequest, value: str) -> HttpResponseBase:
    """GET shows the amount; POST `do` is `pay`, `decline` or `leave`. Notices go in by the gateways' door, signed."""
    found = stand_in.opened(value) if gateways.named(gateways.STAND_IN) else None
    if found is None:
        return lost(request)
    state = PaymentRequest.objects.filter(public_id=found["request"]).values_list("state", flat=True).first()
    does = request.POST.get("do", "")
    if request.method == "POST" and state == RequestState.OPEN and does in ("pay", "decline"):
        _tell(found, PAID if does == "pay" else DECLINED)
        return private(SeeOther(str(found["done"])))
    if request.method == "POST" and does == "leave":
        return private(SeeOther(str(found["left"])))
    context = {"found": found, "is_open": state == RequestState.OPEN}
    answer: HttpResponse = render(request, "portal/stand_in.html", context)
    return private(answer)


def _tell(found: dict[str, object], kind: str) -> None:
    reason = _("The card has not enough funds.") if kind == DECLINED else ""
    headers, body = stand_in.notice(found, kind, reason)
    gateway_notices.receive(gateways.STAND_IN, headers, body)
