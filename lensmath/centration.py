"""Where the lens centre goes in a frame (boxing system, ISO 8624), and how large the blank must be. Millimetres."""

from dataclasses import dataclass
from decimal import Decimal

from lensmath.numbers import ZERO, unsigned_zero
from lensmath.prism import Eye
from lensmath.shape import Shape

DEFAULT_ALLOWANCE_MM = Decimal(2)
ROOM_ABOVE_MM = Decimal(10)


@dataclass(frozen=True)
class FrameBox:
    """A (lens width), DBL (distance between lenses), and when known B (lens height) and ED (effective diameter), mm."""

    a_mm: Decimal
    dbl_mm: Decimal
    b_mm: Decimal | None = None
    ed_mm: Decimal | None = None

    @property
    def frame_pd_mm(self) -> Decimal:
        """Distance between the boxing centres: A + DBL."""
        return self.a_mm + self.dbl_mm


def decentration_in(frame: FrameBox, mono_pd_mm: Decimal) -> Decimal:
    """(A + DBL) / 2 - monocular PD for one eye; + is in, - is out."""
    return unsigned_zero(frame.frame_pd_mm / 2 - mono_pd_mm)


def total_decentration_in(frame: FrameBox, binocular_pd_mm: Decimal) -> Decimal:
    """(A + DBL) - binocular PD, for both eyes together; + is in."""
    return unsigned_zero(frame.frame_pd_mm - binocular_pd_mm)


def above_boxing_centre(b_mm: Decimal, height_mm: Decimal) -> Decimal:
    """Height above the lowest tangent - B / 2; negative is below the centre (segment drop)."""
    return unsigned_zero(height_mm - b_mm / 2)


def minimum_blank(ed_mm: Decimal, decentration_mm: Decimal, allowance_mm: Decimal = DEFAULT_ALLOWANCE_MM) -> Decimal:
    """ED + 2 x the decentration of this eye + allowance: an estimate; use :func:`minimum_blank_traced` when there is a trace."""
    return ed_mm + 2 * abs(decentration_mm) + allowance_mm


def minimum_blank_for_pair(
    frame: FrameBox, binocular_pd_mm: Decimal, allowance_mm: Decimal = DEFAULT_ALLOWANCE_MM
) -> Decimal:
    """ED + total decentration + allowance, for equal PDs. Raises ValueError when the frame has no ED."""
    return _ed(frame) + abs(total_decentration_in(frame, binocular_pd_mm)) + allowance_mm


def minimum_blank_by_eye(
    frame: FrameBox, mono_pd_mm: dict[Eye, Decimal], allowance_mm: Decimal = DEFAULT_ALLOWANCE_MM
) -> dict[Eye, Decimal]:
    """The rule per eye with monocular PDs; size the pair by the larger. Raises ValueError when the frame has no ED."""
    return {
        eye: minimum_blank(_ed(frame), decentration_in(frame, pd_mm), allowance_mm) for eye, pd_mm in mono_pd_mm.items()
    }


def minimum_blank_traced(
    shape: Shape, centre: tuple[Decimal, Decimal], allowance_mm: Decimal = DEFAULT_ALLOWANCE_MM
) -> Decimal:
    """2 x the longest way from the lens's own centre to the traced shape + allowance.

    ``centre`` is (x to the viewer's right, y up) from the boxing centre, see :func:`lens_centre`. For a blank whose optical
    centre is its geometrical centre; subtract a decentred blank's own offset from ``centre`` first.
    """
    return 2 * shape.longest_from(*centre) + allowance_mm


def lens_centre(eye: Eye, in_mm: Decimal, up_mm: Decimal = ZERO) -> tuple[Decimal, Decimal]:
    """Decentration as a point of the front view: in is the viewer's right for the right eye, the left for the left."""
    return (in_mm if eye is Eye.RIGHT else unsigned_zero(-in_mm)), up_mm


def fitting_height_faults(
    height_mm: Decimal, minimum_mm: Decimal, b_mm: Decimal | None, room_above_mm: Decimal = ROOM_ABOVE_MM
) -> list[str]:
    """What speaks against this fitting height: `below_minimum_height`, `too_little_room_above`; empty when it fits.

    The minimum comes from the lens design; about 10 mm above the cross are wanted for distance (a setting).
    """
    faults = []
    if height_mm < minimum_mm:
        faults.append("below_minimum_height")
    if b_mm is not None and b_mm - height_mm < room_above_mm:
        faults.append("too_little_room_above")
    return faults


def _ed(frame: FrameBox) -> Decimal:
    if frame.ed_mm is None:
        raise ValueError("the effective diameter of the frame is not known")
    return frame.ed_mm
