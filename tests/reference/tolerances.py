"""Worked cases of tolerance verdicts: the edition as shipped, the lens on the bench."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from lensmath.numbers import ZERO, exact, exact_or_none
from lensmath.powers import EyePower
from lensmath.tolerance import pair, power, shipped
from lensmath.tolerance.edition import Edition
from lensmath.tolerance.verdicts import Line
from tests.reference.cases import Limits
from tests.reference.vocabulary import EYES, Input, number, on_eyes


def edition_named(name: str) -> Edition:
    plain = name.removesuffix(" and later")
    for named, year in (("ISO 8980-1", ":2017"), ("ISO 8980-2", ":2017"), ("ISO 21987", ":2017")):
        if plain.startswith(named):
            plain = f"ISO 21987{plain.removeprefix(named) or year}"
    return shipped.named(plain)


def judged(*lines: Line) -> Any:
    limits = tuple(limit for line in lines for limit in line.limits)
    return {"pass": all(line.passed for line in lines), "limit": Limits(limits, lines[0].basis)}


def reading(value: Any) -> Decimal | None:
    """Focimeter readings and nominal values of tolerance cases are exact to 0.01 D, not eighths."""
    if isinstance(value, str) and not any(sign.isdigit() for sign in value):
        return number(value)
    return exact_or_none(value)


def bench_power(case: Any) -> EyePower:
    if not isinstance(case, Mapping):
        return EyePower(reading(case) or ZERO)
    cylinder, axis = reading(case.get("cylinder")), reading(case.get("axis"))
    return EyePower(reading(case.get("sphere")) or ZERO, cylinder, axis if cylinder else None, reading(case.get("add")))


def lens_check(case: Input, ordered: Any, measured: Any) -> power.LensCheck:
    verification = None
    if isinstance(ordered, Mapping) and "ordered" in ordered:
        verification = bench_power(ordered["verification"]) if ordered.get("verification") else None
        ordered = ordered["ordered"]
    return power.LensCheck(case["lens_type"], bench_power(ordered), bench_power(measured), verification)


def judge_sphere(case: Input, edition: Edition) -> Any:
    nominal, measured = case["nominal"], case["measured"]
    if isinstance(nominal, Mapping):  # what such a case leaves out is as ordered: only the sphere is asked about
        measured = {**nominal, **(measured if isinstance(measured, Mapping) else {"sphere": measured})}
    return judged(power.judge_sphere(lens_check(case, nominal, measured), edition))


def judge_cylinder(case: Input, edition: Edition) -> Any:
    nominal, found = case["nominal"], case["measured"]
    if not isinstance(nominal, Mapping):
        nominal, found = ({"cylinder": value, "axis": 180} for value in (nominal, found))
    return judged(power.judge_cylinder(lens_check(case, nominal, found), edition))


def judge_axis(case: Input, edition: Edition) -> Any:
    measured = case["measured"] if isinstance(case["measured"], Mapping) else {"axis": case["measured"]}
    cylinder = measured.get("cylinder", case["nominal"]["cylinder"])
    return judged(power.judge_axis(lens_check(case, case["nominal"], {**measured, "cylinder": cylinder}), edition))


def judge_addition(case: Input, edition: Edition) -> Any:
    nominal, found = (
        {"add": value} if not isinstance(value, Mapping) else value for value in (case["nominal"], case["measured"])
    )
    return judged(power.judge_addition(lens_check(case, nominal, found), edition))


def judge_whole(case: Input, edition: Edition) -> Any:
    """A whole lens, or both lenses of a pair."""
    nominal, measured = case["nominal"], case["measured"]
    eyes = [(nominal[name], measured[name]) for name in on_eyes(nominal)] or [(nominal, measured)]
    return judged(*(line for eye in eyes for line in power.judge_lens(lens_check(case, *eye), edition)))


def judge_imbalance(case: Input, edition: Edition) -> Any:
    nominal, measured = case["nominal"], case["measured"]
    check = pair.ImbalanceCheck(
        direction=pair.Direction(case["quantity"].rpartition("_")[2]),
        lens_type=case["lens_type"],
        imbalance=reading(measured.get("prism_imbalance")),
        power=reading(nominal.get("power_in_meridian")) or ZERO,
        displacement_mm=reading(measured.get("displacement_mm")),
        prescribed=reading(nominal.get("prescribed_prism")) or ZERO,
    )
    return judged(pair.judge_imbalance(check, edition))


def judge_reference_point(case: Input, edition: Edition) -> Any:
    measured = case["measured"]
    return judged(
        pair.judge_reference_point(
            edition, reading(measured.get("prism_error")), reading(measured.get("displacement_mm"))
        )
    )


POSITIONS = {
    "fitting_cross_height": "fitting_height",
    "fitting_cross_horizontal": "fitting_horizontal",
    "hidden_mark_tilt": "segment_tilt",
    "center_thickness": "centre_thickness",
}


def judge_position(case: Input, edition: Edition) -> Any:
    quantity, nominal, measured = POSITIONS.get(case["quantity"], case["quantity"]), case["nominal"], case["measured"]
    if isinstance(nominal, Mapping) and on_eyes(nominal):
        ordered, found = (
            {EYES[name]: exact(value) for name, value in on_eyes(eyes).items()} for eyes in (nominal, measured)
        )
        return judged(*pair.judge_position(edition, quantity, ordered, found))
    if nominal is None or (isinstance(nominal, Mapping) and None in nominal.values()):
        return {"pass": True, "limit": None}  # nothing was ordered, so nothing is judged
    ordered, found = (
        exact(next(iter(value.values())) if isinstance(value, Mapping) else value) for value in (nominal, measured)
    )
    return judged(pair.judge_size(edition, quantity, ordered, found))


QUANTITIES: Mapping[str, Callable[[Input, Edition], Any]] = {
    "sphere_power": judge_sphere,
    "sphere_power_meridian_rule": judge_sphere,
    "cylinder_power": judge_cylinder,
    "cylinder_axis": judge_axis,
    "addition": judge_addition,
    "prism_imbalance_vertical": judge_imbalance,
    "prism_imbalance_horizontal": judge_imbalance,
    "prism_at_prp": judge_reference_point,
}


def tolerance(case: Input) -> Any:
    edition, quantity, nominal = edition_named(case["edition"]), case["quantity"], case["nominal"]
    if quantity in QUANTITIES:
        return QUANTITIES[quantity](case, edition)
    if POSITIONS.get(quantity, quantity) in edition.positions:
        return judge_position(case, edition)
    if isinstance(nominal, Mapping) and ("ordered" in nominal or "sphere" in nominal or on_eyes(nominal)):
        return judge_whole(case, edition)
    raise KeyError(f"unknown quantity {quantity}")


KINDS: Mapping[str, Callable[[Any], Any]] = {
    "tolerance": tolerance,
}
