"""What the pages that are opened all day may ask of the database, the counts of the shell included."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from branches.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "most"), [("home", 20), ("orders:list", 20), ("labjobs:board", 20), ("customers:list", 13), ("find", 11)]
)
def test_a_page_stays_within_its_queries(
    name: str, most: int, client: Client, django_assert_max_num_queries: Any
) -> None:
    rosebank = factories.branch("RSB")
    factories.customer(rosebank)
    client.force_login(factories.user(Role.BRANCH_MANAGER, rosebank))
    client.get(reverse(name))
    with django_assert_max_num_queries(most):
        assert client.get(reverse(name)).status_code == 200


def test_a_customers_page_stays_within_its_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    rosebank = factories.branch("RSB")
    customer = factories.customer(rosebank)
    client.force_login(factories.user(Role.BRANCH_MANAGER, rosebank))
    page = reverse("customers:page", args=[customer.number])
    client.get(page)
    with django_assert_max_num_queries(21):
        assert client.get(page).status_code == 200
