"""The last prescription above each eye of the grid: what it said, and how far the typed value lies from it.

A change means something only between two values of one cylinder form: where the typed form is the other one, the last
prescription is shown in the typed form, and says so.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.formats import ltr
from lensmath.notation import format_power
from lensmath.powers import EyePower, axis_distance, transpose
from lensmath.prism import Eye
from prescriptions import comparing
from prescriptions.data import EyeData

_ATTRIBUTES = {"base_curve": "base_curve_mm", "diameter": "diameter_mm"}


@dataclass(frozen=True)
class Ghost:
    """One value of the last prescription, and how far the typed one lies from it; `other` is it in the other cylinder form."""

    text: str
    delta: str = ""
    value: str = ""
    name: str = ""
    other: str = ""


@dataclass(frozen=True)
class Turned:
    """Whether the row is shown in the other cylinder form than it was written in, and the words that say so."""

    is_on: bool
    words: str


def turned(before: EyeData, now: EyeData) -> Turned:
    words = _("as plus cylinder") if (before.cylinder or 0) < 0 else _("as minus cylinder")
    return Turned(_other_form(before, now), words if before.cylinder else "")


def in_form_of(now: EyeData, before: EyeData) -> EyeData:
    """The earlier values in the cylinder form of the typed ones; as they were written where that says nothing."""
    return _transposed(before) if _other_form(before, now) else before


def ghost(eye: Eye, name: str, before: EyeData, now: EyeData) -> Ghost:
    """One cell of the row."""
    attribute = _ATTRIBUTES.get(name, name)
    if name == "sphere" and before.balance:
        return Ghost(pgettext("lens", "Balance"))
    shown = in_form_of(now, before)
    text = comparing.shown(shown, eye, attribute)
    if name.startswith("prism"):
        return Ghost(text or "–", name=name)
    value, other = (getattr(written, attribute, None) for written in (before, _transposed(before)))
    apart = delta(name, getattr(shown, attribute, None), getattr(now, attribute, None))
    return Ghost(text or "–", apart, _number(value), name, _number(other))


def delta(name: str, before: Any, now: Any) -> str:
    """How far the new value lies from the old one: signed dioptres, or degrees the short way round; empty when equal."""
    if before is None or now is None or before == now:
        return ""
    if name == "axis":
        return f"{axis_distance(now, before)}°"
    if isinstance(before, Decimal) and isinstance(now, Decimal):
        return ltr(format_power(now - before, true_minus=True))
    return ""


def _other_form(before: EyeData, now: EyeData) -> bool:
    return bool(before.cylinder and now.cylinder and before.sphere is not None and before.cylinder * now.cylinder < 0)


def _transposed(written: EyeData) -> EyeData:
    if written.sphere is None or not written.cylinder or written.axis is None:
        return written
    lens = transpose(EyePower(written.sphere, written.cylinder, written.axis))
    return replace(written, sphere=lens.sphere, cylinder=lens.cylinder, axis=lens.axis)


def _number(value: Any) -> str:
    return "" if value is None else str(value)
