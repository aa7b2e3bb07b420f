"""Tell the customer what holds their order up: form left, the messages as they will go right, sent once."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.views import Done, page, submit
from notifications import previews
from notifications.forms import ProblemForm
from notifications.saying import as_date
from notifications.services import problems
from notifications.services.problems import Problem
from orders.models import Order
from orders.selectors.finding import order_of
from records.models import Event


@staff_page(Can.REPROMISE_JOBS)
def tell(request: StaffRequest, number: str) -> HttpResponse:
    """POST with `preview` shows and saves nothing; POST without sends."""
    order = order_of(request.scope, number)
    only_show = request.method == "POST" and "preview" in request.POST
    form = ProblemForm(None if only_show else request.POST or None, initial=_start(request))
    if only_show:
        form = ProblemForm(initial=_typed(request))

    def save() -> Done:
        problems.tell(request.actor, order.pk, form.problem())
        return Done(f"{reverse('orders:page', args=[order.number])}#messages", _("The customer is told"))

    answer = None if only_show else submit(request, form, save)
    if answer is not None:
        return answer
    shown = _typed(request) if request.method == "POST" else form.initial
    context = {"order": order, "form": form, "previews": previews.of(order, _event(order, dict(shown)))}
    return page(request, "notifications/held_up.html", context, partial="preview" if only_show else "")


def _start(request: StaffRequest) -> dict[str, Any]:
    return {"contact": request.user.short_name}


def _typed(request: StaffRequest) -> dict[str, Any]:
    """What stands in the boxes, whether it is whole or not."""
    return {**request.POST.dict(), "offers": request.POST.getlist("offers")}


def _event(order: Order, typed: dict[str, Any]) -> Event:
    """What would be recorded; never saved."""
    new_date = as_date(typed.get("new_date"))
    problem = Problem(
        str(typed.get("cause", "")),
        str(typed.get("reason", "")),
        new_date,
        tuple(typed.get("offers") or ()),
        str(typed.get("offer", "")),
        str(typed.get("contact", "")),
    )
    if new_date is None:
        return Event(kind="order.held_up", reason=problem.reason, data=dict(problem.data()))
    old = {"promised": order.promised_on.isoformat() if order.promised_on else ""}
    new = {"promised": new_date.isoformat()}
    return Event(kind="order.repromised", reason=problem.reason, old=old, new=new, data=dict(problem.data()))
