"""Records under the standard's labels as an order: each value checked, each doubt said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from lensmath.notation import file_axis, snap_eighth
from lensmath.numbers import round_to
from lensmath.powers import EyePower
from lensmath.prism import Eye, Prism, combine, resolve

from .dcs import LabFile
from .errors import ExchangeError
from .order import BOTH, LEFT, NEITHER, RIGHT, EyeOrder, Fitting, FrameOrder, LensChoice
from .order_records import written_base
from .profiles import BALANCE, MATERIALS, LabProfile

EYES = {"R": Eye.RIGHT, "L": Eye.LEFT}
PRISM_STEPS = (Decimal("0.25"), Decimal("0.125"), Decimal("0.05"), Decimal("0.01"))
LARGEST_PRISM = Decimal(100)
LARGEST_MONOCULAR_PD_MM = Decimal(40)


@dataclass(slots=True)
class SideReader:
    """The values of one side (`R` or `L`) of a file; `notes` collects what was changed on the way."""

    file: LabFile
    side: str
    notes: list[str] = field(default_factory=list)

    def number(self, label: str) -> Decimal | None:
        """The number of this side, or none."""
        return self.file.sided_numbers(label).on(self.side)

    def text(self, label: str) -> str | None:
        """The text of this side, or none."""
        return self.file.sided_texts(label).on(self.side)

    def refusal(self, label: str, message: str) -> ExchangeError:
        """A refusal that names the side and the line of the label."""
        record = self.file.one(label)
        return ExchangeError(f"{label} {self.side}: {message}", record.line if record else None)

    def note(self, label: str, message: str) -> None:
        """Remember something the person should read."""
        self.notes.append(f"{label} {self.side}: {message}")


def eye_order(reader: SideReader, make: str | None) -> EyeOrder | None:
    """What the file says of one eye; none when it is neither to be made nor prescribed."""
    power = _power(reader)
    balance = reader.number(BALANCE) == 1
    wanted = make in (BOTH, reader.side)
    if power is None and not balance and not wanted:
        return None
    return EyeOrder(power, _prism(reader), balance, _fitting(reader), _lens(reader))


def make_code(file: LabFile) -> str | None:
    """Which eyes the file asks for, or none when it does not say. Raises ExchangeError for an unknown code."""
    code = file.text("DO")
    if code not in (None, BOTH, RIGHT, LEFT, NEITHER):
        raise ExchangeError(_("DO says which eyes to make: B, R, L or N, not “%(code)s”.") % {"code": code})
    return code


def frame_order(file: LabFile, profile: LabProfile, notes: list[str]) -> FrameOrder:
    """The frame as the file describes it."""
    return FrameOrder(
        a_mm=file.sided_numbers("HBOX"),
        b_mm=file.sided_numbers("VBOX"),
        ed_mm=file.sided_numbers("FED"),
        circumference_mm=file.sided_numbers("CIRC"),
        dbl_mm=file.number("DBL"),
        eye_size_mm=file.number("EYESIZ"),
        kind=_word(file.number("FTYP"), profile.frame_types, "FTYP", notes),
        edge=_word(file.number("ETYP"), profile.edge_types, "ETYP", notes),
        maker=file.text("FMFR"),
        model=file.text("FRAM"),
        upc=file.text("FUPC"),
    )


def _power(reader: SideReader) -> EyePower | None:
    sphere, cylinder, add = (_dioptres(reader, label) for label in ("SPH", "CYL", "ADD"))
    axis = _axis(reader, cylinder)
    if sphere is None:
        if cylinder or add:
            raise reader.refusal("SPH", _("a cylinder or an addition needs a sphere."))
        return None
    if cylinder == 0:
        reader.note("CYL", _("a cylinder of 0.00 is no cylinder."))
    if add == 0:
        reader.note("ADD", _("an addition of 0.00 is no addition."))
    return EyePower(sphere, cylinder or None, axis, add or None)


def _dioptres(reader: SideReader, label: str) -> Decimal | None:
    written = reader.number(label)
    return None if written is None else snap_eighth(written)


def _axis(reader: SideReader, cylinder: Decimal | None) -> int | None:
    axis = reader.number("AX")
    if not cylinder:
        if axis and cylinder is None:
            raise reader.refusal("AX", _("an axis needs a cylinder."))
        return None
    if axis is None:
        raise reader.refusal("CYL", _("a cylinder needs an axis."))
    if axis != int(axis) or not 0 <= axis <= 180:
        raise reader.refusal("AX", _("an axis is a whole number from 0 to 180."))
    if axis == 0:
        reader.note("AX", _("axis 0 is written 180."))
    return file_axis(int(axis))


def _prism(reader: SideReader) -> Prism:
    amount, base = reader.number("PRVM"), reader.number("PRVA")
    if not amount:
        return _prism_by_components(reader)
    if base is None or not 0 <= base <= 360:
        raise reader.refusal("PRVM", _("a prism needs its base from 0 to 360 degrees."))
    if not 0 < amount <= LARGEST_PRISM:
        raise reader.refusal("PRVM", _("a prism lies between 0 and 100, its direction is said by the base."))
    return _as_prescribed(EYES[reader.side], amount, base)


def _prism_by_components(reader: SideReader) -> Prism:
    prism = Prism(reader.number("PRVIN") or Decimal(0), reader.number("PRVUP") or Decimal(0))
    if prism.amount > LARGEST_PRISM:
        raise reader.refusal("PRVIN", _("a prism of more than 100 cannot be."))
    return prism


def _as_prescribed(eye: Eye, amount: Decimal, base: Decimal) -> Prism:
    """The components on the coarsest usual step that are written with the very same amount and base."""
    found = resolve(eye, amount, base)
    for step in PRISM_STEPS:
        candidate = Prism(round_to(found.base_in, step), round_to(found.base_up, step))
        oblique = combine(eye, candidate)
        if round_to(oblique.amount, PRISM_STEPS[-1]) == amount and written_base(oblique) == base % 360:
            return candidate
    return candidate


def _fitting(reader: SideReader) -> Fitting:
    return Fitting(
        far_pd_mm=_monocular_pd(reader, "IPD"),
        near_pd_mm=_monocular_pd(reader, "NPD"),
        segment_height_mm=reader.number("SEGHT"),
        oc_height_mm=reader.number("OCHT"),
        bvd_mm=reader.number("BVD"),
        pantoscopic_deg=reader.number("PANTO"),
        wrap_deg=reader.number("ZTILT"),
    )


def _monocular_pd(reader: SideReader, label: str) -> Decimal | None:
    """One field stands for both eyes, so the distance between two eyes written there would count twice."""
    distance = reader.number(label)
    if distance is not None and distance > LARGEST_MONOCULAR_PD_MM:
        message = _("%(distance)s mm is too much for one eye; is it the distance between both?")
        reader.note(label, message % {"distance": distance})
    return distance


def _lens(reader: SideReader) -> LensChoice:
    return LensChoice(
        style=reader.text("LNAM"),
        design=reader.text("LDNAM"),
        maker=reader.text("LMFR"),
        product_code=reader.text("OPC"),
        material_number=reader.text("LMATID"),
        material=_word(reader.number("LMATTYPE"), MATERIALS, "LMATTYPE", reader.notes),
        type_code=reader.text("LTYP"),
        coating=reader.text("ACOAT"),
        tint=reader.text("TINT"),
        colour=reader.text("COLR"),
        index=reader.number("LIND"),
        blank_diameter_mm=reader.number("DIA"),
    )


def _word(code: Decimal | None, codes: Mapping[str, int], label: str, notes: list[str]) -> str | None:
    if code is None:
        return None
    for word, number in codes.items():
        if number == code:
            return word
    notes.append(
        _("%(label)s: the code %(code)s is not known and was not taken over.") % {"label": label, "code": code}
    )
    return None
