"""Trade item numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.identifiers import BadIdentifier, check_digit, completed, gtin14, is_valid


@pytest.mark.parametrize(
    ("payload", "full"),
    [("629104150021", "6291041500213"), ("400638133393", "4006381333931"), ("03600029145", "036000291452"),
     ("9638507", "96385074"), ("0000000", "00000000")],
)  # fmt: skip
def test_check_digits(payload: str, full: str) -> None:
    assert completed(payload) == full
    assert is_valid(full)


def test_every_accepted_length_is_stored_as_fourteen() -> None:
    assert gtin14("036000291452") == "00036000291452"
    assert gtin14("0 36000-29145 2") == "00036000291452"
    assert gtin14("96385074") == "00000096385074"
    assert gtin14("00036000291452") == "00036000291452"


@pytest.mark.parametrize(
    ("text", "code"),
    [("036000291453", "check_digit"), ("03600029145", "length"), ("", "not_digits"), ("03600029145X", "not_digits"),
     ("\u0660" * 13, "not_digits"), ("1" * 15, "length")],
)  # fmt: skip
def test_what_is_no_identifier_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadIdentifier) as refusal:
        gtin14(text)
    assert refusal.value.code == code
    assert not is_valid(text)


def test_a_payload_must_be_digits() -> None:
    with pytest.raises(BadIdentifier):
        check_digit("12a")


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(payload: str, place: int, off: int) -> None:
    full = completed(payload)
    wrong = str((int(full[place]) + off) % 10)
    assert not is_valid(full[:place] + wrong + full[place + 1 :])
