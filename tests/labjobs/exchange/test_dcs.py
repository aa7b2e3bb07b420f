"""The grammar of laboratory files: what is read, kept, written and refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labjobs.exchange import dcs, serial_link
from labjobs.exchange.errors import ExchangeError
from labjobs.exchange.fields import Sided, Value

from .reference import REAL_FILES, real_bytes

PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30)
LABELS = PRINTABLE.filter(lambda text: text.strip() and "=" not in text)
RECORDS = st.lists(st.builds(dcs.Record, LABELS, PRINTABLE), max_size=20)


@pytest.mark.parametrize(
    ("line", "right", "left"),
    [
        ("SPH=-1.25;0.5", Decimal("-1.25"), Decimal("0.5")),
        ("SPH=1", Decimal(1), Decimal(1)),
        ("SPH=", None, None),
        ("SPH=1.25;", Decimal("1.25"), None),
        ("SPH=;?", None, None),
        ("SPH=1;2;3", Decimal(1), Decimal(2)),
    ],
)
def test_two_sided_records_are_right_then_left(line: str, right: Decimal | None, left: Decimal | None) -> None:
    assert dcs.parse(line).sided_numbers("SPH") == Sided(right, left)


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_every_line_end_is_accepted(line_end: str) -> None:
    file = dcs.parse(line_end.join(["JOB=A1", "", "DO=B", ""]))
    assert [(record.label, record.data, record.line) for record in file.records] == [("JOB", "A1", 1), ("DO", "B", 3)]


def test_unknown_labels_and_their_spaces_are_kept_word_for_word() -> None:
    text = "_OCONTROLS=  1      1   ;  1      1\r\nTEXT_11= ;\r\nLIB=a=b\r\n"
    file = dcs.parse(text)
    assert dcs.render(file.records) == text
    assert [record.label for record in file.unknown()] == ["_OCONTROLS", "TEXT_11"]


def test_repeated_records_keep_their_order() -> None:
    file = dcs.parse("XSTATUS=R;1;second thoughts\nJOB=1\nXSTATUS=L;2;first")
    assert [record.fields[0] for record in file.all("XSTATUS")] == ["R", "L"]


def test_a_power_given_twice_with_different_values_is_refused_with_both_lines() -> None:
    file = dcs.parse("SPH=1.00\nJOB=1\nSPH=2.00")
    with pytest.raises(ExchangeError, match="lines 1, 3") as refusal:
        file.sided_numbers("SPH")
    assert refusal.value.line == 3


def test_a_bridge_given_for_both_eyes_is_taken_when_it_agrees_and_refused_when_not() -> None:
    assert dcs.parse("DBL=18.00;18.0").number("DBL") == Decimal(18)
    with pytest.raises(ExchangeError, match="one value"):
        dcs.parse("DBL=18.00;17.00").number("DBL")


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("JOB=1\nno separator here", 2, "Missing label separator"),
        ("JOB=1\n=5", 2, "no label"),
        ("JOB=1\nREM=a\x00b", 2, "control character"),
        ("JOB=1\nREM=a\tb", 2, "control character"),
        ("JOB=1\r\nCLNAME=Müller", 2, "outside the characters"),
        (b"JOB=1\rCLNAME=M\xfcller", 2, "outside the characters"),
        ("SPH=1\n" * 20_001, None, "more than 20000 lines"),
        ("R=" + "1" * 2_000_000, None, "larger than 2 MB"),
        ("\x1cJOB=1\r\n", None, "cut off"),
        ("\x1cA=1\r\n\x1eCRC=1\r\n\x1d\x1cB=2\r\n\x1e\x1d", None, "more than one message"),
        ("\x1cA\r\nB=2\r\n\x1e\x1d", 1, "Missing label separator"),
    ],
)
def test_what_is_not_a_laboratory_file_is_refused_with_its_line(
    content: str | bytes, line: int | None, words: str
) -> None:
    with pytest.raises(ExchangeError, match=words) as refusal:
        dcs.parse(content)
    assert refusal.value.line == line


@pytest.mark.parametrize("data", ["abc", "1,25", "1e5", "NaN", "1.2.3", "--1", "1" * 30, "٣"])
def test_a_number_that_is_none_is_refused_with_its_line(data: str) -> None:
    file = dcs.parse(f"JOB=1\nSPH={data};0.00", encoding="utf-8")
    with pytest.raises(ExchangeError, match="is not a number") as refusal:
        file.sided_numbers("SPH")
    assert refusal.value.line == 2


@pytest.mark.parametrize(
    ("label", "value", "line"),
    [
        ("SPH", Sided(Decimal("1.251"), None), "SPH=1.25;"),
        ("SPH", Sided(Decimal("-0.125"), Decimal("0.375")), "SPH=-0.12;0.37"),
        ("SPH", Sided(Decimal("-0.001"), Decimal("0")), "SPH=0.00;0.00"),
        ("INSSPH", Sided(Decimal("0.425"), Decimal("-0.425")), "INSSPH=0.43;-0.43"),
        ("AX", Sided(140, Decimal("15")), "AX=140;15"),
        ("ADD", Sided(None, None), "ADD="),
        ("PRVM", Sided(Decimal("2.5"), None), "PRVM=2.50;"),
        ("PRVA", Sided(Decimal("36.87"), None), "PRVA=36.9;"),
        ("IPD", Sided(Decimal(31), Decimal("30.5")), "IPD=31.00;30.50"),
        ("LIND", Sided(Decimal("1.6"), Decimal("1.498")), "LIND=1.600;1.498"),
        ("DBL", Decimal("18"), "DBL=18.00"),
        ("FTYP", 2, "FTYP=2"),
        ("JOB", 42, "JOB=42"),
        ("LNAM", Sided("Comfort", "Comfort"), "LNAM=Comfort;Comfort"),
        ("LNAM", "X", "LNAM=X;X"),
        ("SPH", None, "SPH="),
        ("VIEWP", ("B", 650, 0, 19), "VIEWP=B;650;0;19"),
    ],
)
def test_values_are_written_as_laboratories_expect(
    label: str, value: Value | Sided[Value] | tuple[Value, ...], line: str
) -> None:
    assert str(dcs.record(label, value)) == line


@pytest.mark.parametrize("value", [Sided("a;b", None), Sided("?", None), Sided("a\nb", None)])
def test_text_that_would_break_a_record_is_refused(value: Sided[str | None]) -> None:
    with pytest.raises(ExchangeError):
        dcs.record("LNAM", value)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e12"])
def test_a_number_that_no_file_can_hold_is_refused(number: str) -> None:
    with pytest.raises(ExchangeError):
        dcs.record("SPH", Sided(Decimal(number), None))


def test_a_character_outside_the_encoding_is_refused_when_writing() -> None:
    records = [dcs.Record("JOB", "1"), dcs.Record("CLNAME", "Müller")]
    with pytest.raises(ExchangeError, match="outside the characters") as refusal:
        dcs.to_bytes(records)
    assert refusal.value.line == 2
    assert dcs.to_bytes(records, encoding="latin-1", line_end="\n") == b"JOB=1\nCLNAME=M\xfcller\n"


@given(RECORDS)
def test_records_survive_printing_and_parsing(records: list[dcs.Record]) -> None:
    assert list(dcs.parse(dcs.to_bytes(records)).records) == records


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_any_input_is_parsed_or_refused(content: bytes | str) -> None:
    try:
        file = dcs.parse(content)
    except ExchangeError as refusal:
        assert refusal.message
    else:
        assert list(dcs.parse(dcs.render(file.records)).records) == list(file.records)


@pytest.mark.parametrize("name", REAL_FILES)
def test_real_files_print_back_byte_for_byte(name: str) -> None:
    content = real_bytes(name)
    assert dcs.to_bytes(dcs.parse(content).records, line_end="\n") == content


def test_the_checksum_is_crc16_xmodem() -> None:
    assert serial_link.crc16(b"123456789") == 0x31C3


def test_a_serial_message_is_framed_and_its_checksum_ignored_on_reading() -> None:
    message = serial_link.framed([dcs.Record("ANS", "INI"), dcs.Record("STATUS", "0")])
    assert message == b"\x1cANS=INI\r\nSTATUS=0\r\n\x1eCRC=57654\r\n\x1d"
    wrong_checksum = message.replace(b"57654", b"00001")
    assert dcs.parse(wrong_checksum).text("ANS") == "INI"


def test_on_a_serial_link_a_line_without_a_label_continues_the_record_before_it() -> None:
    file = dcs.parse(b"\x1cREM=thin \r\nas possible\r\n\x1eCRC=1\r\n\x1d")
    assert file.text("REM") == "thin as possible"
