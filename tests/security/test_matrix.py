"""Every address × every role × inside and outside its branch, walked from the resolver.

A new address without a line in `routes.py` fails. The answers: outside the branch 404, without the right 403, signed out
to the log-in; and nothing of the shop's order stands in an answer to a stranger.
"""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from branches.roles import MATRIX
from tests.security import world as worlds
from tests.security.routes import IGNORED, ROUTES, Route


def walk(resolver: Any, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(part for part in (namespace, pattern.namespace) if part)
            yield from walk(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield ":".join(part for part in (namespace, pattern.name) if part)


NAMES = sorted(name for name in set(walk(get_resolver())) if not name.startswith(IGNORED))


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[worlds.World]:
    """Built once for the module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield worlds.build()
        transaction.set_rollback(True)


@pytest.fixture
def kept(world: worlds.World, django_db_blocker: Any) -> Iterator[worlds.World]:
    """What one test does is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield world
        transaction.set_rollback(True)


def call(client: Client, route: Route, url: str) -> Any:
    if route.method == "post":
        return client.post(url, {"_key": uuid.uuid4()})
    return client.get(url)


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    assert sorted(set(NAMES) - set(ROUTES)) == [], "add these to tests/security/routes.py"
    assert sorted(set(ROUTES) - set(NAMES)) == [], "these are gone"


STAFF = [name for name in NAMES if name in ROUTES and ROUTES[name].door == "staff"]
PUBLIC = [name for name in NAMES if name in ROUTES and ROUTES[name].door == "public"]


@pytest.mark.parametrize("name", STAFF)
def test_signed_out_goes_to_the_log_in(name: str, kept: worlds.World) -> None:
    route = ROUTES[name]
    url = reverse(name, args=route.args(kept))
    answer = call(Client(), route, url)
    if name.startswith(("api:", "schema")) or url.startswith("/api/"):
        assert answer.status_code in (401, 403)
    else:
        assert (answer.status_code, answer.headers.get("Location", "").split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("name", STAFF)
def test_a_role_without_the_right_is_refused_and_one_with_it_is_not(name: str, kept: worlds.World) -> None:
    route = ROUTES[name]
    url = reverse(name, args=route.args(kept))
    wrong = {}
    for role, client in kept.inside.items():
        with transaction.atomic():
            status = call(client, route, url).status_code
            transaction.set_rollback(True)
        may = not route.needs or route.needs in MATRIX[role]
        if status >= 500 or (may and status in (403, 404)) or (not may and status != 403):
            wrong[role] = (status, "may" if may else "may not")
    assert wrong == {}


@pytest.mark.parametrize("name", [name for name in STAFF if ROUTES[name].of_branch])
def test_another_branch_does_not_even_learn_that_it_exists(name: str, kept: worlds.World) -> None:
    route = ROUTES[name]
    url = reverse(name, args=route.args(kept))
    wrong = {}
    for role, client in kept.outside.items():
        with transaction.atomic():
            answer = call(client, route, url)
            transaction.set_rollback(True)
        holds = not route.needs or route.needs in MATRIX[role]
        expected = (404,) if holds else (403, 404)
        if answer.status_code not in expected or kept.order.number.encode() in answer.content:
            wrong[role] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("name", [name for name in STAFF if not ROUTES[name].of_branch])
def test_pages_without_an_object_show_a_stranger_nothing_of_the_shop(name: str, kept: worlds.World) -> None:
    route = ROUTES[name]
    url = reverse(name, args=route.args(kept))
    for role, client in kept.outside.items():
        with transaction.atomic():
            answer = call(client, route, url)
            transaction.set_rollback(True)
        assert answer.status_code < 500, role
        if hasattr(answer, "content") and not route.organisation_wide:
            assert kept.order.number.encode() not in answer.content, role


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_answer_without_signing_in(name: str, kept: worlds.World) -> None:
    route = ROUTES[name]
    answer = call(Client(), route, reverse(name, args=route.args(kept)))
    assert answer.status_code in route.answers


@pytest.mark.parametrize("name", [name for name in STAFF if ROUTES[name].method == "post"])
def test_a_get_changes_nothing_where_a_post_is_meant(name: str, kept: worlds.World) -> None:
    route = ROUTES[name]
    client = kept.inside["branch_manager"]
    assert client.get(reverse(name, args=route.args(kept))).status_code in (302, 303, 403, 404, 405)
