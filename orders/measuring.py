"""Rules of fitting measurements: what a lens asks for, what cannot be, and when a second person must look. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.formats import number

Values = Mapping[str, Decimal | None]
RIGHT, LEFT = "right", "left"
FIELDS = (
    "right_far_pd_mm", "left_far_pd_mm", "right_near_pd_mm", "left_near_pd_mm", "right_height_mm", "left_height_mm",
    "vertex_mm", "tilt_deg", "wrap_deg",
)  # fmt: skip
LABELS: Mapping[str, str | Promise] = {
    "right_far_pd_mm": _lazy("right far PD"),
    "left_far_pd_mm": _lazy("left far PD"),
    "right_near_pd_mm": _lazy("right near PD"),
    "left_near_pd_mm": _lazy("left near PD"),
    "right_height_mm": _lazy("right fitting height"),
    "left_height_mm": _lazy("left fitting height"),
    "vertex_mm": _lazy("BVD"),
    "tilt_deg": _lazy("pantoscopic tilt"),
    "wrap_deg": _lazy("wrap"),
}
MULTIFOCAL = frozenset({"bifocal", "trifocal", "progressive", "occupational"})
USUAL_MONO_PD = (Decimal(25), Decimal(38))
LARGEST_PD_DIFFERENCE_MM = Decimal("1.5")
LIMITS = {
    "far_pd_mm": (Decimal(15), Decimal(50)),
    "near_pd_mm": (Decimal(15), Decimal(50)),
    "height_mm": (Decimal(5), Decimal(45)),
    "vertex_mm": (Decimal(0), Decimal(30)),
    "tilt_deg": (Decimal(-20), Decimal(30)),
    "wrap_deg": (Decimal(-10), Decimal(35)),
}
CHANGED_PD_MM, CHANGED_HEIGHT_MM = Decimal(1), Decimal(2)


@dataclass(frozen=True)
class Asked:
    """What must be measured for a lens: `eyes` are the eyes to make, `design` the lens's (empty before one is chosen)."""

    eyes: frozenset[str]
    design: str = ""
    for_near: bool = False


def required(asked: Asked) -> list[str]:
    """The fields that may not stay empty: a PD for every eye, and a height for lenses that vary with height."""
    kinds = ["near_pd_mm"] if asked.for_near else ["far_pd_mm"]
    if asked.design in MULTIFOCAL:
        kinds.append("height_mm")
    return [f"{eye}_{kind}" for kind in kinds for eye in (RIGHT, LEFT) if eye in asked.eyes]


def missing(values: Values, asked: Asked) -> list[str]:
    return [name for name in required(asked) if values.get(name) is None]


def faults(values: Values, depth_mm: Decimal | None) -> dict[str, str]:
    """What cannot be, by field. `depth_mm` is the lens's B when the frame is known."""
    found: dict[str, str] = {}
    for name, message in _faults(values, depth_mm):
        found.setdefault(name, message)
    return found


def _faults(values: Values, depth_mm: Decimal | None) -> Iterator[tuple[str, str]]:
    for name in FIELDS:
        value = values.get(name)
        least, most = LIMITS[name.removeprefix("right_").removeprefix("left_")]
        if value is not None and not least <= value <= most:
            yield name, _("Enter %(least)s to %(most)s.") % {"least": number(least, 0), "most": number(most, 0)}
    for eye in (RIGHT, LEFT):
        far, near = values.get(f"{eye}_far_pd_mm"), values.get(f"{eye}_near_pd_mm")
        if far is not None and near is not None and near > far:
            yield f"{eye}_near_pd_mm", _("A near PD is not larger than the far PD.")
        height = values.get(f"{eye}_height_mm")
        if height is not None and depth_mm is not None and height >= depth_mm:
            yield f"{eye}_height_mm", _("The lens is only %(depth)s mm deep.") % {"depth": number(depth_mm)}


def wants_second_person(values: Values) -> str:
    """Why another person must measure too, or an empty string."""
    right, left = values.get("right_far_pd_mm"), values.get("left_far_pd_mm")
    least, most = USUAL_MONO_PD
    if right is not None and left is not None and abs(right - left) > LARGEST_PD_DIFFERENCE_MM:
        return _("The far PDs differ by %(mm)s mm.") % {"mm": number(abs(right - left))}
    if any(pd_mm is not None and not least <= pd_mm <= most for pd_mm in (right, left)):
        return _("A far PD outside %(least)s to %(most)s mm is rare.") % {
            "least": number(least, 0),
            "most": number(most, 0),
        }
    return ""


def flags(values: Values, last: Values) -> dict[str, str]:
    """What differs much from the customer's last pair, by field: to be looked at, never refused."""
    found = {}
    for name in FIELDS[:6]:
        now, then = values.get(name), last.get(name)
        allowed = CHANGED_HEIGHT_MM if name.endswith("height_mm") else CHANGED_PD_MM
        if now is not None and then is not None and abs(now - then) >= allowed:
            found[name] = _("Last pair %(then)s") % {"then": number(then)}
    return found
