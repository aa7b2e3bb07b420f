"""Writing a prescription: the grid, its live check, saving, signing, throwing away."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import IllegalTransition
from core.views import Done, act, page, submit
from customers.models import Customer
from prescriptions import derived, grid, rows, screens, selectors
from prescriptions.data import PrescriptionData
from prescriptions.models import Origin, Prescription, PrescriptionKind
from prescriptions.services import common, prescriptions
from prescriptions.sheets import SheetForm, form_for

PD_FIELDS = ("right_far_pd", "left_far_pd", "far_pd", "right_near_pd", "left_near_pd", "near_pd")
WRITTEN_HERE = {Origin.OWN_TEST.value, Origin.SPECTACLES.value}


@staff_page(Can.WRITE_PRESCRIPTIONS)
def new(request: StaffRequest, number: str) -> HttpResponse:
    """A blank grid for this customer, or for `?kind=contact_lens` the contact lens sheet; `?from=spectacles` for a reading."""
    customer = screens.customer_of(number)
    row = Prescription(
        customer=customer,
        branch=request.branch,
        origin=_origin(request),
        kind=_kind(request, customer),
        recorded_by=request.user,
        responsible_role=request.actor.role,
    )
    return _write(request, row)


@staff_page(Can.WRITE_PRESCRIPTIONS)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """A draft; a signed one is shown as it is."""
    row = selectors.visible(request.actor, pk)
    if not row.is_draft:
        return redirect(address(row))
    access.require(request.actor, Can.WRITE_PRESCRIPTIONS, row.branch_id)
    return _write(request, row)


def address(row: Prescription) -> str:
    return reverse("prescriptions:edit" if row.is_draft else "prescriptions:page", args=[row.pk])


def _origin(request: StaffRequest) -> str:
    wanted = request.GET.get("from", "")
    return wanted if wanted in WRITTEN_HERE else Origin.OWN_TEST.value


def _kind(request: StaffRequest, customer: Customer) -> str:
    if request.GET.get("kind") == PrescriptionKind.CONTACT_LENS:
        return PrescriptionKind.CONTACT_LENS.value
    previous = selectors.previous_of(customer.pk, "")
    today = common.today_in(request.branch)
    return screens.suggested(customer, rows.data_of(previous) if previous else None, today).kind


def _write(request: StaffRequest, row: Prescription) -> HttpResponse:
    previous = selectors.previous_of(row.customer_id, row.kind, row.series)
    form = sheet(request, row, previous)

    def save() -> Done:
        data = _typed(form, row, request)
        with transaction.atomic():
            draft = prescriptions.save_draft(request.actor, data, row.pk, form.version, form.confirmed)
            if not form.is_signing:
                return Done(reverse("prescriptions:edit", args=[draft.pk]), _("Draft saved"))
            signed = prescriptions.sign(request.actor, draft.pk, form.confirmed)
        return Done(address(signed), _("Prescription %(number)s signed") % {"number": signed.number})

    answer = submit(request, form, save)
    return answer or page(request, "prescriptions/write.html", context(request, row, form, previous))


def sheet(request: StaffRequest, row: Prescription, previous: Prescription | None) -> SheetForm:
    """The form of this prescription, empty, stored or as posted."""
    before = rows.data_of(previous) if previous else None
    today = common.today_in(row.branch)
    stored = rows.data_of(row) if row.pk else screens.suggested(row.customer, before, today, row.kind)
    kind = form_for(row.kind)
    return kind(
        request.POST or None,
        initial=kind.initial_of(stored),
        edits=row if row.pk else None,
        previous=before.values if before else None,
        confirmations=row.confirmations,
    )


def _typed(form: SheetForm, row: Prescription, request: StaffRequest) -> PrescriptionData:
    """The typed values with what the page knows: customer, branch, origin, visit, eye test."""
    test = selectors.open_test(row.customer_id, request.actor.user_id) if not row.pk else None
    return form.written(
        customer_id=row.customer_id,
        branch_id=row.branch_id,
        origin=row.origin,
        visit_id=row.visit_id or (test.visit_id if test else None),
        eye_test_id=row.eye_test_id or (test.pk if test else None),
        examined_on=row.examined_on,
        issued_on=row.issued_on,
        prescriber_name=row.prescriber_name,
        prescriber_registration=row.prescriber_registration,
        external_document=row.external_document,
    )


def context(request: StaffRequest, row: Prescription, form: SheetForm, previous: Prescription | None) -> dict[str, Any]:
    """Everything that the grid page shows."""
    before = rows.data_of(previous) if previous else None
    written = _shown(form, row)
    row.kind = written.kind
    proposal = common.propose_expiry(row, common.today_in(row.branch))
    return {
        "row": row,
        "form": form,
        "previous": previous,
        "previous_table": screens.shown_table(before) if before else None,
        "pd_errors": [form[name] for name in PD_FIELDS if name in form.errors],
        "grid": grid.build(form, written, before),
        "banner": screens.identity(row.customer),
        "customer_url": screens.customer_url(row.customer),
        "facts": screens.facts(row),
        "badge": screens.state_badge(row),
        "needs_vertex": derived.needs_vertex(written),
        "signer": request.user,
        "may_sign": access.allowed(request.actor, Can.SIGN_PRESCRIPTIONS, row.branch_id),
        "ends": derived.ends(written.expires_on or proposal.expires_on, written.expiry_reason or proposal.reason),
        "check_url": reverse("prescriptions:check", args=[row.customer.number])
        + (f"?draft={row.pk}" if row.pk else ""),
    }


def _shown(form: SheetForm, row: Prescription) -> PrescriptionData:
    """What the cells hold now: as posted and readable, or as stored."""
    if form.is_bound:
        form.is_valid()
        return form.written(customer_id=row.customer_id)
    stored = rows.data_of(row)
    form.found = common.verdicts(stored, row) if row.pk else []
    return stored


@require_POST
@staff_page(Can.WRITE_PRESCRIPTIONS)
def check(request: StaffRequest, number: str) -> HttpResponse:
    """The live check behind the grid: what is unusual or wrong, and what follows; saves nothing."""
    row = _checked_row(request, screens.customer_of(number))
    previous = selectors.previous_of(row.customer_id, row.kind, row.series)
    form = sheet(request, row, previous)
    return render(request, "prescriptions/_live.html", context(request, row, form, previous))


def _checked_row(request: StaffRequest, customer: Customer) -> Prescription:
    wanted = request.GET.get("draft", "")
    if wanted.isdigit():
        row = selectors.visible(request.actor, int(wanted))
        if row.customer_id == customer.pk:
            return row
    kind = request.POST.get("kind") or PrescriptionKind.CONTACT_LENS.value
    return Prescription(customer=customer, branch=request.branch, kind=kind)


@require_POST
@staff_page(Can.WRITE_PRESCRIPTIONS)
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    row = selectors.visible(request.actor, pk)
    if not row.is_draft:
        raise IllegalTransition(_("This prescription is signed. It can be withdrawn, not thrown away."), code="signed")

    def throw() -> Done:
        prescriptions.discard_draft(request.actor, pk)
        return Done(screens.customer_url(row.customer), _("Draft thrown away"))

    return act(request, throw)
