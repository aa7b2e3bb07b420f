"""The list of parcels, the page of one, and its verbs."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import NotVisible
from core.views import Done, act, page, submit
from orders.models import PaperKind
from orders.services import papers as order_papers
from orders.viewer import Viewer
from shipping import documents, gates, wording
from shipping.forms.pack import AddressForm, ChangeForm, ReasonForm
from shipping.forms.said import FileForm, SayForm
from shipping.models import Carrier, Shipment, ShipmentState
from shipping.selectors import listing
from shipping.selectors.finding import shipment_of
from shipping.selectors.page import shipment_page
from shipping.services import following, packing, papers, report
from shipping.services.following import ByHand
from shipping.services.packing import Correction

_PAPERS = {"delivery-note": PaperKind.DELIVERY, "label": PaperKind.LABEL}


def _url(shipment: Shipment, name: str = "shipment") -> str:
    return reverse(f"shipping:{name}", args=[shipment.number])


@staff_page(Can.VIEW_ORDERS)
def index(request: StaffRequest) -> HttpResponse:
    """Saved views, filters in the address, rows by key."""
    filters = listing.read(request.GET.dict())
    found = listing.page_of(request.scope, filters, request.GET.get("after", ""))
    context = {
        "filters": filters,
        "tabs": listing.tabs(request.scope, filters),
        "keys": found,
        "rows": listing.rows_of(found.rows),
        "carriers": Carrier.objects.filter(is_active=True),
        "may_ship": access.allowed(request.actor, Can.SHIP_ORDERS, request.actor.branch_id),
    }
    return page(request, "shipping/list.html", context)


@staff_page(Can.VIEW_ORDERS)
def show(request: StaffRequest, number: str) -> HttpResponse:
    shipment = shipment_of(request.scope, number)
    return page(request, "shipping/shipment.html", shipment_page(shipment, Viewer(request.actor, request.scope)))


@require_POST
@staff_page(Can.SHIP_ORDERS)
def hand_over(request: StaffRequest, number: str) -> HttpResponse:
    shipment = shipment_of(request.scope, number)

    def go() -> Done:
        packing.hand_over(request.actor, shipment.pk)
        return Done(_url(shipment), _("Handed over: %(number)s") % {"number": shipment.number})

    return act(request, go)


def _verb(request: StaffRequest, shipment: Shipment, form: Any, **context: Any) -> HttpResponse:
    return page(request, "shipping/verb.html", {"shipment": shipment, "form": form, **context})


@staff_page(Can.SHIP_ORDERS)
def unpack(request: StaffRequest, number: str) -> HttpResponse:
    shipment = shipment_of(request.scope, number)
    form = ReasonForm(request.POST or None)

    def save() -> Done:
        packing.unpack(request.actor, shipment.pk, form.values["reason"])
        return Done(_url(shipment), _("Unpacked; its items may be packed again"))

    why = _("The parcel has not left yet. Its number and label are not used any more.")
    return submit(request, form, save) or _verb(
        request, shipment, form, title=_("Unpack %(n)s") % {"n": shipment.number}, verb=_("Unpack"), explained=why
    )


@staff_page(Can.SHIP_ORDERS)
def say(request: StaffRequest, number: str) -> HttpResponse:
    """What a person read or heard, as one more checkpoint."""
    shipment = shipment_of(request.scope, number)
    form = SayForm(request.POST or None, initial={"state": "in_transit"})

    def save() -> Done:
        values = form.values
        following.say(request.actor, shipment.pk, ByHand(**values))
        return Done(_url(shipment), _("Kept: %(state)s") % {"state": ShipmentState(values["state"]).label})

    why = _("It counts like the carrier's own events: by when it happened. The customer is told what is new to them.")
    return submit(request, form, save) or _verb(
        request, shipment, form, title=_("What the carrier says"), verb=_("Keep it"), explained=why
    )


@staff_page(Can.SHIP_ORDERS)
def change(request: StaffRequest, number: str) -> HttpResponse:
    """Number, service, note, day."""
    shipment = shipment_of(request.scope, number)
    names = ("tracking_number", "service", "method_note", "expected_on")
    form = ChangeForm(request.POST or None, initial={name: getattr(shipment, name) for name in names}, edits=shipment)

    def save() -> Done:
        saved = packing.correct(request.actor, shipment.pk, Correction(**form.values, version=form.version))
        warning = wording.WARNINGS.get(saved.number_warning)
        return Done(_url(shipment), f"{_('Shipment saved')}. {warning}" if warning else _("Shipment saved"))

    return submit(request, form, save) or _verb(
        request, shipment, form, title=_("Change the shipment"), verb=_("Save shipment")
    )


@staff_page(Can.SHIP_ORDERS)
def readdress(request: StaffRequest, number: str) -> HttpResponse:
    """The parcel goes elsewhere; filled with what stands on the customer's page now."""
    shipment = shipment_of(request.scope, number)
    form = AddressForm(
        request.POST or None, version=shipment.version, initial=gates.address_of(shipment.order.customer)
    )

    def save() -> Done:
        packing.readdress(request.actor, shipment.pk, form.address, form.values["unverified"], form.version)
        return Done(_url(shipment), _("New address kept; print the label again"))

    on_label = ", ".join(documents.address_lines(shipment))
    why = _("On the label now: %(address)s. Once it is on its way, agree the new address with the carrier first.")
    return submit(request, form, save) or _verb(
        request,
        shipment,
        form,
        title=_("Send it to another address"),
        verb=_("Keep this address"),
        explained=why % {"address": on_label},
    )


