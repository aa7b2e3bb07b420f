"""Reading a prescription: its page with versions and what rests on it, paper, the list of what waits for a signature."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.paging import by_key
from core.views import page
from prescriptions import comparing, derived, rows, screens, selectors
from prescriptions.models import Prescription, PrescriptionState
from prescriptions.services import common, prescriptions
from prescriptions.services.signing import OUTSIDE
from records.services import changes, evidence


@staff_page(Can.VIEW_PRESCRIPTIONS)
def index(request: StaffRequest) -> HttpResponse:
    """What waits for a signature in this branch."""
    drafts = selectors.drafts_in(request.branch.pk)
    return page(request, "prescriptions/list.html", {"page": by_key(drafts, request.GET.get("after", ""), ("-pk",))})


@staff_page(Can.VIEW_PRESCRIPTIONS)
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """The signed document, for ever as it was; a draft opens in the grid for those who write."""
    row = selectors.visible(request.actor, pk)
    may_write = access.allowed(request.actor, Can.WRITE_PRESCRIPTIONS, row.branch_id)
    if row.is_draft and may_write:
        return redirect("prescriptions:edit", pk)
    prescriptions.viewed(request.actor, row)
    return page(request, "prescriptions/page.html", {**shown(row), **_may(request, row, may_write)})


def shown(row: Prescription) -> dict[str, Any]:
    """What the page and the change panel say about a signed prescription."""
    data = rows.data_of(row)
    previous = selectors.before(row)
    return {
        "row": row,
        "data": data,
        "banner": screens.identity(row.customer),
        "customer_url": screens.customer_url(row.customer),
        "facts": screens.facts(row),
        "badge": screens.state_badge(row),
        "table": screens.shown_table(data, [f"{told['eye']}_{told['field']}" for told in row.confirmations]),
        "beside": screens.beside(data),
        "confirmations": screens.confirmations(row),
        "distances": screens.distances(data),
        "derived": screens.derived_of(row),
        "previous": previous,
        "previous_table": screens.shown_table(rows.data_of(previous)) if previous else None,
        "versions": _versions(row),
        "effects": changes.preview(row) if row.state == PrescriptionState.CURRENT else [],
        "pieces": evidence.of(row),
        "ends": derived.ends(row.expires_on, row.expiry_reason),
        "is_expired": row.expires_on is not None and row.expires_on < common.today_in(row.branch),
    }


def _may(request: StaffRequest, row: Prescription, may_write: bool) -> dict[str, bool]:
    stands = row.state == PrescriptionState.CURRENT
    may_sign = access.allowed(request.actor, Can.SIGN_PRESCRIPTIONS, row.branch_id)
    return {"may_correct": stands and may_write, "may_end": stands and may_sign, "may_write": may_write}


def _versions(row: Prescription) -> list[dict[str, Any]]:
    """Newest first, each with what it changed against the one before it."""
    told: list[dict[str, Any]] = []
    earlier: Prescription | None = None
    for version in selectors.versions(row):
        changed = comparing.differences(rows.data_of(earlier), rows.data_of(version)) if earlier else []
        told.append(
            {
                "row": version,
                "changed": changed,
                "badge": screens.state_badge(version),
                "url": reverse("prescriptions:edit" if version.is_draft else "prescriptions:page", args=[version.pk]),
                "is_shown": version.pk == row.pk,
            }
        )
        earlier = version
    return told[::-1]


@staff_page(Can.VIEW_PRESCRIPTIONS)
def paper(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer's copy, A5."""
    row = selectors.signed(request.actor, pk)
    prescriptions.viewed(request.actor, row)
    plain = {"table": screens.shown_table(rows.data_of(row)), "branch": row.branch}
    return page(request, "prescriptions/paper.html", {**shown(row), **plain, "is_outside": row.origin in OUTSIDE})
