"""Where payment gateways tell us what became of a payment."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.services import gateway_notices


@csrf_exempt  # signed by the gateway; there is no session
@require_POST
def pay(request: HttpRequest, adapter: str) -> HttpResponse:
    """Answered at once: the notice is stored, a worker applies it. See `gateway_notices.receive` for the codes."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > gateway_notices.LARGEST:
        return HttpResponse(status=413)
    return HttpResponse(status=gateway_notices.receive(adapter, request.headers, request.body))
