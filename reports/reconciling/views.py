"""Reconciliation: what disagrees between orders, payments, stock and messages, each line leading to its record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core import jobs
from core.models import Job, JobState
from core.states import Words
from core.views import Done, act, page
from inventory.models import StockItem
from notifications.models import Message
from records import registry
from reports.datasets import querying
from reports.models import Difference
from reports.reconciling import running
from reports.reconciling.checks import AREAS, CHECKS, Check
from reports.reconciling.saying import in_words


@dataclass(frozen=True)
class Line:
    """A difference with the address of its record, and both sides in words."""

    difference: Difference
    url: str

    @property
    def expected(self) -> str:
        return in_words(self.difference.expected)

    @property
    def found(self) -> str:
        return in_words(self.difference.found)


@dataclass(frozen=True)
class Found:
    """One check with the differences of the reader's branches."""

    check: Check
    lines: Sequence[Line]


@staff_page(Can.VIEW_AUDIT)
def index(request: StaffRequest) -> HttpResponse:
    """The newest comparison, area by area; what agrees is listed too."""
    made = running.last()
    rows = list(running.listed(made, querying.scope_for(request.actor, Can.VIEW_AUDIT))) if made else []
    work = Job.objects.filter(kind=running.JOB, state__in=[JobState.WAITING, JobState.RUNNING]).order_by("-pk").first()
    context = {"made": made, "work": work, "count": len(rows), "areas": _areas(rows)}
    answer = page(request, "reporting/reconciliation.html", context)
    if work is not None:
        answer["Refresh"] = "3"
    return answer


def _areas(rows: Sequence[Difference]) -> list[tuple[Words, list[Found]]]:
    urls = _urls(rows)
    found = {
        check.code: [Line(row, urls.get(row.pk, "")) for row in rows if row.check_code == check.code]
        for check in CHECKS
    }
    return [
        (label, [Found(check, found[check.code]) for check in CHECKS if check.area == area])
        for area, label in AREAS.items()
    ]


def _urls(rows: Sequence[Difference]) -> dict[int, str]:
    """The addresses of the records, one query a kind of record."""
    urls: dict[int, str] = {}
    for record_type in {row.record_type for row in rows}:
        mine = [row for row in rows if row.record_type == record_type]
        model = apps.get_model(record_type)
        records = model._default_manager.in_bulk([row.record_id for row in mine])
        urls |= {row.pk: _url(records[row.record_id]) for row in mine if row.record_id in records}
    return urls


def _url(record: Any) -> str:
    if isinstance(record, StockItem):
        return reverse("inventory:item", args=[record.pk])
    if isinstance(record, Message):
        return reverse("messages:message", args=[record.pk])
    kind = registry.all_kinds().get(record._meta.label_lower)
    return kind.url(record) if kind else ""


@require_POST
@staff_page(Can.VIEW_AUDIT)
def run(request: StaffRequest) -> HttpResponse:
    """Compare now; a second press within the same minute finds the first."""

    def ask() -> Done:
        jobs.enqueue(running.JOB, f"{running.JOB}:{timezone.now():%Y%m%d%H%M}", {}, actor=request.actor)
        return Done(reverse("reporting:reconciliation"), _("Under way. You can leave this page."))

    return act(request, ask)
