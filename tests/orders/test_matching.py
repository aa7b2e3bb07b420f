"""What is typed above the list of orders, however many people and orders it could mean."""

import pytest

from customers.names import search_text
from orders.models import Order
from orders.selectors import matching
from tests import factories as make

pytestmark = pytest.mark.django_db


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
    found = set(Order.objects.filter(matching.matches(text)).values_list("pk", flat=True))
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
