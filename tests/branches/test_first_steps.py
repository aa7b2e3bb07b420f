"""A new branch is told what it needs before its first customer; what is done is seen from the data."""

import re

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches import first_steps
from branches.models import Branch, Membership, Organisation, Room, User
from branches.roles import Role
from branches.scope import Scope
from orders.models import Order
from tests import factories
from visits.due_now import Asked, due


def states(client: Client) -> dict[str, str]:
    html = client.get("/settings/first-steps/").content.decode()
    return dict(re.findall(r'class="what">([^<]+)</span>.*?class="badge"[^>]*>.*?</svg>\s*([^<]+?)\s*<', html, re.S))


def test_everything_is_open_on_the_first_day(signed_in: Client) -> None:
    assert states(signed_in) == dict.fromkeys(
        [
            "The practice on paper", "Address, hours and tax of the branch", "Colleagues and their roles", "Rooms", "Suppliers", "Frames",
            "Lenses, coatings and services", "Opening stock", "A laboratory", "A first order",
        ],
        "Open",
    )  # fmt: skip


def test_a_step_is_done_when_its_data_are_there_in_this_branch(signed_in: Client, practice: Branch) -> None:
    elsewhere = factories.branch("DUR")
    Room.objects.create(branch=elsewhere, name="Test room")
    Membership.objects.create(user=User.objects.get(), branch=practice, role=Role.OPTOMETRIST)
    assert "Done" not in states(signed_in).values()
    Room.objects.create(branch=practice, name="Test room")
    Organisation.objects.update(legal_name="Meridian Optical (Pty) Ltd")
    factories.user(Role.OPTOMETRIST, practice)
    done = {label for label, state in states(signed_in).items() if state == "Done"}
    assert done == {"The practice on paper", "Colleagues and their roles", "Rooms"}


def test_today_reminds_the_manager_until_the_first_order(manager: User, practice: Branch) -> None:
    actor = factories.actor(manager, practice)

    def reminded() -> list[str]:
        asked = Asked(practice, actor, Scope.of(actor), timezone.now())
        return [str(one.meta) for one in due(asked) if one.url == reverse("branches:first_steps")]

    Room.objects.create(branch=practice, name="Test room")
    assert reminded() == ["1 of 10 done"]
    Order.objects.create(
        number="RSB-00001", public_code="K1-ABCD-E", branch=practice, collect_branch=practice,
        customer=factories.customer(practice), source="counter",
    )  # fmt: skip
    assert first_steps.is_at_work(practice) and reminded() == []
