"""What a job freezes at release: the prescription, frame, lenses and measurements as values, for ticket, file and check.

Everything is a string (or None) as the trade writes it, so that the job says the same in ten years:
`eyes.right.sphere` "-2.25", `axis` 90, `far_pd_mm` "31.5"; `frame.a_mm`; `lens.right.name`. The eyes are what is made: reading
lenses of a prescription with an add have the near power, and are centred for the near PD (`purpose`).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalogue.models import LensDesign, LensProduct
from orders import needs
from orders.models import FrameChoice, LensSpecification, Measurement, Order, Purpose
from prescriptions.models import PrescribedEye, Prescription

SIDES = ("right", "left")
_HEIGHT_DESIGNS = {LensDesign.BIFOCAL, LensDesign.TRIFOCAL, LensDesign.PROGRESSIVE, LensDesign.OCCUPATIONAL}


def frozen(order: Order) -> dict[str, Any]:
    """The values of an order as they are now. Missing parts are None, never guessed."""
    rx = order.prescription
    lenses = LensSpecification.objects.filter(order=order).select_related("right", "left").first()
    return {
        "kind": rx.kind if rx else "",
        "purpose": lenses.purpose if lenses else Purpose.AS_PRESCRIBED.value,
        "prescription": _written(rx) if rx else None,
        "vertex_mm": _text(rx.vertex_mm) if rx else None,
        "eyes": _made(rx, lenses.purpose) if rx and lenses else _eyes(rx),
        "measurement": _measurement(Measurement.objects.filter(order=order).first()),
        "frame": _frame(FrameChoice.objects.filter(order=order).select_related("frame").first()),
        "lens": _lens(lenses),
        "add_ons": [
            {"name": extra.name, "kind": extra.kind, "lab_code": extra.lab_code}
            for extra in (lenses.add_ons.all() if lenses else ())
        ],
        "tint": lenses.tint if lenses else "",
        "remark": lenses.remark if lenses else "",
    }


def _written(rx: Prescription) -> dict[str, Any]:
    issued = rx.issued_on
    return {"number": rx.number, "version": rx.version, "issued_on": issued.isoformat() if issued else None}


def missing_measurements(order: Order, lenses: LensSpecification | None) -> list[str]:
    """Which measurements these lenses still need, by name: PDs always, heights for segments and progressives."""
    if lenses is None or lenses.product is None:
        return []
    taken = Measurement.objects.filter(order=order).first()
    distance = "near" if lenses.purpose == Purpose.NEAR else "far"
    wanted = [f"{side}_{distance}_pd_mm" for side in SIDES if getattr(lenses, side)]
    wanted += [
        f"{side}_height_mm" for side in SIDES if (lens := getattr(lenses, side)) and lens.design in _HEIGHT_DESIGNS
    ]
    if taken is None:
        return [_("all of them")]
    fields = {
        field.name: str(field.verbose_name)
        for field in Measurement._meta.get_fields()
        if hasattr(field, "verbose_name")
    }
    return [fields[name] for name in wanted if getattr(taken, name) is None]


def _text(value: Decimal | None) -> str | None:
    """As the trade writes it: two places, a third only where it says something (eighths)."""
    if value is None:
        return None
    short = value.quantize(Decimal("0.01")) if value.as_tuple().exponent == -3 else value
    return f"{short if short == value else value:f}"


def _eyes(rx: Prescription | None) -> dict[str, Any]:
    eyes = {eye.eye: eye for eye in rx.eyes.all()} if rx else {}
    return {side: _eye(eyes[side]) if side in eyes else None for side in SIDES}


def _made(rx: Prescription, purpose: str) -> dict[str, Any]:
    """The eyes with the power that is made: as prescribed, or the reading or intermediate power that follows from the add."""
    eyes = _eyes(rx)
    if purpose == Purpose.AS_PRESCRIBED:
        return eyes
    for eye, (power, _prism) in needs.powers_to_make(rx, purpose).items():
        eyes[eye.value] |= {
            "sphere": _text(power.sphere.quantize(Decimal("0.001"))),
            "add": _text(power.add),
        }
    return eyes


def centration_pd(values: Mapping[str, Any], side: str) -> str | None:
    """The PD a lens is centred for, mm: the near one of reading lenses where it was measured, else the far one."""
    taken = values.get("measurement") or {}
    near = taken.get(f"{side}_near_pd_mm") if values.get("purpose") == Purpose.NEAR else None
    far: str | None = taken.get(f"{side}_far_pd_mm")
    return near or far


def _eye(eye: PrescribedEye) -> dict[str, Any]:
    return {
        "balance": eye.balance,
        "sphere": _text(eye.sphere),
        "cylinder": _text(eye.cylinder),
        "axis": eye.axis,
        "add": _text(eye.add),
        "prism_horizontal": _text(eye.prism_horizontal),
        "base_horizontal": eye.base_horizontal,
        "prism_vertical": _text(eye.prism_vertical),
        "base_vertical": eye.base_vertical,
    }


def _measurement(taken: Measurement | None) -> dict[str, Any]:
    if taken is None:
        return {}
    names = [f"{side}_{what}_mm" for side in SIDES for what in ("far_pd", "near_pd", "height")]
    return {name: _text(getattr(taken, name)) for name in [*names, "vertex_mm", "tilt_deg", "wrap_deg"]}


def _frame(choice: FrameChoice | None) -> dict[str, Any]:
    if choice is None:
        return {}
    frame = choice.frame
    sizes = {name: _text(getattr(choice, name) or (getattr(frame, name) if frame else None)) for name in _SIZES}
    return {
        "status": choice.status,
        "name": str(frame) if frame else choice.description,
        "brand": frame.brand if frame else "",
        "model": frame.model if frame else choice.description,
        "gtin": frame.gtin if frame else "",
        "size_mark": frame.size_mark if frame else "",
        "mount": choice.mount or (frame.mount if frame else ""),
        "material": choice.material or (frame.material if frame else ""),
        "trace": choice.trace or (frame.trace if frame else None),
        **sizes,
    }


_SIZES = ("a_mm", "b_mm", "dbl_mm", "ed_mm")


def _lens(lenses: LensSpecification | None) -> dict[str, Any]:
    return {side: _product(getattr(lenses, side)) if lenses else None for side in SIDES}


def _product(product: LensProduct | None) -> dict[str, Any] | None:
    if product is None:
        return None
    return {
        "code": product.code,
        "lab_code": product.lab_code or product.code,
        "name": product.name,
        "design": product.design,
        "form": product.form,
        "material": product.material,
        "index": _text(product.index_nd),
        "colour": product.colour,
        "supplier": product.supplier.name,
    }
