"""The order's page and its short verbs."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches import palette
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.views import Done, act, page, submit
from orders import resting_order
from orders.forms.money import PaymentForm
from orders.forms.order import AssignForm, CancelForm, DeliveryForm, NoteForm, RepromiseForm
from orders.models import Order
from orders.selectors.finding import order_of
from orders.selectors.page import order_page
from orders.services import delivery, orders
from orders.viewer import Viewer
from records.selectors import affected


def back(order: Order, anchor: str = "") -> str:
    return reverse("orders:page", args=[order.number]) + (f"#{anchor}" if anchor else "")


@staff_page(Can.VIEW_ORDERS)
def show(request: StaffRequest, number: str) -> HttpResponse:
    order = order_of(request.scope, number)
    palette.visited(request, f"{order.number}, {order.customer.full_name}", back(order), "orders")
    viewer = Viewer(request.actor, request.scope)
    context = order_page(order, viewer, all_events="history" in request.GET)
    forms = {"note_form": NoteForm(initial={"text": ""}), "pay_form": PaymentForm(initial=context["desk"].initial())}
    return page(request, "orders/page.html", context | forms)


@staff_page(Can.VIEW_ORDERS)
def repromise(request: StaffRequest, number: str) -> HttpResponse:
    order = order_of(request.scope, number)
    form = RepromiseForm(request.POST or None, initial={"new_date": order.promised_on})

    def save() -> Done:
        values = form.values
        orders.repromise(request.actor, order.pk, values["new_date"], values["cause"], values["reason"])
        return Done(back(order), _("New date promised"))

    shown = resting_order.as_promised(order, form.typed_date)
    rests = affected(shown, {"promised_on"}, request.scope)
    context = {
        "order": order,
        "form": form,
        "title": _("Promise a new date"),
        "verb": _("Promise this date"),
        "affected": rests,
    }
    return submit(request, form, save) or page(request, "orders/verb.html", context)


@staff_page(Can.VIEW_ORDERS)
def cancel(request: StaffRequest, number: str) -> HttpResponse:
    order = order_of(request.scope, number)
    form = CancelForm(request.POST or None)

    def save() -> Done:
        orders.cancel(request.actor, order.pk, form.values["reason"])
        return Done(back(order), _("Order cancelled"))

    explained = _(
        "The frame goes back to stock and the charge is taken back. What was paid is then owed to the customer."
    )
    context = {"order": order, "form": form, "title": _("Cancel the order"), "verb": _("Cancel the order")}
    return submit(request, form, save) or page(request, "orders/verb.html", {**context, "explained": explained})


@staff_page(Can.VIEW_ORDERS)
def assign(request: StaffRequest, number: str) -> HttpResponse:
    order = order_of(request.scope, number)
    branches = {at for at in (order.branch_id, order.collect_branch_id, order.made_branch_id) if at}
    form = AssignForm(request.POST or None, initial={"owner": order.owner_id}, branch_ids=branches)

    def save() -> Done:
        orders.assign(request.actor, order.pk, form.values["owner"])
        return Done(back(order), _("Owner named"))

    context = {"order": order, "form": form, "title": _("Name the owner"), "verb": _("Name the owner")}
    return submit(request, form, save) or page(request, "orders/verb.html", context)


@staff_page(Can.VIEW_ORDERS)
def choose_delivery(request: StaffRequest, number: str) -> HttpResponse:
    """Collected here, in another shop, or sent."""
    order = order_of(request.scope, number)
    initial = {"way": order.delivery, "shop": order.collect_branch_id}
    form = DeliveryForm(request.POST or None, initial=initial, shops=delivery.shops(), edits=order)

    def save() -> Done:
        values = form.values
        delivery.choose(request.actor, order.pk, values["way"], values["shop"], form.version)
        return Done(back(order), _("Delivery changed"))

    explained = _("Sent orders are paid in full and checked before they leave; the address is the customer's.")
    context = {"order": order, "form": form, "title": _("How the customer gets it"), "verb": _("Keep this")}
    return submit(request, form, save) or page(request, "orders/verb.html", {**context, "explained": explained})


@staff_page(Can.VIEW_ORDERS)
def note(request: StaffRequest, number: str) -> HttpResponse:
    order = order_of(request.scope, number)
    form = NoteForm(request.POST or None)

    def save() -> Done:
        orders.note(request.actor, order.pk, form.values["text"])
        return Done(back(order, "hist"), _("Note kept"))

    context = {"order": order, "form": form, "title": _("Write a note"), "verb": _("Keep the note")}
    return submit(request, form, save) or page(request, "orders/verb.html", context)


@require_POST
@staff_page(Can.VIEW_ORDERS)
def confirm(request: StaffRequest, number: str) -> HttpResponse:
    order = order_of(request.scope, number)

    def done() -> Done:
        orders.confirm(request.actor, order.pk)
        return Done(back(order), _("Order confirmed"))

    return act(request, done)


@require_POST
@staff_page(Can.COLLECT_ORDERS)
def close(request: StaffRequest, number: str) -> HttpResponse:
    order = order_of(request.scope, number)

    def done() -> Done:
        orders.close(request.actor, order.pk)
        return Done(back(order), _("Order closed"))

    return act(request, done)
