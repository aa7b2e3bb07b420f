"""The plausibility rules that compare: the eyes with each other, the PDs, and the last prescription with this one."""

from collections.abc import Iterator
from decimal import Decimal

from lensmath.notation import format_exact
from lensmath.numbers import ZERO
from lensmath.powers import EyePower, axis_distance, greatest_difference, minus_form
from lensmath.prism import Eye, cancels
from prescriptions.limits import Limits
from prescriptions.values import CONTACT_LENS, EyeValues, PrescriptionValues
from prescriptions.verdicts import Level, Verdict


def pair_verdicts(values: PrescriptionValues, limits: Limits) -> list[Verdict]:
    """Findings that need both eyes; none when one is absent, balanced or not a readable lens."""
    right, left = values.right, values.left
    if right is None or left is None or right.balance or left.balance:
        return []
    verdicts = []
    if right.add and left.add and min(right.add, left.add) > 0 and right.add != left.add:
        verdicts.append(_warn("unequal_add_warning", "add"))
    if (right.cylinder or ZERO) * (left.cylinder or ZERO) < 0:
        verdicts.append(_warn("mixed_cylinder_form_warning", "cylinder"))
    first = "power" if values.kind == CONTACT_LENS else "sphere"
    if _opposite_signs(getattr(right, first), getattr(left, first), limits.opposite_sign_from):
        verdicts.append(_warn("opposite_sign_warning", "sphere"))
    if _prisms_cancel(right, left):
        verdicts.append(_warn("prism_bases_cancel_warning", "prism"))
    lenses = right.lens(values.kind), left.lens(values.kind)
    if lenses[0] is not None and lenses[1] is not None:
        verdicts += _lens_verdicts(lenses[0], lenses[1], limits)
    return verdicts


def _opposite_signs(right: Decimal | None, left: Decimal | None, from_dioptres: Decimal) -> bool:
    if right is None or left is None or right * left >= 0:
        return False
    return min(abs(right), abs(left)) >= from_dioptres


def _prisms_cancel(right: EyeValues, left: EyeValues) -> bool:
    total = right.prism(Eye.RIGHT), left.prism(Eye.LEFT)
    return total[0] is not None and total[1] is not None and cancels(total[0], total[1])


def _lens_verdicts(right: EyePower, left: EyePower, limits: Limits) -> Iterator[Verdict]:
    difference = greatest_difference(right, left)
    if difference > limits.anisometropia:
        yield _warn("anisometropia_warning", "sphere", difference=f"{difference:.2f}")
    alike = (right.sphere, right.cylinder, right.axis) == (left.sphere, left.cylinder, left.axis)
    if alike and right.cylinder is not None:
        yield _warn("same_as_other_eye_warning", "sphere")


def pd_verdicts(values: PrescriptionValues, limits: Limits) -> list[Verdict]:
    """Ranges of every PD, the sum of the two eyes, and near against far."""
    right, left = values.right or EyeValues(), values.left or EyeValues()
    verdicts: list[Verdict] = []
    for field, both in (("far_pd", values.far_pd_mm), ("near_pd", values.near_pd_mm)):
        each = (getattr(right, f"{field}_mm"), getattr(left, f"{field}_mm"))
        verdicts += _pd_ranges(field, both, each, limits)
        verdicts += _pd_sum(field, both, each, limits)
    pairs = (
        (None, values.far_pd_mm, values.near_pd_mm),
        *((eye, written.far_pd_mm, written.near_pd_mm) for eye, written in values.eyes()),
    )
    verdicts += [
        Verdict("near_pd_above_far_pd", Level.REFUSE, eye, "near_pd")
        for eye, far, near in pairs
        if far is not None and near is not None and near > far
    ]
    return verdicts


def _pd_ranges(
    field: str, both: Decimal | None, each: tuple[Decimal | None, Decimal | None], limits: Limits
) -> Iterator[Verdict]:
    from_to = ((both, limits.binocular_pd_mm), *((pd, limits.monocular_pd_mm) for pd in each))
    for pd, (least, most) in from_to:
        if pd is not None and not least <= pd <= most:
            yield Verdict("pd_range", Level.REFUSE, None, field, {"least": str(least), "most": str(most)})


def _pd_sum(
    field: str, both: Decimal | None, each: tuple[Decimal | None, Decimal | None], limits: Limits
) -> Iterator[Verdict]:
    right, left = each
    if both is None or right is None or left is None:
        return
    if abs(right + left - both) > limits.pd_sum_mm:
        yield Verdict("pd_sum_mismatch", Level.REFUSE, None, field, {"sum": str(right + left), "pd": str(both)})


def change_verdicts(values: PrescriptionValues, previous: PrescriptionValues, limits: Limits) -> list[Verdict]:
    """Large changes of sphere, cylinder, add or axis, compared in minus form so that a change of notation is none."""
    before = dict(previous.eyes())
    verdicts = []
    for eye, written in values.eyes():
        new, old = written.lens(values.kind), before[eye].lens(previous.kind) if eye in before else None
        if new is None or old is None:
            continue
        for field, change in _changes(minus_form(new), minus_form(old), limits):
            verdicts.append(Verdict("large_change_warning", Level.WARN, eye, field, {"what": field, "change": change}))
    return verdicts


def _changes(new: EyePower, old: EyePower, limits: Limits) -> Iterator[tuple[str, str]]:
    changes = {
        "sphere": new.sphere - old.sphere,
        "cylinder": (new.cylinder or ZERO) - (old.cylinder or ZERO),
        "add": ZERO if new.add is None or old.add is None else new.add - old.add,
    }
    for field, change in changes.items():
        if abs(change) > limits.change_dioptres:
            yield field, format_exact(change)
    if new.axis is None or old.axis is None or abs(new.cylinder or ZERO) < limits.change_cylinder_from:
        return
    turned = axis_distance(new.axis, old.axis)
    if turned > limits.change_degrees:
        yield "axis", f"{turned}\u00b0"


def _warn(code: str, field: str, **params: object) -> Verdict:
    return Verdict(code, Level.WARN, None, field, params)
