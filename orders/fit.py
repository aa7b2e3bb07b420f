"""The fit check: do these lenses, made for this prescription, fit this frame on this face. Pure; the words are the screen's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from catalogue.assessing import need_of
from catalogue.availability import Availability, Exclusion, ProductRanges, assess
from catalogue.demand import Demand
from core.formats import number
from lensmath.centration import ROOM_ABOVE_MM
from lensmath.prism import Eye

HEIGHT_CODES = frozenset({"height", "above"})
POWER_CODES = frozenset({"sphere", "cylinder", "combined", "add", "add_missing", "prism"})
LARGE_DECENTRATION_MM = Decimal(6)
VARIES_WITH_HEIGHT = frozenset({"bifocal", "trifocal", "progressive", "occupational"})


class Verdict(StrEnum):
    FITS = "fits"
    CARE = "care"
    UNKNOWN = "unknown"
    REFUSED = "refused"


@dataclass(frozen=True)
class Check:
    """One line of the fit check: what was looked at, the numbers behind it, the verdict."""

    code: str
    title: str
    detail: str
    verdict: Verdict


@dataclass(frozen=True)
class FitReport:
    """Every check. An order may be quoted when none is refused."""

    checks: tuple[Check, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst of all; nothing checked is unknown."""
        order = [Verdict.FITS, Verdict.CARE, Verdict.UNKNOWN, Verdict.REFUSED]
        return max((check.verdict for check in self.checks), key=order.index, default=Verdict.UNKNOWN)

    @property
    def refused(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.verdict is Verdict.REFUSED)


@dataclass(frozen=True)
class Fitting:
    """What is judged. `lenses` are the products per eye to make; `measured_elsewhere` when the heights are another frame's."""

    demand: Demand
    lenses: Mapping[Eye, ProductRanges]
    measured_elsewhere: bool = False


def report(fitting: Fitting) -> FitReport:
    """The fit of one order; checks for which something is missing say what."""
    against = {
        eye: assess(need_of(fitting.demand, eye), lens)
        for eye, lens in fitting.lenses.items()
        if eye in fitting.demand.eyes
    }
    reasons = {eye: found.exclusions for eye, found in against.items()}
    checks: list[Check] = [*_powers(reasons), *_heights(fitting, reasons)]
    if fitting.demand.frame is not None:
        checks += [*_decentration(fitting.demand), *_blank(fitting, against)]
    return FitReport(tuple(checks))


def _powers(reasons: Mapping[Eye, Sequence[Exclusion]]) -> Iterator[Check]:
    found = [one for rows in reasons.values() for one in rows if one.code in POWER_CODES]
    if found:
        words = " ".join(dict.fromkeys(one.message for one in found))
        yield Check("powers", _("Powers cannot be made"), words, Verdict.REFUSED)
    elif any(one.code == "no_range" for rows in reasons.values() for one in rows):
        yield Check("powers", _("Powers not checked"), _("no powers are on file for this lens"), Verdict.UNKNOWN)


def _heights(fitting: Fitting, reasons: Mapping[Eye, Sequence[Exclusion]]) -> Iterator[Check]:
    lens = next((lens for lens in fitting.lenses.values() if lens.design in VARIES_WITH_HEIGHT), None)
    if lens is None:
        return
    heights = {eye: need.height_mm for eye, need in fitting.demand if need.height_mm is not None}
    if len(heights) < len(fitting.demand.eyes):
        yield from _heights_missing(fitting, lens)
        return
    refused = any(one.code in HEIGHT_CODES for rows in reasons.values() for one in rows)
    title = _("Fitting height %(height)s") % {"height": by_eye(heights)}
    yield Check("height", title, _height_detail(fitting, lens, heights), _verdict(not refused))


def _heights_missing(fitting: Fitting, lens: ProductRanges) -> Iterator[Check]:
    frame = fitting.demand.frame
    depth = depth_needed(lens)
    if frame is not None and depth is not None and frame.b_mm < depth:
        title = _("Lens depth %(depth)s") % {"depth": short(frame.b_mm)}
        yield Check("depth", title, depth_words(lens), Verdict.REFUSED)
        return
    if fitting.measured_elsewhere:
        detail = _("measured in another frame; measure again in this one")
    else:
        detail = _("corridor needs %(least)s") % {"least": short(lens.minimum_fitting_height_mm)}
    yield Check("height", _("Fitting height not measured"), detail, Verdict.UNKNOWN)


