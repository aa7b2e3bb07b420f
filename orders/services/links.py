"""Links to one order, one per channel: derived tokens, so that a copy of the database opens nothing."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from branches.roles import Can
from core.actor import Actor
from core.prepared import Slot, prepared
from customers.links import digest_of, token_for
from orders.models import Order, OrderLink
from orders.services import common
from orders.services.common import Said

# After completion the link still answers for two months.
LIFE_AFTER_COMPLETION = timedelta(days=60)


@transaction.atomic
def link_for(order: Order, channel: str) -> str:
    """The order's address for one channel; asked again it is the same, until it is revoked."""
    common.lock(order.pk)
    link = OrderLink.objects.filter(order=order, channel=channel, revoked_at=None).first() or _new(order, channel)
    return f"{settings.SITE_URL}/t/{token_of(link)}"


def token_of(link: OrderLink) -> str:
    return token_for(link.public_id, link.nonce)


def _new(order: Order, channel: str) -> OrderLink:
    link = OrderLink(order=order, channel=channel, public_id=uuid.uuid4(), nonce=uuid.uuid4())
    link.token_digest = digest_of(token_of(link))
    link.save()
    return link


@transaction.atomic
def revoke(actor: Actor, order_id: int, channel: str = "") -> int:
    """Cut the links of an order off, all or one channel's. The next message carries a new one. Returns how many."""
    order = common.open_for(actor, Can.EDIT_ORDERS, order_id)
    found = OrderLink.objects.select_for_update().filter(order=order, revoked_at=None)
    links = list(found.filter(channel=channel) if channel else found)
    for link in links:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
    if links:
        common.tell("order.link_revoked", actor, order, Said(data={"links": [link.pk for link in links]}))
    return len(links)


def resolve(token: str, now: datetime | None = None) -> OrderLink | None:
    """The link behind a token; None for unknown, expired and revoked alike. One indexed look-up in every case."""
    link = _with_digest().row(digest=digest_of(token[:64]))
    return link if link is not None and is_open(link, now or timezone.now()) else None


@prepared
def _with_digest() -> QuerySet[OrderLink]:
    found = OrderLink.objects.filter(token_digest=Slot("digest"))
    return found.select_related("order", "order__branch", "order__collect_branch", "order__customer")


def is_open(link: OrderLink, now: datetime) -> bool:
    """Not revoked, not past its date, and the order not completed longer than two months ago."""
    ended = link.order.closed_at or link.order.cancelled_at or link.order.collected_at
    if ended is not None and now > ended + LIFE_AFTER_COMPLETION:
        return False
    return link.revoked_at is None and (link.expires_at is None or link.expires_at > now)


def used(link: OrderLink) -> None:
    """Count a visit; several links of an order tell which message was opened."""
    link.use_count += 1
    link.last_used_at = timezone.now()
    link.save(update_fields=["use_count", "last_used_at"])
