import pytest
from django.test import Client

from branches.models import Organisation
from branches.roles import Role
from tests import factories


@pytest.fixture
def practice(db):
    Organisation.objects.create(name="Meridian Optical", currency="ZAR")
    return factories.branch("RSB", name="Rosebank")


@pytest.fixture
def manager(practice):
    return factories.user(Role.BRANCH_MANAGER, practice, email="manager@practice.example", full_name="Naledi Khumalo")


@pytest.fixture
def signed_in(client: Client, manager):
    client.force_login(manager)
    return client
