"""Opening stock from a list: upload, columns, dry run, decisions, booking, taking back."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from branches.scope import Scope
from core import ui
from core.errors import NotVisible
from core.importing.downloads import csv_file, sample_file
from core.paging import by_key
from core.views import Done, act, page, submit
from inventory.models import OpeningImport, OpeningRow, OpeningVerdict
from inventory.opening import columns as known
from inventory.opening_forms import ColumnsForm, TakeBackForm, UploadForm
from inventory.services import opening
from records.facts import six_facts
from records.services.importing import refused_rows

SIZE = 50


def _imports(scope: Scope) -> QuerySet[OpeningImport]:
    rows = OpeningImport.objects.select_related("branch", "recorded_by")
    return rows if scope.everything else rows.filter(branch_id__in=scope.branch_ids)


def _batch(request: StaffRequest, number: str) -> OpeningImport:
    """The list, in a branch whose stock this person keeps. Raises NotVisible outside the scope."""
    found = _imports(request.scope).filter(number=number.replace("\x00", "")).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    access.require(request.actor, Can.MANAGE_STOCK, found.branch_id)
    return found


def _url(batch: OpeningImport) -> str:
    return reverse("inventory:opening", args=[batch.number])


@staff_page(Can.MANAGE_STOCK)
def index(request: StaffRequest) -> HttpResponse:
    """Earlier lists, and the upload of the next."""
    ids = access.branches_with(request.actor, Can.MANAGE_STOCK)
    mine = sorted(
        (one for one in request.branches if None in ids or one.pk in ids), key=lambda one: one.pk != request.branch.pk
    )
    form = UploadForm(request.POST or None, request.FILES or None, branches=mine)

    def save() -> Done:
        file, values = form.values["file"], form.values
        return Done(_url(opening.upload(request.actor, values["branch"], file.name, file.read(), values["supplier"])))

    answer = submit(request, form, save) if request.method == "POST" else None
    keys = by_key(_imports(request.scope), request.GET.get("after", ""), ("-pk",))
    return answer or page(request, "inventory/openings.html", {"form": form, "keys": keys})


@staff_page(Can.MANAGE_STOCK)
def show(request: StaffRequest, number: str) -> HttpResponse:
    """One list. A POST is the dry run with these columns."""
    batch = _batch(request, number)
    form = ColumnsForm(request.POST or None, batch=batch, version=batch.version)

    def check() -> Done:
        opening.dry_run(request.actor, batch.pk, form.columns)
        return Done(f"{_url(batch)}#rows")

    answer = submit(request, form, check) if request.method == "POST" else None
    return answer or page(request, "inventory/opening.html", _context(request, batch, form))


def _context(request: StaffRequest, batch: OpeningImport, form: ColumnsForm) -> dict[str, Any]:
    waiting = opening.undecided(batch).count()
    view = request.GET.get("show", "")
    if view not in OpeningVerdict.values:
        view = next((one for one in ("unknown", "differs", "refused") if batch.counts.get(one)), "ready")
    rows = batch.rows.filter(verdict=view).select_related("frame", "item")
    labels = known.labels()
    keys = by_key(rows, request.GET.get("after", ""), ("row_number",), SIZE)
    return {
        "batch": batch,
        "facts": six_facts(batch),
        "form": form,
        "view": view,
        "tabs": [
            ui.View(label, f"?show={code}#rows", batch.counts.get(code, 0), is_current=code == view)
            for code, label in OpeningVerdict.choices
            if batch.counts.get(code) or code == view
        ],
        "keys": keys,
        "lines": [(row, _said(row.problems, labels), _said(row.notes, labels)) for row in keys.rows],
        "sample": list(batch.rows.order_by("row_number").values_list("cells", flat=True)[:3]),
        "waiting": waiting,
        "to_write": opening.to_write(batch),
        "refused": batch.counts.get("refused", 0) + batch.counts.get("unknown", 0),
    }


def _said(problems: list[dict[str, str]], labels: Any) -> list[tuple[str, str, str]]:
    return [(labels.get(one["column"], one["column"]), one["value"], one["reason"]) for one in problems]


@require_POST
@staff_page(Can.MANAGE_STOCK)
def decide(request: StaffRequest, number: str) -> HttpResponse:
    """One row (`row`) or every undecided one where `choice` can be."""
    batch = _batch(request, number)
    row = request.POST.get("row", "")

    def save() -> Done:
        number = int(row) if row.isdecimal() else None
        decided = opening.decide(request.actor, batch.pk, request.POST.get("choice", ""), number)
        here = f"{_url(batch)}?show={request.POST.get('show', '')}#rows"
        return Done(here, "" if number else _("%(n)d rows decided") % {"n": decided})

    return act(request, save)


@require_POST
@staff_page(Can.MANAGE_STOCK)
def apply(request: StaffRequest, number: str) -> HttpResponse:
    batch = _batch(request, number)

    def write() -> Done:
        done = opening.apply(request.actor, batch.pk)
        return Done(_url(batch), _("%(rows)d frames booked") % {"rows": done.counts["written"]})

    return act(request, write)


@staff_page(Can.MANAGE_STOCK)
def take_back(request: StaffRequest, number: str) -> HttpResponse:
    batch = _batch(request, number)
    form = TakeBackForm(request.POST or None, version=batch.version)

    def undo() -> Done:
        opening.take_back(request.actor, batch.pk, form.values["reason"])
        return Done(_url(batch), _("Opening stock taken back"))

    context = {"batch": batch, "form": form}
    return submit(request, form, undo) or page(request, "inventory/opening_back.html", context)


@require_POST
@staff_page(Can.MANAGE_STOCK)
def discard(request: StaffRequest, number: str) -> HttpResponse:
    batch = _batch(request, number)

    def give_up() -> Done:
        opening.discard(request.actor, batch.pk)
        return Done(reverse("inventory:openings"), _("Import discarded"))

    return act(request, give_up)


@require_GET
@staff_page(Can.MANAGE_STOCK)
def refused(request: StaffRequest, number: str) -> HttpResponseBase:
    """Rows that stay out, as the file had them, with the reason in a last column: mend, and import again."""
    batch = _batch(request, number)
    rows = OpeningRow.objects.filter(batch=batch, verdict__in=[OpeningVerdict.REFUSED, OpeningVerdict.UNKNOWN])
    rows = rows.exclude(decision="make")
    return csv_file(f"{batch.number}-refused.csv", refused_rows(batch, rows, known.labels()))


@require_GET
@staff_page(Can.MANAGE_STOCK)
def sample(request: StaffRequest) -> HttpResponse:
    """A short list with our headings and three rows."""
    return sample_file("opening-stock-sample.csv", known.SAMPLE)
