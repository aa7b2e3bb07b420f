"""Settings: close a branch, and open it again."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from branches import closing, selectors
from branches.access import allowed
from branches.forms import ReasonForm
from branches.middleware import StaffRequest
from branches.models import Branch
from branches.pages import staff_page
from branches.roles import Can
from branches.services import closing as verbs
from core.views import Done, page, submit


@staff_page(Can.MANAGE_SETTINGS)
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """What stands against it, item by item with its number and the way there; with nothing left, the reason is asked for."""
    row = selectors.manageable_branch(request.actor, Can.MANAGE_SETTINGS, pk)
    form = ReasonForm(request.POST or None)

    def save() -> Done:
        verbs.close(pk, reason=form.values["reason"], actor=request.actor)
        return Done(reverse("branches:branches"), _("%(branch)s is closed") % {"branch": row.name})

    if answer := submit(request, form, save):
        return answer
    if not row.is_active and not form.is_bound:
        return redirect("branches:branch", pk)
    shown = {"form": form, "row": row, "standing": _standing(request, row)}
    return page(request, "branches/close.html", shown)


@staff_page(Can.MANAGE_SETTINGS)
def open_again(request: StaffRequest, pk: int) -> HttpResponse:
    row = selectors.manageable_branch(request.actor, Can.MANAGE_SETTINGS, pk)
    form = ReasonForm(request.POST or None)

    def save() -> Done:
        verbs.open_again(pk, reason=form.values["reason"], actor=request.actor)
        return Done(reverse("branches:branch", args=[pk]), _("%(branch)s is open again") % {"branch": row.name})

    if answer := submit(request, form, save):
        return answer
    if row.is_active and not form.is_bound:
        return redirect("branches:branch", pk)
    return page(request, "branches/open_again.html", {"form": form, "row": row})


def _standing(request: StaffRequest, branch: Branch) -> list[tuple[closing.Obstacle, int, str]]:
    """With the address where this person may open it, else none."""
    return [
        (one, number, one.url(branch) if allowed(request.actor, one.can, branch.pk) else "")
        for one, number in closing.standing(branch)
    ]
