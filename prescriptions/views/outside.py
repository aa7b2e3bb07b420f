"""Prescriptions from elsewhere: a paper typed in beside its photo, or a FHIR document."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.views import Done, page, submit
from prescriptions import derived, grid, judging, rows, screens, selectors
from prescriptions.data import PrescriptionData
from prescriptions.forms import OutsideContactLensForm, OutsideForm
from prescriptions.models import Origin, Prescription, PrescriptionKind
from prescriptions.services import common, prescriptions
from prescriptions.sheets import SheetForm
from prescriptions.views.writing import PD_FIELDS
from records.models import EvidenceKind
from records.services.evidence import EvidenceData, Upload


@staff_page(Can.WRITE_PRESCRIPTIONS)
def paper(request: StaffRequest, number: str) -> HttpResponse:
    """Type an outside prescription in, with its photo, scan or PDF."""
    customer = screens.customer_of(number)
    contact = request.GET.get("kind") == PrescriptionKind.CONTACT_LENS
    kind = PrescriptionKind.CONTACT_LENS if contact else PrescriptionKind.DISTANCE
    row = Prescription(customer=customer, branch=request.branch, origin=Origin.OUTSIDE, kind=kind)
    previous = selectors.previous_of(customer.pk, row.kind)
    form = _form(request, row, previous, OutsideContactLensForm if contact else OutsideForm)

    def save() -> Done:
        data = form.written(
            customer_id=customer.pk,
            branch_id=request.branch.pk,
            origin=Origin.OUTSIDE.value,
            **{
                name: form.values[name]
                for name in ("prescriber_name", "prescriber_registration", "examined_on", "issued_on")
            },
        )
        saved = prescriptions.record_outside(request.actor, data, proof_of(form), form.confirmed)
        return Done(
            reverse("prescriptions:page", args=[saved.pk]),
            _("Outside prescription %(number)s taken over") % {"number": saved.number},
        )

    answer = submit(request, form, save)
    return answer or page(request, "prescriptions/outside.html", sheet_context(request, row, form, previous))


def _form(request: StaffRequest, row: Prescription, previous: Prescription | None, kind: type[SheetForm]) -> SheetForm:
    before = rows.data_of(previous) if previous else None
    stored = replace(screens.suggested(row.customer, None, common.today_in(row.branch)), recall_months=None)
    initial = kind.initial_of(stored)
    if row.is_contact_lens:
        initial["kind"] = row.kind
    return kind(
        request.POST or None, request.FILES or None, initial=initial, previous=before.values if before else None
    )


def proof_of(form: Any) -> list[EvidenceData]:
    """The uploaded file as evidence; its kind follows from its content."""
    upload = form.cleaned_data.get("file")
    if not upload:
        return []
    content = upload.read()
    kind = EvidenceKind.DOCUMENT if content[:5] == b"%PDF-" else EvidenceKind.PHOTO
    if content.lstrip()[:1] in (b"{", b"["):
        kind = EvidenceKind.FILE
    return [EvidenceData(kind, upload.name, upload=Upload(upload.name, content))]


def sheet_context(
    request: StaffRequest,
    row: Prescription,
    form: SheetForm,
    previous: Prescription | None,
    stored: PrescriptionData | None = None,
) -> dict[str, Any]:
    """Everything around the sheet of a prescription from elsewhere; `stored` is what a document said."""
    before = rows.data_of(previous) if previous else None
    if form.is_bound:
        form.is_valid()
        written = form.written(customer_id=row.customer_id)
    else:
        written = stored or PrescriptionData(customer_id=row.customer_id, kind=row.kind)
        form.found = judging.judge(written.values, before.values if before else None) if stored else []
    return {
        "row": row,
        "form": form,
        "previous": previous,
        "grid": grid.build(form, written, before),
        "pd_errors": [form[name] for name in PD_FIELDS if name in form.errors],
        "banner": screens.identity(row.customer),
        "customer_url": screens.customer_url(row.customer),
        "needs_vertex": derived.needs_vertex(written),
        "signer": request.user,
        "check_url": reverse("prescriptions:check", args=[row.customer.number]),
    }
