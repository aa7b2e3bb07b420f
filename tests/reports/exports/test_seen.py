"""Who saw what: the report of looks, its branches, merged customers, the page of a customer's rights, and when looks go."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches.models import User
from branches.roles import Can, Role
from core import job_runs
from core.actor import Actor
from core.errors import NotVisible
from customers.models import Customer
from customers.services.merge import merge
from records import looks
from records.looks import Seen
from records.models import Look, Way
from reports.audit.reports import AUDITS
from reports.builder import ready_made
from reports.datasets import querying
from reports.datasets.base import Definition, Filter
from reports.exports import asking
from reports.exports.asking import Request
from reports.privacy import retention, seen, subject
from tests import factories
from tests.orders import makers
from tests.orders.makers import Shop

pytestmark = pytest.mark.django_db
COLUMNS = ("person", "subject", "customer", "times")


@pytest.fixture
def shop() -> Shop:
    return makers.shop()


@pytest.fixture
def other() -> Shop:
    return makers.shop()


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def look(actor: Actor, customer: Customer) -> Look:
    looks.note(actor, Seen("customers.customer", "pk", [customer.pk]), Way.PAGE)
    return Look.objects.latest("pk")


def rows(actor: Actor, *filters: Filter) -> list[tuple[object, ...]]:
    asked = Definition("looks", COLUMNS, filters, sort="person")
    return list(querying.build(actor, asked, timezone.localdate(), Can.VIEW_AUDIT).rows)


def test_a_manager_sees_who_looked_at_own_records_and_what_own_staff_looked_at(shop: Shop, other: Shop) -> None:
    mine, theirs = factories.customer(shop.branch), factories.customer(other.branch)
    look(other.receptionist, mine)
    look(shop.receptionist, theirs)
    look(other.receptionist, theirs)
    found = {(row[0], row[2]) for row in rows(shop.manager)}
    assert found == {(other.receptionist.name, mine.number), (shop.receptionist.name, theirs.number)}
    head = factories.actor(factories.user(Role.HEAD_OFFICE), shop.branch)
    assert len(rows(head)) == 3
    with pytest.raises(NotVisible):
        rows(shop.receptionist)


def test_by_customer_merged_numbers_are_found_as_well(shop: Shop) -> None:
    kept, merged = factories.customer(shop.branch), factories.customer(shop.branch)
    stranger = factories.customer(shop.branch)
    for customer in (kept, merged, stranger):
        look(shop.receptionist, customer)
    merge(shop.manager, kept.pk, merged.pk, "the same person")
    found = rows(shop.manager, Filter("customer", "is", kept.number.lower()))
    assert sorted(str(row[2]) for row in found) == sorted([kept.number, merged.number])
    assert rows(shop.manager, Filter("customer", "is", "C-NOBODY")) == []


def test_by_order_and_by_person(shop: Shop) -> None:
    order = makers.confirmed(shop)
    looks.note(shop.manager, Seen("orders.order", "number", [order.number]), Way.FILE)
    look(shop.receptionist, order.customer)
    by_order = rows(shop.manager, Filter("order", "is", order.number))
    assert [(row[0], row[1], row[2]) for row in by_order] == [
        (shop.manager.name, "orders.order", order.customer.number)
    ]
    by_person = rows(shop.manager, Filter("person", "is", shop.receptionist.name))
    assert [(row[0], row[1]) for row in by_person] == [(shop.receptionist.name, "customers.customer")]


def test_the_audit_leads_to_customer_order_and_record(shop: Shop) -> None:
    order = makers.confirmed(shop)
    looks.note(shop.receptionist, Seen("orders.order", "pk", [order.pk]), Way.PAGE)
    client = signed_in(shop.manager)
    page = client.get(reverse("reporting:audit", args=["views"])).content.decode()
    record = reverse("records:record", args=["orders.order", order.pk])
    for address in (
        reverse("customers:page", args=[order.customer.number]),
        reverse("orders:page", args=[order.number]),
    ):
        assert f'href="{address}"' in page
    assert f'href="{record}"' in page
    answer = client.get(record)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("orders:page", args=[order.number]))


@pytest.mark.parametrize("code", ["views", "viewers", "elsewhere"])
def test_the_audits_of_looks_are_for_those_with_the_right(code: str, shop: Shop) -> None:
    url = reverse("reporting:audit", args=[code])
    assert signed_in(shop.manager).get(url).status_code == 200
    assert signed_in(shop.receptionist).get(url).status_code == 403


def test_the_file_holds_the_rows_of_the_page(shop: Shop) -> None:
    customer = factories.customer(shop.branch)
    look(shop.receptionist, customer)
    look(shop.receptionist, customer)
    audit = ready_made.find(shop.manager, "views", AUDITS)
    export = asking.ask(shop.manager, Request(audit.definition, "csv", "Who saw what"))
    job_runs.run_waiting()
    export.refresh_from_db()
    with export.file.open("rb") as file:
        lines = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))
    head = next(place for place, line in enumerate(lines) if "Opened first" in line)
    found = dict(zip(lines[head], lines[head + 1], strict=True))
    assert (found["Who"], found["Times"], found["Customer number"], found["As"]) == (
        shop.receptionist.name,
        "2",
        customer.number,
        "Page",
    )
    assert len(lines) == head + 2


def test_the_page_of_a_customers_rights_tells_who_opened_the_record(shop: Shop, other: Shop) -> None:
    customer = factories.customer(shop.branch)
    look(shop.receptionist, customer)
    look(other.receptionist, customer)
    page = signed_in(shop.manager).get(reverse("reporting:privacy_customer", args=[customer.number]))
    assert [(one.name, one.times, one.days) for one in page.context["seen"]][-2:] == [
        (other.receptionist.name, 1, 1),
        (shop.receptionist.name, 1, 1),
    ]
    assert seen.report_url(customer).replace("&", "&amp;") in page.content.decode()
    listed = signed_in(shop.manager).get(seen.report_url(customer))
    assert listed.context["preview"].count == 3  # the two, and the manager who opened the page of rights


def test_an_accountant_finds_the_way_from_the_customers_page(shop: Shop) -> None:
    customer = factories.customer(shop.branch)
    page = signed_in(factories.staff(Role.ACCOUNTANT, shop.branch)).get(
        reverse("customers:page", args=[customer.number])
    )
    assert "Who saw this" in page.content.decode()
    assert "Who saw this" not in signed_in(shop.receptionist).get(page.request["PATH_INFO"]).content.decode()


@pytest.mark.parametrize(
    ("today", "before"),
    [
        (date(2026, 11, 26), date(2025, 10, 1)),
        (date(2026, 1, 1), date(2024, 12, 1)),
        (date(2028, 2, 29), date(2027, 1, 1)),
    ],
)
def test_looks_are_kept_for_thirteen_whole_months(today: date, before: date) -> None:
    assert retention.looks_before(today) == before


def test_looks_go_when_their_months_are_over(shop: Shop) -> None:
    customer = factories.customer(shop.branch)
    young = look(shop.receptionist, customer)
    before = retention.looks_before()
    for day in (before, before - timedelta(days=1)):
        old = Look.objects.get(pk=young.pk)
        old.pk, old.day = None, day
        old.first_at = old.last_at = timezone.now() - (timezone.localdate() - day)
        old.save()
    assert retention.drop_looks() == 1
    assert sorted(Look.objects.values_list("day", flat=True)) == [before, young.day]


def test_the_customers_copy_holds_the_looks_with_the_staff_by_key(shop: Shop) -> None:
    customer = factories.customer(shop.branch)
    look(shop.receptionist, customer)
    found = dict(subject.sections(customer))["records.look"]
    assert [(row["person_id"], row["subject_id"], row["times"]) for row in found] == [
        (shop.receptionist.user_id, customer.pk, 1)
    ]
    assert shop.receptionist.name not in str(found)
