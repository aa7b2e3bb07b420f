"""Signed public links: 128-bit derived tokens; the row stores what derives and what looks up, never the token."""

import base64
import hashlib
import hmac
import uuid

from django.conf import settings


def token_for(link_id: uuid.UUID, nonce: uuid.UUID) -> str:
    """22 URL-safe characters derived from the server's key, the link and its nonce. A new nonce revokes."""
    digest = hmac.new(settings.SECRET_KEY.encode(), link_id.bytes + nonce.bytes + b"order-link", hashlib.sha256)
    return base64.urlsafe_b64encode(digest.digest()[:16]).decode().rstrip("=")


def digest_of(token: str) -> str:
    """What the database looks a token up by."""
    return hashlib.sha256(token.encode()).hexdigest()
