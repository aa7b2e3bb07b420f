"""Paper and files of a job: ticket, laboratory file, verification powers, and how it goes at an outside laboratory."""

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import DomainError, NotVisible
from core.views import Done, act, page, submit
from labjobs import documents
from labjobs.forms.files import FileForm, ReferenceForm
from labjobs.selectors.finding import job_of, lab_of, open_jobs_of
from labjobs.services import labfiles, tickets
from labjobs.views.jobs import back, name_of
from orders.services import papers
from orders.views.bulk import picked_orders
from records import looks


@staff_page(Can.VIEW_JOBS)
def ticket(request: StaffRequest, number: str) -> HttpResponse:
    """The ticket on screen, to be printed from the browser."""
    job = job_of(request.scope, number)
    return HttpResponse(documents.html(job, request.actor.name, _size(request)))


@staff_page(Can.VIEW_JOBS)
def ticket_pdf(request: StaffRequest, number: str) -> HttpResponseBase:
    """The PDF when it is made; until then a page that says so and looks again by itself."""
    job = job_of(request.scope, number)
    asked = tickets.ask(request.actor, job, _size(request))
    if asked.is_ready:
        return FileResponse(asked.file.open("rb"), content_type="application/pdf", filename=f"{job.number}.pdf")
    if papers.has_failed(asked, tickets.JOB) and request.method == "POST":
        papers.try_again(asked, tickets.JOB)
    return page(
        request,
        "orders/paper.html",
        {"order": job.order, "paper": asked, "failed": papers.has_failed(asked, tickets.JOB)},
    )


@staff_page(Can.VIEW_JOBS)
def tickets_of(request: StaffRequest) -> HttpResponse:
    """The tickets of the orders selected in the list; what was not released has none and is left out."""
    found = open_jobs_of(request.scope, picked_orders(request))
    if not found:
        words = _("None of these orders is in the laboratory. A ticket is printed after the release.")
        raise DomainError(words, code="no_job")
    looks.also(request, looks.Seen("labjobs.job", "pk", [job.pk for job in found]))
    return HttpResponse(documents.sheets(found, request.actor.name))


def _size(request: StaffRequest) -> str:
    wanted = request.GET.get("size", "a6")
    if wanted not in documents.SIZES:
        raise NotVisible(_("Not found."), code="not_visible")
    return wanted


@staff_page(Can.VIEW_PRESCRIPTIONS)
def order_file(request: StaffRequest, number: str) -> HttpResponse:
    """The order by the laboratory's own profile, to be sent as it is agreed with them."""
    job = job_of(request.scope, number)
    file = labfiles.order_of(job)
    answer = HttpResponse(file.content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


@staff_page(Can.CHECK_QUALITY)
def verification(request: StaffRequest, number: str) -> HttpResponse:
    job = job_of(request.scope, number)
    form = FileForm(request.POST or None, request.FILES or None)

    def save() -> Done:
        labfiles.take_verification(request.actor, job.pk, form.content())
        return Done(reverse("labjobs:quality", args=[job.number]), _("The check is judged by these powers now"))

    explained = _(
        "The laboratory's file with the powers that the focimeter must show (INS… or LDDR…). Both stay on the check."
    )
    title = _("Verification powers: %(tray)s") % {"tray": name_of(job)}
    context = {
        "job": job,
        "form": form,
        "title": title,
        "verb": _("Take the powers"),
        "explained": explained,
        "has_file": True,
    }
    return submit(request, form, save) or page(request, "labjobs/verb.html", context)


@require_POST
@staff_page(Can.VIEW_JOBS)
def sent(request: StaffRequest, number: str) -> HttpResponse:
    job = job_of(request.scope, number)

    def done() -> Done:
        labfiles.sent(request.actor, job.pk)
        return Done(back(job), _("Marked as sent"))

    return act(request, done)


@staff_page(Can.VIEW_JOBS)
def acknowledged(request: StaffRequest, number: str) -> HttpResponse:
    job = job_of(request.scope, number)
    form = ReferenceForm(request.POST or None, initial={"reference": job.lab_reference})

    def save() -> Done:
        labfiles.acknowledged(request.actor, job.pk, form.values["reference"])
        return Done(back(job), _("Marked as acknowledged"))

    title = _("%(lab)s has it: %(tray)s") % {"lab": job.lab.name, "tray": name_of(job)}
    context = {"job": job, "form": form, "title": title, "verb": _("Mark as acknowledged")}
    return submit(request, form, save) or page(request, "labjobs/verb.html", context)


@require_POST
@staff_page(Can.VIEW_JOBS)
def shipped(request: StaffRequest, number: str) -> HttpResponse:
    job = job_of(request.scope, number)

    def done() -> Done:
        labfiles.shipped(request.actor, job.pk)
        return Done(back(job), _("Marked as sent back by the laboratory"))

    return act(request, done)


@staff_page(Can.ADVANCE_JOBS)
def status(request: StaffRequest, code: str) -> HttpResponse:
    """A laboratory's status message; what it means is the laboratory's table."""
    lab = lab_of(request.scope, code)
    form = FileForm(request.POST or None, request.FILES or None)

    def save() -> Done:
        taken = labfiles.take_status(request.actor, lab.pk, form.content())
        if taken.unknown:
            return Done(
                reverse("labjobs:board") + f"?lab={lab.code}",
                _("Kept. The code “%(code)s” is not explained yet; an administrator maps it.")
                % {"code": taken.unknown[0]},
            )
        said = _("They wait for us: the job is on hold") if taken.waiting else _("Status taken")
        return Done(reverse("labjobs:board") + f"?lab={lab.code}", said)

    title = _("Status message of %(lab)s") % {"lab": lab.name}
    return submit(request, form, save) or page(
        request, "labjobs/status.html", {"lab": lab, "form": form, "title": title}
    )
