"""Where an SMS gateway tells us of receipts and replies: verified on the raw bytes, stored once, answered at once."""

import hmac
import json
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from notifications.channels.sms import sign
from notifications.services import inbound

_WINDOW_SECONDS = 300
_LARGEST = 256 * 1024


@csrf_exempt  # signed by the gateway; there is no session
@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    """401 without detail for a wrong signature, 400 for what is not our JSON, else 200: also for a repetition."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > _LARGEST:
        return HttpResponse(status=413)
    raw = request.body
    if not is_signed(raw, request.headers.get("X-Signature", ""), time.time()):
        return HttpResponse(status=401)
    try:
        notice = inbound.read(raw)
    except (ValueError, json.JSONDecodeError):
        return HttpResponse(status=400)
    inbound.keep("http", notice.event_id, raw)
    return HttpResponse(status=200)


def is_signed(raw: bytes, header: str, now: float) -> bool:
    """`t=<unix>,v1=<hex>` within five minutes, by the secret shared with the gateway."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    at = parts.get("t", "")
    if not settings.SMS_HTTP_SECRET or not at.isdigit() or abs(now - int(at)) > _WINDOW_SECONDS:
        return False
    return hmac.compare_digest(
        sign(raw, settings.SMS_HTTP_SECRET, int(at)).encode(), f"t={at},v1={parts.get('v1', '')}".encode()
    )
