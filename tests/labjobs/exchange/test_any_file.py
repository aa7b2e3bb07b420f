"""Whatever a laboratory sends: understood, or refused with a sentence, and nothing else."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labjobs.exchange import dcs, frame_file, order_file, plain, statuses, verification
from labjobs.exchange.errors import ExchangeError
from labjobs.exchange.labels import KINDS
from labjobs.exchange.profiles import BALANCE

from .reference import REAL_FILES, real_bytes

LABELS = st.sampled_from([*sorted(KINDS), BALANCE, "TRCFMT", "STHKFMT", "ZFMT", "R", "A", "Z", "T", "_PRIVATE"])
NUMBERS = st.decimals(-400, 400, places=2).map(str) | st.sampled_from(["0", "1", "180", "0.12", "999999999", "-1"])
FIELDS = NUMBERS | st.sampled_from(
    ["", "?", "R", "L", "B", "N", "E", "U", "F", "x", "1;4;E;R;F", "2500;2500;2500;2500"]
)
LINES = st.tuples(LABELS, st.lists(FIELDS, max_size=5).map(";".join)).map("=".join)
FILES = st.lists(LINES, max_size=12).map(lambda lines: "JOB=1\nDO=B\n" + "\n".join(lines))
READERS: dict[str, Callable[[str], object]] = {
    "order": order_file.read,
    "frame": frame_file.read,
    "verification": verification.read,
    "plain": lambda content: plain.as_plain(dcs.parse(content)),
    "statuses": lambda content: statuses.messages(dcs.parse(content)),
}


@pytest.mark.parametrize("reader", READERS)
@given(content=FILES | st.text(max_size=80))
def test_any_file_is_understood_or_refused(reader: str, content: str) -> None:
    try:
        READERS[reader](content)
    except ExchangeError as refusal:
        assert refusal.message


@given(content=FILES)
def test_an_order_that_was_read_can_be_written_and_read_again(content: str) -> None:
    try:
        order = order_file.read(content).order
    except ExchangeError:
        return
    assert order_file.read(order_file.write(order).content).order.eyes == order.eyes


@pytest.mark.parametrize("name", REAL_FILES)
def test_real_files_can_be_shown(name: str) -> None:
    values = plain.as_plain(dcs.parse(real_bytes(name)))
    assert ("trace" in values) != ("trace_raw" in values)


def test_a_file_is_shown_as_plain_values() -> None:
    file = dcs.parse(
        "JOB=?\nSPH=-1.25;0.5\nLNAM=A;B\nFTYP=1\nDBL=1.25\nDRILLE=R;C;1\nDRILLE=R;C;2\n_X=a;b\n"
        "TRCFMT=1;4;E;L;P\nR=1;2;3;4\nTRCFMT=6;4;E;R;F\nR=49\n"
    )
    assert plain.as_plain(file) == {
        "JOB": None,
        "SPH": [Decimal("-1.25"), Decimal("0.5")],
        "LNAM": ["A", "B"],
        "FTYP": 1,
        "DBL": Decimal("1.25"),
        "DRILLE": [["R", "C", "1"], ["R", "C", "2"]],
        "_X": "a;b",
        "trace": {"L": [1, 2, 3, 4]},
        "trace_raw": {"R": ["49"], "format": "6"},
    }
