"""Six digits that prove a person reads the messages of the contact on file: derived, so that nothing is stored."""

import hashlib
import hmac

from django.conf import settings


def code_of(event_id: int, order_id: int) -> str:
    """The code of one asking. Another asking has another code."""
    digest = hmac.new(
        settings.SECRET_KEY.encode(), f"order-code:{event_id}:{order_id}".encode(), hashlib.sha256
    ).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"
