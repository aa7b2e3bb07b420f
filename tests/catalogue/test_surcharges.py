"""Surcharges by power."""

from decimal import Decimal

import pytest

from catalogue.surcharges import Band, Quantity, charges
from lensmath.powers import EyePower

BANDS = [
    Band(Quantity.CYLINDER, Decimal("6.25"), Decimal(8), Decimal(55), Decimal(20)),
    Band(Quantity.CYLINDER, Decimal(4), Decimal(6), Decimal(25), Decimal(10)),
    Band(Quantity.PRISM, Decimal("0.25"), Decimal(3), Decimal(10)),
    Band(Quantity.PRISM, Decimal("3.25"), Decimal(6), Decimal(25)),
    Band(Quantity.SPHERE, Decimal(8), None, Decimal(40)),
    Band(Quantity.ADD, Decimal("3.25"), Decimal(4), Decimal(5)),
]


@pytest.mark.parametrize(
    ("power", "prism", "price"),
    [
        (("-2", "-3.75", 90), "0", 0),
        (("-2", "-4.00", 90), "0", 25),
        (("-2", "-6.00", 90), "0", 25),
        (("-2", "-6.125", 90), "0", 55),
        (("-2", "-6.25", 90), "0", 55),
        (("-2",), "3.00", 10),
        (("-2",), "3.25", 25),
        (("-7.75",), "0", 0),
        (("8.00",), "0", 40),
        (("-9.00", "-4.25", 90), "0", 65),
        (("-13.25", "+4.25", 90), "0.25", 75),
        (("1.00", None, None, "3.50"), "0", 5),
    ],
)
def test_bands_are_inclusive_and_charges_add_up(power: tuple[str, ...], prism: str, price: int) -> None:
    assert charges(EyePower.of(*power), Decimal(prism), BANDS).price == price


def test_beyond_the_table_the_laboratory_is_asked() -> None:
    found = charges(EyePower.of("-2", "-8.25", 90), Decimal("6.25"), BANDS)
    assert (found.price, found.beyond) == (0, (Quantity.CYLINDER, Quantity.PRISM))


def test_cost_goes_with_price_and_no_table_charges_nothing() -> None:
    assert charges(EyePower.of("-2", "-4.00", 90), Decimal(0), BANDS).cost == 10
    assert charges(EyePower.of("-20"), Decimal(9), []).price == 0
