"""One shop with its people, for every test of prescriptions."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from branches.models import Branch, User
from branches.roles import Role
from core.actor import Actor
from customers.models import Customer
from tests import factories


@pytest.fixture
def rosebank() -> Branch:
    return factories.branch("RSB", name="Rosebank")


@pytest.fixture
def naledi_user(rosebank: Branch) -> User:
    return factories.user(Role.OPTOMETRIST, rosebank, full_name="Naledi Khumalo", registration_number="OP 0087341")


@pytest.fixture
def naledi(naledi_user: User, rosebank: Branch) -> Actor:
    return factories.actor(naledi_user, rosebank)


@pytest.fixture
def pieter(rosebank: Branch) -> Actor:
    """A dispensing optician: types, does not sign."""
    return factories.staff(Role.DISPENSING_OPTICIAN, rosebank)


@pytest.fixture
def thandi(rosebank: Branch) -> Customer:
    return factories.customer(rosebank, number="C-104882", birth_date=date(1974, 3, 4), phone="+27825554417")


def client_of(person: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def browser(naledi_user: User) -> Client:
    return client_of(naledi_user)
