"""Where the day begins: reception at the Today board, everybody else at their own work."""

import pytest
from django.test import Client

from branches.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "place"),
    [(Role.LAB_TECHNICIAN, "/lab/"), (Role.FRAME_CONTROLLER, "/stock/"), (Role.ACCOUNTANT, "/measures/")],
)
def test_who_does_not_receive_customers_begins_at_their_own_work(client: Client, role: str, place: str) -> None:
    client.force_login(make.user(role, make.branch("RSB")))
    assert client.get("/")["Location"] == place


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.OPTOMETRIST, Role.BRANCH_MANAGER])
def test_reception_begins_at_the_board(client: Client, role: str) -> None:
    client.force_login(make.user(role, make.branch("RSB")))
    assert client.get("/").status_code == 200
