"""An order as records under the standard's labels (optics notes, section 3.3)."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from lensmath.numbers import round_to
from lensmath.prism import Eye, Oblique, combine

from . import dcs
from .dcs import Record
from .errors import ExchangeError
from .fields import Sided, Value
from .order import EyeOrder, FrameOrder, LabOrder
from .profiles import BALANCE, COMPONENTS, MATERIALS, LabProfile

TENTH = Decimal("0.1")
EyeValue = Callable[[EyeOrder], Value]

EYE_VALUES: Mapping[str, EyeValue] = {
    "SPH": lambda eye: eye.power.sphere if eye.power else None,
    "CYL": lambda eye: eye.power.cylinder if eye.power else None,
    "AX": lambda eye: _whole_axis(eye),
    "ADD": lambda eye: eye.power.add if eye.power else None,
    BALANCE: lambda eye: 1 if eye.balance else None,
    "IPD": lambda eye: eye.fitting.far_pd_mm,
    "NPD": lambda eye: eye.fitting.near_pd_mm,
    "SEGHT": lambda eye: eye.fitting.segment_height_mm,
    "OCHT": lambda eye: eye.fitting.oc_height_mm,
    "BVD": lambda eye: eye.fitting.bvd_mm,
    "PANTO": lambda eye: eye.fitting.pantoscopic_deg,
    "ZTILT": lambda eye: eye.fitting.wrap_deg,
    "LNAM": lambda eye: eye.lens.style,
    "LDNAM": lambda eye: eye.lens.design,
    "LMFR": lambda eye: eye.lens.maker,
    "OPC": lambda eye: eye.lens.product_code,
    "LMATID": lambda eye: eye.lens.material_number,
    "LMATTYPE": lambda eye: _code(eye.lens.material, MATERIALS),
    "LIND": lambda eye: eye.lens.index,
    "LTYP": lambda eye: eye.lens.type_code,
    "ACOAT": lambda eye: eye.lens.coating,
    "TINT": lambda eye: eye.lens.tint,
    "COLR": lambda eye: eye.lens.colour,
    "DIA": lambda eye: eye.lens.blank_diameter_mm,
}


def of(order: LabOrder, profile: LabProfile) -> list[Record]:
    """The order's records, only those that carry a value. Raises ExchangeError for what cannot be written."""
    written = [*_head(order), *_eyes(order), *_prisms(order, profile), *_frame(order.frame, profile), *_remark(order)]
    return [record for record in written if record.data]


def _head(order: LabOrder) -> Iterator[Record]:
    if not order.job.strip():
        raise ExchangeError(_("A laboratory order needs a job number."))
    yield dcs.record("JOB", order.job)
    yield dcs.record("DO", order.make)
    yield dcs.record("ACCN", order.account)
    yield dcs.record("CLIENT", order.client)
    yield dcs.record("RXNM", order.rx_number)


def _eyes(order: LabOrder) -> Iterator[Record]:
    right, left = order.eyes.right, order.eyes.left
    for label, value in EYE_VALUES.items():
        yield dcs.record(label, Sided(value(right) if right else None, value(left) if left else None))


def _prisms(order: LabOrder, profile: LabProfile) -> Iterator[Record]:
    if profile.prism_form == COMPONENTS:
        yield dcs.record("PRVIN", order.eyes.map(lambda eye: eye.prism.base_in or None if eye else None))
        yield dcs.record("PRVUP", order.eyes.map(lambda eye: eye.prism.base_up or None if eye else None))
        return
    right = combine(Eye.RIGHT, order.eyes.right.prism) if order.eyes.right else None
    left = combine(Eye.LEFT, order.eyes.left.prism) if order.eyes.left else None
    both = Sided(right, left)
    yield dcs.record("PRVM", both.map(lambda prism: prism.amount or None if prism else None))
    yield dcs.record("PRVA", both.map(lambda prism: written_base(prism) if prism else None))


def _frame(frame: FrameOrder, profile: LabProfile) -> Iterator[Record]:
    yield dcs.record("HBOX", frame.a_mm)
    yield dcs.record("VBOX", frame.b_mm)
    yield dcs.record("FED", frame.ed_mm)
    yield dcs.record("CIRC", frame.circumference_mm)
    yield dcs.record("DBL", frame.dbl_mm)
    yield dcs.record("EYESIZ", frame.eye_size_mm)
    yield dcs.record("FTYP", _code(frame.kind, profile.frame_types))
    yield dcs.record("ETYP", _code(frame.edge, profile.edge_types))
    yield dcs.record("FMFR", frame.maker)
    yield dcs.record("FRAM", frame.model)
    yield dcs.record("FUPC", frame.upc)


def _remark(order: LabOrder) -> Iterator[Record]:
    for line in order.remark.splitlines():
        yield dcs.record("REM", line)


def written_base(prism: Oblique) -> Decimal | None:
    """The base of a prism as the file has it: tenths of a degree, 0 to under 360."""
    return None if prism.base_deg is None else round_to(prism.base_deg, TENTH) % 360


def _whole_axis(eye: EyeOrder) -> int | None:
    if eye.power is None or eye.power.axis is None:
        return None
    if eye.power.axis != int(eye.power.axis):
        raise ExchangeError(_("An ordered axis is in whole degrees, not %(axis)s.") % {"axis": eye.power.axis})
    return int(eye.power.axis)


def _code(word: str | None, codes: Mapping[str, int]) -> int | None:
    if word is None:
        return None
    if word not in codes:
        raise ExchangeError(_("The laboratory's profile has no code for “%(word)s”.") % {"word": word})
    return codes[word]
