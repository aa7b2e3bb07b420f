"""Customers from an earlier system: upload, columns, dry run, decisions, writing, taking back; each step on one page."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from branches import access
from branches.middleware import StaffRequest
from branches.models import Branch
from branches.pages import staff_page
from branches.roles import Can
from core import jobs
from core.importing.downloads import csv_file, sample_file
from core.models import JobState
from core.paging import by_key
from core.views import Done, act, page, submit
from customers import import_page
from customers.import_forms import ColumnsForm, TakeBackForm, UploadForm
from customers.importing import columns as known
from customers.models import CustomerImport, RowVerdict
from customers.services import import_writing, importing
from records.facts import six_facts
from records.services.importing import refused_rows

AT_ONCE_ROWS = 200


def _branches(request: StaffRequest) -> list[Branch]:
    """Where this person may import, the branch they stand in first."""
    ids = access.branches_with(request.actor, Can.IMPORT_CUSTOMERS)
    mine = [one for one in request.branches if None in ids or one.pk in ids]
    return sorted(mine, key=lambda one: one.pk != request.branch.pk)


@staff_page(Can.IMPORT_CUSTOMERS)
def index(request: StaffRequest) -> HttpResponse:
    """Earlier imports, and the upload of the next."""
    form = UploadForm(request.POST or None, request.FILES or None, branches=_branches(request))

    def save() -> Done:
        file = form.values["file"]
        return Done(_url(importing.upload(request.actor, form.values["branch"], file.name, file.read())))

    answer = submit(request, form, save) if request.method == "POST" else None
    keys = by_key(import_page.imports(request.scope), request.GET.get("after", ""), ("-pk",))
    return answer or page(request, "customers/imports.html", {"form": form, "keys": keys})


def _url(batch: CustomerImport) -> str:
    return reverse("customers:import", args=[batch.number])


def _batch(request: StaffRequest, number: str) -> CustomerImport:
    """The import, in a branch where this person may import."""
    batch = import_page.one(request.scope, number)
    access.require(request.actor, Can.IMPORT_CUSTOMERS, batch.branch_id)
    return batch


@staff_page(Can.IMPORT_CUSTOMERS)
def show(request: StaffRequest, number: str) -> HttpResponse:
    """One import. A POST is the dry run with these columns."""
    batch = _batch(request, number)
    form = ColumnsForm(request.POST or None, batch=batch, version=batch.version)

    def check() -> Done:
        order = form.values["day_order"]
        if batch.row_count > AT_ONCE_ROWS:
            importing.require_readable(batch, form.columns, order)
            return _in_background(request, batch, "check", {"columns": dict(form.columns), "day_order": order})
        importing.dry_run(request.actor, batch.pk, form.columns, order)
        return Done(f"{_url(batch)}#dry-run")

    answer = submit(request, form, check) if request.method == "POST" else None
    return answer or page(request, "customers/import.html", _context(request, batch, form))


def _context(request: StaffRequest, batch: CustomerImport, form: ColumnsForm) -> dict[str, Any]:
    view = request.GET.get("show", "")
    view = view if view in import_page.VIEWS else import_page.first_view(batch)
    keys, lines = import_page.lines(batch, view, request.GET.get("after", ""))
    work = import_page.work_of(batch)
    live = batch.rows.filter(is_live=True).count()
    return {
        "batch": batch,
        "facts": six_facts(batch),
        "form": form,
        "sample": list(batch.rows.order_by("row_number").values_list("cells", flat=True)[:3]),
        "view": view,
        "tabs": import_page.tabs(batch, view),
        "keys": keys,
        "lines": lines,
        "work": work if work and work.state in (JobState.WAITING, JobState.RUNNING) else None,
        "stopped": work if work and work.state in (JobState.CANCELLED, JobState.DEAD) else None,
        "waiting": importing.undecided(batch).count(),
        "to_write": import_writing.to_write(batch).count() if batch.state in ("checked", "running") else 0,
        "done": batch.rows.filter(done_at__isnull=False).count(),
        "live": live,
        "update_fields": _update_fields(batch),
        "refused": batch.rows.filter(verdict=RowVerdict.REFUSED).exists(),
    }


def _update_fields(batch: CustomerImport) -> list[tuple[str, str, bool]]:
    """Columns of the file that an update may take: name, words, taken."""
    labels, taken = known.labels(), batch.options.get("update_fields", [])
    return [(name, labels[name], name in taken) for name in known.UPDATABLE if name in batch.columns]


def _in_background(request: StaffRequest, batch: CustomerImport, step: str, said: dict[str, Any]) -> Done:
    """Long lists are worked off by a worker; the page shows how far it is. A stopped job of the same version starts anew."""
    payload = {"batch": batch.pk, "user": request.user.pk, **said}
    job = jobs.enqueue(f"customers.import_{step}", import_page.job_key(batch, step), payload, actor=request.actor)
    if job.state in (JobState.CANCELLED, JobState.DEAD):
        job.payload, job.progress = payload, 0
        job.save(update_fields=["payload", "progress"])
        jobs.retry(job.pk)
    return Done(_url(batch), _("Under way. You can leave this page."))


@require_POST
@staff_page(Can.IMPORT_CUSTOMERS)
def decide(request: StaffRequest, number: str) -> HttpResponse:
    """One row (`row`, `choice`: skip, add, update:12) or all that wait (`row` empty)."""
    batch = _batch(request, number)
    decision, _colon, target = request.POST.get("choice", "").partition(":")
    row = request.POST.get("row", "")
    here = f"{_url(batch)}?show={request.POST.get('show', 'alike')}"

    def save() -> Done:
        if row.isdecimal():
            importing.decide(request.actor, batch.pk, int(row), decision, int(target) if target.isdecimal() else None)
            return Done(f"{here}#rows")
        decided = importing.decide_all(request.actor, batch.pk, decision)
        return Done(f"{_url(batch)}#rows", _("%(n)d rows decided") % {"n": decided})

    return act(request, save)


@require_POST
@staff_page(Can.IMPORT_CUSTOMERS)
def fields(request: StaffRequest, number: str) -> HttpResponse:
    """Which columns an updated customer takes."""
    batch = _batch(request, number)

    def save() -> Done:
        importing.choose_fields(request.actor, batch.pk, request.POST.getlist("field"))
        return Done(f"{_url(batch)}#rows", _("Saved"))

    return act(request, save)


@require_POST
@staff_page(Can.IMPORT_CUSTOMERS)
def apply(request: StaffRequest, number: str) -> HttpResponse:
    """Write the rows, or go on after a stop."""
    batch = _batch(request, number)

    def write() -> Done:
        started = import_writing.start(request.actor, batch.pk)
        if batch.row_count > AT_ONCE_ROWS:
            return _in_background(request, started, "write", {})
        written = import_writing.write(request.actor, batch.pk)
        words = _("%(made)d customers made, %(updated)d updated")
        return Done(_url(batch), words % {"made": written.counts["made"], "updated": written.counts["updated"]})

    return act(request, write)


@require_POST
@staff_page(Can.IMPORT_CUSTOMERS)
def stop(request: StaffRequest, number: str) -> HttpResponse:
    """Cancel the work under way. What is written stays, and can be gone on with or taken back."""
    batch = _batch(request, number)

    def end() -> Done:
        work = import_page.work_of(batch)
        if work is not None:
            jobs.cancel(work.pk)
        return Done(_url(batch), _("Stopped"))

    return act(request, end)


@staff_page(Can.IMPORT_CUSTOMERS)
def take_back(request: StaffRequest, number: str) -> HttpResponse:
    batch = _batch(request, number)
    form = TakeBackForm(request.POST or None, version=batch.version)

    def undo() -> Done:
        reason = form.values["reason"]
        if batch.row_count > AT_ONCE_ROWS:
            return _in_background(request, import_writing.ask_back(request.actor, batch.pk, reason), "undo", {})
        import_writing.take_back(request.actor, batch.pk, reason)
        return Done(_url(batch), _("Import taken back"))

    context = {"batch": batch, "form": form, "live": batch.rows.filter(is_live=True).count()}
    return submit(request, form, undo) or page(request, "customers/import_back.html", context)


@require_POST
@staff_page(Can.IMPORT_CUSTOMERS)
def discard(request: StaffRequest, number: str) -> HttpResponse:
    batch = _batch(request, number)

    def give_up() -> Done:
        importing.discard(request.actor, batch.pk)
        return Done(reverse("customers:imports"), _("Import discarded"))

    return act(request, give_up)


@require_GET
@staff_page(Can.IMPORT_CUSTOMERS)
def refused(request: StaffRequest, number: str) -> HttpResponseBase:
    """The refused rows as the file had them, with the reason in a last column: mend, and import again."""
    batch = _batch(request, number)
    rows = batch.rows.filter(verdict=RowVerdict.REFUSED)
    return csv_file(f"{batch.number}-refused.csv", refused_rows(batch, rows, known.labels()))


@require_GET
@staff_page(Can.IMPORT_CUSTOMERS)
def sample(request: StaffRequest) -> HttpResponse:
    """A short list with our headings and two rows."""
    return sample_file("customers-sample.csv", known.SAMPLE)
