"""Ask for a file, watch it being made, take it, decide on another's."""

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.http import FileResponse, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core import jobs
from core.errors import DomainError
from core.models import JobState
from core.paging import by_key
from core.views import Done, act, is_fragment, page
from reports.datasets import base
from reports.datasets.base import Definition
from reports.exports import asking, opening
from reports.exports.asking import Request
from reports.exports.files import TYPES
from reports.models import Export, ExportState

POLLED = 2


@staff_page(Can.EXPORT_DATA)
def index(request: StaffRequest) -> HttpResponse:
    """One's own files, and what waits for one's decision."""
    keys = by_key(opening.mine(request.actor), request.GET.get("after", ""), ("-id",))
    context = {"keys": keys, "waiting": opening.waiting_for(request.actor)}
    return page(request, "reporting/exports.html", context)


@require_POST
@staff_page(Can.EXPORT_DATA)
def new(request: StaffRequest) -> HttpResponse:
    """From the builder: the question it shows, in one format."""
    definition = _carried(request.POST.get("definition", ""))
    wanted = Request(definition, request.POST.get("format", ""), request.POST.get("title", "")[:160])
    return act(request, lambda: _asked(request, wanted))


@require_POST
@staff_page(Can.EXPORT_DATA)
def of_list(request: StaffRequest, key: str) -> HttpResponse:
    """From a list page: the same rows under the same filters, which its address carries."""
    dataset = base.find(key)
    if dataset is None or dataset.of_list is None:
        raise DomainError(_("This list cannot be exported."))
    listed = _filters(request.POST.get("listed", ""))
    wanted = Request(Definition(key, listed=listed), request.POST.get("format", "csv"))
    return act(request, lambda: _asked(request, wanted))


def _asked(request: StaffRequest, wanted: Request) -> Done:
    export = asking.ask(request.actor, wanted)
    waiting = export.state == ExportState.ASKED
    said = _("A second person has to agree.") if waiting else _("Under way. You can leave this page.")
    return Done(_url(export), said)


def _filters(text: str) -> dict[str, str]:
    """The filters in the address of a list, at most thirty; none is marked too, so that the list's own default holds."""
    given = QueryDict(text.lstrip("?")[:2000])
    return {"view": "open"} | {name: str(value) for name, value in list(given.items())[:30] if name != "after"}


def _carried(text: str) -> Definition:
    try:
        value = json.loads(text)
        if isinstance(value, Mapping):
            return Definition.of_json(value)
    except (ValueError, TypeError):
        pass
    raise DomainError(_("The report could not be read. Run it again, then export."))


def _url(export: Export) -> str:
    return reverse("reporting:export", args=[export.public_id])


@staff_page(Can.EXPORT_DATA)
def show(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """One file: how far it is, what is in it, who decided, the way to take it."""
    export = asking.visible(request.actor, public_id)
    work = asking.work_of(export)
    is_mine = export.requested_by_id == request.user.pk
    failed = export.state == ExportState.QUEUED and work is not None and work.state == JobState.DEAD
    running = export.state == ExportState.QUEUED and not failed
    if is_fragment(request) and not running:
        return HttpResponseClientRefresh()  # the page now offers the file, or says why there is none
    context = {
        "export": export,
        "work": work,
        "failed": failed,
        "running": running,
        "is_mine": is_mine,
        "may_decide": asking.may_decide(request.actor, export),
        "dataset": base.find(export.dataset),
        "columns": _columns(export),
    }
    answer = page(request, "reporting/export.html", context, partial="progress")
    if running and not is_fragment(request):
        answer["Refresh"] = "15"
    return answer


def _columns(export: Export) -> list[Any]:
    dataset = base.find(export.dataset)
    wanted = export.definition.get("columns") or (dataset.standard if dataset else ())
    return [column for column in (dataset.columns if dataset else ()) if column.key in wanted]


@staff_page(Can.EXPORT_DATA)
def file(request: StaffRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The file itself; every opening is recorded."""
    export = opening.open_file(request.actor, public_id)
    return FileResponse(
        export.file.open("rb"), as_attachment=True, filename=export.file_name, content_type=TYPES[export.format]
    )


def _verb(
    action: Callable[[StaffRequest, Export], Export], toast: Callable[[], str]
) -> Callable[..., HttpResponseBase]:
    """A button on the page of an export."""

    @require_POST
    @staff_page(Can.EXPORT_DATA)
    def view(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
        export = asking.visible(request.actor, public_id)
        return act(request, lambda: Done(_next(request, action(request, export)), toast()))

    return view


def _next(request: StaffRequest, export: Export) -> str:
    """Who decided no longer sees the other's file and goes back to the list."""
    return _url(export) if export.requested_by_id == request.user.pk else reverse("reporting:exports")


def _retry(request: StaffRequest, export: Export) -> Export:
    work = asking.work_of(export)
    if export.requested_by_id != request.user.pk or work is None or not jobs.retry(work.pk):
        raise DomainError(_("There is nothing to try again."))
    return export


cancel = _verb(lambda request, export: asking.cancel(request.actor, export.pk), lambda: _("Cancelled"))
again = _verb(
    lambda request, export: asking.again(request.actor, export.pk), lambda: _("Under way. You can leave this page.")
)
retry = _verb(_retry, lambda: _("Tried again"))
approve = _verb(
    lambda request, export: asking.approve(request.actor, export.pk, request.POST.get("reason", "")),
    lambda: _("Agreed"),
)
refuse = _verb(
    lambda request, export: asking.refuse(request.actor, export.pk, request.POST.get("reason", "")),
    lambda: _("Refused"),
)
