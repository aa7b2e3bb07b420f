"""Audits: the list of questions, and each of them run."""

from django.http import HttpResponse

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.views import page
from reports.audit.reports import AUDITS
from reports.builder import ready_made
from reports.builder.views import Shown, show
from reports.datasets import querying


@staff_page(Can.VIEW_AUDIT)
def index(request: StaffRequest) -> HttpResponse:
    """Every audit that this person may run."""
    return page(
        request,
        "reporting/audits.html",
        {
            "audits": ready_made.for_actor(request.actor, AUDITS),
            "may_erase": access.allowed(request.actor, Can.ERASE_CUSTOMERS, request.actor.branch_id),
        },
    )


@staff_page(Can.VIEW_AUDIT)
def report(request: StaffRequest, code: str) -> HttpResponse:
    """One audit, run at once; its filters can be changed and its rows taken home."""
    found = ready_made.find(request.actor, code, AUDITS)
    dataset = querying.dataset_for(request.actor, found.definition.dataset)
    return show(request, Shown(dataset, found.definition, str(found.label), hint=found.hint, right=Can.VIEW_AUDIT))