@staff_page(Can.VIEW_ORDERS)
def paper(request: StaffRequest, number: str, kind: str) -> HttpResponse:
    """On screen, to be printed from the browser."""
    shipment = shipment_of(request.scope, number)
    return HttpResponse(documents.html(shipment, _kind(kind)))


@staff_page(Can.VIEW_ORDERS)
def paper_pdf(request: StaffRequest, number: str, kind: str) -> HttpResponseBase:
    """The PDF when it is made; until then a page that says so and looks again by itself."""
    shipment = shipment_of(request.scope, number)
    asked = papers.ask(request.actor, shipment, _kind(kind))
    if asked.is_ready:
        return FileResponse(
            asked.file.open("rb"), content_type="application/pdf", filename=f"{shipment.number}-{kind}.pdf"
        )
    if order_papers.has_failed(asked, papers.JOB) and request.method == "POST":
        order_papers.try_again(asked, papers.JOB)
    context = {"order": shipment.order, "paper": asked, "failed": order_papers.has_failed(asked, papers.JOB)}
    return page(request, "orders/paper.html", context)


def _kind(kind: str) -> PaperKind:
    if kind not in _PAPERS:
        raise NotVisible(_("Not found."), code="not_visible")
    return _PAPERS[kind]


@staff_page(Can.SHIP_ORDERS)
def report_page(request: StaffRequest) -> HttpResponse:
    """A carrier's rows: first what each would do, then applied."""
    form = FileForm(request.POST or None, request.FILES or None)
    lines: list[report.Line] = []
    if request.method == "POST" and "apply" not in request.POST:
        if form.attempt(lambda: lines.extend(report.read(request.actor, form.values["text"]))):
            form = FileForm(initial={"text": form.values["text"]})
        context = {"form": form, "lines": lines, "good": sum(not line.problem for line in lines)}
        return page(request, "shipping/report.html", context)

    def save() -> Done:
        done, left = report.apply(request.actor, form.values["text"])
        toast = ngettext("%(n)d row applied", "%(n)d rows applied", done) % {"n": done}
        more = ngettext("%(n)d row left out", "%(n)d rows left out", left) % {"n": left} if left else ""
        return Done(reverse("shipping:list"), f"{toast}. {more}" if more else toast)

    return submit(request, form, save) or page(request, "shipping/report.html", {"form": form, "lines": lines})
