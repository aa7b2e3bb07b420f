"""The page of one job and its short verbs."""

from collections.abc import Callable

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from branches import palette
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.forms import Form
from core.states import Words
from core.views import Done, act, next_url, page, submit
from labjobs.forms.board import MoveForm, ReasonForm
from labjobs.models import Job
from labjobs.selectors.board import STAGE_WORDS
from labjobs.selectors.finding import job_of
from labjobs.selectors.page import job_page
from labjobs.services import jobs, renewal, returns
from orders.viewer import Viewer


def back(job: Job) -> str:
    return reverse("labjobs:job", args=[job.number])


def name_of(job: Job) -> str:
    return job.tray.code if job.tray else job.number


@staff_page(Can.VIEW_JOBS)
def show(request: StaffRequest, number: str) -> HttpResponse:
    job = job_of(request.scope, number)
    palette.visited(request, f"{name_of(job)}, {job.order.customer.full_name}", back(job), "lab")
    return page(request, "labjobs/job.html", job_page(job, Viewer(request.actor, request.scope)))


@require_POST
@staff_page(Can.VIEW_JOBS)
def advance(request: StaffRequest, number: str) -> HttpResponse:
    job = job_of(request.scope, number)

    def done() -> Done:
        moved = jobs.advance(request.actor, job.pk, "key")
        words = {"tray": name_of(job), "stage": STAGE_WORDS[moved.stage]}
        toast = _("%(tray)s is ready in the shop") if moved.state == "ready" else _("%(tray)s is at %(stage)s")
        return Done(next_url(request, back(job)), toast % words)

    return act(request, done)


@staff_page(Can.ADVANCE_JOBS)
def move(request: StaffRequest, number: str) -> HttpResponse:
    """To any stage of the way; the way without script and for whoever does not know the keys."""
    job = job_of(request.scope, number)
    form = MoveForm(request.POST or None, job=job)

    def save() -> Done:
        moved = jobs.move(request.actor, job.pk, form.values["stage"], form.values["reason"])
        words = {"tray": name_of(job), "stage": STAGE_WORDS[moved.stage]}
        return Done(next_url(request, reverse("labjobs:board")), _("%(tray)s is at %(stage)s") % words)

    context = {"job": job, "form": form, "title": _("Move %(tray)s") % {"tray": name_of(job)}, "verb": _("Move")}
    return submit(request, form, save) or page(request, "labjobs/verb.html", context)


Verb = Callable[[StaffRequest, Job, str], object]


def _with_reason(
    can: str, verb: Verb, title: Words, button: Words, toast: Words, explained: Words = ""
) -> Callable[..., HttpResponseBase]:
    """A verb that asks for a reason and nothing else."""

    @staff_page(can)
    def view(request: StaffRequest, number: str) -> HttpResponse:
        job = job_of(request.scope, number)
        form: Form = ReasonForm(request.POST or None)

        def save() -> Done:
            verb(request, job, form.values["reason"])
            return Done(back(job), str(toast))

        context = {
            "job": job,
            "form": form,
            "title": f"{title}: {name_of(job)}",
            "verb": button,
            "explained": explained,
        }
        return submit(request, form, save) or page(request, "labjobs/verb.html", context)

    return view


hold = _with_reason(
    Can.ADVANCE_JOBS,
    lambda request, job, reason: jobs.hold(request.actor, job.pk, reason),
    gettext_lazy("Put on hold"),
    gettext_lazy("Put on hold"),
    gettext_lazy("On hold"),
    gettext_lazy("The job stops where it stands. Everybody who opens it reads why."),
)
resume = _with_reason(
    Can.ADVANCE_JOBS,
    lambda request, job, reason: jobs.resume(request.actor, job.pk, reason),
    gettext_lazy("Let it go on"),
    gettext_lazy("Let it go on"),
    gettext_lazy("Going on"),
)
cancel = _with_reason(
    Can.RELEASE_JOBS,
    lambda request, job, reason: jobs.cancel(request.actor, job.pk, reason),
    gettext_lazy("Take back from the laboratory"),
    gettext_lazy("Cancel the job"),
    gettext_lazy("Job cancelled"),
    gettext_lazy("The tray is free again and the order is confirmed as before, to be released anew or cancelled."),
)
renew = _with_reason(
    Can.RELEASE_JOBS,
    lambda request, job, reason: renewal.renew(request.actor, job.pk, reason),
    gettext_lazy("Make with the new values"),
    gettext_lazy("Make with the new values"),
    gettext_lazy("The new values are in the job"),
    gettext_lazy("The job takes the values that are approved now and starts again at the first stage."),
)
send_back = _with_reason(
    Can.RECORD_FITTINGS,
    lambda request, job, reason: returns.send_back(request.actor, job.pk, reason),
    gettext_lazy("Send back to the laboratory"),
    gettext_lazy("Send back"),
    gettext_lazy("Back in the laboratory"),
)
