"""What is typed above the list of orders, however many people and orders it could mean."""

import pytest

from branches.scope import Scope
from customers.names import search_text
from orders.models import Order
from orders.selectors import listing, matching
from orders.selectors.listing import Filters
from tests import factories as make

pytestmark = pytest.mark.django_db
TYPED = {"": 3, "nunez": 1, "nune": 2, "Ruth O'Brown": 1, "RSB-0004": 3, "42": 1, "nobody": 0}


@pytest.fixture
def orders() -> dict[str, Order]:
    home = make.branch("RSB")
    people = {"nunez": ("Ana", "Núñez"), "nunes": ("Rui", "Nunes"), "brown": ("Ruth", "O'Brown")}
    return {
        name: Order.objects.create(
            number=f"RSB-{number:05d}",
            public_code=f"K{number}-ABCD-E",
            branch=home,
            collect_branch=home,
            customer=make.customer(home, given_names=given, family_name=family, search_text=search_text(given, family)),
            source="counter",
        )
        for number, (name, (given, family)) in enumerate(people.items(), 41)
    }


def named(text: str, orders: dict[str, Order]) -> set[str]:
    found = set(Order.objects.filter(matching.meant(text).condition()).values_list("pk", flat=True))
    return {name for name, order in orders.items() if order.pk in found}


@pytest.mark.parametrize(("people", "numbered"), [(5000, 200), (1, 1), (0, 0)])
def test_the_same_orders_are_found_looked_up_before_or_asked_one_by_one(
    orders: dict[str, Order], monkeypatch: pytest.MonkeyPatch, people: int, numbered: int
) -> None:
    monkeypatch.setattr(matching, "MOST_PEOPLE", people)
    monkeypatch.setattr(matching, "MOST_NUMBERED", numbered)
    everyone = {"nunez", "nunes", "brown"}
    assert named("nunez", orders) == named("Ana NÚÑEZ", orders) == {"nunez"}
    assert named("nune", orders) == {"nunez", "nunes"}
    assert named("obrown", orders) == named("O'Brown ru", orders) == {"brown"}
    assert named("rsb-00042", orders) == named("42", orders) == named("0042", orders) == {"nunes"}
    assert named("RSB", orders) == everyone
    assert named("k42-abcd-e", orders) == {"nunes"}


def test_signs_alone_name_nobody(orders: dict[str, Order]) -> None:
    assert named("--", orders) == named("'", orders) == set()


@pytest.mark.parametrize("most", [5000, 1])
def test_the_counts_beside_the_views_are_of_what_was_typed(
    orders: dict[str, Order], monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(matching, "MOST_PEOPLE", most)
    open_orders = {text: listing.tabs(Scope(everything=True), Filters(q=text))[0].count for text in TYPED}
    assert open_orders == TYPED


def test_a_percent_sign_is_looked_for_as_it_stands(orders: dict[str, Order]) -> None:
    assert listing.tabs(Scope(everything=True), Filters(q="100%"))[0].count == 0
