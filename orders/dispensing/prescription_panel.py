"""The prescription beside frame and lens: its powers, whether it may still be made, and the version that took its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from orders.models import Order
from prescriptions import comparing, rows, screens
from prescriptions.comparing import Difference
from prescriptions.models import Prescription, PrescriptionState
from prescriptions.selectors import choices_for


@dataclass(frozen=True)
class Newer:
    """The version that stands instead of the order's, with what it says differently."""

    row: Prescription
    table: Mapping[str, Any]
    moved: Sequence[Difference]


@dataclass(frozen=True)
class PrescriptionPanel:
    """`table` as `{% rx_table %}` takes it; `others` are what glasses can be made for besides."""

    row: Prescription | None
    table: Mapping[str, Any] | None
    others: Sequence[Prescription]
    newer: Newer | None = None
    is_ended: bool = False
    is_expired: bool = False


def panel(order: Order, today: date) -> PrescriptionPanel:
    """What stands of the order's prescription on this day, and what else could be chosen."""
    row = order.prescription
    standing = choices_for(order.customer_id, order.prescription_id)
    if row is None:
        return PrescriptionPanel(None, None, standing)
    following = next((one for one in standing if one.series == row.series), None)
    newer = _newer(row, following) if following else None
    marked = [one.field for one in newer.moved] if newer else []
    return PrescriptionPanel(
        row,
        screens.short_table(rows.data_of(row), marked),
        [one for one in standing if one is not following],
        newer,
        is_ended=newer is None and row.state != PrescriptionState.CURRENT,
        is_expired=row.expires_on is not None and row.expires_on < today,
    )


def _newer(row: Prescription, following: Prescription) -> Newer:
    old, new = rows.data_of(row), rows.data_of(following)
    moved = [one for one in comparing.differences(old, new) if one.is_optical]
    return Newer(following, screens.short_table(new, [one.field for one in moved]), moved)
