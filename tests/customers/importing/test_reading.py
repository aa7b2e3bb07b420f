"""Rows of the list: every refusal at its column, dates, consents, where a customer comes from."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from branches.roles import Role
from branches.scope import Scope
from core.actor import Actor
from core.errors import DomainError
from core.importing.dates import DayOrder, order_of, read_date
from customers.models import Consent, Customer
from customers.selectors import search
from customers.services import import_writing, importing
from records import events
from records.facts import six_facts
from records.import_models import FileState
from records.models import Evidence
from tests.customers.importing.lists import CONSENT, applied, checked, csv_of, problems, row
from tests.factories import branch, staff

pytestmark = pytest.mark.django_db


def test_people_of_the_list_become_customers_with_where_they_come_from(nomvula: Actor) -> None:
    batch = checked(nomvula, csv_of([row(0, Notes="Prefers mornings"), row(1)]))
    assert (batch.counts["new"], Customer.objects.count()) == (2, 0)
    import_writing.start(nomvula, batch.pk)
    batch = import_writing.write(nomvula, batch.pk)
    assert (batch.state, batch.counts["made"], batch.counts["updated"]) == (FileState.APPLIED, 2, 0)
    made = Customer.objects.get(email="p0@post.example")
    assert (made.phone, made.birth_date, made.home_branch_id, made.source, made.recorded_by_id) == (
        "+27825551000", date(1950, 3, 13), nomvula.branch_id, "import", nomvula.user_id,
    )  # fmt: skip
    assert made.notes == "Prefers mornings\nNumber in the earlier system: 4000"
    assert six_facts(made).source == f"Import {batch.number}: old.csv, row 2"
    proof = Evidence.objects.get(subject_type=events.type_of(made), subject_id=made.pk)
    assert proof.note == f"old.csv, row 2 (SHA-256 {batch.sha256})"
    assert search(Scope.of(nomvula), "persona familya")[0].number == made.number


def test_every_refused_row_says_why_at_its_column(nomvula: Actor) -> None:
    bad = [
        row(0, **{"First name": "", "Surname": ""}), row(1, Cell="12"), row(2, **{"E-mail": "no address"}), row(3, DOB="soon"),
        row(4, Language="Klingon"), row(5, DOB="31/02/1980"), row(6, DOB="2999-01-01"), row(7, Notes="=cmd()"), row(8),
    ]  # fmt: skip
    batch = checked(nomvula, csv_of(bad))
    assert problems(batch) == [
        (2, "given_names"), (3, "phone"), (4, "email"), (5, "birth_date"), (6, "language"), (7, "birth_date"),
        (8, "birth_date"), (9, "notes"),
    ]  # fmt: skip
    assert (batch.counts["new"], batch.counts["refused"]) == (1, 8)
    assert Customer.objects.count() == 0


def test_phones_are_read_by_the_branchs_country() -> None:
    lisbon = branch("LIS", name="Lisboa", country="PT", time_zone="Europe/Lisbon")
    ana = staff(Role.BRANCH_MANAGER, lisbon)
    batch = checked(ana, csv_of([row(0, Cell="912 345 678"), row(1, Cell="082 555 1000")]))
    assert problems(batch) == [(3, "phone")]
    import_writing.start(ana, batch.pk)
    import_writing.write(ana, batch.pk)
    assert Customer.objects.get().phone == "+351912345678"


def test_a_bad_address_is_kept_as_typed_and_noted(nomvula: Actor) -> None:
    batch = applied(nomvula, csv_of([row(0, Street="12 Oxford Road", Town="Johannesburg", **{"Postal code": "ABC"})]))
    made = Customer.objects.get()
    assert (made.line1, made.country, made.address_unverified) == ("12 Oxford Road", "ZA", True)
    assert batch.rows.get().notes[0]["column"] in ("postal_code", "region")


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/1981", "13/04/1981"], DayOrder.DAY_FIRST),
        (["03/04/1981", "04/13/1981"], DayOrder.MONTH_FIRST),
        (["03/04/1981"], DayOrder.UNCLEAR),
        (["13/04/1981", "04/13/1981"], DayOrder.UNCLEAR),
        (["1981-04-03", "3 Apr 1981", "03/03/1981"], DayOrder.DAY_FIRST),
    ],
)
def test_a_file_proves_the_order_of_its_dates_or_is_asked(texts: list[str], order: DayOrder) -> None:
    assert order_of(texts) == order


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("03/04/1981", DayOrder.DAY_FIRST, date(1981, 4, 3)), ("03/04/1981", DayOrder.MONTH_FIRST, date(1981, 3, 4)),
        ("1981-04-03 00:00:00", DayOrder.DAY_FIRST, date(1981, 4, 3)), ("19810403", DayOrder.DAY_FIRST, date(1981, 4, 3)),
        ("3.4.81", DayOrder.DAY_FIRST, date(1981, 4, 3)), ("3 April 1981", DayOrder.DAY_FIRST, date(1981, 4, 3)),
        ("03.04.26", DayOrder.DAY_FIRST, date(2026, 4, 3)), ("3-Apr-1981", DayOrder.DAY_FIRST, date(1981, 4, 3)),
    ],
)  # fmt: skip
def test_dates_are_read_as_they_are_written(text: str, order: DayOrder, day: date) -> None:
    assert read_date(text, order, date(2026, 11, 25)) == day


def test_unclear_dates_are_asked_for_once(nomvula: Actor) -> None:
    content = csv_of([row(0, DOB="03/04/1981"), row(1, DOB="05/06/1982")])
    batch = importing.upload(nomvula, nomvula.branch_id or 0, "old.csv", content)
    with pytest.raises(DomainError) as refused:
        importing.dry_run(nomvula, batch.pk, batch.columns)
    assert set(refused.value.fields) == {"day_order"} and "03/04/1981" in refused.value.message
    batch = importing.dry_run(nomvula, batch.pk, batch.columns, "month")
    assert batch.rows.order_by("row_number").first().values["data"]["birth_date"] == "1981-03-04"
    assert batch.options["day_order"] == "month"


def test_consents_are_recorded_only_with_their_day_and_source(nomvula: Actor) -> None:
    rows = [
        [*row(0), "yes", "2024-05-12", "Registration form"], [*row(1), "yes", "", ""], [*row(2), "yes", "2024-05-12", ""],
        [*row(3), "no", "2024-05-12", "By phone"], [*row(4), "", "", ""],
    ]  # fmt: skip
    batch = applied(nomvula, csv_of(rows, CONSENT))
    given = Consent.objects.filter(granted=True)
    assert {(one.customer.email, one.purpose, one.channel) for one in given} == {
        ("p0@post.example", "recall", "email"), ("p0@post.example", "recall", "sms"),
    }  # fmt: skip
    first = given[0]
    assert (first.wording, first.source, first.at.astimezone(ZoneInfo("Africa/Johannesburg")).date()) == (
        "Registration form", "import", date(2024, 5, 12),
    )  # fmt: skip
    assert {one.customer.email for one in Consent.objects.filter(granted=False)} == {"p3@post.example"}
    assert [one.row_number for one in batch.rows.exclude(notes=[]).order_by("row_number")] == [3, 4]
