"""How often one may try: counted in the database, so that losing the cache resets nothing."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.http import HttpRequest

from portal.models import Knock


@dataclass(frozen=True)
class Limit:
    """At most `times` tries in `span` for one key."""

    what: str
    times: int
    span: timedelta


LOOK_UP_BY_PLACE = Limit("look_up_place", 10, timedelta(minutes=10))
LOOK_UP_BY_ORDER = Limit("look_up_order", 5, timedelta(minutes=15))
NEW_PUSH_ADDRESS = Limit("new_push_address", 10, timedelta(minutes=10))
CODE = Limit("code", 5, timedelta(minutes=15))
_KEPT = timedelta(days=1)


@transaction.atomic
def allow(limit: Limit, key: str) -> bool:
    """Count this try; False when there were too many. Two at once are counted one after the other."""
    hashed = hmac.new(settings.SECRET_KEY.encode(), f"{limit.what}:{key}".encode(), hashlib.sha256).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7310424, %s)", [int(hashed[:7], 16)])
    recent = Knock.objects.filter(what=limit.what, key=hashed, at__gt=Now() - limit.span).count()
    if recent >= limit.times:
        return False
    Knock.objects.create(what=limit.what, key=hashed)
    return True


def forget_old() -> int:
    """Delete what no limit looks at any more."""
    deleted, _by_model = Knock.objects.filter(at__lt=Now() - _KEPT).delete()
    return deleted


def place_of(request: HttpRequest) -> str:
    """The caller's network: a /24 or a /64, so that the next address of the same house counts too."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return "unknown"
    return str(ip_network(f"{address}/{64 if isinstance(address, IPv6Address) else 24}", strict=False))
