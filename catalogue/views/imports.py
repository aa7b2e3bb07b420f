"""Import a supplier's list of frames, lenses, add-ons, surcharges or prices: upload, columns, dry run, apply, take back, on one page each step visible."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from catalogue.forms.imports import ColumnsForm, UploadForm
from catalogue.imports.samples import SAMPLES
from catalogue.models import CatalogueImport, ImportKind, ImportRow, ImportState, RowVerdict
from catalogue.services import imports
from catalogue.views import suppliers
from core import jobs
from core.importing.downloads import csv_file, sample_file
from core.models import Job, JobState
from core.paging import by_key
from core.views import Done, act, page, submit

PROBLEMS_SHOWN = 50
AT_ONCE_ROWS = 10_000
_GOALS: Mapping[str, str] = {
    ImportKind.FRAMES: "catalogue:frames",
    ImportKind.LENSES: "catalogue:lenses",
    ImportKind.ADD_ONS: "catalogue:extras",
    ImportKind.BANDS: "catalogue:lenses",
    ImportKind.PRICES: "catalogue:price_lists",
}


@staff_page(Can.MANAGE_CATALOGUE)
def index(request: StaffRequest) -> HttpResponse:
    """Earlier imports, and the upload of the next."""
    if supplier_first := suppliers.wanted_first(request):
        return supplier_first
    kind = request.GET.get("kind", "")
    initial = {"kind": kind if kind in ImportKind.values else ImportKind.FRAMES, "valid_from": timezone.localdate()}
    form = UploadForm(request.POST or None, request.FILES or None, initial=initial)

    def save() -> Done:
        file = form.values["file"]
        kind, options = form.values["kind"], form.options
        batch = imports.upload(request.actor, form.values["supplier"], file.name, file.read(), kind, options)
        return Done(_url(batch))

    rows = CatalogueImport.objects.select_related("supplier", "recorded_by")
    context = {"form": form, "keys": by_key(rows, request.GET.get("after", ""), ("-pk",)), "kinds": ImportKind.choices}
    answer = submit(request, form, save) if request.method == "POST" else None
    return answer or page(request, "catalogue/imports.html", context)


def _url(batch: CatalogueImport) -> str:
    return reverse("catalogue:import", args=[batch.number])


def _batch(number: str) -> CatalogueImport:
    return get_object_or_404(CatalogueImport.objects.select_related("supplier", "recorded_by"), number=number)


@staff_page(Can.MANAGE_CATALOGUE)
def show(request: StaffRequest, number: str) -> HttpResponse:
    """One import. A POST is the dry run with these columns."""
    batch = _batch(number)
    form = ColumnsForm(request.POST or None, batch=batch, version=batch.version)

    def check() -> Done:
        if batch.row_count > AT_ONCE_ROWS:
            return _in_background(request, batch, "check", dict(form.columns))
        imports.dry_run(request.actor, batch.pk, form.columns)
        return Done(_url(batch) + "#dry-run")

    answer = submit(request, form, check) if request.method == "POST" else None
    return answer or page(request, "catalogue/import.html", _context(batch, form))


def _context(batch: CatalogueImport, form: ColumnsForm) -> dict[str, Any]:
    labels = _labels(batch)
    rejected = batch.rows.filter(verdict=RowVerdict.REJECTED).order_by("row_number")[:PROBLEMS_SHOWN]
    problems = [
        (row.row_number, labels.get(one["column"], one["column"]), one["value"], one["reason"])
        for row in rejected
        for one in row.problems
    ][:PROBLEMS_SHOWN]
    sample = [dict(zip(batch.headings, row.cells, strict=False)) for row in batch.rows.order_by("row_number")[:3]]
    return {
        "batch": batch,
        "form": form,
        "problems": problems,
        "sample": [list(row.values()) for row in sample],
        "is_open": batch.state in (ImportState.UPLOADED, ImportState.CHECKED),
        "work": _work(batch),
        "good": batch.counts.get("new", 0) + batch.counts.get("changed", 0),
        "made_list": batch.price_lists.first(),
        "goal": _GOALS[batch.kind],
    }


def _labels(batch: CatalogueImport) -> dict[str, str]:
    return {column.name: str(column.label) for column in imports.TARGETS[batch.kind].columns}


def _work(batch: CatalogueImport) -> Job | None:
    """The background job under way for this import."""
    keys = [f"catalogue.import.{step}:{batch.pk}:{batch.version}" for step in ("check", "apply")]
    return Job.objects.filter(key__in=keys, state__in=[JobState.WAITING, JobState.RUNNING, JobState.DEAD]).first()


def _in_background(request: StaffRequest, batch: CatalogueImport, step: str, columns: dict[str, str]) -> Done:
    """Long lists are worked off by a worker; the page shows how far it is."""
    payload = {"batch": batch.pk, "user": request.user.pk, "columns": columns}
    jobs.enqueue(
        f"catalogue.import_{step}", f"catalogue.import.{step}:{batch.pk}:{batch.version}", payload, actor=request.actor
    )
    return Done(_url(batch), _("Under way. You can leave this page."))


@require_POST
@staff_page(Can.MANAGE_CATALOGUE)
def apply(request: StaffRequest, number: str) -> HttpResponse:
    batch = _batch(number)

    def write() -> Done:
        if batch.row_count > AT_ONCE_ROWS:
            return _in_background(request, batch, "apply", {})
        applied = imports.apply(request.actor, batch.pk)
        good = applied.counts.get("new", 0) + applied.counts.get("changed", 0)
        return Done(_url(batch), _("%(count)d rows written") % {"count": good})

    return act(request, write)


@require_POST
@staff_page(Can.MANAGE_CATALOGUE)
def take_back(request: StaffRequest, number: str) -> HttpResponse:
    batch = _batch(number)

    def undo() -> Done:
        imports.take_back(request.actor, batch.pk)
        return Done(_url(batch), _("Import taken back"))

    return act(request, undo)


@require_POST
@staff_page(Can.MANAGE_CATALOGUE)
def discard(request: StaffRequest, number: str) -> HttpResponse:
    batch = _batch(number)

    def give_up() -> Done:
        imports.discard(request.actor, batch.pk)
        return Done(reverse("catalogue:imports"), _("Import discarded"))

    return act(request, give_up)


@require_GET
@staff_page(Can.MANAGE_CATALOGUE)
def problems(request: StaffRequest, number: str) -> StreamingHttpResponse:
    """Every problem as CSV: row, column, value, reason, to be mended in the list."""
    batch = _batch(number)
    return csv_file(f"{batch.number}-problems.csv", _lines(batch))


def _lines(batch: CatalogueImport) -> Iterator[Sequence[Any]]:
    labels = _labels(batch)
    yield [_("Row"), _("Column"), _("Value"), _("Reason")]
    rows = ImportRow.objects.filter(batch=batch, verdict=RowVerdict.REJECTED).order_by("row_number")
    for row in rows.iterator(chunk_size=500):
        for one in row.problems:
            yield [row.row_number, labels.get(one["column"], one["column"]), one["value"], one["reason"]]


@require_GET
@staff_page(Can.MANAGE_CATALOGUE)
def sample(request: StaffRequest) -> HttpResponse:
    """A short list with our headings and a few rows, to send to a supplier."""
    kind = request.GET.get("kind", ImportKind.FRAMES)
    rows = SAMPLES.get(kind)
    if rows is None:
        raise Http404
    return sample_file(f"{kind}-sample.csv", rows)
