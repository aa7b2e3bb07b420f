"""What follows from the written powers by arithmetic alone; shown beside the prescription, never instead of it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core.formats import dated, ltr
from lensmath import powers, vertex
from lensmath.notation import format_axis, format_exact, format_power
from lensmath.powers import EyePower
from lensmath.prism import Eye
from prescriptions.data import EyeData, PrescriptionData
from prescriptions.models import PrescriptionKind
from prescriptions.verdicts import EYE_NAMES

# From here on the distance at which the eyes were refracted matters (United Kingdom usage).
VERTEX_FROM_DIOPTRES = Decimal(5)


def values(written: PrescriptionData) -> Iterator[tuple[str, str]]:
    """What follows from the written powers: the other form, near, intermediate, mean power, vertex, eye by eye."""
    lenses = [(eye, data, lens) for eye, data in written.eyes() if (lens := data.lens(written.kind)) is not None]
    for describe in (_other_form, _near, _intermediate, _mean):
        for eye, data, lens in lenses:
            if told := describe(data, lens, written.kind):
                yield _("%(what)s, %(eye)s") % {"what": told[0], "eye": str(EYE_NAMES[eye]).lower()}, told[1]
    for eye, _data, lens in lenses:
        yield from _vertex(eye, lens, written)


def shown(lens: EyePower) -> str:
    """`−3.00 / +0.75 × 155`."""
    sphere = format_power(lens.sphere, true_minus=True)
    if lens.cylinder is None or lens.axis is None:
        return ltr(sphere)
    return ltr(f"{sphere} / {format_power(lens.cylinder, true_minus=True)} × {format_axis(lens.axis)}")


Told = tuple[str, str] | None


def _other_form(_data: EyeData, lens: EyePower, _kind: str) -> Told:
    if not lens.cylinder:
        return None
    return (_("Plus form") if lens.cylinder < 0 else _("Minus form")), shown(powers.transpose(lens))


def _near(_data: EyeData, lens: EyePower, kind: str) -> Told:
    if lens.add is None or kind == PrescriptionKind.CONTACT_LENS:
        return None
    return _("Near"), shown(powers.near(lens))


def _intermediate(data: EyeData, lens: EyePower, kind: str) -> Told:
    if lens.add is None or not (data.intermediate_add or kind in {"trifocal", "occupational", "intermediate"}):
        return None
    share = data.intermediate_add / lens.add if data.intermediate_add else powers.HALF
    return _("Intermediate"), shown(powers.intermediate(lens, share))


def _mean(_data: EyeData, lens: EyePower, _kind: str) -> Told:
    if not lens.cylinder:
        return None
    return _("Spherical equivalent"), ltr(format_exact(powers.spherical_equivalent(lens), true_minus=True))


def _vertex(eye: Eye, lens: EyePower, written: PrescriptionData) -> Iterator[tuple[str, str]]:
    """The power on the eye, where it differs by an eighth or more; from the spectacle prescription only."""
    if written.is_contact_lens or written.vertex_mm is None:
        return
    try:
        worked = vertex.compensate(lens, written.vertex_mm, Decimal(0))
    except ValueError:
        return
    if worked.worth_showing:
        label = _("At the eye (from %(mm)s mm), %(eye)s") % {
            "mm": written.vertex_mm.normalize(),
            "eye": str(EYE_NAMES[eye]).lower(),
        }
        yield label, shown(worked.rounded)


def needs_vertex(written: PrescriptionData) -> bool:
    """Whether a meridian is so strong that the back vertex distance belongs to the prescription."""
    lenses = [lens for _eye, data in written.eyes() if (lens := data.lens(written.kind)) is not None]
    return any(abs(lens.strongest) >= VERTEX_FROM_DIOPTRES for lens in lenses) and written.vertex_mm is None


def ends(on: date | None, reason: str) -> str:
    """`20 Nov 2028, 24 months from issue`."""
    if on is None:
        return reason or _("open")
    return f"{dated(on, 'j M Y')}, {reason}" if reason else dated(on, "j M Y")
