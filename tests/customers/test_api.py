"""Customers over the API: the same verbs, rights and refusals as the pages."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.models import Branch, User
from branches.roles import Role
from customers import services
from customers.data import CustomerData
from customers.models import Customer
from records.models import Event
from tests import factories as make

pytestmark = pytest.mark.django_db
LIST = reverse("customers_api:list")
SIPHO = {"given_names": "Sipho", "family_name": "Dlamini", "phone": "083 555 0199", "country": "ZA"}


@pytest.fixture
def home() -> Branch:
    return make.branch("RSB")


@pytest.fixture
def zanele(home: Branch) -> User:
    return make.user(Role.RECEPTIONIST, home)


@pytest.fixture
def desk(client: Client, zanele: User) -> Client:
    client.force_login(zanele)
    return client


@pytest.fixture
def thandi(zanele: User, home: Branch) -> Customer:
    return services.create(make.actor(zanele, home), CustomerData("Thandi", "Mokoena", phone="082 123 4417"))


def of(customer: Customer) -> str:
    return reverse("customers_api:detail", args=[customer.number])


def send(desk: Client, verb: str, url: str, body: Any) -> Any:
    return getattr(desk, verb)(url, json.dumps(body), content_type="application/json")


def test_found_read_and_changed(desk: Client, thandi: Customer) -> None:
    found = desk.get(LIST, {"q": "moko"}).json()["results"]
    assert [row["number"] for row in found] == [thandi.number]
    read = desk.get(of(thandi)).json()
    assert (read["phone"], read["version"], read["home_branch"]) == ("+27821234417", 1, "RSB")
    assert read["consents"]["order_messages"] == ["email", "sms", "push"]
    changed = send(desk, "patch", of(thandi), {"version": 1, "email": "thandi@post.example"})
    assert (changed.status_code, changed.json()["email"], changed.json()["family_name"]) == (
        200,
        "thandi@post.example",
        "Mokoena",
    )
    assert Event.objects.get(kind="customer.changed").source == "api"


def test_a_new_customer_with_consents(desk: Client) -> None:
    made = send(desk, "post", LIST, SIPHO | {"consents": ["recall"]})
    assert made.status_code == 201
    assert made.json()["consents"]["recall"] == ["sms"]
    assert Customer.objects.get().source == "api"


def test_people_alike_are_named_until_told_otherwise(desk: Client, thandi: Customer) -> None:
    body = SIPHO | {"phone": "082 123 4417"}
    refused = send(desk, "post", LIST, body)
    assert (refused.status_code, refused.json()["code"]) == (409, "duplicates")
    assert refused.json()["duplicates"][0]["number"] == thandi.number
    assert Customer.objects.count() == 1
    assert send(desk, "post", LIST, body | {"another": True}).status_code == 201


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"given_names": ""}, 400),
        ({"birth_date": "yesterday"}, 400),
        ({"phone": "12"}, 422),
        ({"email": "x"}, 422),
        ({"home_branch": "XXX"}, 422),
        ({"consents": ["spying"]}, 422),
        ({"language": "tlh"}, 400),
    ],
)
def test_a_wrong_body_saves_nothing(desk: Client, change: dict[str, Any], status: int) -> None:
    assert send(desk, "post", LIST, SIPHO | change).status_code == status
    assert not Customer.objects.exists()


def test_a_stale_change_names_the_current_version(desk: Client, thandi: Customer) -> None:
    send(desk, "patch", of(thandi), {"version": 1, "email": "a@post.example"})
    refused = send(desk, "patch", of(thandi), {"version": 1, "email": "b@post.example"})
    assert (refused.status_code, refused.json()["current_version"]) == (409, 2)
    both = {"field": "email", "label": "e-mail", "stored": "a@post.example", "sent": "b@post.example"}
    assert refused.json()["clashes"] == [both]
    thandi.refresh_from_db()
    assert thandi.email == "a@post.example"


def test_strangers_and_smaller_roles(client: Client, thandi: Customer, home: Branch) -> None:
    assert client.get(of(thandi)).status_code == 403
    client.force_login(make.user(Role.FRAME_CONTROLLER, home))
    assert client.get(of(thandi)).status_code == 200
    assert send(client, "patch", of(thandi), {"version": 1, "email": "a@post.example"}).status_code == 403
    assert send(client, "post", LIST, SIPHO).status_code == 403
    assert client.get(reverse("customers_api:detail", args=["C-1"])).status_code == 404


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    [*SIPHO, "birth_date", "notes", "consents", "another", "home_branch", "recall_on", "called", "city"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(body=st.dictionaries(NAMES, JSON, max_size=6))
def test_no_body_makes_it_stumble(desk: Client, body: dict[str, Any]) -> None:
    assert send(desk, "post", LIST, body).status_code in {201, 400, 409, 422}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(text=st.text(max_size=90))
def test_no_text_makes_the_search_stumble(desk: Client, text: str) -> None:
    assert desk.get(LIST, {"q": text}).status_code in {200, 422}
