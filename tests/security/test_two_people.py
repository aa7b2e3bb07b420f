"""Two people with one record open: the later save sees what the earlier one did, field by field, and loses nothing.

The table holds every form that changes stored values; a form that posts to its own address and carries no version must be
one of those that add something or do a single thing.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from branches.models import User
from branches.roles import Role
from tests import factories
from tests.journeys.browser import Form, Person
from tests.security import world as worlds
from tests.security.routes import ROUTES

SHELL_FIELDS = {"_key", "_version", "csrfmiddlewaretoken", "next"}
# They add something new, or do one thing that the state of the record guards: there is nothing to merge.
WITHOUT_VERSION = {
    "aftersales:ask", "aftersales:inspect", "aftersales:refund", "branches:person", "branches:switch_person", "cases:open",
    "cases:page", "cases:tick", "customers:household", "customers:identity", "customers:merge", "customers:recall", "labjobs:acknowledged",
    "labjobs:cancel", "labjobs:edition", "labjobs:fitting", "labjobs:hold", "labjobs:move", "labjobs:override",
    "labjobs:release", "labjobs:remake", "labjobs:renew", "labjobs:resume", "labjobs:send_back", "labjobs:shipped",
    "labjobs:trays", "labjobs:verification", "measures:target", "messages:close", "orders:adjust", "orders:assign",
    "orders:cancel", "orders:claim_submit", "orders:credit", "orders:dispense", "orders:note", "orders:own_frame", "orders:pay",
    "orders:refund", "orders:repromise", "orders:send", "prescriptions:add_evidence", "prescriptions:correct",
    "prescriptions:end", "prescriptions:import", "prescriptions:new", "prescriptions:outside", "prescriptions:start_test",
    "records:add_evidence", "records:decide", "records:override", "reporting:privacy_customer", "shipping:say",
    "shipping:unpack", "messages:held_up", "orders:bank_line", "visits:cancel", "visits:end", "visits:walk_in",
}  # fmt: skip
# What one changes (words), what the other changes, on the same record at the same time.
EDITS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "aftersales:policy": (("conditions", "Unworn"), ("days", "77")),
    "branches:branch": (("phone", "+27 11 555 0001"), ("city", "Sandton")),
    "catalogue:add_on": (("name", "Clear and hard"), ("price", "777.00")),
    "catalogue:change_frame": (("colour", "amber"), ("price", "2555.00")),
    "catalogue:change_lens": (("name", "Vista One"), ("price", "3333.00")),
    "customers:change": (("called", "Titi"), ("email", "new@post.example")),
    "labjobs:lab": (("account", "ACC-1"), ("phone", "+27115550002")),
    "shipping:carrier": (("phone", "+2711555000"), ("silence_days", "9")),
}


# What the example of the page lacks before it may be saved at all.
LACKS = {
    "branches:branch": {"code": "ROS"},
    "catalogue:change_lens": {"family": "Vista"},
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[worlds.World]:
    """Built once for the module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield worlds.build()
        transaction.set_rollback(True)


@pytest.fixture
def kept(world: worlds.World, django_db_blocker: Any) -> Iterator[worlds.World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield world
        transaction.set_rollback(True)


def url_of(world: worlds.World, name: str) -> str:
    return reverse(name, args=world.args(ROUTES[name].object))


def manager(world: worlds.World) -> User:
    return world.people[f"branch_manager@{world.shop.code}"]


def forms_of_its_own(person: Person, url: str) -> list[Form]:
    """Forms with boxes that are sent to the page they stand on."""
    own = [form for form in person.forms() if form.method == "post" and form.action in ("", url)]
    return [form for form in own if set(form.values) - SHELL_FIELDS]


def test_a_form_that_changes_stored_values_carries_their_version(kept: worlds.World) -> None:
    person, without = Person(manager(kept)), set()
    for route in ROUTES.values():
        if route.method != "get" or route.door != "staff" or not route.has_example or not route.object:
            continue
        url = url_of(kept, route.name)
        person.open(url)
        if person.status == 200 and any(
            not form.values.get("_version", [""])[0] for form in forms_of_its_own(person, url)
        ):
            without.add(route.name)
    assert without - WITHOUT_VERSION == set()
    assert set(EDITS) & without == set()


def shown(person: Person, url: str, name: str) -> str:
    [value] = next(form.values[name] for form in forms_of_its_own(person.open(url), url) if name in form.values)
    return value


def fill(person: Person, url: str, **values: str) -> Person:
    """Send the form in view with these values; a reason where it asks for one."""
    asks = any("reason" in form.values for form in forms_of_its_own(person, url))
    return person.send(values | ({"reason": "told at the counter"} if asks else {}))


@pytest.mark.parametrize("name", EDITS)
def test_both_changes_stand_and_the_same_field_is_shown_from_both_sides(kept: worlds.World, name: str) -> None:
    """Where the other's change is not taken over by itself it is shown beside one's own, and both may be kept."""
    url, ((word, text), (other, value)), lacks = url_of(kept, name), EDITS[name], LACKS.get(name, {})
    first, second = Person(manager(kept)), Person(factories.user(Role.HEAD_OFFICE, None))
    late = Person(manager(kept))
    for person in (first, second, late):
        person.open(url)
    assert fill(first, url, **{word: text}, **lacks).status == 200, first.said
    if fill(second, url, **{other: value}, **lacks).status == 409:
        assert text in second.text and value in second.text
        fill(second, url, **{other: value, word: text})
    assert (shown(second, url, word).strip(), shown(second, url, other)) == (text, value), second.said
    fill(late, url, **{word: f"{text}7"}, **lacks)
    assert late.status == 409
    assert text in late.text and f"{text}7" in late.text
    assert shown(second, url, word).strip() == text
