"""A branch, its manager, and the portions of a long list."""

import importlib

import pytest
from django.test import Client

from branches.models import Branch
from branches.roles import Role
from core.actor import Actor
from customers.views import imports as pages
from records.services import importing as steps
from tests.factories import branch, staff, user


@pytest.fixture
def rosebank() -> Branch:
    return branch("RSB", name="Rosebank")


@pytest.fixture
def nomvula(rosebank: Branch) -> Actor:
    return staff(Role.BRANCH_MANAGER, rosebank)


@pytest.fixture
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    importlib.import_module("customers.tasks")
    monkeypatch.setattr(steps, "PORTION", 3)
    monkeypatch.setattr(pages, "AT_ONCE_ROWS", 1)


@pytest.fixture
def desk(client: Client, rosebank: Branch) -> Client:
    client.force_login(user(Role.BRANCH_MANAGER, rosebank))
    return client
