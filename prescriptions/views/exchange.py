"""FHIR documents: in by upload or paste with what was understood shown first, out as R4B and R5."""

import base64
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import DomainError
from core.views import Done, page, submit
from customers.models import Customer
from prescriptions import documents, rows, screens, selectors
from prescriptions.exchange import fhir
from prescriptions.forms import DocumentContactLensForm, DocumentForm, DocumentRefractionForm
from prescriptions.models import Origin, Prescription, PrescriptionKind
from prescriptions.services import prescriptions
from prescriptions.services.outside import fhir_proof
from prescriptions.sheets import SheetForm
from prescriptions.views.outside import sheet_context
from records.services import evidence

WHICH = "which"


@staff_page(Can.WRITE_PRESCRIPTIONS)
def take(request: StaffRequest, number: str) -> HttpResponse:
    """First the document alone; then what was understood, to complete and take over."""
    customer = screens.customer_of(number)
    if request.method == "POST" and "document" in request.POST:
        return _complete(request, customer, _unpacked(request.POST["document"]))
    if rest := request.GET.get("rest", ""):
        return _complete(request, customer, _kept(request, customer, rest), second=True)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            documents.read(form.content_once)
        except DomainError as refused:
            form.add_error(None, refused.message)
        else:
            return _complete(request, customer, form.content_once)
    context = {
        "form": form,
        "banner": screens.identity(customer),
        "customer": customer,
        "customer_url": screens.customer_url(customer),
    }
    return page(request, "prescriptions/import.html", context)


def _kept(request: StaffRequest, customer: Customer, pk: str) -> bytes:
    """The document of a prescription taken over before, for its second part."""
    row = selectors.visible(request.actor, int(pk)) if pk.isdigit() else None
    if row is None or row.customer_id != customer.pk or not row.external_document:
        raise Http404
    pieces = [piece for piece in evidence.of(row) if piece.content_type == "application/json"]
    if not pieces:
        raise Http404
    with pieces[0].file.open("rb") as kept:
        return bytes(kept.read())


def _complete(request: StaffRequest, customer: Customer, content: bytes, *, second: bool = False) -> HttpResponse:
    reading = documents.read(content)
    which = 1 if second or request.POST.get(WHICH) == "1" else 0
    if which >= len(reading.documents):
        raise Http404
    document = reading.documents[which]
    data = documents.from_document(document, customer.pk)
    row = Prescription(
        customer=customer, branch=request.branch, origin=Origin.FHIR, kind=data.kind or PrescriptionKind.DISTANCE
    )
    previous = selectors.previous_of(customer.pk, row.kind)
    form = _form(request, data, content, previous)

    def save() -> Done:
        values = form.values
        typed = form.written(
            customer_id=customer.pk,
            branch_id=request.branch.pk,
            origin=Origin.FHIR.value,
            external_document=documents.plain(content),
            **{
                name: values[name]
                for name in ("prescriber_name", "prescriber_registration", "examined_on", "issued_on")
            },
        )
        saved = prescriptions.record_outside(request.actor, typed, [fhir_proof(content)], form.confirmed)
        return Done(
            _next(saved, customer, reading, which),
            _("Outside prescription %(number)s taken over") % {"number": saved.number},
        )

    answer = submit(request, form, save) if _is_completed(request) else None
    context = {
        **sheet_context(request, row, form, previous, data),
        "reading": reading,
        "document": document,
        "which": which,
        "others": len(reading.documents) - 1,
    }
    return answer or page(request, "prescriptions/understood.html", context)


def _unpacked(text: str) -> bytes:
    """The document as it travelled through the page: exactly its bytes. A field that was tampered with is no document."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise DomainError(_("The document was lost on the way. Choose it again."), code="document_lost") from error


def _is_completed(request: StaffRequest) -> bool:
    """Whether the second step was sent: the first one only brings the document."""
    return "document" in request.POST


def _form(request: StaffRequest, data: Any, content: bytes, previous: Prescription | None) -> SheetForm:
    kind = DocumentContactLensForm if data.is_contact_lens else DocumentRefractionForm
    told = ("prescriber_name", "prescriber_registration", "examined_on", "issued_on")
    initial = (
        kind.initial_of(data)
        | {name: getattr(data, name) for name in told}
        | {"document": base64.b64encode(content).decode()}
    )
    form: SheetForm = kind(
        request.POST if _is_completed(request) else None,
        initial=initial,
        previous=rows.data_of(previous).values if previous else None,
    )
    return form


def _next(saved: Prescription, customer: Customer, reading: fhir.Reading, which: int) -> str:
    """The second prescription of the document, when there is one, else the page of what was saved."""
    if which == 0 and len(reading.documents) > 1:
        return reverse("prescriptions:import", args=[customer.number]) + f"?rest={saved.pk}"
    return reverse("prescriptions:page", args=[saved.pk])


@staff_page(Can.VIEW_PRESCRIPTIONS)
def give(request: StaffRequest, pk: int, release: str) -> HttpResponse:
    """The document to download."""
    row = selectors.signed(request.actor, pk)
    text = documents.fhir_json(row, release)
    prescriptions.viewed(request.actor, row)
    response = HttpResponse(text, content_type=f"{fhir.MEDIA_TYPE}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.number}-v{row.version}-{release}.json"'
    return response
