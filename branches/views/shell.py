"""What belongs to no app: the first page, light or dark, help, notices, the gallery of components."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from branches import gallery, palette
from branches import help as help_topics
from branches import notices as bell
from branches.context import THEME_COOKIE, THEMES, visible
from branches.middleware import StaffRequest
from branches.pages import staff_page
from core.views import SeeOther, next_url, page

YEAR_SECONDS = 365 * 24 * 3600


@staff_page()
def home(request: StaffRequest) -> HttpResponse:
    """The first page that the role reaches: Today for most."""
    found = visible(request.actor, "main")
    return redirect(found[0].url_name if found else "branches:profile")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark for this browser."""
    response = SeeOther(next_url(request, reverse("home")))
    wanted = request.POST.get("theme", "")
    if wanted in THEMES:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(THEME_COOKIE, wanted, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=secure)
    return response


@staff_page()
def find(request: StaffRequest) -> HttpResponse:
    """The palette's results for a script, else the same search as a page."""
    return _found(request, request.GET.get("q", ""))


@staff_page()
def scan(request: StaffRequest) -> HttpResponse:
    """What a scanned code names; an unknown one becomes a search that says so."""
    code = request.GET.get("code", "").strip()
    url = palette.resolve(request, code) if code else None
    return redirect(url) if url else _found(request, code, unknown_code=code)


def _found(request: StaffRequest, query: str, unknown_code: str = "") -> HttpResponse:
    groups = palette.find(request, query)
    shown = {
        "query": query,
        "text": palette.text_of(query),
        "groups": groups,
        "offers": [] if groups else palette.offers(request, query),
        "unknown_code": unknown_code,
    }
    by_script = request.headers.get("X-Requested-With") == "fetch"
    return page(request, "shell/find.html#results" if by_script else "shell/find.html", shown)


@staff_page()
def keys(request: StaffRequest) -> HttpResponse:
    """The list of keys that `?` shows."""
    go = [item for item in visible(request.actor) if item.shortcut]
    return page(request, "shell/keys.html", {"go": go})


def awake_ping(request: HttpRequest) -> HttpResponse:
    """Whether the server is there: asked before a long form is sent."""
    return HttpResponse(status=204)


@staff_page()
def notices(request: StaffRequest) -> HttpResponse:
    """What waits for this person and what finished for them; opening the page makes the news old."""
    shown = bell.listed(request)
    response = page(request, "shell/notices.html", {"notices": shown})
    bell.mark_seen(request, timezone.now())
    return response


def help_page(request: HttpRequest) -> HttpResponse:
    """Questions people ask, with answers; signed-out people see how to get in."""
    query = request.GET.get("q", "").strip()
    is_staff = request.user.is_authenticated and bool(getattr(request, "branches", []))
    shown = {
        "topics": help_topics.topics(query, is_staff=is_staff),
        "query": query,
        "base": "base.html" if is_staff else "base_door.html",
    }
    return page(request, "help/index.html", shown)


@staff_page()
def components(request: StaffRequest) -> HttpResponse:
    """Every piece of the design system once: for those who build screens and for the accessibility checks."""
    return page(request, "help/components.html", gallery.context(timezone.now()), status=200)
