"""Take the measurements of the face in the chosen frame: who, how, and with a second person where the values are unusual."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.models import User
from core.actor import Actor
from core.errors import NotAllowed, Problems
from core.formats import DASH, number
from orders import measuring, needs
from orders.models import Measurement, MeasurementMethod, Order
from orders.services.dispense import common
from orders.services.dispense.common import NO_REASON, Changed, Why


@dataclass(frozen=True)
class MeasurementData:
    """Millimetres and degrees; None where nothing was measured. `second_person_id` looked too."""

    right_far_pd_mm: Decimal | None = None
    left_far_pd_mm: Decimal | None = None
    right_near_pd_mm: Decimal | None = None
    left_near_pd_mm: Decimal | None = None
    right_height_mm: Decimal | None = None
    left_height_mm: Decimal | None = None
    vertex_mm: Decimal | None = None
    tilt_deg: Decimal | None = None
    wrap_deg: Decimal | None = None
    method: str = MeasurementMethod.PUPILOMETER
    second_person_id: int | None = None

    @property
    def values(self) -> dict[str, Decimal | None]:
        return {name: getattr(self, name) for name in measuring.FIELDS}


@transaction.atomic
def measure(
    actor: Actor, order_id: int, data: MeasurementData, version: int | None = None, why: Why = NO_REASON
) -> Measurement:
    """Record what was measured; it may be completed later, what the lens asks for is checked before the quotation.

    Raises DomainError at the fields for what cannot be, and at `second_person` when another person must look too.
    """
    order = common.open_order(actor, order_id, why)
    measured = Measurement.objects.select_for_update().filter(order=order).first()
    before = readable(measured) if measured else {}
    measured = measured or Measurement(**common.recorded(actor, order))
    choice = needs.frame_choice_of(order)
    frame_version = choice.version if choice else 0
    _check(actor, order, data, choice.b_mm if choice else None)
    wish = _words(data)
    common.require_fresh(measured, version, wish, before)
    if before == wish and measured.frame_version == frame_version:
        return measured
    for name, value in data.values.items():
        setattr(measured, name, value)
    measured.method, measured.second_person_id = data.method, data.second_person_id
    measured.measured_by, measured.measured_at = _measurer(actor), timezone.now()
    measured.frame_version = frame_version
    measured.version += 1
    measured.save()
    flags = measuring.flags(data.values, last_values(order))
    common.tell(
        "order.measured", actor, Changed(order, measured, before, wish, {"unlike_last_pair": sorted(flags)}), why
    )
    return measured


def _check(actor: Actor, order: Order, data: MeasurementData, depth_mm: Decimal | None) -> None:
    problems = Problems(measuring.faults(data.values, depth_mm))
    if data.method not in MeasurementMethod.values:
        problems.add("method", _("Choose how it was measured."))
    if not any(value is not None for value in data.values.values()):
        problems.add("right_far_pd_mm", _("Enter at least one measurement."))
    unusual = measuring.wants_second_person(data.values)
    if unusual and not _is_another(actor, data.second_person_id, order):
        problems.add(
            "second_person",
            _("%(why)s Have a second person measure, and choose who it was.") % {"why": unusual},
        )
    problems.raise_if_any(_("The measurements need another look."))


def _is_another(actor: Actor, user_id: int | None, order: Order) -> bool:
    if user_id is None or user_id == actor.user_id:
        return False
    return colleagues(order).filter(pk=user_id).exists()


def _measurer(actor: Actor) -> User:
    if actor.user_id is None:
        raise NotAllowed(_("Only a person can measure."), code="not_a_person")
    return User.objects.get(pk=actor.user_id)


def colleagues(order: Order) -> "models.QuerySet[User]":
    """Who can have looked: active staff of the order's branch."""
    here = Q(memberships__branch_id=order.branch_id) | Q(memberships__branch=None)
    return User.objects.filter(here, is_active=True).distinct()


def last_values(order: Order) -> dict[str, Decimal | None]:
    """What was measured for the customer's last pair; empty when this is the first."""
    last = last_measurement(order)
    return {name: getattr(last, name) for name in measuring.FIELDS} if last else {}


def last_measurement(order: Order) -> Measurement | None:
    earlier = Measurement.objects.filter(order__customer_id=order.customer_id).exclude(order=order)
    return (
        earlier.filter(order__state__in=["confirmed", "in_production", "ready", "shipped", "collected", "closed"])
        .order_by("-measured_at")
        .first()
    )


def readable(measured: Measurement) -> dict[str, str]:
    """The measurements as a person reads them, by field."""
    names = {name: getattr(measured, name) for name in measuring.FIELDS}
    return _words(MeasurementData(**names, method=measured.method, second_person_id=measured.second_person_id))


def _words(data: MeasurementData) -> dict[str, str]:
    values = {name: number(value) for name, value in data.values.items()}
    second = User.objects.filter(pk=data.second_person_id).first() if data.second_person_id else None
    return values | {
        "method": str(MeasurementMethod(data.method).label),
        "second_person": second.full_name if second else DASH,
    }
