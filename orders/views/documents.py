"""Print views of invoice, receipt and quotation, and their PDFs."""

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import NotVisible
from core.views import page
from customers.selectors import customer as customer_of
from orders import documents
from orders.documents import Document
from orders.models import Order, PaperKind
from orders.selectors.finding import entry_of, order_of, quotation_of
from orders.services import papers


def _print(request: StaffRequest, document: Document) -> HttpResponse:
    return HttpResponse(documents.html(document))


@staff_page(Can.VIEW_ORDERS)
def invoice(request: StaffRequest, number: str) -> HttpResponse:
    return _print(request, documents.invoice(order_of(request.scope, number)))


@staff_page(Can.VIEW_ORDERS)
def receipt(request: StaffRequest, number: str) -> HttpResponse:
    return _print(request, documents.receipt(entry_of(request.scope, number)))


@staff_page(Can.VIEW_ORDERS)
def credit_note(request: StaffRequest, number: str) -> HttpResponse:
    return _print(request, documents.credit_note(entry_of(request.scope, number)))


@staff_page(Can.VIEW_ORDERS)
def statement(request: StaffRequest, number: str) -> HttpResponse:
    """A customer's account; like the customer, it is the practice's and not a branch's."""
    return _print(request, documents.statement(customer_of(request.scope, number)))


@staff_page(Can.VIEW_ORDERS)
def statement_paper(request: StaffRequest, number: str) -> HttpResponseBase:
    return _asked(request, documents.statement(customer_of(request.scope, number)))


@staff_page(Can.VIEW_ORDERS)
def quotation(request: StaffRequest, number: str, version: int) -> HttpResponse:
    order = order_of(request.scope, number)
    return _print(request, documents.quotation(quotation_of(order, version)))


@staff_page(Can.VIEW_ORDERS)
def paper(request: StaffRequest, number: str, kind: str) -> HttpResponseBase:
    """The PDF when it is made; until then a page that says so and looks again by itself."""
    order = order_of(request.scope, number)
    return _asked(request, _document(request, order, kind))


def _asked(request: StaffRequest, document: Document) -> HttpResponseBase:
    order = document.order
    asked = papers.ask(request.actor, document)
    if asked.is_ready:
        name = f"{document.reference}.pdf"
        return FileResponse(asked.file.open("rb"), content_type="application/pdf", filename=name)
    if papers.has_failed(asked) and request.method == "POST":
        papers.try_again(asked)
    failed = papers.has_failed(asked)
    answer = page(request, "orders/paper.html", {"order": order, "paper": asked, "failed": failed})
    if not failed:
        answer["Refresh"] = "2"
    return answer


def _document(request: StaffRequest, order: Order, kind: str) -> Document:
    """`?ref=` names the receipt or the version; a reference of another order does not exist."""
    wanted = request.GET.get("ref", "")
    if kind == PaperKind.INVOICE:
        return documents.invoice(order)
    if kind == PaperKind.RECEIPT:
        entry = entry_of(request.scope, wanted)
        if entry.order_id == order.pk:
            return documents.receipt(entry)
    if kind == PaperKind.CREDIT:
        entry = entry_of(request.scope, wanted)
        if entry.order_id == order.pk:
            return documents.credit_note(entry)
    if kind == PaperKind.QUOTATION and wanted.isdecimal() and len(wanted) < 6:
        return documents.quotation(quotation_of(order, int(wanted)))
    raise NotVisible(_("Not found."), code="not_visible")
