"""The list of orders: saved views, filters in the address, rows by key."""

from django.http import HttpResponse, HttpResponseRedirect

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.views import page
from orders import bulk_actions
from orders.selectors import list_rows, listing, saved_views


@staff_page(Can.VIEW_ORDERS)
def index(request: StaffRequest) -> HttpResponse:
    """Saved views, filters in the address, rows by key."""
    filters, cleared = listing.read(request.GET.dict(), request.branches)
    kept = saved_views.of(request.actor, filters.query)
    if not request.GET and saved_views.opening(kept):
        return HttpResponseRedirect(f"{request.path}?{saved_views.opening(kept)}")
    found = listing.listed(request.scope, filters, request.GET.get("after", ""))
    context = {
        "filters": filters,
        "kept": kept,
        "cleared": ", ".join(dict.fromkeys(cleared)),
        "tabs": listing.tabs(request.scope, filters),
        "keys": found,
        "rows": list_rows.rows_of(found.rows),
        "bulk": [
            action
            for action in bulk_actions.all_actions()
            if access.allowed(request.actor, action.can, request.actor.branch_id)
        ],
        "choices": listing.choices(request.scope, request.branches),
    }
    return page(request, "orders/list.html", context)
