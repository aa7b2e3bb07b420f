"""Two versions side by side: which fields differ, as printed on paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Clash
from core.formats import dated, ltr
from lensmath.notation import TRUE_MINUS, format_axis, format_power
from lensmath.prism import Eye
from prescriptions.data import EyeData, PrescriptionData
from prescriptions.models import PrescriptionKind
from prescriptions.verdicts import EYE_NAMES

Label = str | Promise

EYE_FIELDS: list[tuple[str, Label]] = [
    ("sphere", _("sphere")),
    ("power", _("power")),
    ("cylinder", _("cylinder")),
    ("axis", _("axis")),
    ("add", _("add")),
    ("add_word", _("add")),
    ("intermediate_add", _("intermediate add")),
    ("prism_horizontal", _("horizontal prism")),
    ("prism_vertical", _("vertical prism")),
    ("balance", _("balance lens")),
    ("far_pd_mm", _("far PD")),
    ("near_pd_mm", _("near PD")),
    ("va", _("VA")),
    ("near_va", _("near VA")),
    ("product", _("product")),
    ("base_curve_mm", _("base curve")),
    ("diameter_mm", _("diameter")),
    ("colour", _("colour")),
    ("replacement", _("replacement")),
    ("wearing_mode", _("wearing mode")),
]
PAIR_FIELDS: list[tuple[str, Label]] = [
    ("kind", _("Type")),
    ("far_pd_mm", _("Far PD, both eyes")),
    ("near_pd_mm", _("Near PD, both eyes")),
    ("vertex_mm", _("Back vertex distance")),
    ("binocular_va", _("VA, both eyes")),
    ("expires_on", _("Valid to")),
    ("prescriber_name", _("Prescriber")),
    ("prescriber_registration", _("Registration number")),
    ("recall_months", _("Next test, months")),
    ("notes", _("Note")),
]
BASE_WORDS: dict[str, Label] = {"in": _("in"), "out": _("out"), "up": _("up"), "down": _("down")}
POWERS = {"sphere", "power", "cylinder", "add", "intermediate_add"}
# What a lens or an order is made from. The other fields may be corrected without a decision resting on them.
OPTICAL = {
    "sphere", "power", "cylinder", "axis", "add", "add_word", "intermediate_add", "prism_horizontal", "prism_vertical",
    "balance", "far_pd_mm", "near_pd_mm", "product", "base_curve_mm", "diameter_mm", "kind", "vertex_mm",
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One field that two versions write differently; `old` and `new` as printed, empty where nothing is written."""

    field: str
    label: str
    old: str
    new: str
    is_optical: bool


def differences(old: PrescriptionData, new: PrescriptionData) -> list[Difference]:
    """Field by field, right eye first, then left, then the pair."""
    return [*_eye_differences(Eye.RIGHT, old, new), *_eye_differences(Eye.LEFT, old, new), *_pair_differences(old, new)]


def _eye_differences(eye: Eye, old: PrescriptionData, new: PrescriptionData) -> Iterator[Difference]:
    before, after = getattr(old, eye.value) or EyeData(), getattr(new, eye.value) or EyeData()
    for name, label in EYE_FIELDS:
        was, now = shown(before, eye, name), shown(after, eye, name)
        if was != now:
            yield Difference(f"{eye.value}_{name}", f"{EYE_NAMES[eye]} {label}", was, now, name in OPTICAL)


def _pair_differences(old: PrescriptionData, new: PrescriptionData) -> Iterator[Difference]:
    for name, label in PAIR_FIELDS:
        was, now = (_pair_value(name, _of_pair(data, name)) for data in (old, new))
        if was != now:
            yield Difference(name, str(label), was, now, name in OPTICAL)


def shown(written: EyeData, eye: Eye, name: str) -> str:
    """One value of an eye as a document prints it; empty where nothing is written."""
    if name in {"prism_horizontal", "prism_vertical"}:
        return _prism(written, eye, horizontal=name == "prism_horizontal")
    value = getattr(written, name)
    if value is None or value is False:
        return ""
    if name in POWERS:
        return ltr(format_power(value, true_minus=True))
    if name == "axis":
        return f"{format_axis(value)}°"
    return str(_("yes")) if value is True else _plain(value)


def _prism(written: EyeData, eye: Eye, *, horizontal: bool) -> str:
    prism = written.prism(eye)
    if prism is None:
        return ""
    amount, base = prism.horizontal if horizontal else prism.vertical
    return f"{amount.quantize(Decimal('0.01'))} {BASE_WORDS[base.value]}" if amount and base else ""


def _of_pair(data: PrescriptionData, name: str) -> object:
    """A value of the pair; a pupil distance that is written for each eye alone is their sum."""
    value: object = getattr(data, name)
    if value is not None or name not in {"far_pd_mm", "near_pd_mm"}:
        return value
    each = [length for eye in (data.right, data.left) if (length := getattr(eye, name, None)) is not None]
    return sum(each, Decimal(0)) if len(each) == 2 else None


def _pair_value(name: str, value: object) -> str:
    if value is None:
        return ""
    if name == "kind":
        return str(dict(PrescriptionKind.choices).get(str(value), value))
    return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return dated(value, "D j M Y")
    if isinstance(value, Decimal):
        text = f"{value.normalize():f}"
        return (text if "." in text else f"{text}.0").replace("-", TRUE_MINUS)
    return str(value)


def clash(difference: Difference) -> Clash:
    """For the three-column merge; the field is named as the form names it."""
    field = difference.field.removesuffix("_mm")
    return Clash(field, difference.label, "", theirs=difference.old, yours=difference.new)
