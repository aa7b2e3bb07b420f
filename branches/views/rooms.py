"""Settings: the rooms of each branch."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from branches import selectors
from branches.forms import NewRoomForm, RoomForm
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from branches.services import rooms
from core.views import Done, page, submit


@staff_page(Can.MANAGE_SETTINGS)
def index(request: StaffRequest) -> HttpResponse:
    """Every room of the branches whose settings this person changes, and a form for one more."""
    here = selectors.manageable_branches(request.actor, Can.MANAGE_SETTINGS).filter(is_active=True)
    form = NewRoomForm(request.POST or None, branches=here, initial={"branch": request.branch.pk})

    def save() -> Done:
        room = rooms.add(form.values["branch"], form.values["name"], actor=request.actor)
        return Done(reverse("branches:rooms"), _("%(room)s can be booked from now on") % {"room": room.name})

    shown = {"form": form, "rooms": selectors.rooms(request.actor)}
    return submit(request, form, save) or page(request, "branches/rooms.html", shown)


@staff_page(Can.MANAGE_SETTINGS)
def room(request: StaffRequest, pk: int) -> HttpResponse:
    row = selectors.room(request.actor, pk)
    initial = {"name": row.name, "is_active": row.is_active}
    form = RoomForm(request.POST or None, initial=initial, edits=row)

    def save() -> Done:
        rooms.change(pk, form.values, version=form.version, actor=request.actor)
        return Done(reverse("branches:rooms"), _("Room saved"))

    return submit(request, form, save) or page(request, "branches/room.html", {"form": form, "row": row})
