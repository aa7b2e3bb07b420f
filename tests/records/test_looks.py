"""Who opened whose record: noted for everyone, one row a day, and not to be taken away."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.models import Branch, User
from branches.roles import Role
from customers.models import Customer
from records import append_only, looks
from records.looks import Seen
from records.models import Look, Way
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosebank() -> Branch:
    return factories.branch("RSB")


@pytest.fixture
def zanele(rosebank: Branch) -> User:
    return factories.user(Role.RECEPTIONIST, rosebank)


@pytest.fixture
def desk(zanele: User) -> Client:
    client = Client()
    client.force_login(zanele)
    return client


@pytest.fixture
def thandi(rosebank: Branch) -> Customer:
    return factories.customer(rosebank)


def url(customer: Customer) -> str:
    return reverse("customers:page", args=[customer.number])


def looked(person: User, customer: Customer) -> Look:
    actor = factories.actor(person, customer.home_branch)
    looks.note(actor, Seen("customers.customer", "pk", [customer.pk]), Way.PAGE)
    return Look.objects.get(person=person, customer_id=customer.pk)


def refused(statement: str) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


def test_opening_at_home_is_noted_once_a_day_with_first_last_and_count(
    desk: Client, zanele: User, thandi: Customer, rosebank: Branch
) -> None:
    desk.get(url(thandi))
    desk.get(url(thandi))
    desk.get(reverse("customers:change", args=[thandi.number]))
    seen = Look.objects.get()
    assert (seen.person, seen.role, seen.branch, seen.record_branch) == (zanele, "receptionist", rosebank, rosebank)
    assert (seen.subject_type, seen.subject_id, seen.customer_id) == ("customers.customer", thandi.pk, thandi.pk)
    assert (seen.way, seen.times, seen.order_id) == ("page", 3, None)
    assert seen.first_at < seen.last_at


def test_a_new_day_by_the_branchs_clock_and_another_way_are_rows_of_their_own(
    desk: Client, thandi: Customer, rosebank: Branch
) -> None:
    desk.get(url(thandi))
    Branch.objects.filter(pk=rosebank.pk).update(time_zone="Pacific/Kiritimati")
    there = timezone.localdate(timezone=ZoneInfo("Pacific/Kiritimati"))
    desk.get(url(thandi))
    desk.get(reverse("customers_api:detail", args=[thandi.number]))
    found = Look.objects.order_by("pk").values_list("way", "day", "times")
    days = {timezone.localdate(timezone=ZoneInfo("Africa/Johannesburg")), there}
    assert [way for way, _day, _times in found] == ["page"] * len(days) + ["api"]
    assert {day for _way, day, _times in found} == days


def test_a_part_of_a_page_is_noted_and_does_not_count_again(desk: Client, thandi: Customer) -> None:
    for _n in range(2):
        desk.get(url(thandi), {"show": "changes"}, headers={"HX-Request": "true"})
    assert Look.objects.get().times == 1
    desk.get(url(thandi))
    assert Look.objects.get().times == 2


def test_what_was_not_shown_is_not_noted(client: Client, desk: Client, thandi: Customer) -> None:
    client.get(url(thandi))
    desk.get(reverse("customers:page", args=["C-999999"]))
    desk.get(reverse("customers:list"), {"q": thandi.family_name})
    desk.get(reverse("customers_api:list"), {"q": thandi.family_name})
    desk.head(url(thandi))
    client.force_login(User.objects.create_user(email="new@practice.example", password="a-long-password-1"))
    client.get(url(thandi))
    assert not Look.objects.exists()


def test_a_look_costs_one_statement(zanele: User, thandi: Customer) -> None:
    looked(zanele, thandi)
    with CaptureQueriesContext(connection) as asked:
        looked(zanele, thandi)
    assert len(asked) - 2 == 1  # the role of the actor and the row read back are the test's own


def test_several_records_of_one_sheet_are_noted_by_one_statement(zanele: User, rosebank: Branch) -> None:
    people = [factories.customer(rosebank) for _n in range(3)]
    seen = Seen("customers.customer", "number", [one.number for one in people])
    assert looks.note(factories.actor(zanele, rosebank), seen, Way.FILE) == 3
    assert sorted(Look.objects.values_list("customer_id", flat=True)) == sorted(one.pk for one in people)


def test_a_look_grows_and_nothing_else_of_it_changes(zanele: User, thandi: Customer) -> None:
    looked(zanele, thandi)
    other = factories.user(Role.RECEPTIONIST, thandi.home_branch)
    for change in (
        f"person_id = {other.pk}", "customer_id = 0", "times = 0", "day = day - 1",
        "last_at = last_at - interval '1 hour'", "first_at = first_at - interval '1 hour'",
    ):  # fmt: skip
        assert "keeps who looked: UPDATE is refused" in refused(" ".join(["UPDATE records_look SET", change]))
    assert "DELETE is refused" in refused("DELETE FROM records_look")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert "TRUNCATE is refused" in refused("TRUNCATE records_look")
    assert Look.objects.get().person_id == zanele.pk


def test_a_look_may_go_after_ninety_days_and_not_before(zanele: User, thandi: Customer) -> None:
    today = timezone.localdate()
    kept = looked(zanele, thandi)
    for age in (90, 91):
        Look.objects.bulk_create([Look(**{**_values(kept), "day": today - timedelta(days=age)})])
    Look.objects.filter(day=today - timedelta(days=91)).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Look.objects.filter(day=today - timedelta(days=90)).delete()
    assert Look.objects.count() == 2


def _values(look: Look) -> dict[str, Any]:
    return {
        field.attname: getattr(look, field.attname) for field in Look._meta.concrete_fields if not field.primary_key
    }


def test_control_without_the_trigger_a_look_can_be_taken_away(zanele: User, thandi: Customer) -> None:
    looked(zanele, thandi)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE records_look DISABLE TRIGGER look_grows")
        cursor.execute("DELETE FROM records_look")
    assert not Look.objects.exists()


def test_the_web_role_notes_looks_and_cannot_rewrite_them(zanele: User, thandi: Customer, settings: Any) -> None:
    """Even with the trigger away."""
    looked(zanele, thandi)
    settings.DATABASE_WEB_ROLE = "look_web"
    actor = factories.actor(zanele, thandi.home_branch)
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE look_web")
        cursor.execute("GRANT USAGE ON SCHEMA public TO look_web")
        cursor.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO look_web")
        cursor.execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO look_web")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        append_only.restrict_web_role("default")
        cursor.execute("DROP TRIGGER look_grows ON records_look")
        cursor.execute("SET ROLE look_web")
        for change in ("person_id = 1", "customer_id = 0", "first_at = now()"):
            assert "permission denied" in refused(" ".join(["UPDATE records_look SET", change]))
        assert looks.note(actor, Seen("customers.customer", "pk", [thandi.pk]), Way.PAGE) == 1
        cursor.execute("RESET ROLE")
    assert Look.objects.get().times == 2
