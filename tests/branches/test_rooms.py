"""Rooms are made, renamed and taken out of use by who changes the branch's settings."""

from typing import Any

import pytest
from django.test import Client

from branches.models import Branch, Room
from branches.services import rooms
from tests import factories as make
from visits.selectors import rooms_of


def test_a_room_is_added_and_can_be_booked(signed_in: Client, practice: Branch) -> None:
    assert signed_in.post("/settings/rooms/", {"branch": practice.pk, "name": "Test room 1"}).status_code == 303
    assert [room.name for room in rooms_of(practice)] == ["Test room 1"]
    assert "Test room 1" in signed_in.get("/settings/rooms/").content.decode()


@pytest.mark.parametrize(
    ("name", "error"), [("", "Name: fill this in."), ("TEST ROOM", "has a room of that name already")]
)
def test_a_room_needs_a_name_of_its_own(signed_in: Client, practice: Branch, name: str, error: str) -> None:
    Room.objects.create(branch=practice, name="Test room")
    answer = signed_in.post("/settings/rooms/", {"branch": practice.pk, "name": name})
    assert answer.status_code == 422 and error in answer.content.decode()
    assert Room.objects.count() == 1


def test_a_room_of_another_branch_is_neither_made_nor_changed(signed_in: Client, practice: Branch) -> None:
    other = make.branch("DUR", name="Durban")
    room = Room.objects.create(branch=other, name="Test room")
    assert signed_in.post("/settings/rooms/", {"branch": other.pk, "name": "Ours"}).status_code == 422
    assert signed_in.post(f"/settings/rooms/{room.pk}/", {"name": "Ours"}).status_code == 404
    assert list(Room.objects.values_list("name", "is_active")) == [("Test room", True)]


def test_a_room_out_of_use_is_not_offered_and_keeps_its_earlier_name(signed_in: Client, practice: Branch) -> None:
    room = Room.objects.create(branch=practice, name="Test room")
    assert signed_in.post(f"/settings/rooms/{room.pk}/", {"name": "Fitting desk"}).status_code == 303
    assert rooms_of(practice) == []
    assert list(room.history.order_by("history_id").values_list("name", "is_active")) == [
        ("Test room", True),
        ("Fitting desk", False),
    ]


def test_two_people_on_one_room_lose_nothing(signed_in: Client, practice: Branch) -> None:
    room = Room.objects.create(branch=practice, name="Test room")
    opened = room.history.get().history_id
    signed_in.post(f"/settings/rooms/{room.pk}/", {"name": "Room by the door", "is_active": "on", "_version": opened})
    answer = signed_in.post(
        f"/settings/rooms/{room.pk}/", {"name": "Test room 1", "is_active": "on", "_version": opened}
    )
    assert answer.status_code == 409 and "Room by the door" in answer.content.decode()
    room.refresh_from_db()
    assert room.name == "Room by the door"


def test_what_another_saved_in_the_very_moment_is_kept_and_told(
    signed_in: Client, practice: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page has read the room, the other saves, then the page's own save takes the lock."""
    room, change = Room.objects.create(branch=practice, name="Test room"), rooms.change

    def overtaken(room_id: int, values: dict[str, object], **known: Any) -> Room:
        change(room_id, {"name": "Room by the door", "is_active": True}, version=None, actor=known["actor"])
        return change(room_id, values, **known)

    monkeypatch.setattr(rooms, "change", overtaken)
    opened = {"name": "Test room", "_version": room.history.get().history_id}
    answer = signed_in.post(f"/settings/rooms/{room.pk}/", opened, follow=True).content.decode()
    assert "Room saved. Somebody else saved a moment before you. Theirs was kept: Name: Room by the door." in answer
    room.refresh_from_db()
    assert (room.name, room.is_active) == ("Room by the door", False)
