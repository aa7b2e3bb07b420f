"""The key by which push services know this practice (VAPID, RFC 8292)."""

from functools import lru_cache

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02, VapidException
from py_vapid.utils import b64urlencode


def is_set_up() -> bool:
    return bool(settings.VAPID_PRIVATE_KEY)


def public_key() -> str:
    """What a browser subscribes with: the point of the curve, base64url. Raises ValueError for a key that is none."""
    return _public(settings.VAPID_PRIVATE_KEY)


@lru_cache(maxsize=4)
def _public(private: str) -> str:
    try:
        key = Vapid02.from_string(private)
    except (VapidException, ValueError) as error:
        raise ValueError("VAPID_PRIVATE_KEY is not a key") from error
    return str(b64urlencode(key.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)))


def claims() -> dict[str, str | int]:
    """Whom a push service may write to about us."""
    contact = settings.VAPID_CONTACT or settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].strip("> ")
    return {"sub": contact if contact.startswith(("mailto:", "https:")) else f"mailto:{contact}"}
