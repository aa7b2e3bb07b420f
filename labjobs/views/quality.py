"""The quality check of one job: grid, verdict, rework, the second person's word, and the next tray."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.views import Done, act, page, submit
from customers.page import identity
from labjobs import inspection
from labjobs.forms.board import ReasonForm
from labjobs.forms.quality import QualityForm
from labjobs.models import Job, JobState, QualityCheck, Stage
from labjobs.selectors import board, checks, finding
from labjobs.selectors.cards import kind_of
from labjobs.selectors.page import may, promise
from labjobs.services import editions, quality
from labjobs.services.quality import CheckData
from orders.viewer import Viewer


@staff_page(Can.VIEW_JOBS)
def check(request: StaffRequest, number: str) -> HttpResponse:
    """What was ordered beside what is measured. After the verdict the same grid shows it."""
    job = finding.job_of(request.scope, number)
    edition = editions.default()
    rows = inspection.rows_of(inspection.bench_of(job.values, job.verification, job.eyes), editions.tables(edition))
    form = _form(request, job, rows)

    def save() -> Done:
        data = CheckData(
            job.pk, form.readings, frozenset(form.values["looks"]), form.values["instrument"], form.version
        )
        verdict = quality.check(request.actor, data)
        return Done(reverse("labjobs:quality", args=[job.number]), _("Passed") if verdict.check.passed else "")

    done = submit(request, form, save)
    if done:
        return done
    return page(request, "labjobs/quality.html", _context(request, job, form, rows))


def _form(request: StaffRequest, job: Job, rows: Sequence[inspection.Row]) -> QualityForm:
    initial: dict[str, Any] = {
        "looks": list(inspection.COSMETIC),
        "instrument": request.session.get("focimeter", "automatic"),
    }
    form = QualityForm(request.POST or None, rows=rows, version=job.version, initial=initial)
    if request.POST.get("instrument") in ("automatic", "manual"):
        request.session["focimeter"] = request.POST["instrument"]
    return form


def _context(request: StaffRequest, job: Job, form: QualityForm, rows: Sequence[inspection.Row]) -> dict[str, Any]:
    last = finding.check_of(job)
    at_bench = job.state == JobState.QUALITY
    again = job.state == JobState.REWORK and job.stage == Stage.QUALITY and "again" in request.GET
    measuring = at_bench or again or form.is_bound
    viewer = Viewer(request.actor, request.scope)
    shown = checks.for_entry(form, rows) if measuring else checks.for_verdict(last)
    badge, bench = promise(job), inspection.bench_of(job.values, job.verification, job.eyes)
    edition = last.edition if last and not measuring else editions.default()
    return {
        "job": job,
        "piece": _("tray %(code)s") % {"code": job.tray.code} if job.tray else job.number,
        "banner": identity(job.order.customer, [badge] if badge else []),
        "form": form,
        "check": None if measuring else last,
        "before": last if measuring else None,
        "groups": shown,
        "measuring": measuring,
        "has_targets": any(row.target for group in shown for row in group.rows),
        "lens": kind_of(job.values),
        "looks": [(word, last.cosmetic.get(code, True)) for code, word in inspection.COSMETIC.items()] if last else [],
        "may_check": may(viewer, job, Can.CHECK_QUALITY),
        "edition": editions.label(edition),
        "is_verified": edition.verified,
        "reasons": inspection.axis_reasons(bench, editions.tables(edition)),
        "lens_kinds": inspection.design_words(bench),
        "case": checks.case_of(job) if last and not last.passed else None,
        "verdict": checks.verdict_of(last) if last and not measuring else None,
        "skipped": bench.skipped,
        "next_tray": checks.next_tray(request.scope, job),
        "action": checks.action(job, last, viewer, measuring),
        "against": _("the laboratory's verification powers") if job.verification else _("ordered values"),
    }


@require_POST
@staff_page(Can.CHECK_QUALITY)
def rework(request: StaffRequest, number: str) -> HttpResponse:
    job = finding.job_of(request.scope, number)

    def done() -> Done:
        moved = quality.send_to_rework(request.actor, job.pk, request.POST.get("stage", ""))
        words = {"tray": job.tray.code if job.tray else job.number, "stage": board.STAGE_WORDS[moved.stage]}
        return Done(reverse("labjobs:board"), _("%(tray)s goes back to %(stage)s") % words)

    return act(request, done)


@staff_page(Can.OVERRIDE_QUALITY)
def override(request: StaffRequest, number: str) -> HttpResponse:
    """A second person reads what failed, says why it may leave, and answers for it."""
    job = finding.job_of(request.scope, number)
    last = finding.check_of(job)
    form = ReasonForm(request.POST or None)

    def save() -> Done:
        record: QualityCheck = quality.override(request.actor, last.pk if last else 0, form.values["reason"])
        return Done(
            reverse("labjobs:quality", args=[record.job.number]), _("Accepted; the failure stays on the record")
        )

    if last is None:
        return page(request, "labjobs/quality_none.html", {"job": job})
    context = {
        "job": job,
        "form": form,
        "check": last,
        "verdict": checks.verdict_of(last),
        "groups": checks.for_verdict(last),
        "title": _("Accept the failed check"),
        "verb": _("Accept as it is"),
    }
    return submit(request, form, save) or page(request, "labjobs/override.html", context)
