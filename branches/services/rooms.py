"""Rooms of a branch: where one appointment at a time takes place."""

from django.db import transaction
from django.utils.translation import gettext as _

from branches import access
from branches.models import Room
from branches.roles import Can
from core import versions
from core.actor import Actor
from core.errors import NotVisible, Problems


@transaction.atomic
def add(branch_id: int, name: str, *, actor: Actor) -> Room:
    """A room of a branch whose settings the actor changes. Raises DomainError where the branch has that name already."""
    access.require(actor, Can.MANAGE_SETTINGS, branch_id)
    _check_name(branch_id, name)
    return Room.objects.create(branch_id=branch_id, name=name)


@transaction.atomic
def change(room_id: int, values: dict[str, object], *, version: int | None, actor: Actor) -> Room:
    """Its name, and whether it can be booked. Appointments made there stay where they are. Raises StaleRecord on a clash."""
    room = Room.objects.select_for_update().filter(pk=room_id).first()
    if room is None:
        raise NotVisible(_("Not found."), code="not_visible")
    access.require(actor, Can.MANAGE_SETTINGS, room.branch_id)
    for name, value in versions.merged(room, version, values).items():
        setattr(room, name, value)
    _check_name(room.branch_id, room.name, room.pk)
    room.save()
    return room


def _check_name(branch_id: int, name: str, room_id: int = 0) -> None:
    problems = Problems()
    if Room.objects.filter(branch_id=branch_id, name__iexact=name).exclude(pk=room_id).exists():
        problems.add("name", _("This branch has a room of that name already."))
    problems.raise_if_any(_("This room cannot be saved yet."))
