"""A branch with people, rooms and customers for the counter's tests."""

import zoneinfo
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from branches.models import Branch, Room, User
from branches.roles import Role
from core.actor import Actor
from customers.models import Customer
from tests import factories as make
from visits.models import AppointmentKind
from visits.services.appointments import Booking
from visits.services.slots import Slot

ZONE = zoneinfo.ZoneInfo("Africa/Johannesburg")
# A Tuesday, ten in the morning at the branch.
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)


@dataclass
class Shop:
    branch: Branch
    desk: Actor
    desk_user: User
    naledi: User
    room: Room
    thandi: Customer

    def slot(self, minutes_from_now: int = 60, minutes: int = 30, **more: Any) -> Slot:
        values: dict[str, Any] = {"clinician_id": self.naledi.pk} | more
        return Slot(NOW + timedelta(minutes=minutes_from_now), minutes, **values)

    def booking(self, minutes_from_now: int = 60, customer: Customer | None = None, **more: Any) -> Booking:
        who = customer or self.thandi
        return Booking(self.branch.pk, who.pk, AppointmentKind.EYE_TEST, self.slot(minutes_from_now, **more))


def shop() -> Shop:
    branch = make.branch("RSB", name="Rosebank")
    desk_user = make.user(Role.RECEPTIONIST, branch, full_name="Zanele Dube")
    naledi = make.user(Role.OPTOMETRIST, branch, full_name="Naledi Khumalo")
    room = Room.objects.create(branch=branch, name="Room 1")
    return Shop(branch, make.actor(desk_user, branch), desk_user, naledi, room, make.customer(branch))
