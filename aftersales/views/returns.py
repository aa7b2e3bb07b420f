"""Returns at the counter: the list with its scan box, the page, and one page for each step."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aftersales import selectors
from aftersales.forms.returns import DecideForm, InspectForm, RequestForm, ScanForm, SettleForm
from aftersales.models import Return
from aftersales.selectors.page import policy_words, return_page
from aftersales.services import asking, papers, returns, settling
from aftersales.things import things_of
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.forms import Form
from core.views import Done, act, page, submit
from customers.page import identity
from orders.selectors.finding import order_of
from orders.services import papers as order_papers
from orders.viewer import Viewer


def _url(found: Return) -> str:
    return reverse("aftersales:page", args=[found.number])


@staff_page(Can.VIEW_ORDERS)
def index(request: StaffRequest) -> HttpResponse:
    """Views by what is to be done; a scan in the box receives at once."""
    filters = selectors.read(request.GET.dict())
    keys = selectors.page_of(request.scope, filters, request.GET.get("after", ""))
    context = {
        "filters": filters,
        "tabs": selectors.tabs(request.scope, filters),
        "keys": keys,
        "rows": selectors.rows_of(keys.rows),
        "scan": ScanForm(),
    }
    return page(request, "aftersales/list.html", context)


@staff_page(Can.MANAGE_RETURNS)
def scan(request: StaffRequest) -> HttpResponse:
    """One scan receives the parcel: the number on its slip."""
    form = ScanForm(request.POST or None)

    def save() -> Done:
        found = selectors.return_of(request.scope, form.values["code"].strip().lstrip("~"))
        returns.receive(request.actor, found.pk)
        return Done(_url(found), _("%(number)s is received") % {"number": found.number})

    return submit(request, form, save) or page(request, "aftersales/scan.html", {"form": form})


@staff_page(Can.VIEW_ORDERS)
def show(request: StaffRequest, number: str) -> HttpResponse:
    found = selectors.return_of(request.scope, number)
    return page(request, "aftersales/return.html", return_page(found, Viewer(request.actor, request.scope)))


@staff_page(Can.MANAGE_RETURNS)
def ask(request: StaffRequest, number: str) -> HttpResponse:
    """At the counter, for a customer who stands there."""
    order = order_of(request.scope, number)
    things = things_of(order)
    form = RequestForm(request.POST or None, request.FILES or None, things=things)

    def save() -> Done:
        made = asking.request(request.actor, form.data_for(order.pk))
        return Done(_url(made), _("Asked for; somebody else decides"))

    context = {
        "order": order,
        "form": form,
        "banner": identity(order.customer),
        "things": things,
        "policies": policy_words(order, things),
    }
    return submit(request, form, save) or page(request, "aftersales/ask.html", context)


@staff_page(Can.APPROVE_RETURNS)
def approve(request: StaffRequest, number: str) -> HttpResponse:
    """Within the policy one press on the page of the return; outside of it this page asks for the reason."""
    found = selectors.return_of(request.scope, number)
    outside = returns.is_outside(found)
    form = DecideForm(request.POST or None, needed=outside, version=found.version)

    def save() -> Done:
        returns.approve(request.actor, found.pk, form.values["reason"], form.version)
        return Done(_url(found), _("Approved; the customer is told"))

    title = _("Approve outside the policy") if outside else _("Approve the return")
    return submit(request, form, save) or _step(request, found, form, title=title, verb=_("Approve"))


@staff_page(Can.APPROVE_RETURNS)
def decline(request: StaffRequest, number: str) -> HttpResponse:
    found = selectors.return_of(request.scope, number)
    form = DecideForm(request.POST or None, version=found.version)
    form.fields["reason"].help_text = _("The customer reads it.")

    def save() -> Done:
        returns.decline(request.actor, found.pk, form.values["reason"], form.version)
        return Done(_url(found), _("Declined; the customer is told"))

    title = _("Decline the return")
    return submit(request, form, save) or _step(request, found, form, title=title, verb=_("Decline"))


def _step(request: StaffRequest, found: Return, form: Form, **context: Any) -> HttpResponse:
    shared = {"found": found, "form": form, "banner": identity(found.order.customer), "items": found.items.all()}
    return page(request, "aftersales/step.html", shared | context)


@require_POST
@staff_page(Can.MANAGE_RETURNS)
def receive(request: StaffRequest, number: str) -> HttpResponse:
    found = selectors.return_of(request.scope, number)

    def done() -> Done:
        returns.receive(request.actor, found.pk)
        return Done(_url(found), _("%(number)s is received") % {"number": found.number})

    return act(request, done)


@staff_page(Can.MANAGE_RETURNS)
def inspect(request: StaffRequest, number: str) -> HttpResponse:
    """Its condition in words, and where each thing goes."""
    found = selectors.return_of(request.scope, number)
    form = InspectForm(request.POST or None, items=list(found.items.all()))

    def save() -> Done:
        returns.inspect(request.actor, found.pk, form.data_for)
        return Done(_url(found), _("Inspection kept"))

    title = _("Inspect what came back")
    return submit(request, form, save) or _step(request, found, form, title=title, verb=_("Keep the inspection"))


@staff_page(Can.REFUND_PAYMENTS)
def refund(request: StaffRequest, number: str) -> HttpResponse:
    """The credit, and how much of it is paid back."""
    found = selectors.return_of(request.scope, number)
    worth = settling.worth(found)
    form = SettleForm(request.POST or None, initial={"amount": f"{worth:.2f}"})

    def save() -> Done:
        settling.refund(request.actor, form.data_for(found.pk))
        return Done(_url(found), _("Refunded"))

    context = {
        "title": _("Refund"),
        "verb": _("Refund"),
        "worth": worth,
        "back": settling.paid_back(found.order, worth),
    }
    return submit(request, form, save) or _step(request, found, form, **context)


@require_POST
@staff_page(Can.EDIT_ORDERS)
def replace(request: StaffRequest, number: str) -> HttpResponse:
    """A new order that takes the credit along; then choose frame and lenses in it."""
    found = selectors.return_of(request.scope, number)

    def done() -> Done:
        made = settling.replace(request.actor, found.pk)
        new = made.replacement.number if made.replacement else ""
        return Done(reverse("orders:dispense", args=[new]), _("Replacement %(number)s started") % {"number": new})

    return act(request, done)


@require_POST
@staff_page(Can.MANAGE_RETURNS)
def withdraw(request: StaffRequest, number: str) -> HttpResponse:
    found = selectors.return_of(request.scope, number)

    def done() -> Done:
        returns.withdraw(request.actor, found.pk)
        return Done(_url(found), _("Withdrawn; the customer keeps it"))

    return act(request, done)


@require_POST
@staff_page(Can.MANAGE_RETURNS)
def close(request: StaffRequest, number: str) -> HttpResponse:
    found = selectors.return_of(request.scope, number)

    def done() -> Done:
        returns.close(request.actor, found.pk)
        return Done(_url(found), _("Return closed"))

    return act(request, done)


@staff_page(Can.VIEW_ORDERS)
def slip_pdf(request: StaffRequest, number: str) -> HttpResponseBase:
    """The PDF in the customer's language when it is made; until then a page that looks again by itself."""
    found = selectors.return_of(request.scope, number)
    asked = papers.ask(request.actor, found)
    if asked.is_ready:
        return FileResponse(asked.file.open("rb"), content_type="application/pdf", filename=f"{found.number}.pdf")
    if order_papers.has_failed(asked, papers.JOB) and request.method == "POST":
        order_papers.try_again(asked, papers.JOB)
    context = {"order": found.order, "paper": asked, "failed": order_papers.has_failed(asked, papers.JOB)}
    return page(request, "orders/paper.html", context)
