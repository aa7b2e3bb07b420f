"""The frame of a job drawn from its frozen values: outline, fitting crosses, PDs, and the least blank of each lens."""

from collections.abc import Mapping
from decimal import ROUND_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalogue.demand import Demand, EyeDemand, FrameSizes
from catalogue.shapes import shape_of
from core.drawing import EyeMarks, FrameSketch
from labjobs.jobvalues import centration_pd
from lensmath.numbers import ZERO
from lensmath.powers import EyePower
from lensmath.prism import Eye

Values = Mapping[str, Any]


def sketch_of(values: Values) -> FrameSketch | None:
    """The frame to scale, where its box is known."""
    sizes = _sizes(values)
    if sizes is None:
        return None
    blanks = blanks_of(values)
    marks = {eye: EyeMarks(_pd(values, eye), _height(values, eye), blanks.get(eye)) for eye in Eye}
    shapes = {eye: shape_of(sizes.trace, eye) for eye in Eye}
    return FrameSketch(
        sizes.a_mm, sizes.b_mm, sizes.dbl_mm,
        marks[Eye.RIGHT], marks[Eye.LEFT], shapes[Eye.RIGHT], shapes[Eye.LEFT],
    )  # fmt: skip


def blanks_of(values: Values) -> dict[Eye, Decimal]:
    """The least blank of each eye with a PD, mm: by the trace, else by the rule from the effective diameter."""
    sizes = _sizes(values)
    if sizes is None or (sizes.trace is None and not sizes.ed_mm):
        return {}
    demand = Demand({eye: _placed(values, eye) for eye in Eye}, sizes)
    return {eye: blank_mm for eye in Eye if (blank_mm := demand.blank_mm(eye)) is not None}


def blank_words(values: Values) -> str:
    """`blank R 64, L 65`: in whole millimetres, never less than needed; empty when it cannot be said."""
    blanks = {eye: str(size.quantize(Decimal(1), ROUND_UP)) for eye, size in blanks_of(values).items()}
    if len(blanks) < len(Eye):
        return ""
    return _("blank R %(right)s, L %(left)s") % {"right": blanks[Eye.RIGHT], "left": blanks[Eye.LEFT]}


def _placed(values: Values, eye: Eye) -> EyeDemand:
    """Where the lens sits; its power does not matter to the blank."""
    return EyeDemand(EyePower(ZERO), far_pd_mm=_pd(values, eye), height_mm=_height(values, eye))


def _sizes(values: Values) -> FrameSizes | None:
    frame = values.get("frame") or {}
    a, b, dbl = (_number(frame.get(name)) for name in ("a_mm", "b_mm", "dbl_mm"))
    if a is None or b is None or dbl is None:
        return None
    return FrameSizes(a, b, dbl, _number(frame.get("ed_mm")) or ZERO, frame.get("trace"))


def _pd(values: Values, eye: Eye) -> Decimal | None:
    return _number(centration_pd(values, eye.value))


def _height(values: Values, eye: Eye) -> Decimal | None:
    return _number((values.get("measurement") or {}).get(f"{eye.value}_height_mm"))


def _number(text: Any) -> Decimal | None:
    return Decimal(text) if text else None
