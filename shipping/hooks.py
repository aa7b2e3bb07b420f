"""Where tracking services post: verified on the raw bytes, stored once, answered at once."""

import time
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shipping import secret_box
from shipping.models import CarrierEndpoint
from shipping.services import inbound
from shipping.tracking import readers, signatures

LARGEST = 256 * 1024


@csrf_exempt  # signed by the sender; there is no session
@require_POST
def carrier(request: HttpRequest, adapter: str, public_id: UUID) -> HttpResponse:
    """401 without detail for an unknown door or a wrong signature, 400 for what is no JSON, else 200: also for a repetition."""
    if _length(request) > LARGEST:
        return HttpResponse(status=413)
    raw = request.body
    if len(raw) > LARGEST:
        return HttpResponse(status=413)
    endpoint = CarrierEndpoint.objects.filter(public_id=public_id, adapter=adapter, is_active=True).first()
    if endpoint is None or not _is_signed(endpoint, request, raw):
        return HttpResponse(status=401)
    try:
        payload = readers.parse(raw)
    except readers.Unreadable:
        return HttpResponse(status=400)
    inbound.keep(endpoint, inbound.event_id(adapter, payload, raw), raw)
    return HttpResponse(status=200)


def _length(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(text) if text.isdigit() else 0


def _is_signed(endpoint: CarrierEndpoint, request: HttpRequest, raw: bytes) -> bool:
    headers = {name.lower(): value for name, value in request.headers.items()}
    asked = signatures.Request(raw, headers, request.GET.get("token", ""), time.time())
    secrets = [secret_box.reveal(endpoint.secret)]
    if endpoint.previous_secret and endpoint.previous_until and endpoint.previous_until > timezone.now():
        secrets.append(secret_box.reveal(endpoint.previous_secret))
    return signatures.is_signed(endpoint.adapter, asked, secrets, token_only=endpoint.token_only)
