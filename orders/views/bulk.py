"""What is done to several orders of the list at once: everything happens or nothing."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.forms import Form
from core.views import Done, SeeOther, next_url, page, submit
from orders import bulk_actions, promise_notices, resting_order
from orders.forms.order import AssignForm, NoteForm, RepromiseForm
from orders.models import Order
from orders.selectors.finding import orders_for
from orders.services import orders
from orders.viewer import Viewer

MOST_AT_ONCE = 200


@require_POST
@staff_page(Can.VIEW_ORDERS)
def bulk(request: StaffRequest) -> HttpResponse:
    """From the bar of the list to the page of one verb, carrying the selection and the way back in the address."""
    action, picked = bulk_actions.get(request.POST.get("do", "")), request.POST.getlist("pick")[:MOST_AT_ONCE]
    back = next_url(request, reverse("orders:list"))
    if action is None or not picked:
        return SeeOther(back)
    query = QueryDict(mutable=True)
    query.setlist("pick", picked)
    query["next"] = back
    return SeeOther(f"{reverse(action.url_name)}?{query.urlencode()}")


def picked_orders(request: StaffRequest) -> list[Order]:
    """The selected orders of the scope; others do not exist. Every app's page of a bulk verb begins with this."""
    given = request.POST.getlist("pick") or request.GET.getlist("pick")
    numbers = [int(text) for text in given[:MOST_AT_ONCE] if text.isdecimal() and len(text) < 18]
    return list(orders_for(request.scope).filter(pk__in=numbers).order_by("promised_on", "pk"))


def _mine(request: StaffRequest, can: Can) -> tuple[list[Order], list[Order]]:
    """What this person may change, and what they see but belongs to another branch: that is left out and named."""
    picked, viewer = picked_orders(request), Viewer(request.actor, request.scope)
    mine = [order for order in picked if viewer.may(can, order)]
    return mine, [order for order in picked if order not in mine]


def _back(request: StaffRequest) -> str:
    return next_url(request, reverse("orders:list"))


def _show(request: StaffRequest, form: Form, **context: Any) -> HttpResponse:
    shared = {"form": form, "back": _back(request), "verb": context["title"]}
    return page(request, "orders/bulk.html", shared | context)


@staff_page(Can.EDIT_ORDERS)
def assign(request: StaffRequest) -> HttpResponse:
    picked, others = _mine(request, Can.EDIT_ORDERS)
    form = AssignForm(request.POST or None, branch_ids={order.branch_id for order in picked})

    def save() -> Done:
        for order in picked:
            orders.assign(request.actor, order.pk, form.values["owner"])
        said = ngettext("%(n)d order has a new owner", "%(n)d orders have a new owner", len(picked))
        return Done(_back(request), said % {"n": len(picked)})

    return submit(request, form, save) or _show(request, form, picked=picked, others=others, title=_("Name the owner"))


@staff_page(Can.VIEW_ORDERS)
def note(request: StaffRequest) -> HttpResponse:
    """The same note on each: customer called, supplier asked."""
    picked = picked_orders(request)
    form = NoteForm(request.POST or None)

    def save() -> Done:
        for order in picked:
            orders.note(request.actor, order.pk, form.values["text"])
        said = ngettext("The note stands on %(n)d order", "The note stands on %(n)d orders", len(picked))
        return Done(_back(request), said % {"n": len(picked)})

    return submit(request, form, save) or _show(request, form, picked=picked, title=_("Write a note"))


@staff_page(Can.REPROMISE_JOBS)
def date(request: StaffRequest) -> HttpResponse:
    """One date, cause and reason for all of them; first the messages as the customers will read them."""
    picked, others = _mine(request, Can.REPROMISE_JOBS)
    form = RepromiseForm(request.POST or None)
    context: dict[str, Any] = {
        "picked": picked,
        "others": others,
        "title": _("Promise a new date"),
        "verb": _("See the messages"),
    }
    context["affected"] = resting_order.coming_before(picked, form.typed_date, request.scope)
    if request.method == "POST" and "sure" not in request.POST:
        if form.is_valid():
            context |= _notices(picked, form)
        return _show(request, form, **context)

    def save() -> Done:
        values = form.values
        for order in picked:
            orders.repromise(request.actor, order.pk, values["new_date"], values["cause"], values["reason"])
        said = ngettext("%(n)d order has a new date", "%(n)d orders have a new date", len(picked))
        return Done(_back(request), said % {"n": len(picked)})

    return submit(request, form, save) or _show(request, form, **context)


def _notices(picked: list[Order], form: RepromiseForm) -> dict[str, Any]:
    """The preview, and the button that means it."""
    shown = promise_notices.preview(picked, form.values["new_date"], form.values["reason"])
    told = sum(not notice.held for notice in shown)
    verb = ngettext("Promise this date for %(n)d order", "Promise this date for %(n)d orders", len(picked))
    return {
        "notices": shown,
        "told": told,
        "more": len(picked) - len(shown) if shown else 0,
        "sure": True,
        "verb": verb % {"n": len(picked)},
    }
