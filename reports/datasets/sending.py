"""Shipments, and what was late or lost on the way."""

from typing import Any

from django.db.models import BooleanField, Case, DateField, Func, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from branches.scope import Scope
from reports.datasets.base import Column, Dataset, Kind, declare
from reports.datasets.expressions import days_late, local
from reports.datasets.selling import customer_columns, words_of
from shipping import wording
from shipping.models import Shipment, ShipmentState


def _shipments(scope: Scope) -> QuerySet[Any]:
    if scope.everything:
        return Shipment.objects.all()
    return Shipment.objects.filter(Q(branch_id__in=scope.branch_ids) | Q(to_branch_id__in=scope.branch_ids))


_WENT_WRONG = [ShipmentState.ATTEMPT_FAILED, ShipmentState.EXCEPTION, ShipmentState.RETURNING, ShipmentState.RETURNED]


def _late() -> Func:
    return days_late("delivered_at", "first_expected_on", "branch__time_zone")


def _missed() -> Case:
    """Later than the first word of it, or failed, stuck, on its way back, whether or not its day is known or has come."""
    return Case(
        When(state__in=_WENT_WRONG, then=Value(True)),
        When(GreaterThan(_late(), Value(0)), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


def _due() -> Coalesce:
    """The day by which it was to be there; of a parcel without one, the day it was packed."""
    return Coalesce("first_expected_on", "expected_on", Cast(local("packed_at", "branch__time_zone"), DateField()))


declare(
    Dataset(
        "shipments",
        _("Shipments"),
        _("One row a parcel: carrier, state, expected and delivered"),
        Can.VIEW_ORDERS,
        _shipments,
        (
            Column("number", _("Shipment"), page="shipping:shipment"),
            Column("order", _("Order"), source="order__number", page="orders:page"),
            Column("branch", _("Sent from"), source="branch__name"),
            Column("to_branch", _("Sent to branch"), source="to_branch__name"),
            Column("carrier", _("Carrier"), source="carrier__name"),
            Column("service", _("Service")),
            Column("tracking", _("Tracking number"), source="tracking_number"),
            Column("state", _("State"), Kind.CHOICE, choices=words_of(ShipmentState)),
            Column("reason", _("Reason"), Kind.CHOICE, choices=lambda: {**wording.REASONS, **wording.FACTS}),
            Column("packed", _("Packed"), Kind.MOMENT, source="packed_at"),
            Column("packed_by", _("Packed by"), source="packed_by__full_name"),
            Column("handed_over", _("Handed over"), Kind.MOMENT, source="handed_over_at"),
            Column("first_expected", _("First expected"), Kind.DAY, source="first_expected_on"),
            Column("expected", _("Expected"), Kind.DAY, source="expected_on"),
            Column("delivered", _("Delivered"), Kind.MOMENT, source="delivered_at"),
            Column(
                "late",
                _("Days late"),
                Kind.NUMBER,
                source=_late,
                adds=False,
            ),
            Column("missed", _("Late or gone wrong"), Kind.YES_NO, source=_missed),
            Column("due", _("Due, or packed"), Kind.DAY, source=_due),
            Column("last_word", _("Last word of the carrier"), Kind.MOMENT, source="last_word_at"),
            Column("place", _("Last place"), is_personal=True),
            *customer_columns("order__customer"),
        ),
        ("number", "order", "branch", "carrier", "state", "packed", "handed_over", "expected", "delivered", "late"),
        "packed",
    )
)
