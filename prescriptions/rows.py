"""Between the stored rows and the values: an eye's row from what was written, and what was written from its row."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from lensmath.notation import format_power, snap_eighth
from lensmath.prism import Base, Eye
from prescriptions.data import EyeData, PrescriptionData
from prescriptions.models import ContactLensEye, PrescribedEye, Prescription
from prescriptions.values import PrismEntry

HUNDREDTH = Decimal("0.01")
DOCUMENT_FIELDS = (
    "kind", "origin", "examined_on", "issued_on", "expires_on", "expiry_reason", "prescriber_name",
    "prescriber_registration", "far_pd_mm", "near_pd_mm", "vertex_mm", "binocular_va", "notes", "recall_months",
    "external_document",
)  # fmt: skip


def fill(row: Prescription, data: PrescriptionData) -> None:
    """Set the document's own fields; the eyes are rows of their own."""
    for name in DOCUMENT_FIELDS:
        setattr(row, name, getattr(data, name))
    row.visit_id, row.eye_test_id = data.visit_id, data.eye_test_id


def write_eyes(row: Prescription, data: PrescriptionData) -> None:
    """Replace the eyes of a draft."""
    row.eyes.all().delete()
    row.contact_lenses.all().delete()
    for eye, written in data.eyes():
        (_contact_row if data.is_contact_lens else _spectacle_row)(row, eye, written).save()


def _spectacle_row(row: Prescription, eye: Eye, written: EyeData) -> PrescribedEye:
    prism = written.prism(eye)
    horizontal, base_h = prism.horizontal if prism else (Decimal(0), None)
    vertical, base_v = prism.vertical if prism else (Decimal(0), None)
    return PrescribedEye(
        prescription=row,
        eye=eye.value,
        balance=written.balance,
        sphere=written.sphere,
        cylinder=written.cylinder or None,
        axis=int(written.axis) if written.axis and written.cylinder else None,
        add=written.add,
        intermediate_add=written.intermediate_add,
        prism_horizontal=_prism_amount(horizontal),
        base_horizontal=base_h or "",
        prism_vertical=_prism_amount(vertical),
        base_vertical=base_v or "",
        far_pd_mm=written.far_pd_mm,
        near_pd_mm=written.near_pd_mm,
        va=written.va,
        near_va=written.near_va,
    )


def _prism_amount(amount: Decimal) -> Decimal | None:
    return amount.quantize(HUNDREDTH, rounding=ROUND_HALF_UP) if amount else None


def _contact_row(row: Prescription, eye: Eye, written: EyeData) -> ContactLensEye:
    return ContactLensEye(
        prescription=row,
        eye=eye.value,
        product=written.product,
        power=written.power,
        base_curve_mm=written.base_curve_mm,
        diameter_mm=written.diameter_mm,
        cylinder=written.cylinder or None,
        axis=int(written.axis) if written.axis and written.cylinder else None,
        add=written.add_word or ("" if written.add is None else format_power(written.add)),
        colour=written.colour,
        replacement=written.replacement,
        wearing_mode=written.wearing_mode,
        va=written.va,
    )


def data_of(row: Prescription) -> PrescriptionData:
    """What was written, read back: `right` and `left` with every value as it was stored."""
    eyes: Mapping[str, EyeData]
    if row.pk is None:
        eyes = {}
    elif row.is_contact_lens:
        eyes = {lens.eye: _contact_data(lens) for lens in row.contact_lenses.all()}
    else:
        eyes = {eye.eye: _spectacle_data(eye) for eye in row.eyes.all()}
    return PrescriptionData(
        customer_id=row.customer_id,
        branch_id=row.branch_id,
        visit_id=row.visit_id,
        eye_test_id=row.eye_test_id,
        right=eyes.get(Eye.RIGHT),
        left=eyes.get(Eye.LEFT),
        **{name: getattr(row, name) for name in DOCUMENT_FIELDS},
    )


def _spectacle_data(eye: PrescribedEye) -> EyeData:
    prisms = [
        PrismEntry(amount, Base(base).value)
        for amount, base in ((eye.prism_horizontal, eye.base_horizontal), (eye.prism_vertical, eye.base_vertical))
        if amount and base
    ]
    return EyeData(
        balance=eye.balance,
        sphere=eye.sphere,
        cylinder=eye.cylinder,
        axis=eye.axis,
        add=eye.add,
        intermediate_add=eye.intermediate_add,
        prisms=tuple(prisms),
        far_pd_mm=eye.far_pd_mm,
        near_pd_mm=eye.near_pd_mm,
        va=eye.va,
        near_va=eye.near_va,
    )


def _contact_data(lens: ContactLensEye) -> EyeData:
    add = _add_power(lens.add)
    return EyeData(
        product=lens.product,
        power=lens.power,
        base_curve_mm=lens.base_curve_mm,
        diameter_mm=lens.diameter_mm,
        cylinder=lens.cylinder,
        axis=lens.axis,
        add=add,
        add_word="" if add is not None else lens.add,
        colour=lens.colour,
        replacement=lens.replacement,
        wearing_mode=lens.wearing_mode,
        va=lens.va,
    )


def _add_power(text: str) -> Decimal | None:
    try:
        return snap_eighth(Decimal(text)) if text else None
    except InvalidOperation:
        return None
