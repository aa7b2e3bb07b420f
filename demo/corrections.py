"""One live example of a change on the way: the axis of a pair in the laboratory was written down wrong."""

from dataclasses import replace
from datetime import datetime

from demo.acting import acting
from orders.models import Order, OrderState
from prescriptions import judging, rows
from prescriptions.models import PrescriptionState
from prescriptions.services import common, prescriptions


def build(now: datetime) -> None:
    """The approval, the promised date and the job wait for their owners; the job is on hold."""
    making = Order.objects.filter(customer__family_name="Mokoena", state=OrderState.IN_PRODUCTION, branch__code="RSB")
    order = making.select_related("prescription").order_by("pk").first()
    signed = order.prescription if order else None
    if signed is None or signed.state != PrescriptionState.CURRENT:
        return
    data = rows.data_of(signed)
    if data.right is None or not data.right.cylinder:
        return
    axis = 90 if data.right.axis != 90 else 85
    data = replace(data, right=replace(data.right, axis=axis))
    keys = [judging.key_of(found, data.values) for found in common.verdicts(data, signed)]
    reason = ("P02", f"Trial frame read {axis:03d}; written down wrong.")
    prescriptions.correct(acting("naledi", "RSB"), signed.pk, data, reason, keys)
