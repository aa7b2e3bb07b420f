"""Secrets of webhooks at rest: encrypted under the installation's key, readable also under a key from before."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"carrier-hooks:{key}".encode()).digest())) for key in keys]
    )


def close(secret: str) -> str:
    return _box().encrypt(secret.encode()).decode()


def reveal(sealed: str) -> str:
    """Empty when the key it was sealed under is gone: nothing verifies then."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""
