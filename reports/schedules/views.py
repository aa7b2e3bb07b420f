"""Scheduled reports: the list, one with its runs, making and changing it, its buttons."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from branches import access
from branches.middleware import StaffRequest
from branches.models import Branch
from branches.pages import staff_page
from branches.roles import Can
from core.errors import NotAllowed
from core.forms import Form
from core.paging import by_key
from core.views import Done, act, page, submit
from reports.builder import saving
from reports.datasets.base import Definition
from reports.exports import asking
from reports.models import Delivery, Every, ExportFormat, SavedReport, Schedule, ScheduleRun
from reports.schedules import keeping, people, running, words
from reports.schedules.keeping import ScheduleData
from reports.schedules.people import Reader


class ScheduleForm(Form):
    """When, as what, to whom."""

    every = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=Every.choices,
        initial=Every.WEEK,
        widget=forms.Select(attrs={"autofocus": True}),
    )
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Weekday"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        help_text=gettext_lazy("For every week."),
    )
    day = forms.IntegerField(
        label=gettext_lazy("Day of the month"),
        min_value=1,
        max_value=31,
        initial=1,
        help_text=gettext_lazy("For every month. 31 is the last day of each month."),
    )
    hour = forms.TypedChoiceField(
        label=gettext_lazy("At"), choices=[(hour, f"{hour:02d}:00") for hour in range(24)], coerce=int, initial=7
    )
    format = forms.ChoiceField(
        label=gettext_lazy("File"),
        choices=[(one.value, one.label) for one in asking.FORMATS],
        initial=ExportFormat.XLSX,
    )
    people = forms.TypedMultipleChoiceField(
        label=gettext_lazy("To"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("People who may see this data. Each gets the rows of their own branches."),
    )
    attach = forms.BooleanField(
        label=gettext_lazy("Attach the file when it is small"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Files with personal data are never attached; the link asks for the log-in."),
    )
    send_empty = forms.BooleanField(label=gettext_lazy("Send also when there are no rows"), required=False)

    def __init__(self, *args: Any, readers: list[Reader], zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hour"].help_text = _("By the clock of the branch (%(zone)s).") % {"zone": zone}
        cast(forms.ChoiceField, self.fields["people"]).choices = [
            (one.person.pk, _("%(person)s, %(branch)s") % {"person": one.person.full_name, "branch": one.branch.name})
            for one in readers
        ]

    @property
    def data_typed(self) -> ScheduleData:
        values = self.values
        return ScheduleData(
            values["every"], values["hour"], tuple(values["people"]), values["weekday"], values["day"],
            values["format"], values["attach"], values["send_empty"],
        )  # fmt: skip


def _form(request: StaffRequest, report: SavedReport, branch: Branch, schedule: Schedule | None = None) -> ScheduleForm:
    readers = people.readers(request.actor, Definition.of_json(report.definition), branch)
    initial: dict[str, Any] = {"people": [request.user.pk]}
    if schedule is not None:
        names = ("every", "weekday", "day", "hour", "format", "attach", "send_empty")
        initial = {name: getattr(schedule, name) for name in names}
        initial["people"] = [one.person_id for one in schedule.recipients.all()]
    return ScheduleForm(request.POST or None, initial=initial, edits=schedule, readers=readers, zone=branch.time_zone)


def _url(schedule: Schedule) -> str:
    return reverse("reporting:schedule", args=[schedule.pk])


@staff_page(Can.VIEW_MEASURES)
def index(request: StaffRequest) -> HttpResponse:
    """Every schedule one has to do with, soonest first."""
    found = keeping.visible(request.actor)
    last = running.last_of(found)
    rows = [{"schedule": one, "rhythm": words.rhythm(one), "last": last.get(one.pk)} for one in found]
    return page(request, "reporting/schedules.html", {"rows": rows})


@staff_page(Can.VIEW_MEASURES)
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One schedule: when next, to whom, and what became of each run."""
    schedule = keeping.schedule_for(request.actor, pk)
    may_change = people.may_change(request.actor, schedule)
    keys = by_key(schedule.runs.all(), request.GET.get("after", ""), ("-id",), size=20)
    told = _deliveries(request, keys.rows, may_change)
    runs = [{"run": run, "deliveries": told.get(run.pk, [])} for run in keys.rows]
    context = {
        "schedule": schedule,
        "rhythm": words.rhythm(schedule),
        "keys": keys,
        "runs": runs,
        "may_change": may_change,
        "is_reader": any(one.person_id == request.user.pk for one in schedule.recipients.all()),
        "owner_gone": not people.may_own(schedule),
        "is_late": schedule.next_at < timezone.now(),
    }
    return page(request, "reporting/schedule.html", context)


def _deliveries(
    request: StaffRequest, runs: Sequence[ScheduleRun], all_of_them: bool
) -> dict[int, list[dict[str, Any]]]:
    """By run: who changes the schedule sees everybody's outcome, a reader their own; a file is a link for its reader alone."""
    rows = Delivery.objects.filter(run__in=runs).select_related("person", "export").order_by("person__full_name")
    if not all_of_them:
        rows = rows.filter(person_id=request.user.pk)
    found: dict[int, list[dict[str, Any]]] = {}
    for one in rows:
        line = {"delivery": one, "said": words.outcome(one), "is_mine": one.person_id == request.user.pk}
        found.setdefault(one.run_id, []).append(line)
    return found


@staff_page(Can.EXPORT_DATA)
def new(request: StaffRequest, pk: int) -> HttpResponse:
    """Schedule a saved report."""
    report = saving.report_for(request.actor, pk)
    branch, _owner = asking.placed(request.actor)
    form = _form(request, report, branch)

    def keep() -> Done:
        return Done(_url(keeping.keep(request.actor, report, form.data_typed)), _("Scheduled"))

    context = {"form": form, "report": report}
    return submit(request, form, keep) or page(request, "reporting/schedule_form.html", context)


@staff_page(Can.VIEW_MEASURES)
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Another rhythm, file or people."""
    schedule = keeping.schedule_for(request.actor, pk)
    access.require(request.actor, Can.EXPORT_DATA, request.actor.branch_id)
    if not people.may_change(request.actor, schedule):
        raise NotAllowed(_("Only its owner or who runs the branch changes a schedule."), code="not_allowed")
    form = _form(request, schedule.report, schedule.branch, schedule)

    def save() -> Done:
        keeping.change(request.actor, schedule, form.data_typed, form.version)
        return Done(_url(schedule), _("Schedule changed"))

    context = {"form": form, "report": schedule.report, "schedule": schedule}
    return submit(request, form, save) or page(request, "reporting/schedule_form.html", context)


def _verb(
    action: Callable[[Any, int], object], toast: Callable[[], str], back: str = ""
) -> Callable[..., HttpResponseBase]:
    """A button on the page of a schedule; `back` names where it leads when the schedule is no longer there."""

    @require_POST
    @staff_page(Can.VIEW_MEASURES)
    def view(request: StaffRequest, pk: int) -> HttpResponse:
        def do() -> Done:
            action(request.actor, pk)
            return Done(reverse(back) if back else reverse("reporting:schedule", args=[pk]), toast())

        return act(request, do)

    return view


pause = _verb(keeping.pause, lambda: _("Paused"))
resume = _verb(keeping.resume, lambda: _("Goes out again"))
send = _verb(running.start_now, lambda: _("Under way. You can leave this page."))
leave = _verb(keeping.leave, lambda: _("You get no more of it"), "reporting:schedules")
remove = _verb(keeping.remove, lambda: _("Schedule removed"), "reporting:schedules")
