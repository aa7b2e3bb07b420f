"""A frame from the front, to scale: four units a millimetre, the right eye at the viewer's left.

The outline is the traced one where there is one, else a shape of the same box that stands for any frame. Everything
is placed by the boxing system: the fitting cross lies the monocular PD from the middle of the bridge and the fitting
height above the lowest line of the box.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from core.formats import number
from lensmath.shape import Shape

SCALE = 4
LEFT_MARGIN, TOP, TOP_BARE = 56.0, 40.0, 12.0
# A neutral rim as parts of its box, temple side at 0: start, then cubic curves (two handles and an end each).
_RIM_START = (0.940, 0.220)
_RIM = (
    (0.900, 0.030, 0.700, 0.000, 0.480, 0.000),
    (0.200, 0.000, 0.000, 0.060, 0.000, 0.320),
    (0.000, 0.740, 0.180, 1.000, 0.500, 1.000),
    (0.800, 1.000, 1.000, 0.700, 1.000, 0.420),
    (1.000, 0.330, 0.970, 0.280, 0.940, 0.220),
)
_BRIDGE_AT, _BRIDGE_RISE = 0.237, 22.0


@dataclass(frozen=True)
class EyeMarks:
    """What is measured on one eye, mm. `blank_mm` is the diameter of the lens blank around the fitting point."""

    far_pd_mm: Decimal | None = None
    height_mm: Decimal | None = None
    blank_mm: Decimal | None = None


@dataclass(frozen=True)
class FrameSketch:
    """Box, bridge, marks and, where the frame was traced, the outlines as seen from the front."""

    a_mm: Decimal
    b_mm: Decimal
    dbl_mm: Decimal
    right: EyeMarks = field(default_factory=EyeMarks)
    left: EyeMarks = field(default_factory=EyeMarks)
    right_shape: Shape | None = None
    left_shape: Shape | None = None


@dataclass(frozen=True)
class Line:
    """A path; `kind` is its class in the style sheet."""

    kind: str
    path: str


@dataclass(frozen=True)
class Round:
    kind: str
    x: str
    y: str
    radius: str


@dataclass(frozen=True)
class Words:
    """A text; `kind` `key` is a measurement of the customer, empty a size of the frame."""

    text: str
    x: str
    y: str
    anchor: str = "middle"
    kind: str = ""


@dataclass(frozen=True)
class Drawing:
    """Everything that the template prints."""

    view_box: str
    label: str
    lines: Sequence[Line]
    rounds: Sequence[Round]
    words: Sequence[Words]


@dataclass(frozen=True)
class _Eye:
    """One lens on the paper: its box in units and which way the nose lies (+1 the viewer's right)."""

    x: float
    width: float
    top: float
    height: float
    nose: int
    middle: float
    marks: EyeMarks
    letter: str

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.top + self.height / 2

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def cross(self) -> tuple[float, float] | None:
        """The fitting point; at the height of the boxing centre while no height is measured. None without a PD."""
        if self.marks.far_pd_mm is None:
            return None
        x = self.middle - self.nose * float(self.marks.far_pd_mm) * SCALE
        height = self.marks.height_mm
        return x, self.centre[1] if height is None else self.bottom - float(height) * SCALE


def draw(sketch: FrameSketch, *, dimensions: bool = True) -> Drawing:
    """The drawing of a frame; without `dimensions` only frame and marks, for the customer's eyes."""
    top = TOP if dimensions else TOP_BARE
    right, left = _eyes(sketch, top)
    lines = [*_frame(sketch, right, left), *_marks(right), *_marks(left)]
    words = [*_mark_words(right), *_mark_words(left)]
    if dimensions:
        lines += [*_boxes(right), *_boxes(left), *_size_lines(right, left)]
        words += _size_words(sketch, right, left)
    rounds = [*_rounds(right), *_rounds(left)]
    return Drawing(_view_box(right, left, dimensions), _label(sketch), lines, rounds, words)


def _eyes(sketch: FrameSketch, top: float) -> tuple[_Eye, _Eye]:
    width, height = float(sketch.a_mm) * SCALE, float(sketch.b_mm) * SCALE
    bridge = float(sketch.dbl_mm) * SCALE
    middle = LEFT_MARGIN + width + bridge / 2
    return (
        _Eye(LEFT_MARGIN, width, top, height, 1, middle, sketch.right, _("R")),
        _Eye(middle + bridge / 2, width, top, height, -1, middle, sketch.left, _("L")),
    )


# ------------------------------------------------------------------- frame


def _frame(sketch: FrameSketch, right: _Eye, left: _Eye) -> Iterator[Line]:
    bridge_y = right.top + _BRIDGE_AT * right.height
    from_x = _edge(right, sketch.right_shape, bridge_y, right.nose)
    to_x = _edge(left, sketch.left_shape, bridge_y, left.nose)
    yield Line(
        "bar",
        f"M{_n(from_x)} {_n(bridge_y)} Q{_n(right.middle)} {_n(bridge_y - _BRIDGE_RISE)} {_n(to_x)} {_n(bridge_y)}",
    )
    temple_right = _edge(right, sketch.right_shape, bridge_y, -right.nose)
    temple_left = _edge(left, sketch.left_shape, bridge_y, -left.nose)
    yield Line("bar", f"M{_n(temple_right)} {_n(bridge_y)}l-16 -8M{_n(temple_left)} {_n(bridge_y)}l16 -8")
    yield Line("rim", _traced(right, sketch.right_shape) if sketch.right_shape else _neutral(right))
    yield Line("rim", _traced(left, sketch.left_shape) if sketch.left_shape else _neutral(left))


def _neutral(eye: _Eye) -> str:
    def at(x: float, y: float) -> str:
        return f"{_n(eye.x + eye.width * (x if eye.nose > 0 else 1 - x))} {_n(eye.top + eye.height * y)}"

    curves = "".join(f"C{at(*curve[0:2])} {at(*curve[2:4])} {at(*curve[4:6])}" for curve in _RIM)
    return f"M{at(*_RIM_START)}{curves}Z"


def _traced(eye: _Eye, shape: Shape) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in _points(eye, shape.thinned(120))) + "Z"


