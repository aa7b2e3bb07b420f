"""Each kind of record that a pair of glasses passes through shows its own six facts, on a page that a link leads to."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from branches.models import User
from labjobs.models import Job
from tests.labjobs import makers

pytestmark = pytest.mark.django_db
FACTS = ["Source", "Recorded", "Responsible", "Evidence", "Approval", "Closes when"]


@pytest.fixture
def at() -> makers.Bench:
    return makers.bench()


@pytest.fixture
def collected(at: makers.Bench) -> Job:
    return makers.collected(at)


@pytest.fixture
def manager(client: Client, at: makers.Bench) -> Client:
    client.force_login(User.objects.get(pk=at.shop.manager.user_id))
    return client


def facts(page: str) -> dict[str, str]:
    strip = page.partition('<dl class="strip">')[2].partition("</dl>")[0]
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", strip, re.DOTALL)
    return {name: " ".join(re.sub(r"<[^>]+>", "", value).split()) for name, value in pairs}


def reached(client: Client, page: str, kinds: list[str]) -> Iterator[str]:
    """The record pages of these kinds that a page links to."""
    body = client.get(page).content.decode()
    for kind in kinds:
        yield re.search(rf'href="(/records/{re.escape(kind)}/\d+/history/)"', body)[1]  # type: ignore[index]


def test_all_eight_kinds_show_their_own_facts(manager: Client, collected: Job) -> None:
    order = collected.order
    of_order = ["orders.framechoice", "orders.lensspecification", "orders.measurement"]
    pages = [
        reverse("customers:page", args=[order.customer.number]),
        reverse("prescriptions:page", args=[order.prescription_id]),
        *reached(manager, reverse("orders:page", args=[order.number]), of_order),
        reverse("labjobs:job", args=[collected.number]),
        reverse("labjobs:quality", args=[collected.number]),
        *reached(manager, reverse("labjobs:job", args=[collected.number]), ["labjobs.warranty", "labjobs.fitting"]),
    ]
    shown = {page: facts(manager.get(page).content.decode()) for page in pages}
    assert {page: list(found) for page, found in shown.items()} == dict.fromkeys(pages, FACTS)
    silent = {page: [name for name in FACTS if found[name] == "not recorded"] for page, found in shown.items()}
    del silent[pages[0]]  # a customer of the tests is written without a clerk
    assert {page: names for page, names in silent.items() if names not in ([], ["Evidence"])} == {}
    closes = [found["Closes when"] for found in shown.values()]
    assert closes[2:5] == ["handed over with the order", "checked and handed over", "confirmed at the fitting"]


def test_evidence_is_added_to_a_measurement_of_its_own(manager: Client, collected: Job) -> None:
    [page] = reached(manager, reverse("orders:page", args=[collected.order.number]), ["orders.measurement"])
    assert "No evidence yet." in manager.get(page).content.decode()
    add = page.replace("history/", "evidence/")
    sent = {"kind": "note", "title": "Pupilometer read twice", "note": "31.5 and 31.5"}
    assert manager.post(f"{add}?next={page}", sent, follow=True).redirect_chain[-1][0] == page
    found = manager.get(page).content.decode()
    assert "Pupilometer read twice" in found and facts(found)["Evidence"] == "1 · note"
