"""The list of orders and what is done to several at once."""

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.forms import Form
from core.views import Done, SeeOther, page, submit
from orders.forms.order import AssignForm, RepromiseForm
from orders.models import Order
from orders.selectors import listing
from orders.selectors.finding import orders_for
from orders.services import orders

MOST_AT_ONCE = 200
VERBS = ("assign", "date")


@staff_page(Can.VIEW_ORDERS)
def index(request: StaffRequest) -> HttpResponse:
    """Saved views, filters in the address, rows by key."""
    filters, cleared = listing.read(request.GET.dict(), request.branches)
    found = listing.page_of(request.scope, filters, request.GET.get("after", ""))
    context = {
        "filters": filters,
        "cleared": ", ".join(dict.fromkeys(cleared)),
        "tabs": listing.tabs(request.scope, filters),
        "keys": found,
        "rows": listing.rows_of(found.rows),
        "choices": listing.choices(request.scope, request.branches),
    }
    return page(request, "orders/list.html", context)


@require_POST
@staff_page(Can.VIEW_ORDERS)
def bulk(request: StaffRequest) -> HttpResponse:
    """From the bar below the list to the page of one verb, carrying the selection in the address."""
    verb, picked = request.POST.get("do", ""), request.POST.getlist("pick")[:MOST_AT_ONCE]
    if verb not in VERBS or not picked:
        return SeeOther(reverse("orders:list"))
    query = QueryDict(mutable=True)
    query.setlist("pick", picked)
    return SeeOther(f"{reverse(f'orders:bulk_{verb}')}?{query.urlencode()}")


def _picked(request: StaffRequest) -> list[Order]:
    """The selected orders of the scope; others do not exist."""
    given = request.POST.getlist("pick") or request.GET.getlist("pick")
    numbers = [int(text) for text in given[:MOST_AT_ONCE] if text.isdecimal() and len(text) < 18]
    return list(orders_for(request.scope).filter(pk__in=numbers).order_by("pk"))


def _show(request: StaffRequest, picked: list[Order], form: Form, title: str, verb: str) -> HttpResponse:
    context = {"picked": picked, "form": form, "title": title, "verb": verb}
    return page(request, "orders/bulk.html", context)


@staff_page(Can.EDIT_ORDERS)
def bulk_assign(request: StaffRequest) -> HttpResponse:
    picked = _picked(request)
    form = AssignForm(request.POST or None, branch_ids={order.branch_id for order in picked})

    def save() -> Done:
        for order in picked:
            orders.assign(request.actor, order.pk, form.values["owner"])
        said = ngettext("%(n)d order has a new owner", "%(n)d orders have a new owner", len(picked))
        return Done(reverse("orders:list"), said % {"n": len(picked)})

    return submit(request, form, save) or _show(request, picked, form, _("Name the owner"), _("Name the owner"))


@staff_page(Can.REPROMISE_JOBS)
def bulk_date(request: StaffRequest) -> HttpResponse:
    """One date, cause and reason for all of them: everything moves or nothing."""
    picked = _picked(request)
    form = RepromiseForm(request.POST or None)

    def save() -> Done:
        values = form.values
        for order in picked:
            orders.repromise(request.actor, order.pk, values["new_date"], values["cause"], values["reason"])
        said = ngettext("%(n)d order has a new date", "%(n)d orders have a new date", len(picked))
        return Done(reverse("orders:list"), said % {"n": len(picked)})

    return submit(request, form, save) or _show(request, picked, form, _("Promise a new date"), _("Promise this date"))
