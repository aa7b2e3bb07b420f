"""Push notices to the browsers that asked for them on the order page: encrypted for each, known by our VAPID key."""

import base64
import hashlib
import json
from typing import Any

import requests
from django.conf import settings

from notifications import vapid
from notifications.addresses import ORDER
from notifications.channels.base import Adapter, Misconfigured, Outgoing, Permanent, RateLimited, Transient
from notifications.models import PushSubscription
from notifications.services import subscriptions
from notifications.services.outbox import Sent
from orders.models import Order

_SECONDS, _DAY = 10, 24 * 3600
_GONE = {404, 410}


def adapter() -> Adapter:
    """Raises Misconfigured while there is no key."""
    if not vapid.is_set_up():
        raise Misconfigured("VAPID_PRIVATE_KEY is not set")
    return Adapter("webpush", send)


def send(out: Outgoing) -> Sent:
    """To every browser of the order. One that took it is enough; one that is gone is forgotten.

    Raises Permanent when none is left, Transient or RateLimited when none could be reached now.
    """
    order = Order.objects.filter(pk=int(out.recipient.removeprefix(ORDER))).first()
    browsers = list(subscriptions.of_order(order)) if order else []
    taken, troubles = 0, []
    for browser in browsers:
        try:
            taken += _to(browser, out, order)
        except Transient as error:
            troubles.append(error)
    if taken:
        return Sent("webpush", out.key, f"{taken} of {len(browsers)} browsers" if len(browsers) > 1 else "")
    if troubles:
        raise troubles[0]
    raise Permanent("no browser has asked for notices, or none is left")


def payload(out: Outgoing, order: Order | None) -> str:
    """What the browser shows: two short texts, where a tap leads, and a tag by which a newer one replaces it.

    The page is opened by the cookie that the browser holds; no token is sent.
    """
    path = f"/t/order/{order.public_code}/" if order else "/t/"
    shown = {"title": out.subject, "body": out.body, "url": path, "tag": _tag(out)}
    return json.dumps(shown, ensure_ascii=False)


def _tag(out: Outgoing) -> str:
    """The same for all progress of an order, so that a lock screen holds the newest; it tells nobody the number."""
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{out.recipient}:{out.topic or out.key}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()


def _to(browser: PushSubscription, out: Outgoing, order: Order | None) -> bool:
    """One browser. False when it is gone for good."""
    if not subscriptions.is_known_service(browser.endpoint):
        subscriptions.forget(browser.pk)
        return False
    # Loaded when the first notice goes out: seven megabytes that most programs never need.
    from pywebpush import WebPushException, webpush

    try:
        webpush(
            {"endpoint": browser.endpoint, "keys": {"p256dh": browser.p256dh, "auth": browser.auth}},
            payload(out, order),
            vapid_private_key=settings.VAPID_PRIVATE_KEY,
            vapid_claims=vapid.claims(),
            ttl=_DAY,
            timeout=_SECONDS,
            headers={"Urgency": "high" if out.urgent else "normal", "Topic": _tag(out)},
            requests_session=_NoRedirects(),
        )
    except WebPushException as error:
        return _refused(browser, error.response)
    except requests.RequestException as error:
        raise Transient(f"push service not reached ({type(error).__name__})") from error
    subscriptions.sent_to(browser.pk)
    return True


class _NoRedirects(requests.Session):
    """The allowed host is the one that is called."""

    def post(self, url: str | bytes, data: Any = None, json: Any = None, **options: Any) -> requests.Response:
        return super().post(url, data, json, **{**options, "allow_redirects": False})


def _refused(browser: PushSubscription, answer: requests.Response | None) -> bool:
    """What a push service says by its status. Source: RFC 8030, sections 5 and 7.3."""
    code = answer.status_code if answer is not None else 0
    if code in _GONE:
        subscriptions.forget(browser.pk)
        return False
    if code == 429:
        raise RateLimited("the push service asks for a pause")
    if code in {401, 403}:
        raise Misconfigured(f"the push service refuses our key ({code})")
    if code in {400, 413}:
        return False
    raise Transient(f"push service answered {code}")
