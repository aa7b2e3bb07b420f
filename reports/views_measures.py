"""Dashboard, one measure by its causes, and the rows behind a bar: tile, bar, record in three steps."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.views import page
from reports import asking, board, cause_page, figures, listing, pages, rows_page, saying, selectors
from reports.asking import Asked
from reports.listing import Behind
from reports.measures import MEASURES, Measure, get
from reports.selectors import BRANCH


@staff_page(Can.VIEW_MEASURES)
def dashboard(request: StaffRequest) -> HttpResponse:
    """Five tiles, every measure, and the branches side by side."""
    asked = asking.of(request)
    rows = selectors.trend_rows(MEASURES, asked.ids, asked.period)
    context = _frame(asked, "dashboard") | {
        "is_empty": not any(found for _code, found in rows) and selectors.is_empty(asked.ids),
        "board": board.drawn(asked, rows, selectors.targets(asked.ids, asked.period.last)),
        "may_rebuild": access.allowed(request.actor, Can.MANAGE_SETTINGS, request.actor.branch_id),
    }
    return page(request, "reports/dashboard.html", context)


@staff_page(Can.VIEW_MEASURES)
def measure(request: StaffRequest, code: str) -> HttpResponse:
    """Which causes weaken one measure."""
    asked, of = asking.of(request), get(code)
    found = selectors.trends([of], asked.ids, asked.period)
    trend = pages.trend_of(found, of, asked.ids)
    target = selectors.target_of(selectors.targets(asked.ids, asked.period.last), of, asked.ids)
    cause = cause_page.chosen_cause(asked, of, request.GET.get("by", ""))
    context = _frame(asked, "measure", of.code) | {
        "measure": of,
        "card": pages.card(asked, of, trend, target),
        "ninetieth": _ninetieth(of, trend.now),
        "breakdown": cause_page.breakdown(asked, of, cause, found),
        "cuts": cause_page.causes_of(asked, of, cause),
        "story": cause_page.story(asked, of, trend, target),
        "target_url": asked.url("target", of.code),
        "all_rows": asked.url("rows", of.code, all="1"),
    }
    return page(request, "reports/measure.html", context)


def _ninetieth(of: Measure, sums: figures.Sums) -> str:
    ninetieth = sums.percentile(Decimal("0.9")) if figures.enough(of, sums) else None
    return "" if ninetieth is None else figures.text(of, Decimal(ninetieth))


@staff_page(Can.VIEW_MEASURES)
def rows(request: StaffRequest, code: str) -> HttpResponse:
    """The records that a tile or a bar counts, page by page."""
    asked, of = asking.of(request), get(code)
    cause, value = request.GET.get("by", ""), request.GET.get("value", "")
    cause = cause if "value" in request.GET and (of.cause(cause) or cause == BRANCH) else ""
    weighed_only = "all" not in request.GET
    behind = Behind(of, asked.ids, asked.period, cause, value, weighed_only)
    shown = listing.page(behind, request.GET.get("after", ""))
    branches = {} if asked.branch else {one.pk: one.label for one in asked.branches}
    sums, columns = _sums_of(asked, of, cause, value), rows_page.columns(of, cause)
    context = _frame(asked, "rows", of.code) | {
        "measure": of,
        "cause": of.cause(cause),
        "value": rows_page.value_name(cause, value, {str(one.pk): one.label for one in asked.branches})
        if cause
        else "",
        "page": shown,
        "columns": columns,
        "lines": rows_page.lines(of, shown.rows, columns, branches),
        "count": rows_page.listed(of, sums, weighed_only=weighed_only),
        "total": figures.weight_text(of, figures.weight(of, sums)),
        "weighed_only": weighed_only,
        "up": asked.url("measure", of.code, by=cause),
        "all_url": asked.url("rows", of.code, by=cause, value=value, all="1"),
    }
    return page(request, "reports/rows.html", context)


def _sums_of(asked: Asked, of: Measure, cause: str, value: str) -> figures.Sums:
    """Without the hours of a time: its list tells how many records there are and what they add up to."""
    if cause == BRANCH:
        ids, cause, value = [pk for pk in asked.ids if str(pk) == value], "", ""
    else:
        ids = asked.ids
    return rows_page.part_of(selectors.causes(of, cause, ids, [], asked.period), value)


def _frame(asked: Asked, name: str, *args: object) -> dict[str, Any]:
    """What every page of measures shows around its figures: branches, span, freshness."""
    return {
        "asked": asked,
        "periods": pages.period_choices(asked, name, *args),
        "branch_views": pages.branch_choices(asked, name, *args),
        "fresh": selectors.freshness(),
        "few": saying.few,
        "dashboard_url": asked.url("dashboard"),
        "title": _("Measures, %(where)s") % {"where": asked.title},
    }
