"""A pair of frames drawn to scale from the front: shape, boxes, centres and where the eyes look. The right eye is on the left.

Everything is in drawing units, four to a millimetre, with the middle of the bridge at x = 300; the template only prints.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalogue.demand import FrameSizes
from core.formats import number
from lensmath.prism import Eye
from lensmath.shape import Shape

UNITS = 4
MIDDLE, TOP = Decimal(300), Decimal(40)
# A usual shape as parts of its box, for frames without a trace: start, then three points to each curve (nose at x = 1).
START = ("0.940", "0.220")
CURVES = (
    ("0.900", "0.030", "0.700", "0", "0.480", "0"),
    ("0.200", "0", "0", "0.060", "0", "0.320"),
    ("0", "0.740", "0.180", "1", "0.500", "1"),
    ("0.800", "1", "1", "0.700", "1", "0.420"),
    ("1", "0.330", "0.970", "0.280", "0.940", "0.220"),
)


@dataclass(frozen=True)
class Mark:
    """The fitting cross of one eye, with its PD and height where they are known."""

    x: Decimal
    y: Decimal
    bottom: Decimal
    pd: str
    height: str
    eye: str
    blank_radius: Decimal | None = None

    @property
    def height_x(self) -> Decimal:
        return self.x - 12 if self.eye == "R" else self.x + 12

    @property
    def height_y(self) -> Decimal:
        return (self.y + self.bottom) / 2 + 8

    @property
    def anchor(self) -> str:
        return "end" if self.eye == "R" else "start"

    @property
    def pd_middle(self) -> Decimal:
        return (self.x + MIDDLE) / 2


@dataclass(frozen=True)
class Side:
    """One lens opening: its outline and its box."""

    path: str
    x: Decimal
    mark: Mark | None

    def centre_x(self, width: Decimal) -> Decimal:
        return self.x + width / 2


@dataclass(frozen=True)
class Drawing:
    """Numbers for the template, and the words for who cannot see it."""

    sizes: FrameSizes
    sides: tuple[Side, Side]
    name: str

    @property
    def a(self) -> str:
        return _short(self.sizes.a_mm)

    @property
    def b(self) -> str:
        return _short(self.sizes.b_mm)

    @property
    def dbl(self) -> str:
        return _short(self.sizes.dbl_mm)

    @property
    def frame_pd(self) -> str:
        return _short(self.sizes.frame_pd_mm)

    @property
    def width(self) -> Decimal:
        return self.sizes.a_mm * UNITS

    @property
    def height(self) -> Decimal:
        return self.sizes.b_mm * UNITS

    @property
    def bottom(self) -> Decimal:
        return TOP + self.height

    @property
    def centre_y(self) -> Decimal:
        return TOP + self.height / 2

    @property
    def left(self) -> Decimal:
        return self.sides[0].x

    @property
    def right(self) -> Decimal:
        return self.sides[1].x + self.width

    @property
    def nose_left(self) -> Decimal:
        return self.sides[0].x + self.width

    @property
    def nose_right(self) -> Decimal:
        return self.sides[1].x

    @property
    def centres(self) -> tuple[Decimal, Decimal]:
        return self.sides[0].centre_x(self.width), self.sides[1].centre_x(self.width)

    @property
    def view_box(self) -> str:
        return f"{self.left - 22} 0 {self.right - self.left + 102} {self.height + 116}"

    @property
    def marks(self) -> list[Mark]:
        return [side.mark for side in self.sides if side.mark is not None]


@dataclass(frozen=True)
class Look:
    """Where one eye looks through its lens: far PD and height above the lowest point, mm."""

    pd_mm: Decimal | None = None
    height_mm: Decimal | None = None
    blank_mm: Decimal | None = None


def _short(value: Decimal) -> str:
    return f"{value.normalize():f}"


def draw(sizes: FrameSizes, looks: Mapping[Eye, Look], name: str) -> Drawing:
    """The drawing of a frame with the marks that are known."""
    half = sizes.dbl_mm / 2 * UNITS
    width = sizes.a_mm * UNITS
    places = {Eye.RIGHT: MIDDLE - half - width, Eye.LEFT: MIDDLE + half}
    sides = [Side(_outline(sizes, eye, x), x, _mark(sizes, eye, looks.get(eye, Look()))) for eye, x in places.items()]
    return Drawing(sizes, (sides[0], sides[1]), name)


def _mark(sizes: FrameSizes, eye: Eye, look: Look) -> Mark | None:
    if look.pd_mm is None:
        return None
    sign = -1 if eye is Eye.RIGHT else 1
    bottom = TOP + sizes.b_mm * UNITS
    height = look.height_mm if look.height_mm is not None else sizes.b_mm / 2
    return Mark(
        x=MIDDLE + sign * look.pd_mm * UNITS,
        y=bottom - height * UNITS,
        bottom=bottom,
        pd=number(look.pd_mm),
        height=number(look.height_mm) if look.height_mm is not None else "",
        eye="R" if eye is Eye.RIGHT else "L",
        blank_radius=look.blank_mm / 2 * UNITS if look.blank_mm else None,
    )


def _outline(sizes: FrameSizes, eye: Eye, x: Decimal) -> str:
    if sizes.trace:
        return _traced(sizes.shape(eye), x, sizes)
    return " ".join(_usual(sizes, eye, x)) + " Z"


def _traced(shape: Shape, x: Decimal, sizes: FrameSizes) -> str:
    centre_x, centre_y = x + sizes.a_mm * UNITS / 2, TOP + sizes.b_mm * UNITS / 2
    off_x, off_y = shape.boxing_centre
    corners = [
        f"{float(centre_x) + (px - float(off_x)) * UNITS:.1f} {float(centre_y) - (py - float(off_y)) * UNITS:.1f}"
        for px, py in shape.thinned(180).points
    ]
    return "M" + "L".join(corners) + "Z"


def _usual(sizes: FrameSizes, eye: Eye, x: Decimal) -> Iterator[str]:
    def point(across: str, down: str) -> str:
        part = Decimal(across) if eye is Eye.RIGHT else 1 - Decimal(across)
        return f"{x + part * sizes.a_mm * UNITS:.1f} {TOP + Decimal(down) * sizes.b_mm * UNITS:.1f}"

    yield f"M{point(*START)}"
    for curve in CURVES:
        yield "C" + " ".join(point(curve[place], curve[place + 1]) for place in (0, 2, 4))
