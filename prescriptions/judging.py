"""Warnings and who confirmed them: a confirmation belongs to the values it was given for and dies with them."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from lensmath.prism import Eye
from prescriptions import rules
from prescriptions.limits import DEFAULT, Limits
from prescriptions.values import EyeValues, PrescriptionValues
from prescriptions.verdicts import EYE_NAMES, Level, Verdict

Confirmation = Mapping[str, Any]

# A draft may wait for these; signing does not.
UNFINISHED = frozenset(
    {
        "no_eye", "sphere_required", "add_required", "power_required", "base_curve_required", "diameter_required",
        "product_required", "prescriber_missing",
    }
)  # fmt: skip


def key_of(verdict: Verdict, values: PrescriptionValues) -> str:
    """Names one warning about exactly these values; another value gives another key."""
    concerned = [written for eye, written in values.eyes() if verdict.eye in (None, eye)]
    told = "|".join([verdict.code, verdict.eye or "", verdict.field, *(_told(written) for written in concerned)])
    return f"{verdict.code}.{verdict.eye or 'both'}.{hashlib.sha256(told.encode()).hexdigest()[:10]}"


def _told(written: EyeValues) -> str:
    numbers = (
        written.sphere, written.power, written.cylinder, written.axis, written.add, written.base_curve_mm, written.diameter_mm,
    )  # fmt: skip
    shown = [
        ("" if number is None else format(number.normalize(), "f") if hasattr(number, "normalize") else str(number))
        for number in numbers
    ]
    prisms = [f"{prism.amount}{prism.base}{prism.base_deg}" for prism in written.prisms]
    return ";".join([*shown, *prisms])


def refusals(verdicts: Iterable[Verdict], *, draft: bool = False) -> list[Verdict]:
    """What stops a signature, or with `draft` what stops even keeping it."""
    return [v for v in verdicts if v.level is Level.REFUSE and not (draft and v.code in UNFINISHED)]


def warnings(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.level is Level.WARN]


def unconfirmed(
    verdicts: Iterable[Verdict], values: PrescriptionValues, confirmations: Sequence[Confirmation]
) -> list[Verdict]:
    """Warnings that nobody has confirmed for these values."""
    known = {confirmation["key"] for confirmation in confirmations}
    return [verdict for verdict in warnings(verdicts) if key_of(verdict, values) not in known]


def confirm(
    values: PrescriptionValues,
    verdicts: Iterable[Verdict],
    keys: Collection[str],
    earlier: Sequence[Confirmation],
    by: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """The confirmations that stand for these values: earlier ones keep their time, new ones get `by` (name, id, time)."""
    kept = {confirmation["key"]: dict(confirmation) for confirmation in earlier}
    standing = []
    for verdict in warnings(verdicts):
        key = key_of(verdict, values)
        if key in kept:
            standing.append(kept[key])
        elif key in keys:
            told = {"key": key, "code": verdict.code, "eye": verdict.eye or "", "field": verdict.field}
            standing.append({**told, "message": verdict.message, **by})
    return standing


def field_of(verdict: Verdict) -> str:
    """The form field and cell that a finding is shown at."""
    if verdict.field in {"far_pd", "near_pd"}:
        return f"{verdict.eye}_{verdict.field}" if verdict.eye else verdict.field
    if verdict.field in {"kind", "expires_on"}:
        return verdict.field
    if verdict.field == "prescriber":
        return "prescriber_name"
    name = "prism_horizontal" if verdict.field == "prism" else verdict.field
    return f"{verdict.eye or Eye.RIGHT}_{name}"


def messages(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """Findings by field, without the eye that the field's name says already; several at one field are told together."""
    told: dict[str, str] = {}
    for verdict in verdicts:
        name, text = field_of(verdict), sentence(verdict)
        told[name] = f"{told[name]} {text}" if name in told else text
    return told


def sentence(verdict: Verdict) -> str:
    """The finding without its eye: `The axis has changed by 25° since the last prescription. Check it.`"""
    text = verdict.message
    if verdict.eye is not None:
        text = text.removeprefix(f"{EYE_NAMES[verdict.eye]}: ")
    text = text[:1].upper() + text[1:]
    return f"{text} {_('Confirm it, or type it again.')}" if verdict.level is Level.WARN else text


def judge(values: PrescriptionValues, previous: PrescriptionValues | None) -> list[Verdict]:
    """Every finding about a prescription being written, the same for the grid, the API, imports and FHIR."""
    return rules.check(values, previous, limits())


def limits() -> Limits:
    """The trade's habits, with what this practice sets otherwise."""
    practice: dict[str, Any] = {name: Decimal(value) for name, value in settings.PRESCRIPTION_LIMITS.items()}
    return replace(DEFAULT, **practice)
