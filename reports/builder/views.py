"""Reports: the list, the builder with its preview, saving and sharing."""

import json
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can, Role
from core.errors import DomainError
from core.forms import Form
from core.states import Words
from core.views import Done, act, page, submit
from records import events
from reports.builder import preview, reading, ready_made, saving
from reports.datasets import querying
from reports.datasets.base import Dataset, Definition
from reports.exports import asking, opening
from reports.models import SavedReport, Sharing


@staff_page(Can.VIEW_MEASURES)
def index(request: StaffRequest) -> HttpResponse:
    """Saved and ready-made reports, what new ones can be made of, and one's last files."""
    context = {
        "saved": saving.visible(request.actor),
        "ready": ready_made.for_actor(request.actor, ready_made.REPORTS),
        "datasets": querying.datasets_for(request.actor),
        "exports": opening.mine(request.actor).order_by("-pk")[:5],
        "may_audit": access.allowed(request.actor, Can.VIEW_AUDIT, request.actor.branch_id),
    }
    return page(request, "reporting/index.html", context)


@staff_page(Can.VIEW_MEASURES)
def build(request: StaffRequest, key: str) -> HttpResponse:
    """The builder: everything is in the address."""
    dataset = querying.dataset_for(request.actor, key)
    return show(request, Shown(dataset, reading.definition_of(dataset, request.GET), str(dataset.label)))


@staff_page(Can.VIEW_MEASURES)
def ready(request: StaffRequest, code: str) -> HttpResponse:
    """A report that comes with the product, run at once."""
    report = ready_made.find(request.actor, code)
    dataset = querying.dataset_for(request.actor, report.definition.dataset)
    return show(request, Shown(dataset, report.definition, str(report.label), hint=report.hint))


@staff_page(Can.VIEW_MEASURES)
def saved(request: StaffRequest, pk: int) -> HttpResponse:
    """A saved report, run at once."""
    report = saving.report_for(request.actor, pk)
    dataset = querying.dataset_for(request.actor, report.dataset)
    return show(request, Shown(dataset, Definition.of_json(report.definition), report.name, report))


@dataclass(frozen=True)
class Shown:
    """What a page of a report is about. `right` is the one under which it is looked at."""

    dataset: Dataset
    definition: Definition
    title: str
    report: SavedReport | None = None
    hint: Words = ""
    right: Can = Can.VIEW_MEASURES


def show(request: StaffRequest, what: Shown) -> HttpResponse:
    """The page of a report: filters, columns, groups, and the first rows."""
    dataset, definition, report = what.dataset, what.definition, what.report
    today = asking.today_in(request.branch)
    runnable = reading.ready_to_run(definition)
    errors: dict[str, str] = {}
    found = None
    try:
        query = querying.build(request.actor, runnable, today, what.right)
        found = preview.of(query, today)
        _tell(request, what, query)
    except DomainError as error:
        if not error.fields:
            raise
        errors = error.fields
    columns = querying.columns_for(request.actor, dataset)
    context: dict[str, Any] = {
        "dataset": dataset,
        "title": what.title,
        "hint": what.hint or dataset.hint,
        "is_audit": what.right == Can.VIEW_AUDIT,
        "report": report,
        "is_mine": report is not None and report.owner_id == request.user.pk,
        "definition": definition,
        "carried": json.dumps(runnable.as_json()),
        "filters": reading.rows(dataset, definition, errors),
        "errors": [text for name, text in errors.items() if not name.startswith("filter_")],
        "failed": bool(errors),
        "columns": columns,
        "groups": reading.group_choices(columns),
        "group_places": [*definition.groups, *[""] * (querying.MOST_GROUPS - len(definition.groups))],
        "preview": found,
        "may_export": access.allowed(request.actor, Can.EXPORT_DATA, request.actor.branch_id),
        "hides_personal": any(column.is_personal for column in dataset.columns)
        and not any(column.is_personal for column in columns),
        "address": reading.address_of(replace(definition, sort="")),
        "focus": _focus(request, definition),
    }
    return page(request, "reporting/build.html", context, status=422 if errors else 200)


def _tell(request: StaffRequest, what: Shown, query: querying.Query) -> None:
    """Personal data on the screen is recorded like personal data in a file: who, which columns, of what."""
    if query.personal:
        data = {
            "what": what.title,
            "dataset": what.dataset.key,
            "personal": query.personal,
            "conditions": [*map(str, query.said)],
        }
        events.record("report.shown", request.actor, events.Fact(request.branch, request.branch.pk, data=data))


def _focus(request: StaffRequest, definition: Definition) -> str:
    """Where the next key goes: into the filter that was just added, the choice of the next one, or the rows asked for."""
    asked = request.GET
    if asked.get("add") and definition.filters:
        return f"filter_{len(definition.filters) - 1}"
    if asked.get("drop") or (
        not asked.get("run") and request.resolver_match and request.resolver_match.url_name == "build"
    ):
        return "add"
    return "rows" if asked.get("run") else ""


class SaveForm(Form):
    """Name a report and say for whom it is."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput(attrs={"autofocus": True})
    )
    sharing = forms.ChoiceField(label=gettext_lazy("For"), choices=Sharing.choices, initial=Sharing.MINE)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Only these roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: every role that may see reports."),
    )
    definition = forms.JSONField(widget=forms.HiddenInput)


def _carried(text: str) -> Any:
    """The question as the address carries it; nothing where it cannot be read."""
    try:
        return json.loads(text)
    except ValueError:
        return None


@staff_page(Can.VIEW_MEASURES)
def save(request: StaffRequest) -> HttpResponse:
    """Keep the question under a name. The address carries it until it is saved."""
    report = saving.own(request.actor, request.GET.get("report", ""))
    initial: dict[str, Any] = {"definition": _carried(request.GET.get("definition", ""))}
    if report is not None:
        initial |= {"name": report.name, "sharing": report.sharing, "roles": report.roles}
    form = SaveForm(request.POST or None, initial=initial, edits=report)
    form.fields["definition"].widget = forms.HiddenInput()

    def keep() -> Done:
        values = form.values
        data = saving.ReportData(values["name"], values["definition"], values["sharing"], tuple(values["roles"]))
        kept = saving.keep(request.actor, data, report, form.version)
        return Done(reverse("reporting:saved", args=[kept.pk]), _("Report saved"))

    return submit(request, form, keep) or page(request, "reporting/save.html", {"form": form, "report": report})


@require_POST
@staff_page(Can.VIEW_MEASURES)
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    def drop() -> Done:
        saving.remove(request.actor, pk)
        return Done(reverse("reporting:index"), _("Report removed"))

    return act(request, drop)
