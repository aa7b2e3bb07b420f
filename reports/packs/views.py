"""Month-end packs: the list, asking for one, its page and its two files."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.models import Branch
from branches.pages import staff_page
from branches.roles import Can
from core import jobs
from core.errors import DomainError, NotVisible
from core.formats import dated
from core.forms import Form
from core.models import Job, JobState
from core.paging import by_key
from core.views import Done, act, page, submit
from records import events
from reports.models import Pack
from reports.packs import making

GROUP = "group"
FILES = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class AskForm(Form):
    """Which month of which branch."""

    place = forms.ChoiceField(label=gettext_lazy("For"))
    month = forms.ChoiceField(label=gettext_lazy("Month"))

    def __init__(self, *args: Any, places: list[Branch | None], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(one.pk), one.label) if one else (GROUP, _("The whole practice")) for one in places]
        self._offer("place", names)
        self._offer("month", [(f"{first:%Y-%m-%d}", dated(first, "F Y")) for first in _months(today)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices


def _months(today: date) -> list[date]:
    """Last month first, then this one to date, then earlier ones."""
    first = today.replace(day=1)
    found = [first]
    for _n in range(making.MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(first)
    return [found[1], found[0], *found[2:]]


@staff_page(Can.VIEW_MEASURES)
def index(request: StaffRequest) -> HttpResponse:
    """All packs of one's branches, and the next one."""
    places = making.places(request.actor)
    form = AskForm(request.POST or None, places=places, today=timezone.localdate())

    def ask() -> Done:
        place = form.values["place"]
        branch_id = None if place == GROUP else int(place)
        pack = making.ask(request.actor, branch_id, date.fromisoformat(form.values["month"]))
        return Done(_url(pack), _("Under way. You can leave this page."))

    keys = by_key(making.visible(request.actor), request.GET.get("after", ""), ("-month", "-id"))
    context = {"form": form, "keys": keys, "may_ask": bool(places)}
    answer = submit(request, form, ask) if request.method == "POST" else None
    return answer or page(request, "reporting/packs.html", context)


def _url(pack: Pack) -> str:
    return reverse("reporting:pack", args=[pack.pk])


@staff_page(Can.VIEW_MEASURES)
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One pack: its head figures and files, or how far it is."""
    pack = making.pack_for(request.actor, pk)
    work = Job.objects.filter(key=pack.job_key).first()
    failed = not pack.is_ready and work is not None and work.state == JobState.DEAD
    context = {"pack": pack, "place": making.place_of(pack), "work": work, "failed": failed}
    answer = page(request, "reporting/pack.html", context)
    if not pack.is_ready and not failed:
        answer["Refresh"] = "3"
    return answer


@staff_page(Can.VIEW_MEASURES)
def file(request: StaffRequest, pk: int, kind: str) -> HttpResponseBase:
    """The PDF, shown; the workbook, to keep. Each opening is recorded."""
    pack = making.pack_for(request.actor, pk)
    if not pack.is_ready or kind not in FILES:
        raise NotVisible(_("Not found."), code="not_visible")
    data = {"month": f"{pack.month:%Y-%m}", "kind": kind}
    events.record("pack.opened", request.actor, events.Fact(pack, branch_id=pack.branch_id, data=data))
    stored = pack.pdf if kind == "pdf" else pack.workbook
    name = making.file_name(pack, kind)
    return FileResponse(stored.open("rb"), as_attachment=kind != "pdf", filename=name, content_type=FILES[kind])


@require_POST
@staff_page(Can.VIEW_MEASURES)
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    def again() -> Done:
        pack = making.pack_for(request.actor, pk)
        work = Job.objects.filter(key=pack.job_key).first()
        if work is None or not jobs.retry(work.pk):
            raise DomainError(_("There is nothing to try again."))
        return Done(_url(pack), _("Tried again"))

    return act(request, again)
