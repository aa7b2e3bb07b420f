"""Rows that look like somebody wait for a person, and the same row comes in once."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from core.actor import Actor
from core.errors import DomainError
from customers.data import CustomerData
from customers.duplicates import likely_duplicates
from customers.models import Customer
from customers.services import import_writing, importing
from records.import_models import FileState
from records.services import importing as steps
from tests.customers.importing.lists import HEADINGS, applied, checked, csv_of, known, row, verdicts

pytestmark = pytest.mark.django_db


def test_rows_like_a_customer_wait_for_a_decision_and_nothing_is_written_before(nomvula: Actor) -> None:
    thandi = known(nomvula)
    batch = checked(nomvula, csv_of([row(0, Cell="0825554417"), row(1)]))
    one = batch.rows.get(verdict="alike")
    assert one.matches == [{"id": thandi.pk, "why": "same phone"}]
    with pytest.raises(DomainError) as refused:
        import_writing.start(nomvula, batch.pk)
    assert (refused.value.code, Customer.objects.count()) == ("undecided", 1)


@pytest.mark.parametrize(("decision", "count"), [("skip", 2), ("add", 3), ("update", 2)])
def test_each_decision_does_what_it_says(nomvula: Actor, decision: str, count: int) -> None:
    thandi = known(nomvula)
    batch = checked(nomvula, csv_of([row(0, Cell="0825554417"), row(1)]))
    importing.choose_fields(nomvula, batch.pk, ["email"])
    importing.decide(nomvula, batch.pk, 2, decision, thandi.pk)
    import_writing.start(nomvula, batch.pk)
    batch = import_writing.write(nomvula, batch.pk)
    thandi.refresh_from_db()
    assert Customer.objects.count() == count
    assert thandi.email == ("p0@post.example" if decision == "update" else "thandi@post.example")
    assert (thandi.given_names, thandi.birth_date) == ("Thandi", date(1974, 3, 4))
    assert (batch.counts["updated"], batch.counts["left_out"]) == (int(decision == "update"), int(decision == "skip"))


def test_all_that_wait_are_decided_at_once_and_updates_need_somebody(nomvula: Actor) -> None:
    thandi = known(nomvula)
    rows = [row(0, Cell="0825554417"), row(1), row(2, Cell="082 555 1001")]
    batch = checked(nomvula, csv_of(rows))
    assert verdicts(batch) == {2: "alike", 3: "new", 4: "alike"}
    assert batch.rows.get(row_number=4).matches == [{"row": 3, "why": "same phone"}]
    assert importing.decide_all(nomvula, batch.pk, "update") == 1
    assert batch.rows.get(row_number=2).target_id == thandi.pk
    assert importing.decide_all(nomvula, batch.pk, "add") == 1
    with pytest.raises(DomainError) as refused:
        importing.decide(nomvula, batch.pk, 4, "update", thandi.pk)
    assert refused.value.code == "no_target"


def test_a_row_is_compared_by_the_rules_of_the_form(nomvula: Actor) -> None:
    """Each of the form's reasons is found, also where the questions of many rows are asked together."""
    known(nomvula)
    rows = [
        row(0, **{"E-mail": "thandi@post.example"}), row(1, **{"First name": "Thandi", "Surname": "Mokoena", "DOB": ""}),
        row(2, **{"First name": "Thandie", "Surname": "Mokoena", "DOB": "1974-03-04"}),
        row(3, **{"First name": "Thandi", "Surname": "Mokoenaa", "Cell": ""}), row(4),
    ]  # fmt: skip
    batch = checked(nomvula, csv_of(rows))
    whys = {one.row_number: one.matches[0]["why"] for one in batch.rows.filter(verdict="alike")}
    assert whys == {2: "same e-mail", 3: "same name", 4: "same date of birth and a like name", 5: "a like name"}


def test_the_same_file_twice_makes_no_doubles(nomvula: Actor) -> None:
    content = csv_of([row(n) for n in range(5)])
    applied(nomvula, content)
    again = checked(nomvula, content)
    assert again.counts["before"] == 5
    with pytest.raises(DomainError) as refused:
        import_writing.start(nomvula, again.pk)
    assert (refused.value.code, Customer.objects.count()) == ("nothing_to_apply", 5)


def test_refused_rows_come_back_mended_and_only_they_are_written(nomvula: Actor) -> None:
    batch = applied(nomvula, csv_of([row(0), row(1, Cell="+27 12"), row(2)]))
    assert Customer.objects.count() == 2
    out = io.StringIO()
    lines = list(steps.refused_rows(batch, batch.rows.filter(verdict="refused"), {}))
    assert lines[0] == [*HEADINGS, steps.WHY] and len(lines) == 2
    mended = [cell if cell != "+27 12" else "'+27825551001" for cell in lines[1]]
    csv.writer(out).writerows([lines[0], [*row(0), ""], mended])
    again = applied(nomvula, out.getvalue().encode())
    assert (again.counts["before"], again.counts["made"], Customer.objects.count()) == (1, 1, 3)
    assert Customer.objects.filter(phone="+27825551001").exists()


def test_somebody_entered_at_the_counter_meanwhile_is_not_doubled(nomvula: Actor) -> None:
    batch = checked(nomvula, csv_of([row(0), row(1)]))
    known(nomvula, phone="082 555 1000")
    import_writing.start(nomvula, batch.pk)
    batch = import_writing.write(nomvula, batch.pk)
    assert (batch.state, verdicts(batch)[2], Customer.objects.count()) == (FileState.CHECKED, "alike", 2)
    importing.decide_all(nomvula, batch.pk, "skip")
    import_writing.start(nomvula, batch.pk)
    batch = import_writing.write(nomvula, batch.pk)
    assert (batch.state, batch.counts["made"], batch.counts["left_out"]) == (FileState.APPLIED, 1, 1)


@pytest.mark.parametrize(
    ("given", "family", "why"),
    [
        ("Thandi", "Mokeona", "same date of birth and a like name"),
        ("Tahndi", "Mokoena", "same date of birth and a like name"),
        ("Thandi", "Mokoen", "same date of birth and a like name"),
        ("Thandiwe", "Mokoena", "same date of birth and a like name"),
        ("Pieter", "Botha", None),
    ],
)
def test_a_like_name_with_the_same_birth_date_is_found_as_at_the_counter(
    nomvula: Actor, given: str, family: str, why: str | None
) -> None:
    known(nomvula)
    said = {"First name": given, "Surname": family, "DOB": "1974-03-04"}
    one = checked(nomvula, csv_of([row(0, **said)])).rows.get()
    data = CustomerData(given, family, birth_date=date(1974, 3, 4), phone=row(0)[4], email="p0@post.example")
    assert [match["why"] for match in one.matches] == [found.why for found in likely_duplicates(data)]
    assert [match["why"] for match in one.matches] == ([why] if why else [])


def test_strangers_who_share_a_birth_date_with_a_customer_cost_no_search_each(
    nomvula: Actor, django_assert_max_num_queries: Any
) -> None:
    for n in range(3):
        known(nomvula, given_names=f"Nomsa{n}", phone=f"083 555 100{n}", email="")
    batch = importing.upload(
        nomvula, nomvula.branch_id or 0, "old.csv", csv_of([row(n, DOB="1974-03-04") for n in range(30)])
    )
    with django_assert_max_num_queries(30):
        batch = importing.dry_run(nomvula, batch.pk, batch.columns)
    assert batch.counts["new"] == 30
