"""What a rule says about a prescription, in plain words a person at the counter can act on."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.formats import dated, ltr
from lensmath.prism import Eye


class Level(StrEnum):
    """Refuse stops the save; warn asks for a confirmation that is recorded; note tells what was done."""

    REFUSE = "refuse"
    WARN = "warn"
    NOTE = "note"


EYE_NAMES: Mapping[Eye | None, str | Promise] = {
    Eye.RIGHT: _("Right"),
    Eye.LEFT: _("Left"),
    None: "",
}
# Words of their own: in Arabic both names begin with the same letter.
EYE_LETTERS: Mapping[Eye, str | Promise] = {Eye.RIGHT: _("R"), Eye.LEFT: _("L")}

FIELD_NAMES: Mapping[str, str | Promise] = {
    "sphere": _("The sphere"),
    "cylinder": _("The cylinder"),
    "axis": _("The axis"),
    "add": _("The add"),
}

MESSAGES: Mapping[str, str | Promise] = {
    "add_limit": _("the add is stronger than %(limit)s, which is not made. Check it."),
    "add_range_warning": _("the add is usually between %(least)s and %(most)s. Check it."),
    "add_required": _("enter an add: this type of lens needs one."),
    "add_sign": _("an add is more than zero. Leave it blank if there is none."),
    "anisometropia_warning": _("The eyes differ by %(difference)s dioptres in one meridian. Check both, and the patient's comfort."),
    "axis_range": _("the axis is a whole number from 1 to 180."),
    "axis_required": _("enter the axis of the cylinder, 1 to 180."),
    "axis_without_cylinder": _("there is an axis but no cylinder. Enter the cylinder or clear the axis."),
    "axis_zero": _("a horizontal axis is written 180, not 0."),
    "base_curve_range_warning": _("a base curve of %(value)s mm is unusual. Check it."),
    "base_curve_required": _("enter the base curve of the contact lens."),
    "diameter_range_warning": _("a diameter of %(value)s mm is unusual. Check it."),
    "diameter_required": _("enter the diameter of the contact lens."),
    "eighth_step_warning": _("%(value)s is in eighths of a dioptre. Most lenses come in quarters: check it."),
    "expired": _("This prescription expired on %(date)s."),
    "large_change_warning": _("%(what)s has changed by %(change)s since the last prescription. Check it."),
    "mixed_cylinder_form_warning": _("One eye is written with a plus cylinder, the other with a minus cylinder. Check the signs."),
    "near_pd_above_far_pd": _("the near PD is larger than the far PD. Are they swapped?"),
    "no_eye": _("Enter the powers of at least one eye."),
    "number_unusable": _("this number is too large, or no number."),
    "opposite_sign_warning": _("One eye is plus and the other minus. Is a minus sign missing?"),
    "pd_range": _("the PD must be between %(least)s and %(most)s mm."),
    "pd_sum_mismatch": _("The PDs of the two eyes add up to %(sum)s mm, not %(pd)s mm."),
    "power_limit": _("%(value)s is outside what is made. Check the sign and the decimal point."),
    "power_range_warning": _("%(value)s is unusually strong. Check it."),
    "power_required": _("enter the power of the contact lens."),
    "power_step": _("%(value)s is not a step of a quarter of a dioptre."),
    "prescriber_missing": _("The prescription does not say who prescribed it."),
    "prism_amount_sign": _("a prism has no sign: its base gives the direction."),
    "prism_bases_cancel_warning": _("The prisms of the two eyes work against each other. Check their bases."),
    "prism_base_required": _("enter the base of the prism: in, out, up or down."),
    "prism_base_unknown": _("the base of a prism is in, out, up or down, or 0 to 360 degrees."),
    "prism_one_each": _("give one horizontal and one vertical prism at most."),
    "prism_range_warning": _("a prism of %(value)s is unusually strong. Check it."),
    "prism_without_amount": _("there is a base but no prism. Enter the prism or clear the base."),
    "product_required": _("enter the contact lens product."),
    "same_as_other_eye_warning": _("Both eyes have the same power and axis. Was one copied by mistake?"),
    "sphere_required": _("enter the sphere: 0.00 if there is none. A blank is not zero."),
    "type_unknown": _("Choose the type of the prescription."),
    "unequal_add_warning": _("The adds of the two eyes differ. Check them."),
    "zero_cylinder_dropped": _("the cylinder of 0.00 was removed, and its axis with it."),
}  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """One finding: its code, how serious, which eye and field, and the values its message names."""

    code: str
    level: Level
    eye: Eye | None = None
    field: str = ""
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def message(self) -> str:
        """The finding in the reader's language: `Right: enter the axis of the cylinder, 1 to 180.`"""
        text = str(MESSAGES[self.code]) % {name: _shown(value) for name, value in self.params.items()}
        return f"{EYE_NAMES[self.eye]}: {text}" if self.eye else text[:1].upper() + text[1:]


def _shown(value: object) -> str:
    if isinstance(value, date):
        return dated(value, "D j M Y")
    if not isinstance(value, str):
        return str(value)
    return str(FIELD_NAMES[value]) if value in FIELD_NAMES else ltr(value)
