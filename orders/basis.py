"""What a quotation rests on: the exact versions of prescription, frame, lens and measurements, as a person reads them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from core import formats
from core.along import read_along
from orders import needs
from orders.models import FrameChoice, LensSpecification, Measurement, Order
from orders.needs import Parts
from prescriptions.models import Prescription, PrescriptionState
from records.events import type_of
from records.services.approvals import Input
from records.services.changes import FieldChange

Values = dict[str, str]


def live(order: Order, parts: Parts | None = None) -> list[Input]:
    """The inputs as they stand now. Always in the installation's language, so that two readers compare alike."""
    known = parts or Parts(needs.frame_choice_of(order), needs.lenses_of(order), needs.measurement_of(order))
    with translation.override(settings.LANGUAGE_CODE):
        found = [
            _input(current_prescription(order), _prescription_values),
            _input(known.frame, _frame_values),
            _input(known.specification, _lens_values),
            _input(known.measurement, _measurement_values),
        ]
    return [one for one in found if one is not None]


def current_prescription(order: Order) -> Prescription | None:
    """The signed version now in force of the prescription the order was made for; the order's own if none is."""
    own = order.prescription
    if own is None or own.state == PrescriptionState.CURRENT:
        return own
    return Prescription.objects.filter(series=own.series, state=PrescriptionState.CURRENT).first() or own


def _input(record: Any, values: Any) -> Input | None:
    if record is None:
        return None
    return Input(type_of(record), record.pk, record.version, label(type_of(record)), values(record))


def label(record_type: str) -> str:
    names = {
        "prescriptions.prescription": _("Prescription"),
        "orders.framechoice": _("Frame"),
        "inventory.reservation": _("Frame"),
        "orders.lensspecification": _("Lenses"),
        "orders.measurement": _("Measurements"),
    }
    return names.get(record_type, record_type)


def _prescription_values(record: Prescription) -> Values:
    read_along([record], "eyes")
    values: Values = {}
    for row in record.eyes.all():
        eye = _("Right") if row.eye == "right" else _("Left")
        values[_("%(eye)s sphere") % {"eye": eye}] = formats.power(row.sphere)
        values[_("%(eye)s cylinder") % {"eye": eye}] = formats.power(row.cylinder)
        values[_("%(eye)s axis") % {"eye": eye}] = formats.axis(row.axis)
        values[_("%(eye)s add") % {"eye": eye}] = formats.power(row.add)
        values[_("%(eye)s prism") % {"eye": eye}] = _prism_words(row)
    return values


def _prism_words(row: Any) -> str:
    parts = [(row.prism_horizontal, row.base_horizontal), (row.prism_vertical, row.base_vertical)]
    return " ".join(f"{amount} {base}" for amount, base in parts if amount) or formats.DASH


def _frame_values(record: FrameChoice) -> Values:
    name = str(record.frame) if record.frame else record.description
    return {
        _("Frame"): name or formats.DASH,
        _("Source of the frame"): str(record.get_status_display()),
        _("Size"): " × ".join(formats.number(value) for value in (record.a_mm, record.b_mm, record.dbl_mm)),
    }


def _lens_values(record: LensSpecification) -> Values:
    return {
        _("Right lens"): record.right.name if record.right else formats.DASH,
        _("Left lens"): record.left.name if record.left else formats.DASH,
        _("Add-ons"): ", ".join(sorted(add_on.name for add_on in record.add_ons.all())) or formats.DASH,
        _("Tint"): record.tint or formats.DASH,
    }


def _measurement_values(record: Measurement) -> Values:
    return {
        str(field.verbose_name).capitalize(): formats.number(getattr(record, field.name))
        for field in Measurement._meta.get_fields()
        if isinstance(field, models.DecimalField)
    }


def stored(inputs: Sequence[Input]) -> list[dict[str, Any]]:
    """As a quotation keeps them."""
    return [
        {
            "type": one.record_type,
            "id": one.record_id,
            "version": one.record_version,
            "label": one.label,
            "values": dict(one.values),
        }
        for one in inputs
    ]


def read(rows: Iterable[Mapping[str, Any]]) -> list[Input]:
    """The inputs that a quotation kept."""
    return [Input(row["type"], row["id"], row["version"], row["label"], row["values"]) for row in rows]


def differences(then: Sequence[Input], now: Sequence[Input]) -> list[FieldChange]:
    """What moved since: changed values, and what was added or taken away. Empty when the decision may stand.

    A new version with the same values, such as a corrected note of the prescription, moves nothing.
    """
    before = {one.record_type: one for one in then}
    after = {one.record_type: one for one in now}
    found: list[FieldChange] = []
    for kind in dict.fromkeys([*before, *after]):
        found += _moved(kind, before.get(kind), after.get(kind))
    return found


def _moved(kind: str, old: Input | None, new: Input | None) -> list[FieldChange]:
    if old is None or new is None:
        present, absent = _("chosen"), _("none")
        return [FieldChange(kind, label(kind), present if old else absent, present if new else absent)]
    names = dict.fromkeys([*old.values, *new.values])
    return [
        FieldChange(kind, name, str(old.values.get(name, "")), str(new.values.get(name, "")))
        for name in names
        if old.values.get(name) != new.values.get(name)
    ]


def total_input(quotation: Any) -> Input:
    """The price and the date as the customer sees them: the quotation is an input of its own approval."""
    with translation.override(settings.LANGUAGE_CODE):
        values = {
            _("Total"): f"{Decimal(quotation.total):.2f}",
            _("Deposit"): f"{Decimal(quotation.deposit_required):.2f}",
            _("Promised"): quotation.promised_on.isoformat(),
        }
        return Input("orders.quotation", quotation.pk, quotation.version, _("Price and date"), values)
