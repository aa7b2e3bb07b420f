"""Worked cases of powers, prism, frames and blanks."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from labjobs.exchange import dcs, traces
from lensmath import centration, imbalance, materials, powers, prism, tilt, vertex
from lensmath.notation import format_exact
from lensmath.numbers import ZERO, exact, round_to
from lensmath.powers import EyePower
from lensmath.prism import Base, Eye, Oblique, Prism
from tests.reference.cases import FOLDER
from tests.reference.vocabulary import EYES, SIDE, Input, amount, as_written, eye_power, number, on_eyes


def transposition(case: Input) -> Any:
    return as_written(powers.transpose(eye_power(case)), case)


def spherical_equivalent(case: Input) -> Any:
    value = powers.spherical_equivalent(eye_power(case))
    return {"spherical_equivalent": format_exact(value) if isinstance(case["sphere"], str) else value}


def power_in_meridian(case: Input) -> Any:
    return {"power": powers.power_in_meridian(eye_power(case), exact(case["meridian"]))}


def near_from_distance(case: Input) -> Any:
    return _per_eye(case, powers.near)


def intermediate_from_distance(case: Input) -> Any:
    share = exact(case.get("intermediate_share", powers.HALF))
    return _per_eye(case, lambda lens: powers.intermediate(lens, share))


def _per_eye(case: Input, change: Callable[[EyePower], EyePower]) -> Any:
    if "sphere" in case:
        return as_written(change(eye_power(case)), case)
    return {name: as_written(change(eye_power(eye)), eye) for name, eye in on_eyes(case).items()}


def vertex_compensation(case: Input) -> Any:
    found = vertex.compensate(eye_power(case), exact(case["vertex_from_mm"]), exact(case["vertex_to_mm"]))
    return {
        "sphere_exact": found.exact.sphere,
        "cylinder_exact": found.exact.cylinder or ZERO,
        "axis": found.exact.axis,
        "meridians_exact": list(found.meridians),
        "sphere_quarter": found.rounded.sphere,
        "cylinder_quarter": found.rounded.cylinder or ZERO,
    }


def vertex_effective_power(case: Input) -> Any:
    away = (
        exact(case["moved_mm_away_from_eye"])
        if "moved_mm_away_from_eye" in case
        else -exact(case["moved_mm_nearer_eye"])
    )
    lens = amount(case["power"])
    return {"effective_power": vertex.effective_power(lens, away), "power_to_order": vertex.power_to_order(lens, away)}


def prentice(case: Input) -> Any:
    found, base = prism.prentice(
        amount(case["power_in_meridian"]), amount(case["distance_mm"]), Base(case["oc_direction_from_pupil"])
    )
    return {"prism": found, "base": base, "prism_1dp": round_to(found, Decimal("0.1"))}


def prentice_vector(case: Input) -> Any:
    point = case["visual_point_from_oc_mm"]
    found = prism.prentice_vector(EYES[case["eye"]], eye_power(case), amount(point["x"]), amount(point["y"]))
    return {"prism_in": found.base_in, "prism_up": found.base_up}


def vertical_imbalance(case: Input) -> Any:
    found = imbalance.at_reading_level(eye_power(case["R"]), eye_power(case["L"]), amount(case["reading_level_mm"]))
    eye = SIDE[found.slab_off_eye] if found.slab_off_eye else None
    return {"imbalance": found.amount, "slab_off_eye": eye, "slab_off_base": found.slab_off_base}


def components(case: Input) -> Prism:
    """A prism given by its parts; one base word may stand for the only part."""
    parts = []
    for name in ("horizontal", "vertical"):
        base = case.get(f"{name}_base") or (case.get("base") if name in case else None)
        if amount(case.get(name)) and base:
            parts.append((amount(case[name]), Base(base)))
    return Prism.of(*parts)


def any_prism(eye: Eye, case: Input) -> Prism:
    if "base_degrees" in case:
        return prism.resolve(eye, amount(case["prism"]), exact(case["base_degrees"] or 0))
    return components(case)


def as_oblique(found: Oblique) -> Any:
    return {"prism": found.amount, "base_degrees": found.base_deg, "base_degrees_int": found.whole_base_deg}


def as_components(found: Prism) -> dict[str, Any]:
    (horizontal, horizontal_base), (vertical, vertical_base) = found.horizontal, found.vertical
    return {
        "horizontal": horizontal,
        "horizontal_base": horizontal_base,
        "vertical": vertical,
        "vertical_base": vertical_base,
    }


def prism_combine(case: Input) -> Any:
    return as_oblique(prism.combine(EYES[case["eye"]], components(case)))


def prism_resolve(case: Input) -> Any:
    return as_components(any_prism(EYES[case["eye"]], case))


def prism_add_oblique(case: Input) -> Any:
    eye = EYES[case["eye"]]
    return as_oblique(prism.add_oblique(eye, [prism.combine(eye, any_prism(eye, part)) for part in case["prisms"]]))


def prism_split(case: Input) -> Any:
    right, left = prism.split_evenly(components(case["R"]), components(case["L"]))
    direction = "vertical" if "vertical" in {**case["R"], **case["L"]} else "horizontal"
    return {
        name: {**as_components(half), "base": as_components(half)[f"{direction}_base"]}
        for name, half in (("R", right), ("L", left))
    }


def frame_box(case: Input) -> centration.FrameBox:
    return centration.FrameBox(
        amount(case["a_mm"]), amount(case["dbl_mm"]), number(case.get("b_mm")), number(case.get("ed_mm"))
    )


def decentration(case: Input) -> Any:
    frame = frame_box(case)
    return {
        "frame_pd_mm": frame.frame_pd_mm,
        "decentration_in_mm": centration.decentration_in(frame, amount(case["mono_pd_mm"])),
    }


def vertical_position(case: Input) -> Any:
    height = amount(case["height_from_lowest_tangent_mm"])
    return {"above_boxing_centre_mm": centration.above_boxing_centre(amount(case["b_mm"]), height)}


def allowance(case: Input) -> Decimal:
    return exact(case.get("allowance_mm", centration.DEFAULT_ALLOWANCE_MM))


def minimum_blank_size(case: Input) -> Any:
    frame, pd_mm = frame_box(case), amount(case["binocular_pd_mm"])
    return {
        "total_decentration_mm": centration.total_decentration_in(frame, pd_mm),
        "minimum_blank_mm": centration.minimum_blank_for_pair(frame, pd_mm, allowance(case)),
    }


def minimum_blank_size_per_eye(case: Input) -> Any:
    pds = {EYES[name]: amount(pd_mm) for name, pd_mm in on_eyes(case["mono_pd_mm"]).items()}
    found = centration.minimum_blank_by_eye(frame_box(case), pds, allowance(case))
    return {SIDE[eye]: blank for eye, blank in found.items()}


def tilt_induced(case: Input) -> Any:
    turned_about = int(str(case["rotation_about"]).split()[0])
    found = tilt.tilted(amount(case["sphere"]), amount(case["tilt_degrees"]), amount(case["index"]), turned_about)
    return {"sphere": found.sphere, "cylinder": found.cylinder or ZERO, "axis": found.axis}


def curve_variation_factor(case: Input) -> Any:
    reference = exact(case.get("reference_index", materials.REFERENCE_INDEX))
    return {"cvf": materials.curve_variation_factor(exact(case["index"]), reference)}


def index_class(case: Input) -> Any:
    try:
        return {"index_class": materials.index_class(exact(case["index"]))}
    except ValueError as refusal:
        return {"index_class": None, "error": str(refusal)}


def case_file(name: str) -> bytes:
    """A file that a case names, relative to the folder of the cases."""
    return (FOLDER / name).read_bytes()


class NoTrace(ValueError):
    """The file has no trace, or one in a format that is kept but not read."""


def trace_of(case: Input, side: str) -> traces.Trace:
    both = traces.read(dcs.parse(case_file(case["file"]))).both()
    if both is None:
        raise NoTrace("the file has no trace to measure")
    return both.on(SIDE[EYES[side]])


def trace_geometry(case: Input) -> Any:
    try:
        trace = trace_of(case, case["side"])
    except NoTrace as refusal:
        return {"error": str(refusal)}
    radii, shape = trace.radii_hundredths, trace.shape
    return {
        "points": len(radii),
        "a_mm": shape.a_mm,
        "b_mm": shape.b_mm,
        "ed_from_origin_mm": shape.ed_from_origin_mm,
        "ed_mm": shape.ed_mm,
        "circumference_2d_mm": shape.circumference_mm,
        "first_radius_hundredths": radii[0],
        "last_radius_hundredths": radii[-1],
    }


def trace_mirror(case: Input) -> Any:
    here = SIDE[EYES[case["from_side"]]]
    there, name = ("L", "left") if here == "R" else ("R", "right")
    mirrored = trace_of(case, here).mirrored().radii_hundredths
    in_file = trace_of(case, there).radii_hundredths
    apart = max(abs(a - b) for a, b in zip(mirrored, in_file, strict=True))
    return {
        f"{name}_equals_file": apart == 0,
        "max_difference_hundredths": apart,
        "max_difference_mm": Decimal(apart) / 100,
        f"{name}_first_ten": list(mirrored[:10]),
    }


KINDS: Mapping[str, Callable[[Any], Any]] = {
    "transposition": transposition,
    "spherical_equivalent": spherical_equivalent,
    "power_in_meridian": power_in_meridian,
    "near_from_distance": near_from_distance,
    "intermediate_from_distance": intermediate_from_distance,
    "vertex_compensation": vertex_compensation,
    "vertex_effective_power": vertex_effective_power,
    "prentice": prentice,
    "prentice_vector": prentice_vector,
    "vertical_imbalance_at_reading_level": vertical_imbalance,
    "prism_combine": prism_combine,
    "prism_resolve": prism_resolve,
    "prism_add_oblique": prism_add_oblique,
    "prism_split": prism_split,
    "decentration": decentration,
    "vertical_position": vertical_position,
    "minimum_blank_size": minimum_blank_size,
    "minimum_blank_size_per_eye": minimum_blank_size_per_eye,
    "tilt_induced": tilt_induced,
    "curve_variation_factor": curve_variation_factor,
    "index_class": index_class,
    "trace_geometry": trace_geometry,
    "trace_mirror": trace_mirror,
}
