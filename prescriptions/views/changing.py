"""Changing what was signed: the change panel of a correction, withdrawing, more evidence."""

from dataclasses import replace
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
from core.views import Done, page, submit
from prescriptions import comparing, derived, grid, rows, selectors
from prescriptions.data import PrescriptionData
from prescriptions.forms import ContactLensCorrectionForm, CorrectionForm, EndingForm, EvidenceForm
from prescriptions.models import Prescription, PrescriptionState
from prescriptions.services import outside, prescriptions
from prescriptions.sheets import SheetForm
from prescriptions.views import reading
from prescriptions.views.outside import proof_of
from prescriptions.views.writing import PD_FIELDS, address
from records.selectors import affected


@staff_page(Can.WRITE_PRESCRIPTIONS)
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """The change panel beside the signed version: new values, reason, evidence, what it affects."""
    row = selectors.signed(request.actor, pk)
    access.require(request.actor, Can.WRITE_PRESCRIPTIONS, row.branch_id)
    if row.state != PrescriptionState.CURRENT and request.method != "POST":
        return redirect("prescriptions:page", pk)
    # Somebody else corrected it meanwhile: the verb refuses, and what was typed stays on the page.
    may_sign = access.allowed(request.actor, Can.SIGN_PRESCRIPTIONS, row.branch_id)
    form = _form(request, row)

    def save() -> Done:
        data, reason = _corrected(form, row), (form.values["reason_code"], form.values["reason"])
        with transaction.atomic():
            if may_sign:
                made = prescriptions.correct(request.actor, row.pk, data, reason, form.confirmed)
            else:
                made = prescriptions.draft_correction(request.actor, row.pk, data, reason)
            outside.attach(request.actor, made, proof_of(form))
        words = _("Version %(n)s signed") if may_sign else _("Correction kept for an optometrist to sign")
        return Done(address(made), words % {"n": made.version} if may_sign else words)

    answer = submit(request, form, save)
    return answer or page(request, "prescriptions/correct.html", _context(request, row, form, may_sign))


def _form(request: StaffRequest, row: Prescription) -> SheetForm:
    kind = ContactLensCorrectionForm if row.is_contact_lens else CorrectionForm
    previous = selectors.previous_of(row.customer_id, row.kind, row.series)
    form: SheetForm = kind(
        request.POST or None,
        request.FILES or None,
        initial=kind.initial_of(rows.data_of(row)),
        previous=rows.data_of(previous).values if previous else None,
    )
    return form


def _corrected(form: SheetForm, row: Prescription) -> PrescriptionData:
    """What is typed over what was signed; what the panel does not show stays."""
    old = rows.data_of(row)
    kept = {
        name: getattr(old, name)
        for name in (
            "customer_id", "branch_id", "origin", "visit_id", "eye_test_id", "examined_on", "issued_on", "prescriber_name",
            "prescriber_registration", "external_document",
        )
    }  # fmt: skip
    return form.written(**kept)


def _context(request: StaffRequest, row: Prescription, form: SheetForm, may_sign: bool) -> dict[str, Any]:
    if form.is_bound:
        form.is_valid()
        written = _corrected(form, row)
    else:
        written = rows.data_of(row)
    return {
        **reading.shown(row),
        "is_panel": True,
        "form": form,
        "grid": replace(grid.build(form, written, None), ghost_title=""),
        "changed": comparing.differences(rows.data_of(row), written),
        "next_version": row.version + 1,
        "affected": affected(row),
        "may_sign": may_sign,
        "pd_errors": [form[name] for name in PD_FIELDS if name in form.errors],
        "needs_vertex": derived.needs_vertex(written),
        "signer": request.user,
        "check_url": reverse("prescriptions:correct_check", args=[row.pk]),
    }


@require_POST
@staff_page(Can.WRITE_PRESCRIPTIONS)
def correct_check(request: StaffRequest, pk: int) -> HttpResponse:
    """The live part of the panel: old → new and what is unusual; saves nothing."""
    row = selectors.signed(request.actor, pk)
    form = _form(request, row)
    return render(request, "prescriptions/_live_correct.html", _context(request, row, form, True))


@staff_page(Can.SIGN_PRESCRIPTIONS)
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Withdraw, or mark as entered in error."""
    row = selectors.signed(request.actor, pk)
    access.require(request.actor, Can.SIGN_PRESCRIPTIONS, row.branch_id)
    form = EndingForm(request.POST or None, initial={"end": "withdraw"})

    def save() -> Done:
        verb = prescriptions.withdraw if form.values["end"] == "withdraw" else prescriptions.enter_in_error
        ended = verb(request.actor, row.pk, (form.values["reason_code"], form.values["reason"]))
        return Done(address(ended), str(PrescriptionState(ended.state).label))

    answer = submit(request, form, save)
    context = {**reading.shown(row), "is_panel": True, "form": form, "affected": affected(row)}
    return answer or page(request, "prescriptions/end.html", context)


@staff_page(Can.WRITE_PRESCRIPTIONS)
def add_evidence(request: StaffRequest, pk: int) -> HttpResponse:
    """One more file on a prescription."""
    row = selectors.visible(request.actor, pk)
    access.require(request.actor, Can.WRITE_PRESCRIPTIONS, row.branch_id)
    form = EvidenceForm(request.POST or None, request.FILES or None)

    def save() -> Done:
        [item] = proof_of(form)
        outside.add_evidence(request.actor, row.pk, replace(item, title=form.values["title"] or item.title))
        return Done(address(row), _("Evidence added"))

    answer = submit(request, form, save)
    return answer or page(request, "prescriptions/evidence.html", {**reading.shown(row), "form": form})
