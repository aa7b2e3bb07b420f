"""Members of staff: who works here, in which role, since when and why."""

from collections.abc import Iterable
from typing import TypedDict

from allauth.account.forms import ResetPasswordForm
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches import access, selectors
from branches.forms import NewStaffForm, ReasonForm, RoleForm
from branches.middleware import StaffRequest
from branches.models import Branch, Membership
from branches.pages import staff_page
from branches.roles import Can
from branches.services import staff
from core import paging
from core.views import Done, act, page, submit


class Choices(TypedDict):
    """Where this person may give roles."""

    branches: Iterable[Branch]
    everywhere: bool


def _choices(request: StaffRequest) -> Choices:
    return {
        "branches": selectors.manageable_branches(request.actor, Can.MANAGE_STAFF).filter(is_active=True),
        "everywhere": None in access.branches_with(request.actor, Can.MANAGE_STAFF),
    }


@staff_page(Can.MANAGE_STAFF)
def index(request: StaffRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    people = paging.by_key(selectors.staff(request.actor, query), request.GET.get("after", ""), ("full_name", "id"))
    return page(request, "branches/staff.html", {"people": people, "query": query}, partial="rows")


@staff_page(Can.MANAGE_STAFF)
def add(request: StaffRequest) -> HttpResponse:
    form = NewStaffForm(request.POST or None, **_choices(request))

    def save() -> Done:
        values = form.values
        user = staff.add(
            values["email"], values["full_name"], role=values["role"], branch_id=form.branch_id,
            reason=values["reason"], password=values["password"], actor=request.actor,
        )  # fmt: skip
        return Done(reverse("branches:person", args=[user.pk]), _("%(name)s is added") % {"name": user.full_name})

    if answer := submit(request, form, save):
        if not form.values["password"]:
            _send_link(request, form.values["email"])
        return answer
    return page(request, "branches/staff_add.html", {"form": form})


@staff_page(Can.MANAGE_STAFF)
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """One member of staff: roles, history, and the form that gives another role."""
    user = selectors.person(request.actor, pk)
    form = RoleForm(request.POST or None, **_choices(request))

    def save() -> Done:
        staff.give_role(pk, form.values["role"], form.branch_id, reason=form.values["reason"], actor=request.actor)
        return Done(reverse("branches:person", args=[pk]), _("Role given"))

    return submit(request, form, save) or page(
        request,
        "branches/person.html",
        {
            "person": user,
            "memberships": user.memberships.select_related("branch").order_by("branch__name", "role"),
            "changes": selectors.role_changes(user),
            "form": form,
            "is_self": user.pk == request.user.pk,
        },
    )


@staff_page(Can.MANAGE_STAFF)
def take_role(request: StaffRequest, pk: int, membership: int) -> HttpResponse:
    """Asks for the reason, then takes the role away."""
    user = selectors.person(request.actor, pk)
    held = user.memberships.select_related("branch").filter(pk=membership).first()
    form = ReasonForm(request.POST or None)

    def save() -> Done:
        staff.take_role(membership, reason=form.values["reason"], actor=request.actor)
        return Done(reverse("branches:person", args=[pk]), _("Role taken away"))

    title = _("Take a role from %(name)s") % {"name": user.full_name}
    shown = {"form": form, "person": user, "title": title, "verb": _("Take the role away"), "lede": _held(held)}
    return submit(request, form, save) or page(request, "branches/person_reason.html", shown)


@staff_page(Can.MANAGE_STAFF)
def switch(request: StaffRequest, pk: int) -> HttpResponse:
    """Switch the account off or on, with a reason."""
    user = selectors.person(request.actor, pk)
    form = ReasonForm(request.POST or None)

    def save() -> Done:
        staff.switch(pk, active=not user.is_active, reason=form.values["reason"], actor=request.actor)
        return Done(reverse("branches:person", args=[pk]), _("Account switched"))

    verb = _("Switch the account off") if user.is_active else _("Switch the account on")
    lede = (
        _("Signed out with the next click and cannot sign in again. Everything recorded stays.")
        if user.is_active
        else ""
    )
    shown = {"form": form, "person": user, "title": f"{verb}: {user.full_name}", "verb": verb, "lede": lede}
    return submit(request, form, save) or page(request, "branches/person_reason.html", shown)


@require_POST
@staff_page(Can.MANAGE_STAFF)
def send_link(request: StaffRequest, pk: int) -> HttpResponse:
    """E-mail a link with which the person sets a password."""
    user = selectors.person(request.actor, pk)

    def send() -> Done:
        _send_link(request, user.email)
        return Done(reverse("branches:person", args=[pk]), _("Link sent to %(email)s") % {"email": user.email})

    return act(request, send)


@staff_page(Can.MANAGE_STAFF)
def roles(request: StaffRequest) -> HttpResponse:
    return page(request, "branches/roles.html", {"roles": selectors.roles_in_words()})


def _held(membership: Membership | None) -> str:
    if membership is None:
        return ""
    where = membership.branch.name if membership.branch else _("every branch")
    return _("%(role)s at %(where)s") % {"role": membership.get_role_display(), "where": where}


def _send_link(request: StaffRequest, email: str) -> None:
    form = ResetPasswordForm({"email": email})
    if form.is_valid():
        form.save(request)
