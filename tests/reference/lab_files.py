"""Worked cases of laboratory files."""

from collections.abc import Callable, Mapping
from typing import Any

from labjobs.exchange import dcs, order_file, serial_link, traces
from labjobs.exchange.errors import ExchangeError
from labjobs.exchange.fields import Sided, on_both
from labjobs.exchange.labels import Form, kind_of
from labjobs.exchange.order import EyeOrder, Fitting, FrameOrder, LabOrder, LensChoice
from lensmath.numbers import exact
from lensmath.prism import Eye, Prism
from tests.reference.lenses import any_prism, case_file
from tests.reference.vocabulary import Input, eye_power, number


def oma_parse(case: Any) -> Any:
    try:
        return as_parsed(dcs.parse(case if isinstance(case, str) else case_file(case["file"])))
    except ExchangeError as refusal:
        return {"error": refusal.message}


def as_parsed(file: dcs.LabFile) -> Any:
    traced = any(file.all(label) for label in ("TRCFMT", "R"))
    found = traces.read(file) if traced else traces.TraceSet()
    return {
        **{record.name: record_value(file, record.name) for record in file.records},
        "trace": {trace.side: list(trace.radii_hundredths) for trace in found.traces},
        "trace_raw": {key: value for trace in found.opaque for key, value in raw_trace(trace).items()},
    }


def raw_trace(trace: traces.OpaqueTrace) -> dict[str, Any]:
    return {trace.side: list(trace.lines), "format": trace.format}


def record_value(file: dcs.LabFile, label: str) -> Any:
    kind, all_of_it = kind_of(label), file.all(label)
    if len(all_of_it) > 1:
        return [record.data for record in all_of_it]
    if kind.sided:
        both = file.sided_texts(label) if kind.form is Form.TEXT else file.sided_numbers(label)
        return [both.right, both.left]
    return file.text(label) if kind.form is Form.TEXT else file.number(label)


def oma_format(case: Input) -> Any:
    if "trace" in case:
        lines = [
            traces.Trace(side, tuple(radii), None, case.get("traced", "F")) for side, radii in case["trace"].items()
        ]
        return dcs.render(traces.records(lines))
    return dcs.render(dcs.record(label, record_values(label, value)) for label, value in case["records"])


def record_values(label: str, value: Any) -> Any:
    """A value of each side; on a two-sided record one value is meant for both."""
    if isinstance(value, list):
        return Sided(*(plain(item, label) for item in value))
    return on_both(plain(value, label)) if kind_of(label).sided else plain(value, label)


def plain(value: Any, label: str = "") -> Any:
    """A case's number, or text of digits on a record of numbers, as an exact value."""
    if isinstance(value, float) or (label and isinstance(value, str) and kind_of(label).form is not Form.TEXT):
        return exact(value)
    return value


def eye_order(case: Input, eye: Input | None) -> EyeOrder | None:
    if eye is None:
        return None
    lens = case.get("lens", {})
    fitting = Fitting(
        far_pd_mm=number(eye.get("far_pd")),
        near_pd_mm=number(eye.get("near_pd")),
        segment_height_mm=number(eye.get("seg_height", eye.get("fitting_height"))),
        oc_height_mm=number(eye.get("oc_height")),
        bvd_mm=number(case.get("bvd")),
        pantoscopic_deg=number(case.get("panto")),
        wrap_deg=number(case.get("wrap", case.get("ztilt"))),
    )
    # the type word of these orders goes into no line of the expected file, so it is not passed on
    choice = LensChoice(
        index=number(lens.get("index")),
        material=lens.get("material_type"),
        style=lens.get("name"),
        design=lens.get("design"),
        coating=lens.get("coating"),
        tint=lens.get("tint"),
        colour=lens.get("colour", lens.get("color")),
        blank_diameter_mm=number(lens.get("diameter")),
    )
    oblique = eye.get("prism")
    prisms = (
        any_prism(Eye.RIGHT if eye is case.get("R") else Eye.LEFT, oblique) if isinstance(oblique, Mapping) else Prism()
    )
    return EyeOrder(eye_power(eye), prisms, False, fitting, choice)


def oma_order_lines(case: Input) -> Any:
    frame = case.get("frame") or {}
    a, b, ed = (on_both(number(frame.get(name))) for name in ("a", "b", "ed"))
    order = LabOrder(
        job=case["job"],
        make=case.get("do", "B"),
        eyes=Sided(eye_order(case, case.get("R")), eye_order(case, case.get("L"))),
        frame=FrameOrder(a, b, ed, dbl_mm=number(frame.get("dbl")), kind=frame.get("type"), edge=frame.get("mount")),
    )
    return [str(record) for record in order_file.records(order)]


def oma_crc16(case: Input) -> Any:
    crc = serial_link.crc16(case["ascii"].encode("ascii") if "ascii" in case else bytes.fromhex(case["hex"]))
    return {"crc": crc, "decimal": crc}


def oma_frame(case: Input) -> Any:
    frame = serial_link.framed(case["records"])
    checked = frame[1 : frame.index(serial_link.RECORDS_END.encode()) + 1]
    return {"frame_hex": frame.hex(), "crc_decimal": serial_link.crc16(checked)}


KINDS: Mapping[str, Callable[[Any], Any]] = {
    "oma_parse": oma_parse,
    "oma_format": oma_format,
    "oma_order_lines": oma_order_lines,
    "oma_crc16": oma_crc16,
    "oma_frame": oma_frame,
}
