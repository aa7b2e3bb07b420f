"""The plausibility rules of one eye."""

from collections.abc import Iterator
from decimal import Decimal

from lensmath.notation import format_exact
from lensmath.numbers import EIGHTH, QUARTER, is_multiple
from lensmath.prism import Base, Eye
from prescriptions.limits import Limits
from prescriptions.values import CONTACT_LENS, MULTIFOCAL_TYPES, EyeValues, PrismEntry
from prescriptions.verdicts import Level, Verdict

HORIZONTAL = frozenset({Base.IN, Base.OUT})
Finding = tuple[str, Level, str, dict[str, object]]


def eye_verdicts(kind: str, eye: Eye, written: EyeValues, limits: Limits) -> list[Verdict]:
    """Every finding of one eye taken alone."""
    findings = [
        *_powers(kind, written, limits),
        *_axis(written),
        *_add(kind, written, limits),
        *_prism(eye, written, limits),
    ]
    if kind == CONTACT_LENS:
        findings += _contact_lens(written, limits)
    return [Verdict(code, level, eye, field, params) for code, level, field, params in findings]


def _refuse(code: str, field: str, **params: object) -> Finding:
    return code, Level.REFUSE, field, params


def _warn(code: str, field: str, **params: object) -> Finding:
    return code, Level.WARN, field, params


def _powers(kind: str, written: EyeValues, limits: Limits) -> Iterator[Finding]:
    name = "power" if kind == CONTACT_LENS else "sphere"
    first = written.power if kind == CONTACT_LENS else written.sphere
    if first is None and not written.balance:
        yield _refuse(f"{name}_required", name)
    yield from _power(name, first, limits.sphere_warning, limits.sphere_limit)
    yield from _power("cylinder", written.cylinder, limits.cylinder_warning, limits.cylinder_limit)
    yield from _step("add", written.add)
    if written.cylinder == 0:
        yield "zero_cylinder_dropped", Level.NOTE, "cylinder", {}


def _power(field: str, value: Decimal | None, warn_above: Decimal, limit: Decimal) -> Iterator[Finding]:
    yield from _step(field, value)
    if value is None:
        return
    if abs(value) > limit:
        yield _refuse("power_limit", field, value=format_exact(value))
    elif abs(value) > warn_above:
        yield _warn("power_range_warning", field, value=format_exact(value))


def _step(field: str, value: Decimal | None) -> Iterator[Finding]:
    if value is None or is_multiple(value, QUARTER):
        return
    if is_multiple(value, EIGHTH):
        yield _warn("eighth_step_warning", field, value=format_exact(value))
    else:
        yield _refuse("power_step", field, value=format_exact(value))


def _axis(written: EyeValues) -> Iterator[Finding]:
    if written.axis is None:
        if written.cylinder:
            yield _refuse("axis_required", "axis")
    elif written.cylinder is None:
        yield _refuse("axis_without_cylinder", "axis")
    elif written.cylinder == 0:  # dropped together with the cylinder
        return
    elif written.axis == 0:
        yield _refuse("axis_zero", "axis")
    elif written.axis % 1 or not 1 <= written.axis <= 180:
        yield _refuse("axis_range", "axis")


def _add(kind: str, written: EyeValues, limits: Limits) -> Iterator[Finding]:
    add = written.add
    if add is None:
        if kind in MULTIFOCAL_TYPES and not written.balance:
            yield _refuse("add_required", "add")
    elif add <= 0:
        yield _refuse("add_sign", "add")
    elif add > limits.add_limit:
        yield _refuse("add_limit", "add", limit=format_exact(limits.add_limit))
    elif not limits.add_least <= add <= limits.add_most:
        yield _warn(
            "add_range_warning", "add", least=format_exact(limits.add_least), most=format_exact(limits.add_most)
        )


def _prism(eye: Eye, written: EyeValues, limits: Limits) -> Iterator[Finding]:
    faults = [fault for entry in written.prisms for fault in _entry(entry)]
    yield from faults
    entries = [entry for entry in written.prisms if entry.amount]
    if faults or not entries:
        return
    directions = [_direction(entry) for entry in entries]
    if len(directions) != len(set(directions)) or ("oblique" in directions and len(directions) > 1):
        yield _refuse("prism_one_each", "prism")
        return
    total = written.prism(eye)
    if total is not None and total.amount > limits.prism_warning:
        yield _warn("prism_range_warning", "prism", value=f"{total.amount:.2f}")


def _entry(entry: PrismEntry) -> Iterator[Finding]:
    if (entry.base is not None and entry.base not in set(Base)) or (
        entry.base_deg is not None and not 0 <= entry.base_deg <= 360
    ):
        yield _refuse("prism_base_unknown", "prism")
    elif entry.amount is not None and entry.amount < 0:
        yield _refuse("prism_amount_sign", "prism")
    elif entry.amount and not entry.has_base:
        yield _refuse("prism_base_required", "prism")
    elif entry.has_base and not entry.amount:
        yield _refuse("prism_without_amount", "prism")


def _direction(entry: PrismEntry) -> str:
    if entry.base is None:
        return "oblique"
    return "horizontal" if entry.base in HORIZONTAL else "vertical"


def _contact_lens(written: EyeValues, limits: Limits) -> Iterator[Finding]:
    for name, value, (least, most) in (
        ("base_curve", written.base_curve_mm, limits.base_curve_mm),
        ("diameter", written.diameter_mm, limits.diameter_mm),
    ):
        if value is None:
            yield _refuse(f"{name}_required", name)
        elif not least <= value <= most:
            yield _warn(f"{name}_range_warning", name, value=str(value))
    if not written.product.strip():
        yield _refuse("product_required", "product")
