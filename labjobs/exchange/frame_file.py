"""The frame in a tracer's or a frame library's file: what the file says, completed from the trace itself."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from lensmath.shape import Shape

from . import dcs, order_reader, profiles, traces
from .fields import Sided
from .order import FrameOrder
from .profiles import LabProfile
from .traces import TraceSet

HUNDREDTH = Decimal("0.01")
AGREES_WITHIN_MM = Decimal("0.10")
LOOSE_WITHIN_MM = Decimal("0.50")
Sizes = Sided[Decimal | None]


@dataclass(frozen=True, slots=True)
class FrameReading:
    """A frame as a file describes it. `traces` holds the outlines and those that could not be read.

    `wrap_deg` and `pantoscopic_deg` are the frame's own. `notes` say which sizes were measured on the trace and where
    the trace contradicts the file.
    """

    frame: FrameOrder
    traces: TraceSet
    wrap_deg: Decimal | None = None
    pantoscopic_deg: Decimal | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Measure:
    """One size of the box: its word, how to take it from an outline, and how far file and outline may differ."""

    word: str
    take: Callable[[Shape], Decimal]
    tolerance_mm: Decimal


def read(content: bytes | str, profile: LabProfile = profiles.STANDARD) -> FrameReading:
    """The frame in a file. Raises ExchangeError, with the line, for what cannot be understood."""
    file = dcs.parse(content, encoding=profile.encoding)
    found = traces.read(file)
    notes: list[str] = []
    said = order_reader.frame_order(file, profile, notes)
    frame = replace(_measured(said, found, notes), upc=_real_upc(said.upc))
    wrap, tilt = file.sided_numbers("ZTILT"), file.sided_numbers("PANTO")
    return FrameReading(
        frame=frame,
        traces=found,
        wrap_deg=wrap.right if wrap.right is not None else wrap.left,
        pantoscopic_deg=tilt.right if tilt.right is not None else tilt.left,
        notes=(*notes, *found.notes),
    )


def _measured(said: FrameOrder, found: TraceSet, notes: list[str]) -> FrameOrder:
    both = found.both()
    if both is None:
        return said
    shapes = both.map(lambda trace: trace.shape)
    width = _Measure("A", lambda shape: shape.a_mm, AGREES_WITHIN_MM)
    height = _Measure("B", lambda shape: shape.b_mm, AGREES_WITHIN_MM)
    diameter = _Measure("ED", lambda shape: shape.ed_from_origin_mm, LOOSE_WITHIN_MM)
    length = _Measure(_("circumference"), lambda shape: shape.circumference_mm, LOOSE_WITHIN_MM)
    return replace(
        said,
        a_mm=_completed(said.a_mm, shapes, width, notes),
        b_mm=_completed(said.b_mm, shapes, height, notes),
        ed_mm=_completed(said.ed_mm, shapes, diameter, notes),
        circumference_mm=_completed(said.circumference_mm, shapes, length, notes),
    )


def _completed(said: Sizes, shapes: Sided[Shape], measure: _Measure, notes: list[str]) -> Sizes:
    taken = shapes.map(lambda shape: measure.take(shape).quantize(HUNDREDTH))
    sizes = Sided(said.right or taken.right, said.left or taken.left)
    if not (said.right and said.left):
        message = _("%(word)s was measured on the trace: %(size)s mm.")
        notes.append(message % {"word": measure.word, "size": taken.right})
    differences = (abs(sizes.right - taken.right), abs(sizes.left - taken.left))
    if max(differences) > measure.tolerance_mm:
        message = _("%(word)s: the file says %(said)s mm, its trace measures %(size)s mm.")
        notes.append(message % {"word": measure.word, "said": sizes.right, "size": taken.right})
    return sizes


def _real_upc(upc: str | None) -> str | None:
    """Zeros stand for an unknown code."""
    return upc if upc and upc.strip("0") else None
