"""The shop's next two hours at a glance: agenda, walk-in queue, what is due."""

import hashlib
import re
from datetime import date, timedelta

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from branches.access import allowed
from branches.context import visible
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.actor import Actor
from core.views import is_fragment, page
from visits import selectors
from visits.due_now import Asked

# Tokens and keys of forms are drawn anew for each answer; they are not something shown.
_SECRET_INPUT = re.compile(r'<input type="hidden" name="(?:csrfmiddlewaretoken|_key)"[^>]*>')


def _home(actor: Actor) -> str:
    """Where somebody who does not receive customers begins: their own board, else the first thing they may see."""
    found = visible(actor)
    own = [item for item in found if item.home_for and allowed(actor, item.home_for, actor.branch_id)]
    return next((item.url_name for item in own + found), "branches:profile")


@staff_page()
def today(request: StaffRequest) -> HttpResponse:
    """The board of the branch. Who does not receive customers starts where their own work is."""
    if not allowed(request.actor, Can.MANAGE_VISITS, request.actor.branch_id):
        return redirect(_home(request.actor))
    now = timezone.now()
    day = _day(request.GET.get("day", ""), timezone.localtime(now).date())
    asked = Asked(request.branch, request.actor, request.scope, now)
    board = selectors.today_board(asked, day, whole_day="whole" in request.GET)
    local_day = timezone.localtime(now).date()
    context = {
        "board": board,
        "is_today": day == local_day,
        "day_before": day - timedelta(days=1),
        "day_after": day + timedelta(days=1),
        "here": request.get_full_path(),
    }
    if is_fragment(request):
        return _fragment(request, context)
    return page(request, "visits/today.html", context)


def _fragment(request: StaffRequest, context: dict[str, object]) -> HttpResponse:
    """The board alone for the poll every 20 s; 304 while nothing that is shown has changed."""
    body = render_to_string("visits/today.html#board", context, request)
    shown = _SECRET_INPUT.sub("", body)
    tag = f'"{hashlib.sha256(shown.encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    response = HttpResponse(body, headers={"ETag": tag})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _day(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today
