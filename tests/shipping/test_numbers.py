"""Tracking numbers: every valid one is accepted, mistyped ones are warned of, none is refused for its check digit."""

import pytest

from shipping.tracking import numbers
from shipping.tracking.numbers import BadNumber
from tests.shipping.files import reference_json

FILES = {"ups": "ups", "fedex": "fedex", "usps": "usps", "s10": "post"}


@pytest.mark.parametrize("name", FILES)
def test_every_valid_number_of_the_carriers_is_accepted_without_a_warning(name: str) -> None:
    kinds = reference_json(f"{name}.json")["tracking_numbers"]
    valid = [number for kind in kinds for number in kind["test_numbers"]["valid"]]
    assert len(valid) >= 4
    for number in valid:
        assert numbers.check(number).warning == "", number
        assert numbers.check(number).carrier == FILES[name], number
        assert numbers.check(number, FILES[name]).is_verified, number


@pytest.mark.parametrize("name", FILES)
def test_every_invalid_number_of_the_carriers_is_warned_of(name: str) -> None:
    kinds = reference_json(f"{name}.json")["tracking_numbers"]
    invalid = [number for kind in kinds for number in kind["test_numbers"]["invalid"]]
    assert [number for number in invalid if not numbers.check(number, FILES[name]).warning] == []


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("1Z999AA10123456784", "ups"),
        ("rb 123 456 785 gb", "post"),
        ("986578788855", "fedex"),
        ("9400 1112 0108 0805 4830 16", "usps"),
        ("1234567891", "dhl"),
        ("3SKAAG5995399", "postnl"),
    ],
)
def test_the_carrier_is_guessed_from_a_number(number: str, carrier: str) -> None:
    found = numbers.check(number)
    assert (found.carrier, found.warning) == (carrier, "")


def test_a_mistyped_digit_is_a_warning_and_the_number_stays() -> None:
    found = numbers.check("1Z 999 AA1 01 2345 6785", "ups")
    assert (found.number, found.warning, found.is_verified) == ("1Z999AA10123456785", "check_digit", False)


def test_a_number_of_another_carrier_is_told_with_its_name() -> None:
    found = numbers.check("1Z999AA10123456784", "fedex")
    assert (found.carrier, found.warning) == ("ups", "other_carrier")


def test_a_carrier_without_known_formats_gets_no_warning() -> None:
    assert numbers.check("WAYBILL-77-1", "courier_guy").warning == ""


def test_the_check_sign_of_iso_7064_is_computed_as_the_standard_shows() -> None:
    assert numbers.mod37_36("A12425GABC1234002") == "M"


@pytest.mark.parametrize("text", ["", "12", "A" * 41, "<script>", "1Z999/../etc", "номер12345"])
def test_what_no_carrier_prints_is_refused(text: str) -> None:
    with pytest.raises(BadNumber):
        numbers.check(text)
