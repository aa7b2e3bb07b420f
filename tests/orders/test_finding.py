"""Orders, trays and cases in the search box and under the scanner: found in one's own branches, unknown elsewhere."""

import pytest
from django.test import Client
from django.utils import timezone

from branches.models import Branch
from branches.roles import Role
from cases.models import Case
from customers.models import Customer
from orders.models import Order
from tests import factories as make
from tests.labjobs import makers

pytestmark = pytest.mark.django_db
BY_SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def home() -> Branch:
    return make.branch("RSB", name="Rosebank")


@pytest.fixture
def desk(home: Branch, client: Client) -> Client:
    client.force_login(make.user(Role.RECEPTIONIST, home))
    return client


def order_at(branch: Branch, number: str, customer: Customer, code: str, **fields: object) -> Order:
    return Order.objects.create(
        number=number,
        public_code=code,
        branch=branch,
        collect_branch=branch,
        customer=customer,
        source="counter",
        **fields,
    )


@pytest.fixture
def thandi(home: Branch) -> Customer:
    return make.customer(home, search_text="thandi mokoena", sort_key="mokoena thandi")


@pytest.fixture
def order(home: Branch, thandi: Customer) -> Order:
    return order_at(home, "RSB-10482", thandi, "K7-4QF9-M")


def found(client: Client, text: str) -> str:
    html = client.get("/find/", {"q": text}, headers=BY_SCRIPT).content.decode()
    return html.replace("<mark>", "").replace("</mark>", "")


@pytest.mark.parametrize("typed", ["RSB-10482", "rsb-104", "10482", "#10482", "#mokoena"])
def test_an_order_is_found_by_number_digits_or_customer(desk: Client, order: Order, typed: str) -> None:
    html = found(desk, typed)
    assert "RSB-10482, Mokoena, Thandi" in html and "/orders/RSB-10482/" in html


def test_a_name_also_brings_the_orders_under_way(desk: Client, order: Order, thandi: Customer, home: Branch) -> None:
    order_at(home, "RSB-10483", thandi, "K7-4QF9-N", state="draft")
    html = found(desk, "moko")
    assert "RSB-10482" in html and "RSB-10483" in html


def test_orders_of_another_branch_are_not_hinted_at(desk: Client, thandi: Customer) -> None:
    order_at(make.branch("FAR", name="Far Away"), "FAR-00007", thandi, "K7-4QF9-P")
    for typed in ("FAR-00007", "7", "#mokoena"):
        assert "FAR-00007," not in found(desk, typed)
    assert desk.get("/scan/", {"code": "FAR-00007"}).status_code == 200


def test_a_scanned_slip_opens_the_order_also_without_an_open_job(desk: Client, order: Order) -> None:
    assert desk.get("/scan/", {"code": "RSB-10482"})["Location"] == "/orders/RSB-10482/"
    assert desk.get("/scan/", {"code": "~rsb-10482"})["Location"] == "/orders/RSB-10482/"


def test_the_empty_box_lists_the_order_that_was_opened(desk: Client, order: Order) -> None:
    assert desk.get("/orders/RSB-10482/").status_code == 200
    assert "RSB-10482, Thandi Mokoena" in found(desk, "")


def test_a_tray_is_found_by_its_code_or_its_digits_where_it_is_made(client: Client) -> None:
    at = makers.bench()
    job = makers.released(at)
    client.force_login(make.user(Role.LAB_TECHNICIAN, at.lab_branch))
    assert job.tray is not None
    for typed in (job.tray.code, job.tray.code.lower(), job.tray.code.removeprefix("T-")):
        assert f"/lab/jobs/{job.number}/" in found(client, typed)
    client.force_login(make.user(Role.LAB_TECHNICIAN, make.branch("FAR")))
    assert job.number not in found(client, job.tray.code)


def test_a_case_is_found_and_scanned_by_its_number_in_its_branch(desk: Client, client: Client, home: Branch) -> None:
    case = Case.objects.create(
        number="K-00012",
        kind="complaint",
        title="Scratched",
        branch=home,
        source="counter",
        subject_type="customers.customer",
        subject_id=1,
        due_at=timezone.now(),
    )
    assert "K-00012, Scratched" in found(desk, "k-0001")
    assert desk.get("/scan/", {"code": "K-00012"})["Location"] == "/cases/K-00012/"
    client.force_login(make.user(Role.RECEPTIONIST, make.branch("FAR")))
    assert "Scratched" not in found(client, "K-00012")
    assert case.state == "open"
