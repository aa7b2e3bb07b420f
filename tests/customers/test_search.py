"""Finding a customer by what is said at the counter."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import Branch
from branches.roles import Role
from branches.scope import Scope
from core.actor import Actor
from customers import services
from customers.data import CustomerData
from customers.models import Customer
from customers.names import fold
from customers.querying import Query, parse
from customers.search import search
from tests import factories as make

TODAY = date(2026, 11, 24)


@pytest.fixture
def home() -> Branch:
    return make.branch("RSB", name="Rosebank")


@pytest.fixture
def zanele(home: Branch) -> Actor:
    return make.staff(Role.RECEPTIONIST, home)


@pytest.fixture
def people(zanele: Actor) -> dict[str, Customer]:
    rows = {
        "thandi": CustomerData("Thandi Grace", "Mokoena", birth_date=date(1974, 3, 4), phone="082 123 4417"),
        "kagiso": CustomerData("Kagiso", "Mokoena", birth_date=date(2009, 2, 1)),
        "jose": CustomerData("José María", "Núñez-Ibáñez", birth_date=date(1981, 3, 4)),
        "obrien": CustomerData("Siobhán", "O’Brien", other_phone="011 880 1234"),
        "layla": CustomerData("ليلى", "العبد الله"),
        "soren": CustomerData("Søren", "Łukasz"),
    }
    return {name: services.create(zanele, data) for name, data in rows.items()}


def names(zanele: Actor, text: str) -> list[str]:
    return [row.given_names for row in search(Scope.of(zanele), text)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("mokoena thandi", "Thandi Grace"),
        ("Thandi MOKOENA", "Thandi Grace"),
        ("mok tha", "Thandi Grace"),
        ("grace mok", "Thandi Grace"),
        ("mokeona thandi", "Thandi Grace"),
        ("mokoean grace", "Thandi Grace"),
        ("thandy mokoena", "Thandi Grace"),
        ("nunez", "José María"),
        ("NÚÑEZ", "José María"),
        ("ibanez jose", "José María"),
        ("obrien", "Siobhán"),
        ("o'brien siobhan", "Siobhán"),
        ("لیلى".replace("ی", "ي"), "ليلى"),
        ("العبد", "ليلى"),
        ("الله ليلي", "ليلى"),
        ("soren lukasz", "Søren"),
        ("4417", "Thandi Grace"),
        ("082 123 4417", "Thandi Grace"),
        ("+27 82 123 4417", "Thandi Grace"),
        ("8801234", "Siobhán"),
        ("040374", "Thandi Grace"),
        ("4 Mar 1974", "Thandi Grace"),
        ("04 march 1974", "Thandi Grace"),
        ("1974-03-04", "Thandi Grace"),
        ("04/03/1981", "José María"),
        ("19810304", "José María"),
        ("c-100003", "José María"),
        ("100003", "José María"),
    ],
)
def test_found_first(people: dict[str, Customer], zanele: Actor, text: str, first: str) -> None:
    assert names(zanele, text)[:1] == [first]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", "  ", "%", "_", "zzzzzz", "mokoena zzz", "0000", "31/02/1981", "'; drop table", "\x00"]
)
def test_nothing_is_found_without_a_reason(people: dict[str, Customer], zanele: Actor, text: str) -> None:
    assert names(zanele, text) == []


@pytest.mark.django_db
def test_rows_tell_two_of_a_name_apart(people: dict[str, Customer], zanele: Actor) -> None:
    rows = search(Scope.of(zanele), "mokoena")
    assert [(row.sorted_name, row.birth_date, row.branch) for row in rows] == [
        ("Mokoena, Kagiso", date(2009, 2, 1), "Rosebank"),
        ("Mokoena, Thandi Grace", date(1974, 3, 4), "Rosebank"),
    ]


@pytest.mark.django_db
def test_merged_customers_are_found_only_as_the_kept_record(people: dict[str, Customer], home: Branch) -> None:
    manager = make.staff(Role.BRANCH_MANAGER, home)
    services.merge(manager, people["thandi"].pk, people["kagiso"].pk, "Typed twice")
    assert [row.number for row in search(Scope.of(manager), "mokoena")] == [people["thandi"].number]


@pytest.mark.django_db
def test_who_belongs_to_no_branch_finds_nobody(people: dict[str, Customer]) -> None:
    assert search(Scope(), "mokoena") == []


@pytest.mark.django_db
def test_queries_do_not_grow_with_the_rows(people: dict[str, Customer], zanele: Actor) -> None:
    few = query_count(zanele, "kagiso")
    for n in range(15):
        services.create(zanele, CustomerData("Kagiso", f"Radebe {n}"))
    assert query_count(zanele, "kagiso") == few


def query_count(zanele: Actor, text: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        search(Scope.of(zanele), text)
    return len(seen)


def test_six_digits_are_a_birth_date_and_the_end_of_a_phone() -> None:
    read = parse("040381", TODAY)
    assert read.born == (date(1981, 3, 4),)
    assert (read.phone_end, read.number) == ("040381", "C-040381")


def test_a_short_year_means_a_day_that_has_been() -> None:
    assert parse("010125", TODAY).born == (date(2025, 1, 1), date(1925, 1, 1))
    assert parse("251126", TODAY).born == (date(1926, 11, 25),)


def test_words_are_folded() -> None:
    assert parse("O'Brien-Núñez", TODAY) == Query(words=("obrien", "nunez"))
    assert fold("ÉCLAIR Łódź Straße") == "eclair lodz strasse"
