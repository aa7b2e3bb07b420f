"""A job's frozen values as the order a laboratory reads: the only bridge between what we store and the file format."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from catalogue.shapes import Stored
from labjobs.exchange.fields import Sided, on_both
from labjobs.exchange.order import (
    BOTH,
    LEFT,
    NO_LENS,
    RIGHT,
    EyeOrder,
    Fitting,
    FrameOrder,
    LabOrder,
    LensChoice,
)
from labjobs.exchange.profiles import LENS_TYPE_CODES
from labjobs.exchange.traces import Trace
from labjobs.inspection import has_add
from labjobs.jobvalues import centration_pd
from labjobs.models import Job
from lensmath.powers import EyePower
from lensmath.prism import Base, Prism

_MAKE = {"both": BOTH, "right": RIGHT, "left": LEFT}
_FRAME_KINDS = {"plastic": "plastic", "metal": "metal", "titanium": "metal"}
_EDGES = {"full_rim": "bevel", "nylor": "groove", "rimless": "rimless"}
_HEIGHT_TYPES = {"bifocal", "trifocal", "progressive", "occupational"}


def of_job(job: Job) -> LabOrder:
    """The order as the file says it. The customer goes by surname and initial: a laboratory needs no more."""
    values, order = job.values, job.order
    customer = order.customer
    sold = (values.get("prescription") or {}).get("number")
    return LabOrder(
        job=job.number,
        eyes=Sided(_eye(values, "right"), _eye(values, "left")),
        make=_MAKE[job.eyes],
        account=job.lab.account or None,
        client=job.branch.name,
        rx_number=sold or None,
        frame=_frame(values.get("frame") or {}),
        traces=_traces((values.get("frame") or {}).get("trace")),
        remark=values.get("remark") or "",
        references={
            "tray": job.tray.code if job.tray else "",
            "patient": " ".join(part for part in (customer.family_name, customer.given_names[:1]) if part),
            "branch": job.branch.code,
            "order": order.number,
            "promised_on": job.promised_on.isoformat(),
            "sent_on": job.released_at.date().isoformat(),
            "remake_of": job.remake_of.number if job.remake_of else "",
            "service": "",
        },
    )


def _eye(values: Mapping[str, Any], side: str) -> EyeOrder | None:
    eye = (values.get("eyes") or {}).get(side)
    if not eye:
        return None
    has_power = not eye.get("balance") and eye.get("sphere") is not None
    return EyeOrder(
        power=_power(eye if has_add((values.get("lens") or {}).get(side) or {}) else {**eye, "add": None})
        if has_power
        else None,
        prism=_prism(eye),
        balance=bool(eye.get("balance")),
        fitting=_fitting(values, side),
        lens=_lens(values, side),
    )


def _power(eye: Mapping[str, Any]) -> EyePower:
    cylinder = _number(eye.get("cylinder")) or None
    axis = eye.get("axis") if cylinder else None
    return EyePower(Decimal(eye["sphere"]), cylinder, axis, _number(eye.get("add")) or None)


def _prism(eye: Mapping[str, Any]) -> Prism:
    parts = [
        (amount, Base(eye[f"base_{way}"]))
        for way in ("horizontal", "vertical")
        if (amount := _number(eye.get(f"prism_{way}"))) and eye.get(f"base_{way}")
    ]
    return Prism.of(*parts)


def _fitting(values: Mapping[str, Any], side: str) -> Fitting:
    taken = values.get("measurement") or {}
    lens = (values.get("lens") or {}).get(side) or {}
    height = _number(taken.get(f"{side}_height_mm"))
    is_segment = lens.get("design") in _HEIGHT_TYPES
    return Fitting(
        far_pd_mm=_number(centration_pd(values, side)),
        near_pd_mm=_number(taken.get(f"{side}_near_pd_mm")),
        segment_height_mm=height if is_segment else None,
        oc_height_mm=None if is_segment else height,
        bvd_mm=_number(taken.get("vertex_mm")),
        pantoscopic_deg=_number(taken.get("tilt_deg")),
        wrap_deg=_number(taken.get("wrap_deg")),
    )


def _lens(values: Mapping[str, Any], side: str) -> LensChoice:
    lens = (values.get("lens") or {}).get(side)
    if not lens:
        return NO_LENS
    coatings = [
        extra.get("lab_code") or extra["name"] for extra in values.get("add_ons") or [] if extra["kind"] == "coating"
    ]
    return LensChoice(
        style=lens["name"],
        maker=lens.get("supplier") or None,
        product_code=lens.get("lab_code") or None,
        type_code=LENS_TYPE_CODES.get(lens.get("design", ""), "SV"),
        coating=", ".join(coatings) or None,
        tint=values.get("tint") or None,
        colour=lens.get("colour") or None,
        index=_number(lens.get("index")),
    )


def _frame(frame: Mapping[str, Any]) -> FrameOrder:
    if not frame:
        return FrameOrder()
    return FrameOrder(
        a_mm=on_both(_number(frame.get("a_mm"))),
        b_mm=on_both(_number(frame.get("b_mm"))),
        ed_mm=on_both(_number(frame.get("ed_mm"))),
        dbl_mm=_number(frame.get("dbl_mm")),
        kind=_FRAME_KINDS.get(frame.get("material", "")),
        edge=_EDGES.get(frame.get("mount", "")),
        maker=frame.get("brand") or None,
        model=frame.get("model") or None,
        upc=frame.get("gtin") or None,
    )


def _traces(stored: Stored | None) -> tuple[Trace, ...]:
    sides = (("right", "R"), ("left", "L"))
    return tuple(
        Trace(letter, tuple(one["radii"]), tuple(one["angles"]) if one.get("angles") else None, one.get("traced", "F"))
        for name, letter in sides
        if (one := (stored or {}).get(name))
    )


def _number(text: Any) -> Decimal | None:
    return None if text in (None, "") else Decimal(str(text))
