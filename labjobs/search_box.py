"""Trays and jobs in the search box."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from branches import palette
from branches.middleware import StaffRequest
from branches.palette import Hit
from labjobs import states
from labjobs.selectors import finding


def search(request: StaffRequest, text: str) -> Sequence[Hit]:
    """Open jobs by the beginning of their tray's code or of their number."""
    wanted = text.strip().upper()
    if not any(sign.isdigit() for sign in wanted):
        return []
    jobs = finding.jobs_for(request.scope).filter(state__in=[state.value for state in states.OPEN])
    named = Q(tray__code__istartswith=wanted) | Q(tray__code__iendswith=wanted) | Q(number__startswith=wanted)
    found = jobs.filter(named).select_related("tray", "order__customer", "branch").order_by("tray__code", "pk")
    return [
        Hit(
            f"{job.tray.code if job.tray else job.number}, {job.order.customer.full_name}",
            reverse("labjobs:job", args=[job.number]),
            f"{job.get_state_display()} · {job.number}",
            "lab",
        )
        for job in found[: palette.LIMIT]
    ]