def _points(eye: _Eye, shape: Shape) -> list[tuple[float, float]]:
    """The outline on the paper, its own box laid on the frame's."""
    shift_x, shift_y = (float(part) for part in shape.boxing_centre)
    centre_x, centre_y = eye.centre
    return [(centre_x + (x - shift_x) * SCALE, centre_y - (y - shift_y) * SCALE) for x, y in shape.points]


def _edge(eye: _Eye, shape: Shape | None, y: float, side: int) -> float:
    """Where the rim is at this height, on the viewer's right (+1) or left (-1)."""
    if shape is None:
        return eye.x + eye.width if side > 0 else eye.x
    beside = [point for point in _points(eye, shape) if (point[0] - eye.centre[0]) * side > 0]
    return min(beside, key=lambda point: abs(point[1] - y))[0]


# ------------------------------------------------------------------- marks


def _marks(eye: _Eye) -> Iterator[Line]:
    if eye.cross is None:
        return
    x, y = eye.cross
    foot = f"M{_n(x)} {_n(y + 9)}V{_n(eye.bottom)}" if eye.marks.height_mm is not None else ""
    yield Line("mark", f"M{_n(x - 9)} {_n(y)}h18M{_n(x)} {_n(y - 9)}v18{foot}")
    if abs(x - eye.centre[0]) >= SCALE / 4:
        yield Line("mark", f"M{_n(eye.centre[0])} {_n(eye.centre[1])}H{_n(x)}")
    yield Line("dim", _across(x, eye.middle, eye.bottom + 20))


def _mark_words(eye: _Eye) -> Iterator[Words]:
    if eye.cross is None or eye.marks.far_pd_mm is None:
        return
    x, y = eye.cross
    outside = "end" if eye.nose > 0 else "start"
    if eye.marks.height_mm is not None:
        height = number(eye.marks.height_mm)
        yield Words(height, _n(x - 12 * eye.nose), _n((y + eye.bottom) / 2 + 8), outside, "key")
    far = f"{eye.letter} {number(eye.marks.far_pd_mm)}"
    yield Words(far, _n((x + eye.middle) / 2), _n(eye.bottom + 38), "middle", "key")
    inwards = (x - eye.centre[0]) * eye.nose / SCALE
    if abs(inwards) >= 0.05:
        way = _("in") if inwards > 0 else _("out")
        text_x = eye.centre[0] - 12 * eye.nose * (1 if inwards > 0 else -1)
        anchor = outside if inwards > 0 else ("start" if eye.nose > 0 else "end")
        yield Words(f"{number(Decimal(str(abs(inwards))))} {way}", _n(text_x), _n(eye.centre[1] - 8), anchor, "key")


