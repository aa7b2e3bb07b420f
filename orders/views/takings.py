"""The day's takings for who reconciles, and the report of one drawer session."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from branches import access
from branches.middleware import StaffRequest
from branches.models import Branch
from branches.pages import staff_page
from branches.roles import Can
from core.views import page
from orders import rules
from orders.models import DrawerSession
from orders.selectors import takings
from orders.services import drawers
from orders.services.common import today


@staff_page(Can.RECONCILE_PAYMENTS)
def show(request: StaffRequest) -> HttpResponse:
    """By branch and method, with everything that does not add up. `?day=2026-11-25&branch=RSB`."""
    mine = _branches(request)
    now = today(request.branch)
    day = min(_day(request, now), now)
    wanted = request.GET.get("branch", "")
    chosen = [one for one in mine if one.code == wanted] or mine
    found = [one for one in takings.of_day(chosen, day) if one.branch.is_active or one.is_told or wanted]
    context = {
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < now else None,
        "branches": mine,
        "wanted": wanted,
        "takings": found,
        "came": sum((one.came for one in found), start=rules.ZERO),
        "went": sum((one.went for one in found), start=rules.ZERO),
        "differences": sum(len(one.differences) for one in found),
    }
    return page(request, "orders/takings.html", context)


def _branches(request: StaffRequest) -> list[Branch]:
    """Where this person may reconcile, closed branches last; a laboratory has no till."""
    ids = access.branches_with(request.actor, Can.RECONCILE_PAYMENTS)
    shops = Branch.objects.filter(is_lab=False).order_by("-is_active", "name")
    return list(shops if None in ids else shops.filter(pk__in=[pk for pk in ids if pk is not None]))


def _day(request: HttpRequest, default: date) -> date:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return default


@staff_page(Can.CLOSE_DRAWER)
def drawer_report(request: StaffRequest, pk: int) -> HttpResponse:
    """One session from float to count, with every cash movement; it prints."""
    visible = access.branches_with(request.actor, Can.CLOSE_DRAWER)
    sessions = DrawerSession.objects.select_related("branch", "opened_by", "closed_by")
    found = get_object_or_404(sessions if None in visible else sessions.filter(branch__in=visible), pk=pk)
    expected = found.expected if found.expected is not None else drawers.expected(found)
    context = {
        "drawer": found,
        "expected": expected,
        "cash": expected - found.opening_float,
        "variance": found.counted - expected if found.counted is not None else None,
        "entries": found.entries.select_related("order", "by").order_by("pk"),
    }
    return page(request, "orders/drawer_report.html", context)
