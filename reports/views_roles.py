"""Targets, and the dashboards of one's own work."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.middleware import StaffRequest
from branches.models import Branch
from branches.pages import staff_page
from branches.roles import Can
from core import ui
from core.views import Done, page, submit
from reports import asking, figures, listing, periods, roles, rows_page, selectors
from reports.forms_measures import RebuildForm, TargetForm
from reports.listing import Behind
from reports.measures import get
from reports.periods import Period
from reports.roles import Own
from reports.services import backfill, targets
from reports.services.targets import TargetData


@staff_page(Can.VIEW_MEASURES)
def target(request: StaffRequest, code: str) -> HttpResponse:
    """What is aimed at, since when and by whom; a new target from a day on."""
    measure, today, asked = get(code), timezone.localdate(), asking.of(request)
    held = access.branches_with(request.actor, Can.MANAGE_SETTINGS)
    mine = [branch for branch in request.branches if None in held or branch.pk in held]
    initial = {"branch": str((asked.branch or request.branch).pk), "begins_on": today}
    form = TargetForm(request.POST or None, initial=initial, measure=measure, branches=mine, everywhere=None in held)

    def save() -> Done:
        values = form.values
        data = TargetData(measure.code, form.branch_id, values["value"], values["begins_on"])
        targets.set_target(request.actor, data, today)
        return Done(asked.url("target", measure.code), _("Target set"))

    context = {
        "measure": measure,
        "form": form if mine else None,
        "history": [
            (row, figures.text(measure, row.value)) for row in selectors.target_history(measure, asked.reach_ids)
        ],
        "up": asked.url("measure", measure.code),
    }
    return submit(request, form, save) or page(request, "reports/target.html", context)


@staff_page(Can.MANAGE_SETTINGS)
def rebuild(request: StaffRequest) -> HttpResponse:
    """Ask for a rebuild, and see how far it is."""
    held = access.branches_with(request.actor, Can.MANAGE_SETTINGS)
    mine = [branch for branch in (*request.branches, *request.closed_branches) if None in held or branch.pk in held]
    form = RebuildForm(request.POST or None, branches=mine, everywhere=None in held)

    def save() -> Done:
        backfill.ask(request.actor, form.branch_id)
        return Done(asking.address("rebuild", {}), _("The figures are being counted anew"))

    runs = backfill.recent([branch.pk for branch in mine], everywhere=None in held)
    names = {branch.pk: branch.label for branch in mine}
    context = {
        "form": form,
        "runs": [{"job": job, "where": names.get(job.payload.get("branch"), _("Every branch"))} for job in runs],
        "is_running": any(job.state in backfill.UNDER_WAY for job in runs),
        "fresh": selectors.freshness(),
    }
    return submit(request, form, save) or page(request, "reports/rebuild.html", context, partial="runs")


@staff_page(Can.SIGN_PRESCRIPTIONS)
def mine(request: StaffRequest) -> HttpResponse:
    """The optometrist's own figures beside those of everybody in the same branches."""
    return _own_page(request, _optometrist(request), "mine", _("My figures"))


@staff_page(Can.SIGN_PRESCRIPTIONS)
def mine_rows(request: StaffRequest, code: str) -> HttpResponse:
    """The records behind one of one's own figures."""
    return _own_rows(request, _optometrist(request), code, "mine")


def _optometrist(request: StaffRequest) -> Own:
    return roles.optometrist(request.actor, [branch.pk for branch in (*request.branches, *request.closed_branches)])


@staff_page(Can.ADVANCE_JOBS)
def lab(request: StaffRequest) -> HttpResponse:
    """The figures of the laboratory one works in, for every branch it works for."""
    labs = roles.laboratories(request.actor)
    if not labs:
        return page(request, "reports/own.html", {"title": _("Laboratory figures"), "cards": [], "periods": []})
    own = roles.laboratory(labs, request.GET.get("lab", ""), _every_branch())
    views = [
        ui.View(lab.name, asking.address("lab", {"lab": lab.code}), is_current=lab.name == own.name) for lab in labs
    ]
    return _own_page(request, own, "lab", _("Laboratory figures"), views if len(views) > 1 else [])


@staff_page(Can.ADVANCE_JOBS)
def lab_rows(request: StaffRequest, lab_code: str, code: str) -> HttpResponse:
    """The records behind a laboratory's figure."""
    own = roles.laboratory(roles.laboratories(request.actor), lab_code, _every_branch())
    return _own_rows(request, own, code, "lab")


def _every_branch() -> list[int]:
    return list(Branch.objects.values_list("pk", flat=True))


def _period(request: StaffRequest) -> Period:
    asked = request.GET
    return periods.chosen(asked.get("period", ""), asked.get("from", ""), asked.get("to", ""), timezone.localdate())


def _own_page(
    request: StaffRequest, own: Own, name: str, title: str, views: list[ui.View] | None = None
) -> HttpResponse:
    period = _period(request)
    keep = {"lab": request.GET.get("lab", "")} if name == "lab" else {}
    query = asking.address("", {"period": period.kind} if period.kind != periods.DEFAULT else {}).lstrip("?")
    context: dict[str, Any] = {
        "title": title,
        "own": own,
        "views": views or [],
        "cards": roles.cards(own, period, query),
        "period": period,
        "periods": [
            ui.View(label, asking.address(name, {**keep, "period": kind}), is_current=kind == period.kind)
            for kind, label in periods.KINDS
        ],
        "fresh": selectors.freshness(),
    }
    return page(request, "reports/own.html", context)


def _own_rows(request: StaffRequest, own: Own, code: str, up: str) -> HttpResponse:
    measure, period = get(code), _period(request)
    key = own.keys.get(code)
    behind = Behind(measure, own.branch_ids if key else [], period, key or "", own.value, weighed_only=False)
    shown = listing.page(behind, request.GET.get("after", ""))
    names = {branch.pk: branch.label for branch in Branch.objects.only("name", "is_active")}
    columns = rows_page.columns(measure, key or "")
    context = {
        "measure": measure,
        "title": own.name,
        "up": asking.address(up, {"period": period.kind}),
        "page": shown,
        "columns": columns,
        "lines": rows_page.lines(measure, shown.rows, columns, names),
        "period": period,
    }
    return page(request, "reports/own_rows.html", context)