def _rounds(eye: _Eye) -> Iterator[Round]:
    if eye.cross is None:
        return
    x, y = eye.cross
    yield Round("mark", _n(x), _n(y), "5")
    if eye.marks.blank_mm is not None:
        yield Round("blank", _n(x), _n(y), _n(float(eye.marks.blank_mm) * SCALE / 2))


# ------------------------------------------------------------------- sizes


def _boxes(eye: _Eye) -> Iterator[Line]:
    centre_x, centre_y = eye.centre
    yield Line("box", f"M{_n(eye.x)} {_n(eye.top)}h{_n(eye.width)}v{_n(eye.height)}h{_n(-eye.width)}Z")
    yield Line("dim", f"M{_n(centre_x - 5)} {_n(centre_y)}h10M{_n(centre_x)} {_n(centre_y - 5)}v10")


def _size_lines(right: _Eye, left: _Eye) -> Iterator[Line]:
    yield Line("dim", _across(right.x, right.x + right.width, right.top - 16))
    yield Line("dim", _across(right.x + right.width, left.x, right.top - 16))
    side = left.x + left.width + 24
    yield Line(
        "dim",
        f"M{_n(side)} {_n(left.top)}V{_n(left.bottom)}M{_n(side - 4)} {_n(left.top)}h8M{_n(side - 4)} {_n(left.bottom)}h8",
    )
    yield Line("dim", _across(right.centre[0], left.centre[0], right.bottom + 52))


def _across(from_x: float, to_x: float, y: float) -> str:
    """A level line between two ticks."""
    return f"M{_n(from_x)} {_n(y)}H{_n(to_x)}M{_n(from_x)} {_n(y - 4)}v8M{_n(to_x)} {_n(y - 4)}v8"


def _size_words(sketch: FrameSketch, right: _Eye, left: _Eye) -> list[Words]:
    above = _n(right.top - 24)
    frame_pd = _("Frame PD %(mm)s") % {"mm": _short(sketch.a_mm + sketch.dbl_mm)}
    return [
        Words(f"A {_short(sketch.a_mm)}", _n(right.centre[0]), above),
        Words(f"DBL {_short(sketch.dbl_mm)}", _n(right.middle), above),
        Words(f"B {_short(sketch.b_mm)}", _n(left.x + left.width + 30), _n(left.centre[1] + 6), "start"),
        Words(frame_pd, _n(right.middle), _n(right.bottom + 72)),
    ]


def _view_box(right: _Eye, left: _Eye, dimensions: bool) -> str:
    """Everything inside, blanks included."""
    low_x, high_x = right.x - 22, left.x + left.width + (80 if dimensions else 22)
    low_y, high_y = 0.0, right.bottom + (76 if dimensions else 14)
    if not dimensions and any(eye.cross for eye in (right, left)):
        high_y += 30
    for eye in (right, left):
        if eye.cross is not None and eye.marks.blank_mm is not None:
            (x, y), radius = eye.cross, float(eye.marks.blank_mm) * SCALE / 2 + 3
            low_x, high_x = min(low_x, x - radius), max(high_x, x + radius)
            low_y, high_y = min(low_y, y - radius), max(high_y, y + radius)
    return f"{_n(low_x)} {_n(low_y)} {_n(high_x - low_x)} {_n(high_y - low_y)}"


def _label(sketch: FrameSketch) -> str:
    """What a person who does not see the drawing hears."""
    said = _("Frame %(a)s by %(b)s, bridge %(dbl)s, seen from the front: right eye on the left") % {
        "a": _short(sketch.a_mm), "b": _short(sketch.b_mm), "dbl": _short(sketch.dbl_mm)
    }  # fmt: skip
    for word, marks in ((_("Right"), sketch.right), (_("Left"), sketch.left)):
        if marks.far_pd_mm is not None:
            height = number(marks.height_mm) if marks.height_mm is not None else _("not measured")
            said += ". " + _("%(eye)s: PD %(pd)s, height %(height)s") % {
                "eye": word, "pd": number(marks.far_pd_mm), "height": height
            }  # fmt: skip
    return said


def _short(length_mm: Decimal) -> str:
    """`52`, `52.5`: without zeros that say nothing."""
    return f"{length_mm.normalize():f}"


def _n(value: float) -> str:
    return f"{round(value, 1) + 0:g}"
