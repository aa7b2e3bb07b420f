"""Every address × every role × inside and outside its branch, walked from the resolver.

A new address without a line in `routes.py` fails. The answers: outside the branch 404, without the right 403, signed out
to the log-in; and nothing of the shop's order stands in an answer to a stranger.
"""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from records import looks, registry
from records.models import Look
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


STAFF = [route for route in ROUTES.values() if route.door == "staff"]
SIGNED_IN = [route for route in ROUTES.values() if route.door in {"staff", "api"}]
OWNED = [route for route in SIGNED_IN if route.of_branch]
by_name = {"ids": lambda route: route.name}


def statuses(clients: dict[str, Client], route: Route, url: str) -> dict[str, Any]:
    """What each role is answered; whatever it changed is undone before the next one tries."""
    found = {}
    for role, client in clients.items():
        with transaction.atomic():
            found[role] = call(client, route, url)
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("route", SIGNED_IN, **by_name)
def test_signed_out_goes_to_the_log_in(route: Route, kept: worlds.World) -> None:
    answer = call(Client(), route, reverse(route.name, args=kept.args(route.object)))
    if route.door == "api":
        assert answer.status_code in (401, 403)
    elif answer.status_code != 405:
        assert (answer.status_code, answer.headers.get("Location", "").split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("route", STAFF, **by_name)
def test_a_role_without_the_right_is_refused_and_one_with_it_is_not(route: Route, kept: worlds.World) -> None:
    url = reverse(route.name, args=kept.args(route.object))
    wrong = {}
    for role, answer in statuses(kept.inside, route, url).items():
        may = route.allows(role)
        refused = answer.status_code == 403 or (answer.status_code == 404 and route.has_example)
        if answer.status_code >= 500 or (may and refused) or (not may and answer.status_code != 403):
            wrong[role] = (answer.status_code, "may" if may else "may not")
    assert wrong == {}


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_every_page_opens_in_the_language_of_who_reads_it(language: str, kept: worlds.World) -> None:
    """A manager opens each page; a word or a date that a language cannot say would be an error of the server."""
    client, failed = kept.inside["branch_manager"], {}
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    try:
        for route in STAFF:
            if route.method == "get":
                with transaction.atomic():
                    answer = client.get(reverse(route.name, args=kept.args(route.object)))
                    transaction.set_rollback(True)
                page = b"" if answer.streaming else answer.content
                if answer.status_code >= 500 or (b"<html" in page and f'lang="{language}"'.encode() not in page):
                    failed[route.name] = answer.status_code
    finally:
        del client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert failed == {}


@pytest.mark.parametrize("route", OWNED, **by_name)
def test_another_branch_does_not_even_learn_that_it_exists(route: Route, kept: worlds.World) -> None:
    url = reverse(route.name, args=kept.args(route.object))
    wrong = {}
    for role, answer in statuses(kept.outside, route, url).items():
        holds = route.allows(role)
        expected = (404,) if holds and route.door == "staff" else (403, 404, 405)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if answer.status_code not in expected or kept.order.number.encode() in body.replace(url.encode(), b""):
            wrong[role] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("route", [route for route in SIGNED_IN if not route.object], **by_name)
def test_pages_without_an_object_show_a_stranger_nothing_of_the_shop(route: Route, kept: worlds.World) -> None:
    for role, answer in statuses(kept.outside, route, reverse(route.name)).items():
        assert answer.status_code < 500, role
        assert answer.streaming or kept.order.number.encode() not in answer.content, role


@pytest.mark.parametrize("route", [route for route in ROUTES.values() if route.door == "public"], **by_name)
def test_public_pages_answer_without_signing_in(route: Route, kept: worlds.World) -> None:
    answer = call(Client(), route, reverse(route.name, args=kept.args(route.object)))
    assert answer.status_code in (200, 204, 302, 303, 404, 405, 503)
    assert answer.headers.get("Location", "").split("?")[0] != "/accounts/login/" or route.object == ""


@pytest.mark.parametrize("route", [route for route in STAFF if route.method == "post"], **by_name)
def test_a_get_changes_nothing_where_a_post_is_meant(route: Route, kept: worlds.World) -> None:
    url = reverse(route.name, args=kept.args(route.object))
    assert kept.inside["branch_manager"].get(url).status_code in (302, 303, 403, 404, 405)


@pytest.mark.parametrize("route", [route for route in STAFF if route.method == "post"], **by_name)
def test_a_post_without_its_token_is_refused(route: Route, kept: worlds.World) -> None:
    """The middleware guards every address, so one role suffices; the client checks as a browser's request would be."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(kept.people[f"branch_manager@{kept.shop.code}"])
    assert client.post(reverse(route.name, args=kept.args(route.object))).status_code == 403


# Records whose own page is a small form of the catalogue, or the case itself.
WITHOUT_KEY = {"cases.case", "catalogue.lensaddon", "catalogue.service", "catalogue.pricelist", "catalogue.supplier"}


@pytest.mark.parametrize("kind", sorted(set(registry.all_kinds()) - WITHOUT_KEY))
def test_from_the_page_of_every_record_one_key_opens_a_case(kind: str, kept: worlds.World) -> None:
    url = registry.all_kinds()[kind].url(kept.example(kind)).partition("#")[0]
    page = kept.inside["branch_manager"].get(url)
    assert (page.status_code, re.findall(r'href="/cases/open/[^"]*" data-key="c"', page.content.decode()) != []) == (
        200,
        True,
    )


# Records of the practice, not of a person.
OF_NOBODY = {
    "catalogue.catalogueimport", "catalogue.frame", "catalogue.lensaddon", "catalogue.lensproduct", "catalogue.pricelist",
    "catalogue.service", "customers.customerimport", "inventory.openingimport", "inventory.stockcount", "inventory.stockitem",
    "inventory.transfer", "orders.bankstatement",
}  # fmt: skip
# What an address of a person's record points at in the table.
OF_A_PERSON = {
    "order", "job", "case", "customer", "rx", "visit", "appointment", "message", "entry", "return", "shipment", "evidence",
    "record", "review",
}  # fmt: skip
SHOWING = [
    route for route in SIGNED_IN if route.method == "get" and route.object.split("+")[0].strip("?") in OF_A_PERSON
]


def test_every_kind_of_record_is_about_a_person_or_about_nobody() -> None:
    assert set(registry.all_kinds()) - set(looks.types()) == OF_NOBODY & set(registry.all_kinds())


@pytest.mark.parametrize("route", SHOWING, **by_name)
def test_whoever_is_shown_a_persons_record_is_noted_and_nobody_else(route: Route, kept: worlds.World) -> None:
    args = kept.args(route.object) if route.has_example else (kept.evidence.pk,)
    stored = kept.evidence.file
    if not stored.storage.exists(stored.name):  # each test has a folder of its own
        stored.storage.save(stored.name, ContentFile(b"{}"))
    url, wrong = reverse(route.name, args=args), {}
    for role, client in {**kept.inside, **{f"{role} elsewhere": one for role, one in kept.outside.items()}}.items():
        with transaction.atomic():
            answer = client.get(url)
            noted = Look.objects.filter(customer_id=kept.customer.pk).count()
            transaction.set_rollback(True)
        if noted != (answer.status_code == 200):
            wrong[role] = (answer.status_code, noted)
    assert wrong == {}


@pytest.mark.parametrize("kind", sorted(set(registry.all_kinds()) & set(looks.types())))
def test_the_page_and_the_history_of_every_record_of_a_person_are_noted(kind: str, kept: worlds.World) -> None:
    record = kept.example(kind)
    pages = [
        registry.all_kinds()[kind].url(record).partition("#")[0],
        reverse("records:history", args=[kind, record.pk]),
    ]
    for page in pages:
        with transaction.atomic():
            assert kept.inside["branch_manager"].get(page).status_code == 200
            assert Look.objects.filter(customer_id=kept.customer.pk).count() == 1, page
            transaction.set_rollback(True)