def _height_detail(fitting: Fitting, lens: ProductRanges, heights: Mapping[Eye, Decimal]) -> str:
    words = [_("corridor needs %(least)s") % {"least": short(lens.minimum_fitting_height_mm)}]
    if fitting.demand.frame is not None:
        above = fitting.demand.frame.b_mm - max(heights.values())
        needed = short(room_above(lens))
        words.append(
            _("%(above)s above the pupil, %(needed)s needed") % {"above": number(above), "needed": needed or "0"}
        )
    return "; ".join(words)


def room_above(lens: ProductRanges) -> Decimal | None:
    """Millimetres wanted above the fitting cross: the design's own, else about 10 for lenses that vary with height."""
    if lens.minimum_above_mm is not None:
        return lens.minimum_above_mm
    return ROOM_ABOVE_MM if lens.design in ("progressive", "occupational") else None


def depth_needed(lens: ProductRanges) -> Decimal | None:
    """The least B a frame must have for this design; None when the design does not say."""
    if lens.design not in VARIES_WITH_HEIGHT or lens.minimum_fitting_height_mm is None:
        return None
    return lens.minimum_fitting_height_mm + (room_above(lens) or Decimal(0))


def depth_words(lens: ProductRanges) -> str:
    """`Fitting height 18 and 10 mm above need 28`."""
    return _("fitting height %(least)s and %(above)s mm above need %(depth)s") % {
        "least": short(lens.minimum_fitting_height_mm),
        "above": short(room_above(lens)) or "0",
        "depth": short(depth_needed(lens)),
    }


def _decentration(demand: Demand) -> Iterator[Check]:
    found = {eye: demand.decentration_mm(eye) for eye, _need in demand}
    known = {eye: value for eye, value in found.items() if value is not None}
    if len(known) < len(demand.eyes) or demand.frame is None:
        yield Check("pd", _("PD not measured"), _("every lens needs a far PD for each eye"), Verdict.UNKNOWN)
        return
    words = {eye: f"{number(abs(value))}" for eye, value in known.items()}
    letters = ", ".join(f"{words[eye]} {_letter(eye)}" for eye in known)
    outwards = any(value < 0 for value in known.values())
    title = (_("Decentration %(amounts)s out") if outwards else _("Decentration %(amounts)s in")) % {"amounts": letters}
    care = outwards or max(abs(value) for value in known.values()) > LARGE_DECENTRATION_MM
    detail = _("frame PD %(frame)s less far PD, halved") % {"frame": short(demand.frame.frame_pd_mm)}
    if care:
        detail += "; " + (_("the eyes lie outside the centres") if outwards else _("the frame is wide for these eyes"))
    yield Check("decentration", title, detail, Verdict.CARE if care else Verdict.FITS)


def _blank(fitting: Fitting, against: Mapping[Eye, Availability]) -> Iterator[Check]:
    demand = fitting.demand
    blanks = [(eye, demand.blank(eye)) for eye, _need in demand]
    known = [(eye, blank) for eye, blank in blanks if blank is not None]
    if not known or not fitting.lenses or demand.frame is None:
        return
    eye, largest = max(known, key=lambda pair: pair[1].diameter_mm)
    refused = any(one.code == "diameter" for found in against.values() for one in found.exclusions)
    chosen = [int(found.chosen.diameter_mm) for found in against.values() if found.chosen is not None]
    every = [int(row.diameter_mm) for lens in fitting.lenses.values() for row in lens.ranges]
    made = max(chosen if len(chosen) == len(against) else every, default=0)
    title = _("Blank %(needed)s of %(made)s mm") % {"needed": short(largest.diameter_mm), "made": made}
    if largest.is_traced:
        detail = _("twice the longest way from the centre of the %(eye)s lens to the traced shape + %(extra)s")
    else:
        detail = _("ED %(ed)s + 2 × %(in)s + %(extra)s, an estimate")
    values = {
        "ed": short(demand.frame.ed_mm),
        "in": number(abs(largest.decentration_mm)),
        "extra": short(largest.allowance_mm),
        "eye": _("right") if eye is Eye.RIGHT else _("left"),
    }
    yield Check("blank", title, detail % values, _verdict(not refused))


def _verdict(fits: bool) -> Verdict:
    return Verdict.FITS if fits else Verdict.REFUSED


def by_eye(values: Mapping[Eye, Decimal]) -> str:
    """`21.0`, or `21.0 R, 20.5 L` where the eyes differ."""
    if len(set(values.values())) == 1 and len(values) == 2:
        return number(next(iter(values.values())))
    return ", ".join(f"{number(value)} {_letter(eye)}" for eye, value in values.items())


def _letter(eye: Eye) -> str:
    return _("R") if eye is Eye.RIGHT else _("L")


def short(value: Decimal | None) -> str:
    """Millimetres without needless zeros: `18`, `64.5`."""
    return "" if value is None else f"{value.quantize(Decimal('0.1')).normalize():f}"
