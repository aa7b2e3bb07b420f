"""Stock of a branch: the list, one frame with its ledger, deliveries and corrections."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from catalogue.selectors import one_frame
from core import ui
from core.errors import NotVisible
from core.views import Done, page, submit
from inventory import selectors
from inventory.forms import CorrectForm, MinimumForm, ReceiveForm, WriteOffForm
from inventory.models import Movement, Reservation, ReservationState, StockEntry, StockItem
from inventory.selectors import Filters
from inventory.services import stock
from records.selectors import affected


def _filters(request: StaffRequest) -> Filters:
    """Branch and view of the address; what is not there or not ours falls back to this branch, all frames."""
    wanted = request.GET.get("branch", "")
    visible = {str(one.pk): one.pk for one in request.branches}
    branch_id = None if wanted == "all" else visible.get(wanted, request.branch.pk)
    view = request.GET.get("view", "all")
    return Filters(branch_id, request.GET.get("q", "").strip()[:80], view if view in selectors.VIEWS else "all")


def _tabs(filters: Filters) -> list[ui.View]:
    words = {
        "all": _("All"),
        "low": _("Low"),
        "out": _("None free"),
        "reserved": _("Held for orders"),
        "discontinued": _("Discontinued"),
    }
    branch = filters.branch_id or "all"
    return [
        ui.View(label, f"?branch={branch}&view={code}", is_current=code == filters.view)
        for code, label in words.items()
    ]


def may_manage(request: StaffRequest, branch_id: int | None = None) -> bool:
    return access.allowed(request.actor, Can.MANAGE_STOCK, branch_id or request.branch.pk)


@staff_page(Can.VIEW_STOCK)
def index(request: StaffRequest) -> HttpResponse:
    """Frames of a branch with what is free, held and on its way here."""
    filters = _filters(request)
    found = selectors.page_of(request.scope, filters, request.GET.get("after", ""))
    context = {"filters": filters, "tabs": _tabs(filters), "keys": found, "may_manage": may_manage(request)}
    return page(request, "inventory/list.html", context, partial="rows")


def _item_context(request: StaffRequest, item: StockItem) -> dict[str, Any]:
    return {
        "item": item,
        "entries": selectors.entries_of(item, request.GET.get("after", "")),
        "held": item.reservations.filter(state="held").select_related("held_by"),
        "elsewhere": selectors.visible(request.scope).filter(frame=item.frame, on_hand__gt=0).exclude(pk=item.pk),
        "may_manage": may_manage(request, item.branch_id),
        "may_see_cost": access.allowed(request.actor, Can.VIEW_COST, item.branch_id),
        "correct_form": CorrectForm(),
        "minimum_form": MinimumForm(initial={"minimum": item.minimum, "location": item.location}),
    }


@staff_page(Can.VIEW_STOCK)
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One frame in one branch: numbers, who holds it, every movement."""
    item = selectors.item(request.scope, pk)
    return page(request, "inventory/item.html", _item_context(request, item))


@require_POST
@staff_page(Can.VIEW_STOCK)
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    item = selectors.item(request.scope, pk)
    form = CorrectForm(request.POST)

    def save() -> Done:
        values = form.values
        stock.adjust(request.actor, item.pk, Movement(values["movement"]), values["quantity"], values["reason"])
        return Done(_url(item), _("Stock corrected"))

    context = _item_context(request, item) | {"correct_form": form}
    return submit(request, form, save) or page(request, "inventory/item.html", context)


@staff_page(Can.MANAGE_STOCK)
def write_off(request: StaffRequest, pk: int) -> HttpResponse:
    """A held piece is gone: what hears of it is shown before, and told after."""
    held = Reservation.objects.select_related("item__frame", "item__branch").filter(pk=pk).first()
    if held is None:
        raise NotVisible(_("Not found."), code="not_visible")
    item = selectors.item(request.scope, held.item_id)
    form = WriteOffForm(request.POST or None)

    def save() -> Done:
        values = form.values
        stock.write_off_held(request.actor, held.pk, Movement(values["movement"]), values["reason"])
        return Done(_url(item), _("Written off; who waits for it was told"))

    context = {"item": item, "held": held, "form": form, "affected": affected(held, scope=request.scope)}
    context["is_held"] = held.state == ReservationState.HELD
    return submit(request, form, save) or page(request, "inventory/write_off.html", context)


@require_POST
@staff_page(Can.VIEW_STOCK)
def minimum(request: StaffRequest, pk: int) -> HttpResponse:
    item = selectors.item(request.scope, pk)
    form = MinimumForm(request.POST)

    def save() -> Done:
        stock.set_minimum(request.actor, item.pk, form.values["minimum"], form.values["location"])
        return Done(_url(item), _("Saved"))

    context = _item_context(request, item) | {"minimum_form": form}
    return submit(request, form, save) or page(request, "inventory/item.html", context)


def _url(item: StockItem) -> str:
    return reverse("inventory:item", args=[item.pk])


@staff_page(Can.MANAGE_STOCK)
def receive(request: StaffRequest) -> HttpResponse:
    """Scan a delivery frame by frame; the delivery note stays until it is changed."""
    reference = request.GET.get("reference", "")[:80]
    form = ReceiveForm(request.POST or None, initial={"reference": reference})

    def save() -> Done:
        values = form.values
        frame = one_frame(values["frame"])
        stock.receive(
            request.actor, request.branch.pk, frame.pk, values["quantity"], values["unit_cost"], values["reference"]
        )
        again = f"{reverse('inventory:receive')}?{urlencode({'reference': values['reference']})}"
        words = {"pieces": values["quantity"], "frame": frame}
        return Done(again, _("%(pieces)d × %(frame)s received") % words)

    latest = StockEntry.objects.filter(item__branch=request.branch, movement=Movement.RECEIVED).order_by("-pk")
    context = {"form": form, "latest": latest.select_related("item__frame", "by")[:8]}
    return submit(request, form, save) or page(request, "inventory/receive.html", context)
