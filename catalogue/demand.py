"""What a pair of lenses must do: powers, prism, frame and measurements, as the finder, the prices and the fit check read it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from catalogue.shapes import Stored, shape_of
from lensmath.centration import DEFAULT_ALLOWANCE_MM, FrameBox, decentration_in, lens_centre, minimum_blank
from lensmath.centration import minimum_blank_traced as traced_blank
from lensmath.numbers import ZERO
from lensmath.powers import EyePower
from lensmath.prism import Eye, Prism
from lensmath.shape import Shape


@dataclass(frozen=True)
class FrameSizes:
    """The boxing measurements of a frame in mm, with its trace when there is one."""

    a_mm: Decimal
    b_mm: Decimal
    dbl_mm: Decimal
    ed_mm: Decimal
    trace: Stored | None = None

    @property
    def box(self) -> FrameBox:
        return FrameBox(self.a_mm, self.dbl_mm, self.b_mm, self.ed_mm)

    @property
    def frame_pd_mm(self) -> Decimal:
        return self.a_mm + self.dbl_mm

    def shape(self, eye: Eye) -> Shape:
        """The traced outline, or a circle of the effective diameter where there is no trace."""
        return shape_of(self.trace, eye) or Shape.circle(self.ed_mm)


@dataclass(frozen=True)
class EyeDemand:
    """One lens to make: the power as prescribed, prism, far PD and fitting height in mm where they are known."""

    power: EyePower
    prism: Prism = field(default_factory=Prism)
    far_pd_mm: Decimal | None = None
    height_mm: Decimal | None = None


@dataclass(frozen=True)
class Demand:
    """A pair, or one lens: `eyes` holds only the eyes to make."""

    eyes: Mapping[Eye, EyeDemand]
    frame: FrameSizes | None = None
    allowance_mm: Decimal = DEFAULT_ALLOWANCE_MM
    _blanks: dict[Eye, "Blank | None"] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __iter__(self) -> Iterator[tuple[Eye, EyeDemand]]:
        return iter(sorted(self.eyes.items(), key=lambda pair: pair[0] is Eye.LEFT))

    def decentration_mm(self, eye: Eye) -> Decimal | None:
        """How far this eye's centre lies in from the boxing centre; None without frame or PD."""
        pd_mm = self.eyes[eye].far_pd_mm
        return None if self.frame is None or pd_mm is None else decentration_in(self.frame.box, pd_mm)

    def blank(self, eye: Eye) -> "Blank | None":
        """The least blank of this eye: by the trace where there is one, else by the rule. Worked out once."""
        if eye not in self._blanks:
            self._blanks[eye] = self._least_blank(eye)
        return self._blanks[eye]

    def blank_mm(self, eye: Eye) -> Decimal | None:
        """The diameter of the least blank of this eye."""
        blank = self.blank(eye)
        return blank.diameter_mm if blank else None

    def _least_blank(self, eye: Eye) -> "Blank | None":
        decentration = self.decentration_mm(eye)
        if decentration is None or self.frame is None:
            return None
        shape = shape_of(self.frame.trace, eye)
        if shape is None:
            size = minimum_blank(self.frame.ed_mm, decentration, self.allowance_mm)
            return Blank(size, decentration, self.allowance_mm, is_traced=False)
        size = traced_blank(shape, lens_centre(eye, decentration, self._up_mm(eye)), self.allowance_mm)
        return Blank(size, decentration, self.allowance_mm, is_traced=True)

    def centre(self, eye: Eye) -> tuple[Decimal, Decimal]:
        """Where the lens's centre lies in the shape: viewer's right and up from the boxing centre, mm."""
        return lens_centre(eye, self.decentration_mm(eye) or ZERO, self._up_mm(eye))

    def _up_mm(self, eye: Eye) -> Decimal:
        height = self.eyes[eye].height_mm
        return ZERO if height is None or self.frame is None else height - self.frame.b_mm / 2


@dataclass(frozen=True)
class Blank:
    """The least diameter and how it was found."""

    diameter_mm: Decimal
    decentration_mm: Decimal
    allowance_mm: Decimal
    is_traced: bool
