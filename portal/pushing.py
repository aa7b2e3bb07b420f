"""Notices on the customer's own device: switched on from the order page, shown by a worker that keeps nothing."""

import json
from contextlib import suppress

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from branches.models import Organisation
from core.errors import DomainError
from core.views import Done, page
from notifications import vapid
from notifications.services import subscriptions
from notifications.services.subscriptions import Browser
from portal import limits
from portal.access import OrderRequest, form_token, order_page

_SIZES = (180, 192, 512)
_LARGEST = 4096


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Lets the customer's pages be put on a home screen; on an iPhone push notices need that."""
    practice = Organisation.objects.order_by("pk").first()
    name = practice.name if practice else _("Your order")
    icons = [{"src": static(f"app-{n}.png"), "sizes": f"{n}x{n}", "type": "image/png"} for n in _SIZES]
    answer = {
        "name": name,
        "short_name": name[:12],
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "id": "/t/",
        "start_url": reverse("portal:find"),
        "scope": "/t/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b5cad",
        "icons": icons,
    }
    response = JsonResponse(answer, content_type="application/manifest+json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of the customer's pages: shows notices, opens the page; stores nothing."""
    context = {"key": vapid.public_key() if vapid.is_set_up() else ""}
    response = render(request, "portal/sw.js", context, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
@order_page
def notices(request: OrderRequest) -> HttpResponse:
    """Which devices get notices about this order; the button needs script, switching off does not."""
    code = request.order.public_code
    context = {
        "order": request.order,
        "public_branch": request.order.collect_branch,
        "back": reverse("portal:order", args=[code]),
        "browsers": list(subscriptions.of_order(request.order)),
        "form_token": form_token(request.link),
        "key": vapid.public_key() if vapid.is_set_up() else "",
        "saved": request.GET.get("saved", ""),
    }
    return page(request, "portal/notices.html", context)


@require_POST
@order_page
def on(request: OrderRequest) -> HttpResponse:
    """A browser's subscription, posted by the page's script as a form field of JSON. 201, or 422 with the words why not."""
    try:
        browser = _browser(request.POST.get("subscription", ""), request.headers.get("User-Agent", ""))
        subscriptions.subscribe(request.actor, request.link, browser)
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"why": _("The browser's answer could not be read. Try again.")}, status=422)
    except DomainError as error:
        return JsonResponse({"why": str(error)}, status=422)
    return JsonResponse({"saved": True}, status=201)


@csrf_exempt
@require_POST
def renewed(request: HttpRequest) -> HttpResponse:
    """A browser's new push address beside its old one, posted by the worker, which knows neither order nor form.

    The same answer whether or not the old one was known: nobody finds out by it who gets notices.
    """
    if not limits.allow(limits.NEW_PUSH_ADDRESS, limits.place_of(request)):
        return HttpResponse(status=429)
    if request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin":
        with suppress(ValueError, KeyError, TypeError, DomainError):
            old, new = (_browser(request.POST.get(name, ""), "") for name in ("old", "new"))
            subscriptions.renew(old, new)
    return HttpResponse(status=204)


def _browser(text: str, agent: str) -> Browser:
    """Out of the browser's own JSON. Raises ValueError, KeyError or TypeError."""
    if len(text) > _LARGEST:
        raise ValueError("too long")
    found = json.loads(text)
    return Browser(str(found["endpoint"]), str(found["keys"]["p256dh"]), str(found["keys"]["auth"]), _device(agent))


def _device(agent: str) -> str:
    """`Firefox, Android`: enough to tell one's own devices apart."""
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Mac OS", "Mac"),
        ("Windows", "Windows"),
    )
    named = [
        next((word for mark, word in of if mark in agent), "") for of in (browsers, (*systems, ("Linux", "Linux")))
    ]
    return ", ".join(part for part in named if part)


@require_POST
@order_page
def off(request: OrderRequest, pk: int) -> HttpResponse:
    """One device less."""
    subscriptions.unsubscribe(request.actor, request.order, pk)
    done = Done(f"{reverse('portal:notices', args=[request.order.public_code])}?saved=off", "")
    return HttpResponse(status=303, headers={"Location": done.url})
