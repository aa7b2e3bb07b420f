"""The traced outline of a frame as the catalogue keeps it, and how a trace file is read without knowing its format here.

Stored as `{"right": {"radii": [...], "angles": [...] | null, "traced": "F"}, "left": {...}}`: 1/100 mm and 1/100 degree from the
boxing centre, counter-clockwise from 3 o'clock, seen from the front. One side may be missing; it is the other's mirror image.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lensmath.prism import Eye
from lensmath.shape import Shape

Stored = Mapping[str, Any]


@dataclass(frozen=True)
class ReadTrace:
    """What a trace file gave: the stored form of the outlines, DBL where the file names it, and remarks for the person."""

    stored: Stored
    dbl_mm: Decimal | None = None
    remarks: tuple[str, ...] = ()


Reader = Callable[[bytes], ReadTrace]
_reader: list[Reader] = []


def register_reader(reader: Reader) -> None:
    """The app that knows the laboratories' file format gives its reader; raises DomainError for what it cannot read."""
    _reader[:] = [reader]


def read(content: bytes) -> ReadTrace:
    """Read an uploaded trace file. Raises DomainError for a file that holds no outline we can read."""
    return _reader[0](content)


def shape_of(stored: Stored | None, eye: Eye) -> Shape | None:
    """The outline of one eye, mirrored from the other where only that was traced."""
    if not stored:
        return None
    own, other = stored.get(eye.value), stored.get(eye.other.value)
    if own:
        return _shape(own)
    return _shape(other).mirrored() if other else None


def _shape(side: Stored) -> Shape:
    return Shape.from_hundredths(side["radii"], side.get("angles"))


@dataclass(frozen=True)
class Measured:
    """What the outline itself says, in mm."""

    a_mm: Decimal
    b_mm: Decimal
    ed_mm: Decimal
    circumference_mm: Decimal


def measured(stored: Stored) -> Measured | None:
    """A, B, ED and circumference of a stored trace to 1/100 mm; of the right eye when both were traced."""
    shape = shape_of(stored, Eye.RIGHT)
    if shape is None:
        return None
    cent = Decimal("0.01")
    return Measured(
        shape.a_mm.quantize(cent),
        shape.b_mm.quantize(cent),
        shape.ed_mm.quantize(cent),
        shape.circumference_mm.quantize(cent),
    )
