"""Frame measurements out of a tracer's file."""

from decimal import Decimal

import pytest

from labjobs.exchange import frame_file
from labjobs.exchange.fields import on_both

from .reference import real_bytes

RECTANGLE = "TRCFMT=1;4;U;R;F\nR=2500;2500;2500;2500\nA=3000;15000;21000;33000\n"


def test_sizes_that_the_file_does_not_say_are_measured_on_the_trace() -> None:
    reading = frame_file.read("DBL=18\nZTILT=5\n" + RECTANGLE)
    assert reading.frame.a_mm == on_both(Decimal("43.30"))
    assert reading.frame.b_mm == on_both(Decimal("25.00"))
    assert reading.frame.ed_mm == on_both(Decimal("50.00"))
    assert reading.frame.circumference_mm == on_both(Decimal("136.60"))
    assert reading.frame.dbl_mm == 18
    assert reading.wrap_deg == 5
    assert len(reading.notes) == 4


def test_the_files_own_sizes_win_and_a_contradiction_is_said() -> None:
    reading = frame_file.read("HBOX=45.0\nVBOX=25.05\nFED=50\nCIRC=136.5\n" + RECTANGLE)
    assert reading.frame.a_mm == on_both(Decimal("45.0"))
    assert len(reading.notes) == 1
    assert "45.0" in reading.notes[0]
    assert "43.30" in reading.notes[0]


def test_a_frame_without_a_readable_trace_keeps_its_own_sizes() -> None:
    reading = frame_file.read("HBOX=50;51\nTRCFMT=6;4;E;R;F\nR=00AB\n")
    assert (reading.frame.a_mm.right, reading.frame.a_mm.left) == (50, 51)
    assert "format 6" in reading.notes[0]


@pytest.mark.parametrize(
    ("name", "a_mm", "b_mm", "ed_mm", "circumference_mm"),
    [
        ("R360_3.oma", "51.00", "44.01", "52", "150.759"),
        ("R1000_1.oma", "51.00", "40.08", "57.00", "150.85"),
        ("R360_1.oma", "55.00", "38.01", "57.98", "156.40"),
    ],
)
def test_real_frames_agree_with_their_traces(
    name: str, a_mm: str, b_mm: str, ed_mm: str, circumference_mm: str
) -> None:
    frame = frame_file.read(real_bytes(name)).frame
    expected = [Decimal(text) for text in (a_mm, b_mm, ed_mm, circumference_mm)]
    assert [frame.a_mm.right, frame.b_mm.right, frame.ed_mm.right, frame.circumference_mm.right] == expected


def test_a_frame_library_answer_names_the_frame() -> None:
    reading = frame_file.read(real_bytes("R1000_1.oma"))
    assert (reading.frame.maker, reading.frame.model, reading.frame.eye_size_mm) == ("SILHOUETTE", "1559", 51)
    assert reading.frame.upc is None
    assert reading.wrap_deg == 8
    assert not [note for note in reading.notes if "file says" in note]
