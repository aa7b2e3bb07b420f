"""The dispense screen: everything a pair of glasses needs before it can be quoted, on one page."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from catalogue.finder import Refusal
from catalogue.pricebook import When
from catalogue.selectors import one_frame
from core import ui
from core.views import Done, act, is_fragment, page, submit
from customers.models import Customer
from customers.page import identity
from orders import measuring, needs
from orders.dispensing import screen
from orders.dispensing.find import matches
from orders.dispensing.frame_panel import sketch
from orders.dispensing.lens_panel import Wish, family_of, panel, wish_of
from orders.dispensing.screen import Screen, Ticks
from orders.forms.dispense import DispenseForm, FrameForm, OwnFrameForm
from orders.models import FrameStatus, Order
from orders.services import dispense
from orders.services.common import today
from orders.services.dispense import FrameData, Why
from prescriptions.selectors import current_for
from records.selectors import affected

TEMPLATE = "orders/dispense.html"


def _order(request: StaffRequest, number: str) -> Order:
    visible = Order.objects.visible_to(request.scope).select_related(
        "branch", "customer", "prescription__signed_by", "recorded_by", "owner", "seller"
    )
    found: Order = get_object_or_404(visible, number=number)
    return found


def _number(text: str) -> int:
    """A row's id from a form; what is no number names no row."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def _url(order: Order, anchor: str = "") -> str:
    return reverse("orders:dispense", args=[order.number]) + (f"#{anchor}" if anchor else "")


@staff_page(Can.EDIT_ORDERS)
def edit(request: StaffRequest, number: str) -> HttpResponse:
    """The page; a GET with values (from htmx) shows what they would cost and whether they fit, and saves nothing."""
    order = _order(request, number)
    if request.method == "POST":
        return _save(request, order)
    if is_fragment(request) and request.GET:
        return _preview(request, order)
    shown = screen.build(order, today(order.branch))
    return page(request, TEMPLATE, _context(request, order, shown, _form(request, order, shown)))


def _form(request: StaffRequest, order: Order, shown: Screen, data: object = None) -> DispenseForm:
    saved, measured = shown.specification, shown.measurement
    wish = wish_of(saved)
    initial = {name: getattr(measured, name, None) for name in measuring.FIELDS} | {
        "design": wish.family,
        "index": wish.index_nd,
        "coating": wish.coating_id,
        "extras": wish.extra_ids,
        "method": measured.method if measured else "pupilometer",
        "second_person": measured.second_person_id if measured else None,
        "purpose": saved.purpose if saved else "as_prescribed",
        "tint": saved.tint if saved else "",
        "remark": saved.remark if saved else "",
    }
    return DispenseForm(data, order=order, initial=initial, edits=[row for row in (saved, measured) if row])


def _context(request: StaffRequest, order: Order, shown: Screen, form: DispenseForm) -> dict[str, object]:
    choice = shown.frame.choice
    frame_form = FrameForm(version=choice.version if choice else 0)
    context = {"screen": shown, "order": order, "form": form, "frame_form": frame_form}
    return context | {"affected": _affected(shown)} if shown.is_agreed else context


def _affected(shown: Screen) -> list[ui.Affected]:
    """What rests on frame, lenses and measurements of an agreed order, each thing once."""
    parts = (shown.frame.choice, shown.specification, shown.measurement)
    found = [line for part in parts if part is not None for line in affected(part)]
    return list({str(line.title): line for line in found}.values())


def _preview(request: StaffRequest, order: Order) -> HttpResponse:
    form = _form(request, order, screen.build(order, today(order.branch)), request.GET)
    form.is_valid()
    shown = screen.build(order, today(order.branch), _ticks(form))
    partial = "designs" if "find" in request.GET else "live"
    return page(request, TEMPLATE, _context(request, order, shown, form), partial=partial, status=200)


def _ticks(form: DispenseForm) -> Ticks:
    """What is on the screen; a value that cannot be read counts as empty until it is saved."""
    values = form.cleaned_data
    wish = Wish(
        family=values.get("design") or "",
        index_nd=values.get("index"),
        coating_id=values.get("coating"),
        extra_ids=tuple(values.get("extras") or ()),
        purpose=values.get("purpose") or "as_prescribed",
        find=values.get("find") or "",
    )
    return Ticks(wish, form.measurements)


def _save(request: StaffRequest, order: Order) -> HttpResponse:
    before = screen.build(order, today(order.branch))
    form = _form(request, order, before, request.POST)

    def save() -> Done:
        refused = _write(request, order, form, before)
        if refused is not None:
            words = _(
                "Draft saved without the lenses: %(design)s cannot be made for these values. Choose another design."
            )
            return Done(_url(order, "lenses"), words % {"design": family_of(refused.product)})
        if request.POST.get("do") == "quote":
            return _to_quotation(order, before)
        return Done(_url(order), _("Draft saved"))

    answer = submit(request, form, save)
    if answer is not None:
        return answer
    shown = screen.build(order, today(order.branch), _ticks(form))
    return page(request, TEMPLATE, _context(request, order, shown, form))


def _to_quotation(order: Order, shown: Screen) -> Done:
    """What was chosen is saved in any case; what does not fit, or was chosen for a version that was replaced, is not quoted."""
    if shown.rx.newer or shown.rx.is_ended:
        return Done(
            _url(order, "prescription"), _("Draft saved. Look at the prescription first: it does not stand any more.")
        )
    if dispense.fit_report(order).refused:
        return Done(_url(order, "fit"), _("Draft saved. The lenses do not fit this frame yet."))
    return Done(reverse("orders:quote", args=[order.number]))


