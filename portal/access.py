"""The door of the customer's pages: a link opens it once, then a cookie for this one order keeps it open.

The address in the browser never holds the token, so that it is in no history, referrer or log. The cookie is bound to the
order's path and to the link's nonce: revoking the link closes pages that are open.
"""

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt

from branches.models import Branch
from core.actor import Actor, customer
from core.errors import DomainError
from core.prepared import Slot, prepared
from orders.models import Order, OrderLink
from orders.services import links
from portal.forms import FindForm
from portal.reading import FACTS

P = ParamSpec("P")
_SALT, _FORM_SALT, _PROVEN_SALT = "order-page", "order-page-form", "order-page-proven"
# What every page of an order reads, in the one query that finds the link.
_WITH = ("order__branch", "order__collect_branch", "order__customer")
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
    """Wrap a view of one order, addressed by its public code. Without a valid link: the same page as for a wrong one.

    A page that forbids referrers makes browsers post with `Origin: null`, which Django's own check refuses. So these
    forms carry a token of their own (`form_token`), which only a page opened with this link's cookie can hold.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        link = _link_of(request, code)
        if link is None or not _own_form(request, link):
            return lost(request)
        guest = cast(OrderRequest, request)
        guest.link, guest.order, guest.proven = link, link.order, _is_proven(request, link)
        guest.actor = customer(link.order.customer.full_name, link.order.branch_id)
        language = link.order.customer.language or settings.LANGUAGE_CODE
        zone = ZoneInfo(link.order.collect_branch.time_zone)
        with translation.override(language), timezone.override(zone):
            try:
                answer = view(guest, *args, **kwargs)
            except DomainError as refusal:
                answer = _not_now(guest, refusal)
            return private(answer)

    return cast(View[P], guarded)


def _not_now(request: OrderRequest, refusal: DomainError) -> HttpResponse:
    """A refusal outside a form, in the customer's words and on a page of theirs."""
    context = {"order": request.order, "public_branch": request.order.collect_branch, "refusal": refusal.message}
    return render(request, "portal/not_now.html", context, status=refusal.status)


def form_token(link: OrderLink) -> str:
    """What every form of this link's pages carries."""
    return signing.Signer(salt=_FORM_SALT).signature(f"{link.public_id}:{link.nonce}")


def _own_form(request: HttpRequest, link: OrderLink) -> bool:
    if request.method in ("GET", "HEAD"):
        return True
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    return hmac.compare_digest(request.POST.get("form_token", "").encode(), form_token(link).encode())


def enter(request: HttpRequest, link: OrderLink, to: str = "") -> HttpResponse:
    """Let a person with a link in: cookie for this order's pages, and an address without the token."""
    code = link.order.public_code
    response = HttpResponse(status=302, headers={"Location": to or reverse("portal:order", args=[code])})
    value = signing.dumps([str(link.public_id), str(link.nonce)], salt=_SALT)
    _keep(request, response, code, (_name(code), value, _KEPT_SECONDS))
    return cast(HttpResponse, private(response))


def prove(request: OrderRequest, response: HttpResponse) -> HttpResponse:
    """The second factor was right: details are open for half an hour."""
    code = request.order.public_code
    value = signing.dumps(str(request.link.nonce), salt=_PROVEN_SALT)
    _keep(request, response, code, (f"{_name(code)}_p", value, PROVEN_SECONDS))
    return response


def _keep(request: HttpRequest, response: HttpResponse, code: str, cookie: tuple[str, str, int]) -> None:
    """A cookie (name, value, seconds) that only this order's pages get to see."""
    name, value, seconds = cookie
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=reverse("portal:order", args=[code]),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure() or settings.SESSION_COOKIE_SECURE,
    )


def _is_proven(request: HttpRequest, link: OrderLink) -> bool:
    sent = request.COOKIES.get(f"{_name(link.order.public_code)}_p", "")
    try:
        value = signing.loads(sent, salt=_PROVEN_SALT, max_age=PROVEN_SECONDS)
    except signing.BadSignature:
        return False
    return bool(value == str(link.nonce))


def _name(code: str) -> str:
    return f"order_{code.replace('-', '')}"


def _link_of(request: HttpRequest, code: str) -> OrderLink | None:
    """The link behind the cookie, still open and not re-keyed since."""
    try:
        kept = signing.loads(request.COOKIES.get(_name(code), ""), salt=_SALT, max_age=_KEPT_SECONDS)
        public_id, nonce = map(UUID, kept)
    except (signing.BadSignature, ValueError):
        return None
    link = _of_order().row(public_id=public_id, nonce=nonce, code=code)
    return link if link is not None and links.is_open(link, timezone.now()) else None


@prepared
def _of_order() -> QuerySet[OrderLink]:
    here = OrderLink.objects.filter(public_id=Slot("public_id"), nonce=Slot("nonce"), order__public_code=Slot("code"))
    return here.select_related(*_WITH).annotate(**FACTS)


def lost(request: HttpRequest) -> HttpResponse:
    """Unknown, expired and revoked look the same: whom to call, a way back in, nothing about any order."""
    shops = Branch.objects.filter(is_active=True).exclude(phone="")
    context = {"shops": shops, "form": FindForm()}
    response = render(request, "portal/lost.html", context, status=404)
    # Django would log the address, which may hold a token that once was good.
    vars(response)["_has_been_logged"] = True
    return cast(HttpResponse, private(response))


def private(response: HttpResponseBase) -> HttpResponseBase:
    """Kept by nobody, passed on to nobody, found by nobody."""
    patch_cache_control(response, private=True, no_store=True)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
