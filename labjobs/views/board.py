"""The laboratory board, its list, the scan that advances, and one new date for several jobs."""

from datetime import date

from django.http import HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from branches.access import allowed
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import DomainError
from core.views import Done, act, next_url, page, submit
from labjobs.forms.board import NewDateForm, ScanForm
from labjobs.models import Job
from labjobs.selectors import board as boards
from labjobs.selectors import finding, freshness
from labjobs.services import jobs
from orders.repromise import CAUSES
from orders.resting_order import coming_before


@staff_page(Can.VIEW_JOBS)
def board(request: StaffRequest) -> HttpResponse:
    """Columns by stage, or the same rows as a table. Asked again with the tag of what is shown, it says "as it was"."""
    tag = freshness.tag_of(request)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    filters = boards.read(request.GET, request.scope, request.branches)
    found = boards.board(request.scope, filters, timezone.now())
    context = {
        "board": found,
        "filters": filters,
        "scan": ScanForm(auto_id="scan_%s"),
        "list_url": filters.url(view="list"),
        "board_url": filters.url(view="", stage=""),
        "branch_choices": request.branches,
        "designs": boards.DESIGN_CHOICES,
        "may_move": allowed(request.actor, Can.ADVANCE_JOBS, request.branch.pk),
        "may_repromise": allowed(request.actor, Can.REPROMISE_JOBS, request.branch.pk),
    }
    answer = page(request, "labjobs/board.html", context, partial="jobs")
    answer["ETag"] = tag
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@staff_page(Can.VIEW_JOBS)
def scan(request: StaffRequest) -> HttpResponse:
    """A scanned tray goes one stage on; at the quality check it opens the check, when ready the hand-over."""
    form = ScanForm(request.POST or None)

    def save() -> Done:
        job = finding.scanned(request.scope, form.values["code"])
        if job is None:
            message = _("“%(code)s” is no tray, job or order that is open here.") % {"code": form.values["code"]}
            raise DomainError(message, fields={"code": message}, code="unknown_code")
        return after_scan(request, job)

    return submit(request, form, save) or page(request, "labjobs/scan.html", {"form": form})


def after_scan(request: StaffRequest, job: Job) -> Done:
    """What scanning a tray means where it stands."""
    if job.stage == "quality":
        return Done(reverse("labjobs:quality", args=[job.number]))
    if job.state == "ready":
        return Done(reverse("labjobs:collect", args=[job.order.number]))
    moved = jobs.advance(request.actor, job.pk, "scan")
    words = {"tray": job.tray.code if job.tray else job.number, "stage": boards.STAGE_WORDS[moved.stage]}
    if moved.state == "ready":
        return Done(next_url(request, reverse("labjobs:board")), _("%(tray)s is ready in the shop") % words)
    if moved.state == "passed":
        return Done(next_url(request, reverse("labjobs:board")), _("%(tray)s is on its way to the shop") % words)
    url = reverse("labjobs:quality", args=[job.number]) if moved.stage == "quality" else reverse("labjobs:board")
    return Done(next_url(request, url), _("%(tray)s is at %(stage)s") % words)


@require_POST
@staff_page(Can.REPROMISE_JOBS)
def new_date(request: StaffRequest) -> HttpResponse:
    """One new date with its cause for the jobs ticked: first the form with what each customer will read, then done."""
    picked = _picked(request)
    asked = "new_date" in request.POST
    form = NewDateForm(request.POST if asked else None)

    def save() -> Done:
        values = form.values
        moved = jobs.repromise(
            request.actor, [job.pk for job in picked], values["new_date"], values["cause"], values["reason"]
        )
        count = len(moved)
        toast = ngettext("%(n)d job promised anew", "%(n)d jobs promised anew", count) % {"n": count}
        return Done(next_url(request, reverse("labjobs:board")), toast)

    if asked and picked:
        done = submit(request, form, save)
        if done:
            return done
    affected = coming_before([job.order for job in picked], form.typed_date, request.scope)
    context = {"form": form, "picked": picked, "causes": dict(CAUSES), "preview": _preview(form), "affected": affected}
    return page(request, "labjobs/new_date.html", context, status=200 if picked else 422)


def _picked(request: StaffRequest) -> list[Job]:
    """The ticked jobs of the scope; a number that is not visible is not there."""
    numbers = request.POST.getlist("pick")[:200]
    found = finding.jobs_for(request.scope).filter(number__in=numbers)
    return list(found.select_related("order__customer", "tray", "branch").order_by("promised_on", "pk"))


def _preview(form: NewDateForm) -> tuple[date | None, str]:
    """The date and the reason as typed so far, for the notice each customer will get."""
    if not form.is_bound:
        return None, ""
    form.is_valid()
    return form.cleaned_data.get("new_date"), form.cleaned_data.get("reason", "")


@require_POST
@staff_page(Can.VIEW_JOBS)
def move_by_key(request: StaffRequest) -> HttpResponse:
    """`m` and the stage's key on a card: the number and the stage in one form."""

    def done() -> Done:
        job = finding.job_of(request.scope, request.POST.get("job", ""))
        moved = jobs.move(request.actor, job.pk, request.POST.get("stage", ""), request.POST.get("reason", ""), "key")
        words = {"tray": job.tray.code if job.tray else job.number, "stage": boards.STAGE_WORDS[moved.stage]}
        return Done(next_url(request, reverse("labjobs:board")), _("%(tray)s is at %(stage)s") % words)

    return act(request, done)
