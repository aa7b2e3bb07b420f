"""The outline of one lens from a tracer: measured, mirrored, and drawn.

Seen from the front, 0 degrees at the viewer's right (nasal for the right eye, temporal for the left), counter-clockwise;
radii from the boxing centre.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from lensmath.numbers import from_float

HUNDREDTHS = Decimal(100)
MEASURE_STEP = Decimal("0.001")
FEWEST_POINTS = 3


@dataclass(frozen=True)
class Shape:
    """Radii in mm, at equal angles unless ``angles_deg`` (rising, 0 to under 360) says otherwise.

    Raises ValueError for fewer than three points, a radius that is not positive, or angles that do not fit.
    """

    radii_mm: tuple[Decimal, ...]
    angles_deg: tuple[Decimal, ...] | None = None

    def __post_init__(self) -> None:
        if len(self.radii_mm) < FEWEST_POINTS:
            raise ValueError("a shape has at least three points")
        if min(self.radii_mm) <= 0:
            raise ValueError("a radius is positive")
        angles = self.angles_deg
        if angles is None:
            return
        if len(angles) != len(self.radii_mm):
            raise ValueError("as many angles as radii are wanted")
        if angles[0] < 0 or angles[-1] >= 360 or any(b <= a for a, b in pairwise(angles)):
            raise ValueError("angles rise from 0 to under 360 degrees")

    @classmethod
    def from_hundredths(cls, radii: Sequence[int], angles: Sequence[int] | None = None) -> "Shape":
        """From the integers of a trace: radii in 1/100 mm, angles in 1/100 degree, put in rising order."""
        lengths = [Decimal(radius) / HUNDREDTHS for radius in radii]
        if angles is None:
            return cls(tuple(lengths))
        turned = [((Decimal(angle) / HUNDREDTHS) % 360 + 360) % 360 for angle in angles]
        return cls._sorted(list(zip(turned, lengths, strict=True)))

    @classmethod
    def circle(cls, diameter_mm: Decimal, points: int = 72) -> "Shape":
        """A round lens, where only a diameter is known."""
        return cls((diameter_mm / 2,) * points)

    @classmethod
    def _sorted(cls, polar: list[tuple[Decimal, Decimal]]) -> "Shape":
        rising = sorted(polar)
        return cls(tuple(radius for _, radius in rising), tuple(angle for angle, _ in rising))

    @cached_property
    def points(self) -> tuple[tuple[float, float], ...]:
        """(x, y) in mm, x to the viewer's right, y up."""
        count = len(self.radii_mm)
        angles = [360 * i / count for i in range(count)] if self.angles_deg is None else map(float, self.angles_deg)
        return tuple(
            (float(radius) * math.cos(math.radians(angle)), float(radius) * math.sin(math.radians(angle)))
            for radius, angle in zip(self.radii_mm, angles, strict=True)
        )

    @cached_property
    def _box(self) -> tuple[float, float, float, float]:
        xs, ys = zip(*self.points, strict=True)
        return min(xs), max(xs), min(ys), max(ys)

    @property
    def a_mm(self) -> Decimal:
        """Boxed width."""
        return _measure(self._box[1] - self._box[0])

    @property
    def b_mm(self) -> Decimal:
        """Boxed height."""
        return _measure(self._box[3] - self._box[2])

    @property
    def boxing_centre(self) -> tuple[Decimal, Decimal]:
        """Centre of the box from the trace's origin; near (0, 0) in a proper trace."""
        left, right, low, high = self._box
        return _measure((left + right) / 2), _measure((low + high) / 2)

    @property
    def ed_from_origin_mm(self) -> Decimal:
        """2 x the longest radius of the trace."""
        return 2 * max(self.radii_mm)

    @property
    def ed_mm(self) -> Decimal:
        """2 x the longest way from the boxing centre to the outline."""
        return 2 * self.longest_from(*self.boxing_centre)

    @property
    def circumference_mm(self) -> Decimal:
        """Length of the outline in the plane of the front view; a tracer's own value may follow the bevel in space."""
        closed = (*self.points, self.points[0])
        return _measure(sum(math.dist(a, b) for a, b in pairwise(closed)))

    def longest_from(self, x_mm: Decimal, y_mm: Decimal) -> Decimal:
        """The longest way from a point (viewer's right, up) to the outline."""
        centre = (float(x_mm), float(y_mm))
        return _measure(max(math.dist(centre, point) for point in self.points))

    def mirrored(self) -> "Shape":
        """The other eye's lens: point i becomes point (n/2 - i) mod n; with uneven or odd traces the angle a becomes 180 - a."""
        count = len(self.radii_mm)
        if self.angles_deg is None and count % 2 == 0:
            return Shape(tuple(self.radii_mm[(count // 2 - i) % count] for i in range(count)))
        angles = self.angles_deg or tuple(Decimal(360 * i) / count for i in range(count))
        return Shape._sorted(
            [((540 - angle) % 360, radius) for angle, radius in zip(angles, self.radii_mm, strict=True)]
        )

    def thinned(self, most: int) -> "Shape":
        """At most ``most`` of its points, evenly taken: enough for a drawing or an estimate."""
        step = -(-len(self.radii_mm) // most)
        if step <= 1 or len(self.radii_mm) // step < FEWEST_POINTS:
            return self
        count = len(self.radii_mm)
        angles = self.angles_deg or tuple(Decimal(360 * i) / count for i in range(count))
        return Shape(self.radii_mm[::step], angles[::step])


def svg_path(shape: Shape, shift: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))) -> str:
    """The closed outline as SVG path data in mm (y down, two places), moved by ``shift`` (right, up)."""
    dx, dy = float(shift[0]), float(shift[1])
    corners = [f"{x + dx:.2f} {-(y + dy):.2f}".replace("-0.00", "0.00") for x, y in shape.points]
    return "M" + "L".join(corners) + "Z"


def _measure(length: float) -> Decimal:
    return from_float(length).quantize(MEASURE_STEP)