def _write(request: StaffRequest, order: Order, form: DispenseForm, before: Screen) -> Refusal | None:
    """Measurements first, so that the lenses are judged with them. Only what was filled in is written.

    What stands against the ticked design, when it cannot be made: no other one is chosen in a person's place.
    """
    why = Why(text=form.cleaned_data.get("reason", ""))
    if any(value is not None for value in form.measurements.values.values()):
        version = before.measurement.version if before.measurement else 0
        dispense.measure(request.actor, order.pk, form.measurements, version, why)
    ticks = _ticks(form)
    wish = ticks.wish or Wish()
    if not wish.family:
        return None
    shown = panel(screen.demand_of(order, wish, form.measurements), wish, When(today(order.branch), order.branch_id))
    if shown.refused is not None:
        return shown.refused
    data = form.lens_data(shown.product.pk if shown.product else None, shown.add_on_ids)
    version = before.specification.version if before.specification else 0
    dispense.choose_lenses(request.actor, order.pk, data, version, why)
    return None


@require_POST
@staff_page(Can.EDIT_ORDERS)
def choose_frame(request: StaffRequest, number: str) -> HttpResponse:
    """A scan or a chosen row: hold the frame for the order; several matches are shown to choose from."""
    order = _order(request, number)
    form = FrameForm(request.POST)

    def save() -> Done:
        found = one_frame(form.wanted)
        status = FrameStatus.TO_COME if form.values["to_come"] else FrameStatus.SUPPLY
        why = Why(text=form.values["reason"])
        dispense.choose_frame(request.actor, order.pk, FrameData(status, found.pk), form.version, why)
        return Done(_url(order), _("%(frame)s is held for this order") % {"frame": found})

    answer = submit(request, form, save)
    if answer is not None:
        return answer
    shown = screen.build(order, today(order.branch))
    context = _context(request, order, shown, _form(request, order, shown)) | {"frame_form": form}
    return page(request, TEMPLATE, context)


@require_GET
@staff_page(Can.EDIT_ORDERS)
def search_frames(request: StaffRequest, number: str) -> HttpResponse:
    """Frames that match what is typed, with stock: the list under the scan box."""
    order = _order(request, number)
    text = request.GET.get("frame", "").strip()
    return page(
        request,
        "orders/dispense_frames.html",
        {"order": order, "rows": matches(text, When(today(order.branch), order.branch_id)), "text": text},
    )


@staff_page(Can.EDIT_ORDERS)
def own_frame(request: StaffRequest, number: str) -> HttpResponse:
    """The customer's own frame with its sizes and the waiver, or lenses only."""
    order = _order(request, number)
    choice = needs.frame_choice_of(order)
    form = OwnFrameForm(request.POST or None, initial=OwnFrameForm.initial_of(choice), edits=[choice] if choice else [])

    def save() -> Done:
        data = FrameData(form.values["status"], own=form.own)
        dispense.choose_frame(request.actor, order.pk, data, form.version, Why(text=form.values["reason"]))
        return Done(_url(order), _("Frame recorded"))

    context = {"form": form, "order": order, "identity": identity(order.customer)}
    return submit(request, form, save) or page(request, "orders/dispense_own_frame.html", context)


@require_GET
@staff_page(Can.EDIT_ORDERS)
def compare(request: StaffRequest, number: str) -> HttpResponse:
    """The frames on the tray side by side, each drawn to the same scale with this customer's eyes in it."""
    order = _order(request, number)
    shown = screen.build(order, today(order.branch))
    demand = screen.demand_of(order, Wish(), None)
    rows = [{"tray": row, "drawing": sketch(row.frame, demand)} for row in shown.frame.rows]
    return page(
        request,
        "orders/dispense_compare.html",
        {"order": order, "rows": rows, "identity": shown.identity},
    )


@require_POST
@staff_page(Can.EDIT_ORDERS)
def tray(request: StaffRequest, number: str) -> HttpResponse:
    """Lay a frame on the tray, or take it off."""
    order = _order(request, number)

    def change() -> Done:
        if request.POST.get("do") == "off":
            dispense.take_off_tray(request.actor, order.pk, _number(request.POST.get("frame", "")))
            return Done(reverse("orders:compare", args=[order.number]))
        found = one_frame(request.POST.get("frame", ""))
        dispense.add_to_tray(request.actor, order.pk, found.pk)
        return Done(reverse("orders:compare", args=[order.number]), _("%(frame)s lies on the tray") % {"frame": found})

    return act(request, change)


@require_POST
@staff_page(Can.EDIT_ORDERS)
def second_pair(request: StaffRequest, number: str) -> HttpResponse:
    order = _order(request, number)

    def start() -> Done:
        second = dispense.second_pair(request.actor, order.pk)
        return Done(_url(second), _("Second pair started as %(number)s") % {"number": second.number})

    return act(request, start)


@require_POST
@staff_page(Can.EDIT_ORDERS)
def start(request: StaffRequest) -> HttpResponse:
    """Begin an order for a customer of this branch, from a visit or at the counter."""
    customer = get_object_or_404(Customer, number=request.POST.get("customer", ""))
    visit = request.POST.get("visit", "")
    current = current_for(customer.pk)

    def begin() -> Done:
        order = dispense.start(
            request.actor,
            request.branch.pk,
            customer.pk,
            _number(visit) or None,
            current.pk if current else None,
        )
        return Done(_url(order))

    return act(request, begin)


@require_POST
@staff_page(Can.EDIT_ORDERS)
def choose_prescription(request: StaffRequest, number: str) -> HttpResponse:
    order = _order(request, number)
    chosen = request.POST.get("prescription", "")

    def choose() -> Done:
        why = Why(text=request.POST.get("reason", ""))
        dispense.choose_prescription(request.actor, order.pk, _number(chosen), why)
        return Done(_url(order), _("Prescription chosen"))

    return act(request, choose)
