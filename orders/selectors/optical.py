"""Prescription and measures of an order: as the customer approved them beside what is current."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import formats, ui
from core.drawing import FrameSketch
from core.prepared import Slot, prepared
from orders import basis, needs
from orders.dispensing import frame_panel
from orders.models import LensSpecification, Measurement, Order, Purpose, Quotation, QuotationState
from orders.stages import Known
from prescriptions.comparing import BASE_WORDS
from prescriptions.models import PrescribedEye, Prescription

COLUMNS = ("SPH", "CYL", "AXIS", "ADD", "PRISM", "VA")
_PRISM = 4
Cells = dict[str, list[str]]


@dataclass(frozen=True)
class Table:
    """One version, ready to show."""

    title: str
    rows: Sequence[ui.RxRow]
    columns: Sequence[str]


@dataclass(frozen=True)
class Optical:
    """`current` is there only when it differs from what was frozen; `measures` are (label, value) pairs."""

    frozen: Table | None
    current: Table | None
    measures: Sequence[tuple[str, str]]
    frozen_at: datetime | None = None
    differs: bool = False
    sketch: FrameSketch | None = None
    records: Sequence[tuple[str, str, int]] = ()


def optical_of(known: Known) -> Optical:
    """What was approved, and beside it what is current where it differs."""
    order, measurement = known.order, known.measurement
    lenses = _lenses().row(order=order.pk)
    approved = _approved(order, known.quotation)
    inputs = {row["type"]: row for row in approved.inputs} if approved else {}
    frozen, current = _frozen_prescription(order, inputs), basis.current_prescription(order)
    cells, other = _cells(frozen), _cells(current)
    moved = {
        (eye, n) for eye, row in cells.items() for n, text in enumerate(row) if other.get(eye, [])[n : n + 1] != [text]
    }
    return Optical(
        frozen=_table(frozen, cells, moved, _("Approved, version %(n)s") if approved else _("Version %(n)s")),
        current=_table(current, other, moved, _("Current, version %(n)s")) if cells != other else None,
        measures=_measures(measurement),
        frozen_at=approved.decided_at if approved else None,
        differs=cells != other or _measures_moved(inputs, measurement),
        sketch=_sketch(known, lenses) if measurement else None,
        records=_records(known, lenses),
    )


def _records(known: Known, lenses: tuple[int, str] | None) -> list[tuple[str, str, int]]:
    """Frame, lenses and measurements as records of their own: word, type and number, for their facts and versions."""
    rows = [
        (_("Frame"), "orders.framechoice", known.frame.pk if known.frame else None),
        (_("Lenses"), "orders.lensspecification", lenses[0] if lenses else None),
        (_("Measurements"), "orders.measurement", known.measurement.pk if known.measurement else None),
    ]
    return [(word, kind, pk) for word, kind, pk in rows if pk is not None]


def _sketch(known: Known, lenses: tuple[int, str] | None) -> FrameSketch | None:
    """The chosen frame with what was measured, and the least blank of each lens."""
    prescription = known.order.prescription
    if known.frame is None or prescription is None:
        return None
    purpose = lenses[1] if lenses else Purpose.AS_PRESCRIBED
    demand = needs.build(prescription, purpose, known.frame, known.measurement)
    return frame_panel.drawing_of(known.frame, demand, blanks=True)


@prepared
def _lenses() -> QuerySet[LensSpecification, tuple[int, str]]:
    return LensSpecification.objects.filter(order=Slot("order")).values_list("pk", "purpose")


def _approved(order: Order, quotation: Quotation | None) -> Quotation | None:
    """The newest version the customer approved, also when a later one waits for an answer."""
    if quotation is None or quotation.state == QuotationState.APPROVED:
        return quotation
    decided = order.quotations.filter(decided_at__isnull=False).exclude(state=QuotationState.DECLINED)
    return decided.order_by("-version").first()


def _frozen_prescription(order: Order, inputs: Mapping[str, Any]) -> Prescription | None:
    row = inputs.get("prescriptions.prescription")
    if row is None or row["id"] == order.prescription_id:
        return order.prescription
    return Prescription.objects.filter(pk=row["id"]).first()


def _cells(prescription: Prescription | None) -> Cells:
    if prescription is None:
        return {}
    return {
        row.eye: [
            pgettext("lens", "Balance") if row.balance else formats.power(row.sphere),
            formats.power(row.cylinder),
            formats.axis(row.axis),
            formats.power(row.add),
            _prism(row),
            row.va or formats.DASH,
        ]
        for row in prescription.eyes.all()
    }


def _prism(row: PrescribedEye) -> str:
    parts = [
        (row.prism_horizontal, row.base_horizontal),
        (row.prism_vertical, row.base_vertical),
    ]
    return ", ".join(f"{amount} {BASE_WORDS[base]}" for amount, base in parts if amount and base) or formats.DASH


def _table(prescription: Prescription | None, cells: Cells, moved: set[tuple[str, int]], title: str) -> Table | None:
    if prescription is None or not cells:
        return None
    has_prism = any(row[_PRISM] != formats.DASH for row in cells.values())
    kept = [n for n in range(len(COLUMNS)) if n != _PRISM or has_prism]
    words = (_("R"), _("Right")), (_("L"), _("Left"))
    rows = [
        ui.RxRow(letter, label, [ui.RxCell(cells[eye][n], "review" if (eye, n) in moved else "") for n in kept])
        for eye, (letter, label) in zip(("right", "left"), words, strict=True)
        if eye in cells
    ]
    return Table(title % {"n": prescription.version}, rows, [COLUMNS[n] for n in kept])


def _measures(found: Measurement | None) -> list[tuple[str, str]]:
    if found is None:
        return []
    pairs = [
        (_("Far PD"), found.right_far_pd_mm, found.left_far_pd_mm),
        (_("Near PD"), found.right_near_pd_mm, found.left_near_pd_mm),
        (_("Fitting height"), found.right_height_mm, found.left_height_mm),
    ]
    rows = [
        (label, _("R %(right)s · L %(left)s") % {"right": formats.number(right), "left": formats.number(left)})
        for label, right, left in pairs
        if right is not None or left is not None
    ]
    if found.vertex_mm is not None:
        rows.append((_("BVD"), formats.number(found.vertex_mm)))
    angles = ((_("Tilt"), found.tilt_deg), (_("Wrap"), found.wrap_deg))
    rows += [(label, f"{formats.number(value, 0)}°") for label, value in angles if value is not None]
    method = str(found.get_method_display())
    return [*rows, (_("Measured"), f"{found.measured_by.short_name}, {method[:1].lower()}{method[1:]}")]


def _measures_moved(inputs: Mapping[str, Any], found: Measurement | None) -> bool:
    row = inputs.get("orders.measurement")
    return row is not None and (found is None or row["version"] != found.version)
