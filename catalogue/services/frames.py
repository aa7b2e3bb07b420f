"""Frames of the catalogue: add, change, price, trace, discontinue."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue import shapes
from catalogue.identifiers import BadIdentifier, gtin14
from catalogue.models import Frame, FrameMaterial, Mount, Supplier
from catalogue.services import common
from catalogue.services.common import AS_IT_STANDS, Opened
from catalogue.shapes import ReadTrace
from catalogue.text import search_text
from core.actor import Actor
from core.errors import DomainError, Problems
from core.formats import number
from records.services.changes import FieldChange

SIZE_LIMITS = {
    "eye_size_mm": (30, 75),
    "bridge_mm": (8, 35),
    "temple_mm": (80, 180),
    "a_mm": (30, 75),
    "b_mm": (15, 70),
    "dbl_mm": (8, 35),
    "ed_mm": (30, 95),
}
GTIN_FAULTS = {
    "not_digits": gettext_lazy("A GTIN has digits only."),
    "length": gettext_lazy("A GTIN has 8, 12, 13 or 14 digits."),
    "check_digit": gettext_lazy("The check digit of this GTIN is wrong: scan it again."),
}


@dataclass(frozen=True)
class FrameData:
    """One frame as a form, an import or the API gives it. Sizes in mm by the boxing system; A, DBL default to the marked size."""

    sku: str
    supplier_id: int
    brand: str
    model: str
    colour: str
    eye_size_mm: Decimal
    bridge_mm: Decimal
    b_mm: Decimal
    ed_mm: Decimal
    a_mm: Decimal | None = None
    dbl_mm: Decimal | None = None
    temple_mm: Decimal | None = None
    gtin: str = ""
    colour_code: str = ""
    material: str = FrameMaterial.PLASTIC
    mount: str = Mount.FULL_RIM
    cost: Decimal = Decimal(0)
    price: Decimal = Decimal(0)

    @property
    def values(self) -> dict[str, Any]:
        """What is stored, with A and DBL taken from the marked size where they were not measured."""
        found = asdict(self) | {"a_mm": self.a_mm or self.eye_size_mm, "dbl_mm": self.dbl_mm or self.bridge_mm}
        texts = ("sku", "brand", "model", "colour", "colour_code")
        return found | {name: " ".join(str(found[name]).split()) for name in texts}


@transaction.atomic
def add(actor: Actor, data: FrameData) -> Frame:
    """A new frame. Raises DomainError at the fields."""
    common.allow(actor)
    values = checked(data, None)
    frame = Frame()
    _store(frame, values)
    moved = [FieldChange("sku", common.label(frame, "sku"), "", frame.sku)]
    common.tell("catalogue.frame_added", actor, frame, moved)
    return frame


@transaction.atomic
def change(actor: Actor, frame_id: int, data: FrameData, opened: Opened = AS_IT_STANDS) -> Frame:
    """Change a frame; a changed price or size is told to everybody whose decision rests on it."""
    common.allow(actor)
    frame = common.locked(Frame, frame_id)
    values = checked(data, frame)
    common.require_fresh(frame, opened, values)
    moved = common.differences(frame, values)
    if not moved:
        return frame
    _store(frame, values)
    common.tell("catalogue.frame_changed", actor, frame, moved, opened.reason)
    return frame


def _store(frame: Frame, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(frame, name, value)
    frame.search_text = search_text(frame)
    common.write(frame, values)


def checked(data: FrameData, frame: Frame | None) -> dict[str, Any]:
    """The values to store. Raises DomainError naming every field that cannot be."""
    values, problems = read(data)
    if not Supplier.objects.filter(pk=data.supplier_id).exists():
        problems.add("supplier", _("Choose a supplier."))
    _check_once(values, frame, problems)
    problems.raise_if_any(_("The frame is not complete."))
    return values


def read(data: FrameData) -> tuple[dict[str, Any], Problems]:
    """The values and what is wrong with them, without looking at other frames: forms and imports judge alike."""
    values, problems = data.values, Problems()
    for name in ("sku", "brand", "model", "colour"):
        if not values[name]:
            problems.add(name, _("Fill this in."))
    values["gtin"] = _gtin(data.gtin, problems)
    _check_sizes(values, problems)
    _check_money(values, problems)
    if values["material"] not in FrameMaterial.values:
        problems.add("material", _("Choose one of the list."))
    if values["mount"] not in Mount.values:
        problems.add("mount", _("Choose one of the list."))
    return values, problems


def _gtin(text: str, problems: Problems) -> str:
    if not text.strip():
        return ""
    try:
        return gtin14(text)
    except BadIdentifier as bad:
        problems.add("gtin", str(GTIN_FAULTS[bad.code]))
        return text.strip()[:14]


def _check_sizes(values: dict[str, Any], problems: Problems) -> None:
    for name, (least, most) in SIZE_LIMITS.items():
        value = values[name]
        if value is not None and not least <= value <= most:
            problems.add(name, _("Enter %(least)d to %(most)d mm.") % {"least": least, "most": most})
    if values["ed_mm"] < values["a_mm"]:
        message = _("The effective diameter is at least as large as A, %(a)s mm.")
        problems.add("ed_mm", message % {"a": number(values["a_mm"])})


def _check_money(values: dict[str, Any], problems: Problems) -> None:
    for name in ("cost", "price"):
        if values[name] < 0:
            problems.add(name, _("An amount is not negative."))


def _check_once(values: dict[str, Any], frame: Frame | None, problems: Problems) -> None:
    others = Frame.objects.exclude(pk__in=[frame.pk] if frame else [])
    if others.filter(sku__iexact=values["sku"]).exists():
        problems.add("sku", _("Another frame has this SKU."))
    if values["gtin"] and others.filter(gtin=values["gtin"]).exists():
        problems.add("gtin", _("Another frame has this GTIN."))


@transaction.atomic
def take_trace(actor: Actor, frame_id: int, read: ReadTrace, opened: Opened = AS_IT_STANDS) -> Frame:
    """A, B, ED and circumference from a traced outline; DBL too where the file names it."""
    common.allow(actor)
    frame = common.locked(Frame, frame_id)
    measured = shapes.measured(read.stored)
    if measured is None:
        raise DomainError(
            _("The file holds no outline."), code="no_outline", fields={"file": _("Choose another file.")}
        )
    values: dict[str, Any] = {
        "trace": dict(read.stored),
        "a_mm": measured.a_mm,
        "b_mm": measured.b_mm,
        "ed_mm": measured.ed_mm,
        "circumference_mm": measured.circumference_mm,
    }
    if read.dbl_mm is not None:
        values["dbl_mm"] = read.dbl_mm
    common.require_fresh(frame, opened, values)
    moved = common.differences(frame, values)
    common.write(frame, values)
    common.tell("catalogue.frame_traced", actor, frame, moved, opened.reason)
    return frame


@transaction.atomic
def discontinue(actor: Actor, frame_id: int, on: date, opened: Opened = AS_IT_STANDS) -> Frame:
    """The supplier makes it no longer: what is in stock is sold, nothing more is ordered. Quotations hear of it."""
    return _set_end(actor, frame_id, on, opened)


@transaction.atomic
def reinstate(actor: Actor, frame_id: int, opened: Opened = AS_IT_STANDS) -> Frame:
    """Take a discontinuation back."""
    return _set_end(actor, frame_id, None, opened)


def _set_end(actor: Actor, frame_id: int, on: date | None, opened: Opened) -> Frame:
    common.allow(actor)
    frame = common.locked(Frame, frame_id)
    values = {"discontinued_on": on}
    common.require_fresh(frame, opened, values)
    moved = common.differences(frame, values)
    if moved:
        common.write(frame, values)
        kind = "catalogue.frame_discontinued" if on else "catalogue.frame_reinstated"
        common.tell(kind, actor, frame, moved, opened.reason)
    return frame
