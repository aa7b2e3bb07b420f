"""Browsers that want notices about an order: taken on after their owner agreed, forgotten when they are gone."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import DomainError
from customers.models import Channel, ConsentPurpose
from customers.services import consents
from notifications import vapid
from notifications.models import PushSubscription
from orders.models import Order, OrderLink
from orders.services.common import Said, tell

# One person has a telephone, a tablet and a computer or two.
MOST = 5
_LONGEST = 1000


@dataclass(frozen=True)
class Browser:
    """What a browser gives: the address of its push service and its two keys, base64url."""

    endpoint: str
    p256dh: str
    auth: str
    device: str = ""


@transaction.atomic
def subscribe(actor: Actor, link: OrderLink, browser: Browser) -> PushSubscription:
    """Take a browser on for the link's order. Asked again it is the same. Raises DomainError for what is no browser of ours."""
    if not vapid.is_set_up():
        raise DomainError(_("This practice sends no push notices."), code="no_push")
    _check(browser)
    order = Order.objects.select_for_update(no_key=True).get(pk=link.order_id)
    digest = _digest(browser)
    earlier = of_order(order).filter(endpoint_digest=digest).first()
    if earlier is not None:
        PushSubscription.objects.filter(pk=earlier.pk).update(p256dh=browser.p256dh, auth=browser.auth, link=link)
        return earlier
    if of_order(order).count() >= MOST:
        raise DomainError(_("Five browsers get notices already. Switch one of them off first."), code="too_many")
    made = PushSubscription.objects.create(
        order=order,
        link=link,
        endpoint=browser.endpoint,
        endpoint_digest=digest,
        p256dh=browser.p256dh,
        auth=browser.auth,
        device=browser.device[:60],
    )
    words = _("Notices on this device, switched on from the order page")
    consents.give_consent(actor, order.customer_id, ConsentPurpose.ORDER_MESSAGES, Channel.PUSH, words)
    tell("push.switched_on", actor, order, Said(data={"device": made.device}))
    return made


@transaction.atomic
def unsubscribe(actor: Actor, order: Order, subscription_id: int) -> bool:
    """Forget one browser; with the last one the consent ends. False when it was gone already."""
    found = of_order(order).filter(pk=subscription_id).first()
    if found is None:
        return False
    found.delete()
    tell("push.switched_off", actor, order, Said(data={"device": found.device}))
    others = PushSubscription.objects.filter(order__customer_id=order.customer_id)
    if not others.exists():
        words = _("Notices switched off from the order page")
        consents.withdraw_consent(actor, order.customer_id, ConsentPurpose.ORDER_MESSAGES, Channel.PUSH, words)
    return True


@transaction.atomic
def renew(old: Browser, new: Browser) -> int:
    """The browser's push service changed its address: the notices go on to the new one. How many orders' notices moved.

    Who knows the old address and its secret is that browser: both were told to us and its push service alone. Raises
    DomainError for what is no browser of ours.
    """
    _check(new)
    rows = PushSubscription.objects.select_for_update().filter(endpoint_digest=_digest(old), link__revoked_at=None)
    own = [row for row in rows if hmac.compare_digest(row.auth.encode(), old.auth.encode())]
    PushSubscription.objects.filter(order__in=[row.order_id for row in own], endpoint_digest=_digest(new)).exclude(
        pk__in=[row.pk for row in own]
    ).delete()
    return PushSubscription.objects.filter(pk__in=[row.pk for row in own]).update(
        endpoint=new.endpoint, endpoint_digest=_digest(new), p256dh=new.p256dh, auth=new.auth
    )


def _digest(browser: Browser) -> str:
    return hashlib.sha256(browser.endpoint.encode()).hexdigest()


def of_order(order: Order) -> QuerySet[PushSubscription]:
    """Browsers that get this order's notices: their link is still good."""
    return PushSubscription.objects.filter(order=order, link__revoked_at=None).order_by("pk")


def forget(subscription_id: int) -> None:
    """Its push service says that the browser is gone."""
    PushSubscription.objects.filter(pk=subscription_id).delete()


def sent_to(subscription_id: int) -> None:
    PushSubscription.objects.filter(pk=subscription_id).update(last_sent_at=timezone.now())


def _check(browser: Browser) -> None:
    if not is_known_service(browser.endpoint):
        raise DomainError(_("This browser's push service is not one that we send to."), code="unknown_service")
    if _length(browser.p256dh) != 65 or _length(browser.auth) != 16:
        raise DomainError(_("The browser's keys could not be read. Try again."), code="bad_keys")


def is_known_service(endpoint: str) -> bool:
    """Only the push services of browsers: whoever subscribes chooses an address that our server calls."""
    try:
        parts = urlsplit(endpoint)
        host = parts.hostname or ""
        on_this_machine = host == "127.0.0.1" and host in settings.PUSH_HOSTS
        allowed_port = parts.port in (None, 443) or on_this_machine
    except ValueError:
        return False
    if len(endpoint) > _LONGEST or parts.username or not allowed_port:
        return False
    if parts.scheme != "https" and not on_this_machine:
        return False
    return any(host == one or (one.startswith(".") and host.endswith(one)) for one in settings.PUSH_HOSTS)


def _length(text: str) -> int:
    """Bytes of a base64url text; -1 when it is none."""
    try:
        return len(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return -1
