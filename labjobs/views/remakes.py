"""Ask for a remake, reglaze or repair; approve or refuse it."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.views import Done, page, submit
from customers.page import identity
from labjobs.forms.board import ReasonForm
from labjobs.forms.remake import RemakeForm
from labjobs.selectors import remakes as selectors
from labjobs.selectors.finding import job_of
from labjobs.selectors.page import may
from labjobs.services import remakes
from orders.viewer import Viewer


@staff_page(Can.VIEW_JOBS)
def ask(request: StaffRequest, number: str) -> HttpResponse:
    """The original on the left, what would be made now on the right, differences marked."""
    job = job_of(request.scope, number)
    lens_cost = selectors.usual_cost(job)
    form = RemakeForm(request.POST or None, initial={"lenses": lens_cost, "eyes": job.eyes})

    def save() -> Done:
        made = remakes.request(request.actor, form.data_for(job.pk))
        return Done(reverse("labjobs:remake_page", args=[made.number]), _("Asked for; somebody else approves it"))

    context = {
        "job": job,
        "form": form,
        "banner": identity(job.order.customer),
        **selectors.comparison(job),
        "warranties": selectors.warranties_of(job),
    }
    return submit(request, form, save) or page(request, "labjobs/remake_ask.html", context)


@staff_page(Can.VIEW_JOBS)
def show(request: StaffRequest, number: str) -> HttpResponse:
    """What was asked for, what it costs, what the warranty says, and who decides."""
    found = selectors.remake_of(request.scope, number)
    viewer = Viewer(request.actor, request.scope)
    waiting = found.state == "requested"
    decide = waiting and may(viewer, found.job, Can.APPROVE_REMAKES) and found.requested_by_id != request.actor.user_id
    context = {
        "remake": found,
        "job": found.job,
        "banner": identity(found.order.customer),
        **selectors.words_of(found),
        "may_decide": decide,
        "is_own": waiting and found.requested_by_id == request.actor.user_id,
    }
    return page(request, "labjobs/remake.html", context)


@staff_page(Can.APPROVE_REMAKES)
def decide(request: StaffRequest, number: str) -> HttpResponse:
    """The second person's word."""
    found = selectors.remake_of(request.scope, number)
    form = ReasonForm(request.POST or None)
    if "refuse" not in request.POST:
        form.fields["reason"].required = False

    def save() -> Done:
        if "refuse" in request.POST:
            remakes.refuse(request.actor, found.pk, form.values["reason"])
            return Done(reverse("labjobs:remake_page", args=[number]), _("Refused"))
        done = remakes.approve(request.actor, found.pk, form.values["reason"])
        new = done.new_job.number if done.new_job else ""
        return Done(reverse("labjobs:job", args=[new]), _("Approved; the new job is %(number)s") % {"number": new})

    context = {"remake": found, "form": form, "job": found.job, **selectors.words_of(found)}
    return submit(request, form, save) or page(request, "labjobs/remake_decide.html", context)
