"""What a laboratory order says, as plain values: made from a job for writing, and given back when a file is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from lensmath.powers import EyePower
from lensmath.prism import Prism

from .dcs import Record
from .fields import NEITHER_SIDE, Sided
from .traces import Trace

NO_PRISM = Prism()
BOTH, RIGHT, LEFT, NEITHER = "B", "R", "L", "N"
REFERENCES = ("tray", "patient", "branch", "order", "promised_on", "sent_on", "remake_of", "service")


@dataclass(frozen=True, slots=True)
class Fitting:
    """Measurements of one eye, mm and degrees. Heights are above the lowest tangent of the boxed lens."""

    far_pd_mm: Decimal | None = None
    near_pd_mm: Decimal | None = None
    segment_height_mm: Decimal | None = None
    oc_height_mm: Decimal | None = None
    bvd_mm: Decimal | None = None
    pantoscopic_deg: Decimal | None = None
    wrap_deg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LensChoice:
    """The lens ordered for one eye, in the laboratory's own names and codes.

    `type_code` is the standard's (`SV`, `BI,FT`, `PR`); `material` one of the words of `profiles.MATERIALS`.
    """

    style: str | None = None
    design: str | None = None
    maker: str | None = None
    product_code: str | None = None
    material_number: str | None = None
    material: str | None = None
    type_code: str | None = None
    coating: str | None = None
    tint: str | None = None
    colour: str | None = None
    index: Decimal | None = None
    blank_diameter_mm: Decimal | None = None


NOT_MEASURED = Fitting()
NO_LENS = LensChoice()


@dataclass(frozen=True, slots=True)
class EyeOrder:
    """Everything ordered for one eye. A balance lens has no power of its own."""

    power: EyePower | None = None
    prism: Prism = NO_PRISM
    balance: bool = False
    fitting: Fitting = NOT_MEASURED
    lens: LensChoice = NO_LENS


@dataclass(frozen=True, slots=True)
class FrameOrder:
    """The frame: boxed sizes in mm, its kind (`profiles.FRAME_TYPES`) and edge (`profiles.EDGE_TYPES`)."""

    a_mm: Sided[Decimal | None] = NEITHER_SIDE
    b_mm: Sided[Decimal | None] = NEITHER_SIDE
    ed_mm: Sided[Decimal | None] = NEITHER_SIDE
    circumference_mm: Sided[Decimal | None] = NEITHER_SIDE
    dbl_mm: Decimal | None = None
    eye_size_mm: Decimal | None = None
    kind: str | None = None
    edge: str | None = None
    maker: str | None = None
    model: str | None = None
    upc: str | None = None


NO_FRAME = FrameOrder()


@dataclass(frozen=True, slots=True)
class LabOrder:
    """One laboratory order. `make` says which eyes: B both, R, L or N none; the other eye may still be described.

    `references` are for private labels of the profile (keys: REFERENCES). `other` are records of a file that the order
    does not understand; they are written again word for word.
    """

    job: str
    eyes: Sided[EyeOrder | None]
    make: str = BOTH
    account: str | None = None
    client: str | None = None
    rx_number: str | None = None
    frame: FrameOrder = NO_FRAME
    traces: tuple[Trace, ...] = ()
    remark: str = ""
    references: Mapping[str, str] = field(default_factory=dict)
    other: tuple[Record, ...] = ()
