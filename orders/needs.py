"""From an order to what its lenses must do: the prescription, the frame chosen and the measurements taken in it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from catalogue.demand import Demand, EyeDemand, FrameSizes
from core.along import read_along
from core.prepared import Slot, prepared
from lensmath.powers import EyePower, intermediate, near
from lensmath.prism import Eye, Prism
from orders.models import FrameChoice, LensSpecification, Measurement, Order, Purpose
from prescriptions import rows
from prescriptions.models import Prescription

MADE: dict[str, Callable[[EyePower], EyePower]] = {Purpose.NEAR: near, Purpose.INTERMEDIATE: intermediate}


@dataclass(frozen=True)
class Parts:
    """What was chosen and measured for an order, each read once.

    Who asks several questions about one order reads them first and passes them on: a page before it shows anything, a verb
    after it has locked the order. They are as old as that moment and never kept longer than the page or the verb.
    """

    frame: FrameChoice | None
    specification: LensSpecification | None
    measurement: Measurement | None


def parts_of(order: Order) -> Parts:
    """Frame, lenses and measurements with what they name; the eyes of the order's prescription are read along."""
    if order.prescription is not None:
        read_along([order.prescription], "eyes")
    return Parts(frame_choice_of(order), specification_of(order), measurement_of(order))


def still(order: Order, parts: Parts) -> Parts:
    """The same parts when none of them was saved since they were read, else read anew: for a verb that holds the order's
    lock, of parts that its page read before."""
    read = (parts.frame, parts.specification, parts.measurement)
    if _versions().row(order=order.pk) != tuple(one.version if one else None for one in read):
        return parts_of(order)
    if order.prescription is not None:
        read_along([order.prescription], "eyes")
    return parts


@prepared
def _versions() -> QuerySet[Order, Any]:
    named = ("frame_choice__version", "lens_specification__version", "measurement__version")
    return Order.objects.filter(pk=Slot("order")).values_list(*named)


def frame_choice_of(order: Order) -> FrameChoice | None:
    return _frame_choice().row(order=order.pk)


@prepared
def _frame_choice() -> QuerySet[FrameChoice]:
    return FrameChoice.objects.filter(order=Slot("order")).select_related("frame", "stock_branch")


def lenses_of(order: Order) -> LensSpecification | None:
    """With add-ons; the same product for both eyes is one object."""
    specification = _specification().row(order=order.pk)
    if specification is None:
        return None
    if specification.left_id == specification.right_id:
        specification.left = specification.right
    read_along([specification], "add_ons")
    return specification


def specification_of(order: Order) -> LensSpecification | None:
    """With ranges and price bands of the lenses, too."""
    specification = lenses_of(order)
    if specification is None:
        return None
    read_along([lens for lens in (specification.right, specification.left) if lens], "ranges", "bands")
    return specification


@prepared
def _specification() -> QuerySet[LensSpecification]:
    return LensSpecification.objects.filter(order=Slot("order")).select_related("right", "left")


def measurement_of(order: Order) -> Measurement | None:
    return _measurement().row(order=order.pk)


@prepared
def _measurement() -> QuerySet[Measurement]:
    return Measurement.objects.filter(order=Slot("order")).select_related("measured_by", "second_person")


def demand_of(order: Order, parts: Parts | None = None) -> Demand | None:
    """The demand of an order as it stands; None without a prescription for spectacles."""
    if order.prescription is None:
        return None
    known = parts or parts_of(order)
    purpose = known.specification.purpose if known.specification else Purpose.AS_PRESCRIBED
    return build(order.prescription, purpose, known.frame, known.measurement)


def build(
    prescription: Prescription, purpose: str, choice: FrameChoice | None, measured: Measurement | None
) -> Demand | None:
    """The same from its parts. Heights taken in another frame do not count; far PDs do."""
    powers = powers_to_make(prescription, purpose)
    if not powers:
        return None
    heights_count = measured is not None and is_for_this_frame(measured, choice)
    eyes = {
        eye: EyeDemand(
            power,
            prism,
            _pd(measured, eye, purpose),
            getattr(measured, f"{eye.value}_height_mm") if heights_count else None,
        )
        for eye, (power, prism) in powers.items()
    }
    return Demand(eyes, sizes_of(choice))


def powers_to_make(prescription: Prescription, purpose: str) -> dict[Eye, tuple[EyePower, Prism]]:
    """What is made for each eye: as prescribed, or the reading or intermediate power that follows from the add."""
    data = rows.data_of(prescription)
    found = {}
    for eye, written in data.eyes():
        power = written.lens(data.kind)
        if power is not None:
            made = MADE[purpose](power) if purpose in MADE and power.add is not None else power
            found[eye] = (made, written.prism(eye) or Prism())
    return found


def sizes_of(choice: FrameChoice | None) -> FrameSizes | None:
    """The boxing measurements of the frame, when all four are known."""
    if choice is None:
        return None
    a, b, dbl, ed = choice.a_mm, choice.b_mm, choice.dbl_mm, choice.ed_mm
    if a is None or b is None or dbl is None or ed is None:
        return None
    return FrameSizes(a, b, dbl, ed, choice.trace)


def is_for_this_frame(measured: Measurement, choice: FrameChoice | None) -> bool:
    """Whether the heights were taken in the frame that is chosen now."""
    return choice is None or measured.frame_version == choice.version


def _pd(measured: Measurement | None, eye: Eye, purpose: str) -> Decimal | None:
    distance = "near" if purpose == Purpose.NEAR else "far"
    pd_mm: Decimal | None = getattr(measured, f"{eye.value}_{distance}_pd_mm") if measured else None
    return pd_mm
