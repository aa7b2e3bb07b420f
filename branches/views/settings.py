"""Settings: the practice, its branches, shared computers; other apps list their own pages here."""

from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches import first_steps as first_step_list
from branches import selectors
from branches.context import visible
from branches.desk import DESK_COOKIE, YEAR_SECONDS, desk_of
from branches.forms import BranchForm, DeskForm, OrganisationForm
from branches.middleware import StaffRequest
from branches.models import Organisation
from branches.pages import staff_page
from branches.roles import Can
from branches.services import desks, organisation
from core.views import Done, act, page, submit


@staff_page()
def index(request: StaffRequest) -> HttpResponse:
    """Every settings page this person reaches."""
    return page(request, "branches/settings.html", {"pages": visible(request.actor, "settings")})


@staff_page(Can.MANAGE_SETTINGS)
def first_steps(request: StaffRequest) -> HttpResponse:
    """What this branch needs before its first customer, ticked from the data."""
    steps = first_step_list.standing(request.actor, request.branch)
    done = sum(is_done for _step, is_done in steps)
    return page(request, "branches/first_steps.html", {"steps": steps, "done": done})


@staff_page(Can.MANAGE_SETTINGS)
def practice(request: StaffRequest) -> HttpResponse:
    row = Organisation.objects.get()
    initial = model_to_dict(row, organisation.ORGANISATION_FIELDS)
    form = OrganisationForm(request.POST or None, initial=initial, edits=row)

    def save() -> Done:
        organisation.change_organisation(form.values, version=form.version, actor=request.actor)
        return Done(reverse("branches:practice"), _("Practice saved"))

    shown = {"form": form, "title": _("Practice"), "row": row}
    return submit(request, form, save) or page(request, "branches/practice.html", shown)


@staff_page(Can.MANAGE_SETTINGS)
def branches(request: StaffRequest) -> HttpResponse:
    rows = selectors.manageable_branches(request.actor, Can.MANAGE_SETTINGS).order_by("-is_active", "name")
    return page(request, "branches/branches.html", {"rows": rows})


@staff_page(Can.MANAGE_SETTINGS)
def branch(request: StaffRequest, pk: int) -> HttpResponse:
    row = selectors.manageable_branch(request.actor, Can.MANAGE_SETTINGS, pk)
    form = BranchForm(request.POST or None, initial=model_to_dict(row), edits=row)

    def save() -> Done:
        organisation.change_branch(pk, form.values, version=form.version, actor=request.actor)
        return Done(reverse("branches:branch", args=[pk]), _("Branch saved"))

    shown = {"form": form, "title": row.name, "row": row, "changes": selectors.branch_changes(row)}
    return submit(request, form, save) or page(request, "branches/branch.html", shown)


@staff_page(Can.MANAGE_SETTINGS)
def add_branch(request: StaffRequest) -> HttpResponse:
    form = BranchForm(request.POST or None, initial=model_to_dict(request.branch, BRANCH_DEFAULTS))

    def save() -> Done:
        row = organisation.add_branch(form.values, actor=request.actor)
        return Done(reverse("branches:branch", args=[row.pk]), _("Branch opened"))

    return submit(request, form, save) or page(
        request, "branches/branch.html", {"form": form, "title": _("New branch")}
    )


BRANCH_DEFAULTS = (
    "country", "time_zone", "tax_percent", "prices_include_tax", "deposit_percent", "quote_valid_days", "opening_hours"
)  # fmt: skip


@staff_page(Can.MANAGE_STAFF)
def computers(request: StaffRequest) -> HttpResponse:
    """Shared computers: which are enrolled, and a form for this one."""
    form = DeskForm(request.POST or None)
    token = ""

    def save() -> Done:
        nonlocal token
        _desk, token = desks.enrol(request.branch.pk, form.values["name"], actor=request.actor, at=timezone.now())
        return Done(reverse("branches:computers"), _("PINs work on this computer from now on"))

    if answer := submit(request, form, save):
        if token:
            answer.set_cookie(
                DESK_COOKIE, token, max_age=YEAR_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure()
            )
        return answer
    shown = {"form": form, "desks": selectors.desks(request.actor), "this": desk_of(request)}
    return page(request, "branches/computers.html", shown)


@require_POST
@staff_page(Can.MANAGE_STAFF)
def retire_computer(request: StaffRequest, pk: int) -> HttpResponse:
    def retire() -> Done:
        desk = desks.retire(pk, actor=request.actor, at=timezone.now())
        return Done(reverse("branches:computers"), _("PINs no longer work on %(desk)s") % {"desk": desk.name})

    return act(request, retire)
