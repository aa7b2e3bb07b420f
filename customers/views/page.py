"""Find a customer; the page that tells the whole story."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import palette
from branches.access import allowed
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.views import page
from customers import panels, selectors, viewing
from customers.page import customer_page
from customers.story import story


@staff_page(Can.VIEW_CUSTOMERS)
def index(request: StaffRequest) -> HttpResponse:
    """Search as you type; the latest customers before anything is typed."""
    text = request.GET.get("q", "").strip()
    found = selectors.search(request.scope, text, 30) if text else selectors.latest(request.scope)
    context = {
        "q": text,
        "rows": found,
        "can_edit": allowed(request.actor, Can.EDIT_CUSTOMERS, request.actor.branch_id),
        "can_import": allowed(request.actor, Can.IMPORT_CUSTOMERS, request.actor.branch_id),
    }
    return page(request, "customers/index.html", context, partial="results")


@staff_page(Can.VIEW_CUSTOMERS)
def show(request: StaffRequest, number: str) -> HttpResponse:
    """One customer. A merged record leads to the one in use, with a note; older events come by key."""
    customer = selectors.customer(request.scope, number)
    if customer.merged_into is not None:
        current = selectors.survivor_of(customer)
        on = timezone.localtime(viewing.merged_at(customer)).date()
        words = {"old": customer.number, "new": current.number, "on": f"{on:%d %b %Y}"}
        messages.info(request, _("%(old)s was merged into %(new)s on %(on)s.") % words)
        return redirect("customers:page", number=current.number)
    if number != customer.number:
        return redirect("customers:page", number=customer.number)
    viewing.note_view(request.actor, customer, timezone.now())
    palette.visited(request, customer.full_name, reverse("customers:page", args=[number]), "user")
    before = request.GET.get("before", "")
    told = story(customer, request.GET.get("show", ""), before)
    viewer = panels.Viewer(request.actor, request.scope)
    context = customer_page(customer, viewer) | {"story": told, "here": reverse("customers:page", args=[number])}
    return page(request, "customers/page.html", context, partial="older" if before else "told")
