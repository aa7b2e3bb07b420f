"""What is measured on a finished job, and the verdict on it: pure, from the values a job froze at release.

`rows_of` names the cells of the check, `judge` turns readings into lines with ordered, measured, limit, difference and
verdict. The order of things is that of the bench: right eye, left eye, the pair. Source: optics notes, section 4.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import LensDesign
from core import formats
from core.states import Words
from lensmath.numbers import ZERO
from lensmath.powers import EyePower, minus_form
from lensmath.prism import Base, Eye, Prism
from lensmath.tolerance import pair, power
from lensmath.tolerance.edition import Edition
from lensmath.tolerance.pair import Direction, ImbalanceCheck
from lensmath.tolerance.power import LensCheck
from lensmath.tolerance.verdicts import Instrument, Line, Unit

SPHERE, CYLINDER, AXIS, ADD, HEIGHT = "sphere", "cylinder", "axis", "add", "height"
VERTICAL, HORIZONTAL, HEIGHT_PAIR = "vertical_imbalance", "horizontal_imbalance", "height_difference"
NAMES: dict[str, Words] = {
    SPHERE: gettext_lazy("Sphere"),
    CYLINDER: gettext_lazy("Cylinder"),
    AXIS: gettext_lazy("Axis"),
    ADD: gettext_lazy("Add"),
    HEIGHT: gettext_lazy("Height"),
    VERTICAL: gettext_lazy("Vertical imbalance"),
    HORIZONTAL: gettext_lazy("Horizontal imbalance"),
    HEIGHT_PAIR: gettext_lazy("Height difference"),
}
EYE_WORDS: dict[str, Words] = {"right": gettext_lazy("Right"), "left": gettext_lazy("Left"), "": gettext_lazy("Pair")}
COSMETIC: dict[str, Words] = {
    "scratch": gettext_lazy("No scratch or chip"),
    "coating": gettext_lazy("Coating even"),
    "edge": gettext_lazy("Edge and bevel clean"),
    "screws": gettext_lazy("Screws tight, frame true"),
    "groove": gettext_lazy("Lens sits in the groove"),
    "sides": gettext_lazy("Sides level"),
}
_QUANTITY = {
    "sphere_power": SPHERE,
    "cylinder_power": CYLINDER,
    "cylinder_axis": AXIS,
    "addition": ADD,
    "prism_imbalance_vertical": VERTICAL,
    "prism_imbalance_horizontal": HORIZONTAL,
}
_UNIT_MARK = {Unit.PRISM: " Δ", Unit.MM: " mm", Unit.DEGREES: "°", Unit.DIOPTRES: ""}


NO_PRISM = Prism()


@dataclass(frozen=True)
class WantedEye:
    """One eye as ordered. `target` is what the laboratory says the focimeter must show, when it says so."""

    eye: Eye
    design: str
    ordered: EyePower
    target: EyePower | None = None
    height_mm: Decimal | None = None
    prism: Prism = NO_PRISM

    @property
    def judged_by(self) -> EyePower:
        return self.target or self.ordered


@dataclass(frozen=True)
class Bench:
    """Everything a check needs to know about a job."""

    eyes: Sequence[WantedEye]
    skipped: Sequence[str] = field(default_factory=tuple)

    @property
    def is_pair(self) -> bool:
        return len(self.eyes) == len(Eye)


@dataclass(frozen=True)
class Row:
    """One cell to measure: `name` is that of the box, `kind` how it is typed and printed."""

    name: str
    eye: str
    kind: str
    ordered: str
    target: str = ""
    judged: bool = True

    @property
    def label(self) -> Words:
        return NAMES[self.kind]

    @property
    def full_label(self) -> str:
        words = f"{EYE_WORDS[self.eye]} {str(self.label).lower()}" if self.eye else str(self.label)
        return words


@dataclass(frozen=True)
class Result:
    """One judged quantity in print. `share` is the signed part of the limit used up; `over` how far beyond it."""

    eye: str
    kind: str
    ordered: str
    measured: str
    limit: str
    difference: str
    passed: bool
    judged: bool = True
    target: str = ""
    share: Decimal | None = None
    over: str = ""

    @property
    def sentence(self) -> str:
        """`Right axis is 5° off; the limit is 3°`."""
        words = {
            "what": f"{EYE_WORDS[self.eye]} {str(NAMES[self.kind]).lower()}" if self.eye else NAMES[self.kind],
            "off": self.difference.lstrip(f"+{formats.MINUS}"),
            "limit": self.limit.removeprefix("± "),
        }
        return _("%(what)s is %(off)s off; the limit is %(limit)s") % words


def bench_of(values: Mapping[str, Any], verification: Mapping[str, Any] | None, eyes: str = "both") -> Bench:
    """What a job ordered, eye by eye. Balance lenses and eyes that are not made are not judged."""
    found, skipped = [], []
    for eye in Eye:
        row, lens = (values.get("eyes") or {}).get(eye), (values.get("lens") or {}).get(eye)
        if eyes not in ("both", eye) or row is None or lens is None:
            continue
        if row.get("balance") or row.get("sphere") is None:
            skipped.append(_("%(eye)s: balance lens, not judged") % {"eye": EYE_WORDS[eye]})
            continue
        height = (values.get("measurement") or {}).get(f"{eye}_height_mm")
        found.append(
            WantedEye(
                eye,
                lens.get("design", ""),
                _power(row if has_add(lens) else {**row, "add": None}),
                _power(verification[eye]) if verification and verification.get(eye) else None,
                Decimal(height) if height is not None else None,
                _prism(row),
            )
        )
    return Bench(found, skipped)


def has_add(lens: Mapping[str, Any]) -> bool:
    """A single vision lens carries no addition, whatever the prescription says."""
    return lens.get("design") != "single_vision"


def _power(row: Mapping[str, Any]) -> EyePower:
    cylinder = Decimal(row["cylinder"]) if row.get("cylinder") else None
    axis = Decimal(str(row["axis"])) if cylinder and row.get("axis") is not None else None
    add = Decimal(row["add"]) if row.get("add") else None
    return EyePower(Decimal(row["sphere"]), cylinder if axis is not None else None, axis, add)


def _prism(row: Mapping[str, Any]) -> Prism:
    parts = [
        (Decimal(row[f"prism_{way}"]), Base(row[f"base_{way}"]))
        for way in ("horizontal", "vertical")
        if row.get(f"prism_{way}") and row.get(f"base_{way}")
    ]
    return Prism.of(*parts)


def rows_of(bench: Bench, edition: Edition) -> list[Row]:
    """The cells in the order in which they are measured."""
    rows = [row for eye in bench.eyes for row in _eye_rows(eye, edition)]
    if bench.is_pair:
        rows += [Row(VERTICAL, "", VERTICAL, "0.00"), Row(HORIZONTAL, "", HORIZONTAL, "0.00")]
    return rows


def _eye_rows(wanted: WantedEye, edition: Edition) -> Iterator[Row]:
    ordered = minus_form(wanted.ordered)
    target = minus_form(wanted.target) if wanted.target else None
    name = f"{wanted.eye}_".__add__
    judged = minus_form(wanted.judged_by)
    yield Row(
        name(SPHERE), wanted.eye, SPHERE, _shown(SPHERE, ordered.sphere), _shown(SPHERE, target and target.sphere)
    )
    yield Row(
        name(CYLINDER), wanted.eye, CYLINDER, _shown(CYLINDER, ordered.cylinder or ZERO),
        _shown(CYLINDER, (target.cylinder or ZERO) if target else None),
    )  # fmt: skip
    if judged.axis is not None:
        turns = edition.axis_band(judged.cylinder or ZERO) is not None
        yield Row(name(AXIS), wanted.eye, AXIS, _shown(AXIS, ordered.axis), _shown(AXIS, target and target.axis), turns)
    if wanted.ordered.add is not None:
        add = target.add if target else None
        yield Row(name(ADD), wanted.eye, ADD, _shown(ADD, ordered.add), _shown(ADD, add))
    if wanted.height_mm is not None:
        yield Row(name(HEIGHT), wanted.eye, HEIGHT, _shown(HEIGHT, wanted.height_mm))


def _shown(kind: str, value: Any) -> str:
    if value is None:
        return ""
    number = Decimal(value)
    if kind == AXIS:
        return formats.axis(int(number) or 180) if number == int(number) else f"{number}°"
    if kind in (HEIGHT, HEIGHT_PAIR):
        return formats.number(number)
    if kind in (VERTICAL, HORIZONTAL):
        return formats.number(number, 2)
    return formats.power(number)


Readings = Mapping[str, Decimal]


def judge(bench: Bench, readings: Readings, edition: Edition, instrument: Instrument) -> list[Result]:
    """Every line of the verdict. Raises KeyError when a power of an eye was not read."""
    results: list[Result] = []
    for wanted in bench.eyes:
        results += _judge_eye(wanted, readings, edition, instrument)
    if bench.is_pair:
        results += _judge_pair(bench, readings, edition)
    return results


def _judge_eye(wanted: WantedEye, readings: Readings, edition: Edition, instrument: Instrument) -> Iterator[Result]:
    check = LensCheck(wanted.design, wanted.ordered, _read(wanted.eye, readings), wanted.target, wanted.eye, instrument)
    ordered = minus_form(wanted.ordered)
    for line in power.judge_lens(check, edition):
        kind = _QUANTITY[line.quantity]
        if kind == AXIS and not line.judged and check.wanted.axis is None:
            continue
        yield _result(line, kind, getattr(ordered, kind) or ZERO, bool(wanted.target))
    height = readings.get(f"{wanted.eye}_{HEIGHT}")
    if wanted.height_mm is not None and height is not None:
        for line in _heights(edition, {wanted.eye: wanted.height_mm}, {wanted.eye: height}):
            yield _result(line, HEIGHT, wanted.height_mm)


def _read(eye: Eye, readings: Readings) -> EyePower:
    cylinder = readings.get(f"{eye}_{CYLINDER}") or None
    axis = readings.get(f"{eye}_{AXIS}") if cylinder else None
    if cylinder is not None and axis is None:
        axis = ZERO
    return EyePower(readings[f"{eye}_{SPHERE}"], cylinder, axis, readings.get(f"{eye}_{ADD}"))


def _heights(edition: Edition, ordered: Mapping[Eye, Decimal], measured: Mapping[Eye, Decimal]) -> list[Line]:
    if "fitting_height" not in edition.positions:
        return []
    return pair.judge_position(edition, "fitting_height", ordered, measured)


def _judge_pair(bench: Bench, readings: Readings, edition: Edition) -> Iterator[Result]:
    right, left = bench.eyes
    for name, direction in ((VERTICAL, Direction.VERTICAL), (HORIZONTAL, Direction.HORIZONTAL)):
        if name not in readings:
            continue
        strength = pair.pair_power(right.judged_by, left.judged_by, direction)
        prescribed = max(_part(eye.prism, direction) for eye in bench.eyes)
        check = ImbalanceCheck(direction, right.design, abs(readings[name]), abs(strength), prescribed=prescribed)
        yield _result(pair.judge_imbalance(check, edition), name, ZERO)
    ordered = {eye.eye: eye.height_mm for eye in bench.eyes if eye.height_mm is not None}
    read = {eye.eye: readings[f"{eye.eye}_{HEIGHT}"] for eye in bench.eyes if f"{eye.eye}_{HEIGHT}" in readings}
    for line in _heights(edition, ordered, read):
        if line.eye is None:
            yield _result(line, HEIGHT_PAIR, ZERO)


def _part(prism: Prism, direction: Direction) -> Decimal:
    """The prescribed prism of one lens in a direction: some editions allow more where there is more."""
    return abs(prism.base_in if direction is Direction.HORIZONTAL else prism.base_up)


def _result(line: Line, kind: str, ordered: Decimal, has_target: bool = False) -> Result:
    shown: dict[str, Any] = {
        "eye": line.eye.value if line.eye else "",
        "kind": kind,
        "ordered": _shown(kind, ordered),
        "target": _shown(kind, line.ordered) if has_target and line.ordered is not None else "",
        "measured": _shown(kind, line.measured),
        "passed": line.passed,
        "judged": line.judged,
    }
    if not line.judged or line.difference is None:
        return Result(limit=_("not judged"), difference="", **shown)
    limit, signed = line.limits[0], _signed(line, kind)
    mark = _UNIT_MARK[Unit(limit.unit)]
    beyond = "" if line.passed else _size(kind, line.difference - limit.value, limit.unit) + mark
    return Result(
        limit=_limit_words(kind, limit.value, Unit(limit.unit)),
        difference=_difference_words(kind, signed, Unit(limit.unit)),
        share=(signed / limit.value).quantize(Decimal("0.001")) if limit.value else None,
        over=beyond,
        **shown,
    )


def _signed(line: Line, kind: str) -> Decimal:
    """Measured minus ordered; an axis the short way round; a pair has no sign."""
    size = line.difference or ZERO
    if line.ordered is None or line.measured is None or line.eye is None:
        return size
    apart = line.measured - line.ordered
    if kind == AXIS:
        apart = (apart + 90) % 180 - 90
    return -size if apart < 0 else size


def _size(kind: str, value: Decimal, unit: Unit) -> str:
    if unit is Unit.DEGREES:
        return f"{value.normalize():f}"
    return formats.number(abs(value), 1 if unit is Unit.MM else 2)


def _limit_words(kind: str, value: Decimal, unit: Unit) -> str:
    if kind in (VERTICAL, HORIZONTAL, HEIGHT_PAIR):
        return _size(kind, value, unit) + _UNIT_MARK[unit]
    mark = "°" if unit is Unit.DEGREES else ""
    return f"± {_size(kind, value, unit)}{mark}"


def _difference_words(kind: str, value: Decimal, unit: Unit) -> str:
    mark = "°" if unit is Unit.DEGREES else ""
    if kind in (VERTICAL, HORIZONTAL, HEIGHT_PAIR):
        return _size(kind, value, unit)
    sign = "" if value == 0 else ("+" if value > 0 else formats.MINUS)
    return f"{sign}{_size(kind, abs(value), unit)}{mark}"


def form_word() -> str:
    """What the powers are compared in."""
    return _("minus cylinder")


def design_words(bench: Bench) -> str:
    """What the tables call the lens: `progressive`, `single vision`; both where the eyes differ."""
    labels = dict(LensDesign.choices)
    words = dict.fromkeys(str(labels.get(wanted.design, wanted.design)).lower() for wanted in bench.eyes)
    return ", ".join(words)


def axis_reasons(bench: Bench, edition: Edition) -> list[str]:
    """Why an axis limit is what it is: `Right axis ± 3°: the cylinder is over 0.75, up to 1.50.`"""
    found = []
    for wanted in bench.eyes:
        cylinder = abs((wanted.target or wanted.ordered).cylinder or ZERO)
        band = edition.axis_band(cylinder)
        if not cylinder or band is None:
            continue
        below = [one.up_to for one in edition.axis.bands if one.up_to is not None and one.up_to < cylinder]
        values = {
            "eye": EYE_WORDS[wanted.eye],
            "limit": _limit_words(AXIS, band.allowed(ZERO), Unit.DEGREES),
            "least": formats.number(max(below, default=ZERO), 2),
            "most": formats.number(band.up_to, 2) if band.up_to is not None else "",
        }
        if band.up_to is None:
            found.append(_("%(eye)s axis %(limit)s: the cylinder is over %(least)s.") % values)
        elif below:
            found.append(_("%(eye)s axis %(limit)s: the cylinder is over %(least)s, up to %(most)s.") % values)
        else:
            found.append(_("%(eye)s axis %(limit)s: the cylinder is up to %(most)s.") % values)
    return found
