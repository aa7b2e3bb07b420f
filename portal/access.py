"""The door of the customer's pages: a link opens it once, then a cookie for this one order keeps it open.

The token stands in no further address, and GET changes nothing but a counter: mail scanners follow links.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control

from branches.models import Organisation
from core.actor import Actor, customer
from notifications.texts import base_of
from orders.models import Order, OrderLink
from orders.services import links

P = ParamSpec("P")
_SALT, _PROVEN_SALT = "order-page", "order-page-proven"
_KEPT_SECONDS = 60 * 24 * 3600
PROVEN_SECONDS = 30 * 60


class OrderRequest(HttpRequest):
    """For annotations of views behind a link. `proven`: the second factor was given within half an hour."""

    link: OrderLink
    order: Order
    actor: Actor
    proven: bool


OrderView = Callable[Concatenate[OrderRequest, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]


def order_page(view: OrderView[P]) -> View[P]:
    """Wrap a view of one order, addressed by its public code. Without a valid link: the same page as for a wrong one."""

    @wraps(view)
    def guarded(request: HttpRequest, code: str, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        link = _link_of(request, code)
        if link is None:
            return lost(request)
        guest = cast(OrderRequest, request)
        guest.link, guest.order, guest.proven = link, link.order, _is_proven(request, link)
        guest.actor = customer(link.order.customer.first_name, link.order.branch_id)
        with _as_customer(link.order):
            return private(view(guest, *args, **kwargs))

    return guarded


def _as_customer(order: Order) -> "_Reading":
    return _Reading(order)


class _Reading:
    """The customer's language and the branch's clock for the time of one request."""

    def __init__(self, order: Order) -> None:
        self._language = translation.override(base_of(order.customer.language))
        self._zone = timezone.override(ZoneInfo(order.collect_branch.time_zone))

    def __enter__(self) -> None:
        self._language.__enter__()
        self._zone.__enter__()

    def __exit__(self, *problem: object) -> None:
        self._zone.__exit__(None, None, None)
        self._language.__exit__(None, None, None)


def enter(request: HttpRequest, link: OrderLink, to: str = "") -> HttpResponse:
    """Let a person with a link in: cookie for this order's pages, and an address without the token."""
    url = to or reverse("portal:order", args=[link.order.public_code])
    response = HttpResponse(status=302, headers={"Location": url})
    value = signing.dumps([str(link.public_id), links.token_of(link)[:6]], salt=_SALT)
    _set(response, _name(link.order.public_code), value, link.order.public_code, _KEPT_SECONDS, request)
    return cast(HttpResponse, private(response))


def prove(request: HttpRequest, response: HttpResponse, link: OrderLink) -> HttpResponse:
    """The second factor was right: details are open for half an hour."""
    value = signing.dumps(str(link.public_id), salt=_PROVEN_SALT)
    code = link.order.public_code
    _set(response, f"{_name(code)}_p", value, code, PROVEN_SECONDS, request)
    return response


def _set(response: HttpResponse, name: str, value: str, code: str, seconds: int, request: HttpRequest) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=reverse("portal:order", args=[code]),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure() or settings.SESSION_COOKIE_SECURE,
    )


def _name(code: str) -> str:
    return f"order_{code.replace('-', '')}"


def _link_of(request: HttpRequest, code: str) -> OrderLink | None:
    """The link behind the cookie, still open and not re-keyed since."""
    try:
        public_id, start = signing.loads(request.COOKIES.get(_name(code), ""), salt=_SALT, max_age=_KEPT_SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    link = (
        OrderLink.objects.select_related("order__branch", "order__collect_branch", "order__customer")
        .filter(public_id=public_id, order__public_code=code)
        .first()
    )
    if link is None or links.token_of(link)[:6] != start or not links.is_open(link, timezone.now()):
        return None
    return link


def _is_proven(request: HttpRequest, link: OrderLink) -> bool:
    try:
        value = signing.loads(
            request.COOKIES.get(f"{_name(link.order.public_code)}_p", ""), salt=_PROVEN_SALT, max_age=PROVEN_SECONDS
        )
    except signing.BadSignature:
        return False
    return bool(value == str(link.public_id))


def lost(request: HttpRequest) -> HttpResponse:
    """Unknown, expired and revoked look the same: a way back in, and nothing else."""
    from portal.forms import FindForm

    context = {"form": FindForm(), "practice": Organisation.objects.order_by("pk").first()}
    return cast(HttpResponse, private(render(request, "portal/lost.html", context, status=404)))


def private(response: HttpResponseBase) -> HttpResponseBase:
    """Kept by nobody, passed on to nobody, found by nobody."""
    patch_cache_control(response, private=True, no_store=True)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
