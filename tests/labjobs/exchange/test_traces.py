"""Frame traces: read, mirrored, written, and what is kept closed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labjobs.exchange import dcs, traces
from labjobs.exchange.errors import ExchangeError

from .reference import real_file

EVEN_RADII = st.lists(st.integers(1, 10_000), min_size=4, max_size=50).map(tuple)
EVEN = st.builds(traces.Trace, st.sampled_from("RL"), EVEN_RADII, st.none(), st.sampled_from("FPD"))
UNEVEN = st.lists(st.integers(0, 35_999), min_size=4, max_size=50, unique=True).flatmap(
    lambda angles: st.builds(
        traces.Trace,
        st.sampled_from("RL"),
        st.lists(st.integers(1, 10_000), min_size=len(angles), max_size=len(angles)).map(tuple),
        st.just(tuple(sorted(angles))),
    )
)
SQUARE = "TRCFMT=1;4;E;R;F\nR=2500;2400;2300;2200\n"


def read(text: str) -> traces.TraceSet:
    return traces.read(dcs.parse(text))


def test_sides_are_read_in_any_order_and_with_records_between() -> None:
    found = read("TRCFMT=1;4;E;L;P\nR=1;2\nR=3;4\n_BLANK=x\nTRCFMT=1;4;E;R;P\nR=5;6;7;8\n")
    assert found.left == traces.Trace("L", (1, 2, 3, 4), None, "P")
    assert found.right == traces.Trace("R", (5, 6, 7, 8), None, "P")


def test_thickness_radii_and_depths_are_not_mixed_into_the_outline() -> None:
    found = read(f"STHKFMT=1;4;E;R\nR=1;1;1;1\nT=200;210;220;230\n{SQUARE}ZFMT=1;4;E;R;F\nZ=9;9;9;9\n")
    assert found.traces == (traces.Trace("R", (2500, 2400, 2300, 2200)),)


def test_uneven_traces_carry_their_angles() -> None:
    found = read("TRCFMT=1;4;U;R;F\nR=2500;2400\nR=2300;2200\nA=0;9100\nA=18000;27050\n")
    assert found.right is not None
    assert found.right.shape.angles_deg == (0, 91, 180, Decimal("270.5"))


def test_other_formats_are_kept_and_said_so() -> None:
    found = read("TRCFMT=6;360;E;R;F\nR=4967514141...\n")
    assert found.traces == ()
    assert found.opaque == (traces.OpaqueTrace("R", "6", "6;360;E;R;F", ("4967514141...",)),)
    assert "format 6" in found.notes[0]
    assert dcs.render(found.opaque[0].records, "\n") == "TRCFMT=6;360;E;R;F\nR=4967514141...\n"


def test_no_trace_and_a_request_for_a_trace_are_no_outlines() -> None:
    assert read("TRCFMT=0\n") == traces.TraceSet()
    assert read("REQ=TRC\nTRCFMT=1;400;E;B;F\n") == traces.TraceSet()


def test_the_frame_goes_before_a_demo_lens() -> None:
    found = read("TRCFMT=1;4;E;R;D\nR=1;1;1;1\n" + SQUARE)
    assert found.right is not None
    assert found.right.traced == "F"


def test_a_side_that_was_not_traced_is_mirrored() -> None:
    both = read(SQUARE).both()
    assert both is not None
    assert both.left == traces.Trace("L", (2300, 2400, 2500, 2200))
    assert traces.TraceSet().both() is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("R=1;2;3;4", "no TRCFMT"),
        ("TRCFMT=1;5;E;R;F\nR=1;2;3;4", "announces 5 points but has 4"),
        ("TRCFMT=1;x;E;R;F\nR=1;2;3;4", "announces x"),
        ("TRCFMT=1;4;E;B;F\nR=1;2;3;4", "does not name the side"),
        ("TRCFMT=1;4;Q;R;F\nR=1;2;3;4", "does not name the side"),
        ("TRCFMT=1\nR=1;2;3;4", "does not name the side"),
        ("TRCFMT=1;4;E;R;F\nR=1;2;3;x", "not a radius"),
        ("TRCFMT=1;4;E;R;F\nR=1;2;3;-4", "not a radius"),
        ("TRCFMT=1;4;E;R;F\nR=1;2;3;10001", "not a radius"),
        ("TRCFMT=1;4;E;R;F\nR=1;2;3;0", "radius of zero"),
        ("TRCFMT=1;2;E;R;F\nR=1;2", "2 points cannot be used"),
        ("TRCFMT=1;4;U;R;F\nR=1;2;3;4", "one angle for each"),
        ("TRCFMT=1;4;U;R;F\nR=1;2;3;4\nA=0;90;80;100", "do not rise"),
        (SQUARE + "TRCFMT=1;4;E;R;F\nR=1;2;3;4", "twice with different"),
    ],
)
def test_a_broken_trace_is_refused(text: str, words: str) -> None:
    with pytest.raises(ExchangeError, match=words):
        read(text)


@given(st.one_of(EVEN, UNEVEN), st.sampled_from([8, 10, 15]))
def test_traces_survive_printing_and_parsing(trace: traces.Trace, per_line: int) -> None:
    text = dcs.render(traces.records([trace], per_line))
    assert read(text).traces == (trace,)


@given(st.one_of(EVEN.filter(lambda trace: len(trace.radii_hundredths) % 2 == 0), UNEVEN))
def test_mirroring_twice_gives_the_original(trace: traces.Trace) -> None:
    assert trace.mirrored().mirrored() == trace


@pytest.mark.parametrize("name", ["R360_1.oma", "R360_3.oma", "R1000_1.oma"])
def test_real_traces_mirror_exactly_and_print_back(name: str) -> None:
    file = real_file(name)
    found = traces.read(file)
    assert found.right is not None
    assert found.right.mirrored() == found.left
    assert traces.records(found.traces) == tuple(r for r in file.records if r.name in ("TRCFMT", "R"))
