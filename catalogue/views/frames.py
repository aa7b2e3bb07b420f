"""Frames of the catalogue: search, one frame, add and change, trace, end of supply."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from catalogue import shapes
from catalogue.forms.frames import EndForm, FrameForm, TraceForm
from catalogue.models import Frame
from catalogue.selectors import frames_matching
from catalogue.services import frames
from catalogue.services.common import Opened
from catalogue.views import suppliers
from core import ui
from core.drawing import FrameSketch
from core.paging import by_key
from core.views import Done, act, page, submit
from lensmath.prism import Eye
from records.selectors import affected

ORDER = ("brand", "model", "colour", "pk")
EDITED = (
    "brand", "model", "colour", "colour_code", "sku", "gtin", "material", "mount", "eye_size_mm", "bridge_mm",
    "temple_mm", "a_mm", "b_mm", "dbl_mm", "ed_mm", "cost", "price",
)  # fmt: skip

# What a change of price, and the end of supply, may touch.
PRICED, ENDED = frozenset({"price", "bands"}), frozenset({"discontinued_on"})


def may_manage(request: StaffRequest) -> bool:
    return access.allowed(request.actor, Can.MANAGE_CATALOGUE, None)


def may_see_cost(request: StaffRequest) -> bool:
    return access.allowed(request.actor, Can.VIEW_COST, None)


@staff_page(Can.VIEW_CATALOGUE)
def index(request: StaffRequest) -> HttpResponse:
    """Search as you type by any part; current frames, or those no longer supplied."""
    text, view = request.GET.get("q", "").strip()[:80], request.GET.get("view", "current")
    ended = view == "discontinued"
    rows = frames_matching(text).filter(discontinued_on__isnull=not ended).select_related("supplier")
    tabs = [
        ui.View(_("Current"), "?", is_current=not ended),
        ui.View(_("Discontinued"), "?view=discontinued", is_current=ended),
    ]
    context = {
        "q": text,
        "view": view,
        "tabs": tabs,
        "keys": by_key(rows, request.GET.get("after", ""), ORDER),
        "may_manage": may_manage(request),
        "may_see_cost": may_see_cost(request),
    }
    return page(request, "catalogue/frames.html", context, partial="rows")


def sketch(frame: Frame) -> FrameSketch:
    return FrameSketch(
        frame.a_mm,
        frame.b_mm,
        frame.dbl_mm,
        right_shape=shapes.shape_of(frame.trace, Eye.RIGHT),
        left_shape=shapes.shape_of(frame.trace, Eye.LEFT),
    )


def _context(request: StaffRequest, frame: Frame) -> dict[str, Any]:
    return {
        "affected": affected(frame, ENDED, request.scope) if may_manage(request) else [],
        "frame": frame,
        "sketch": sketch(frame),
        "may_manage": may_manage(request),
        "may_see_cost": may_see_cost(request),
        "trace_form": TraceForm(version=frame.version),
        "end_form": EndForm(initial={"on": timezone.localdate()}, version=frame.version),
    }


@staff_page(Can.VIEW_CATALOGUE)
def show(request: StaffRequest, pk: int) -> HttpResponse:
    frame = get_object_or_404(Frame.objects.select_related("supplier"), pk=pk)
    return page(request, "catalogue/frame.html", _context(request, frame))


@staff_page(Can.MANAGE_CATALOGUE)
def new(request: StaffRequest) -> HttpResponse:
    if supplier_first := suppliers.wanted_first(request):
        return supplier_first
    form = FrameForm(request.POST or None)

    def save() -> Done:
        frame = frames.add(request.actor, form.data_of)
        return Done(_url(frame), _("%(frame)s added") % {"frame": frame})

    return submit(request, form, save) or page(request, "catalogue/frame_form.html", {"form": form})


@staff_page(Can.MANAGE_CATALOGUE)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    frame = get_object_or_404(Frame, pk=pk)
    initial = {name: getattr(frame, name) for name in EDITED} | {"supplier": frame.supplier_id}
    form = FrameForm(request.POST or None, initial=initial, edits=frame)

    def save() -> Done:
        frames.change(request.actor, frame.pk, form.data_of, Opened(form.version, form.values["reason"]))
        return Done(_url(frame), _("Frame saved"))

    context = {"form": form, "frame": frame, "affected": affected(frame, PRICED, request.scope)}
    return submit(request, form, save) or page(request, "catalogue/frame_form.html", context)


@require_POST
@staff_page(Can.MANAGE_CATALOGUE)
def trace(request: StaffRequest, pk: int) -> HttpResponse:
    """Measure the frame by a tracer's file."""
    frame = get_object_or_404(Frame.objects.select_related("supplier"), pk=pk)
    form = TraceForm(request.POST, request.FILES)

    def save() -> Done:
        read = shapes.read(form.values["file"].read())
        frames.take_trace(request.actor, frame.pk, read, Opened(form.version))
        return Done(_url(frame), " ".join([_("Measured by its trace."), *read.remarks]))

    context = _context(request, frame) | {"trace_form": form}
    return submit(request, form, save) or page(request, "catalogue/frame.html", context)


@require_POST
@staff_page(Can.MANAGE_CATALOGUE)
def discontinue(request: StaffRequest, pk: int) -> HttpResponse:
    frame = get_object_or_404(Frame.objects.select_related("supplier"), pk=pk)
    form = EndForm(request.POST)

    def save() -> Done:
        opened = Opened(form.version, form.values["reason"])
        frames.discontinue(request.actor, frame.pk, form.values["on"], opened)
        return Done(_url(frame), _("Discontinued. Quotations that rest on it ask for a decision."))

    context = _context(request, frame) | {"end_form": form}
    return submit(request, form, save) or page(request, "catalogue/frame.html", context)


@require_POST
@staff_page(Can.MANAGE_CATALOGUE)
def reinstate(request: StaffRequest, pk: int) -> HttpResponse:
    frame = get_object_or_404(Frame, pk=pk)

    def save() -> Done:
        frames.reinstate(request.actor, frame.pk)
        return Done(_url(frame), _("Supplied again"))

    return act(request, save)


def _url(frame: Frame) -> str:
    return reverse("catalogue:frame", args=[frame.pk])
