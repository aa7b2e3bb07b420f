"""What rests on a customer's name and address: the parcel that is packed for them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Role
from records.services.changes import Affected, Dependency, declare
from shipping import record_kinds, states
from shipping.models import Shipment
from shipping.services.packing import ADDRESS_REVIEW

_ON_PARCELS = frozenset(
    {"given_names", "family_name", "line1", "line2", "city", "region", "postal_code", "country", "merged_into"}
)


def _parcels(customer: Any) -> Iterable[Affected]:
    """Packed or on the way to this customer."""
    found = Shipment.objects.filter(order__customer=customer, to_branch=None, state__in=states.OPEN, ended_reason="")
    for shipment in found.select_related("order__owner", "order__seller").order_by("pk"):
        owner = shipment.order.owner or shipment.order.seller
        yield Affected(
            subject=shipment,
            title=_("%(shipment)s, %(state)s")
            % {"shipment": record_kinds.title(shipment), "state": str(shipment.get_state_display()).lower()},
            url=record_kinds.url(shipment),
            owner_id=owner.pk if owner else None,
            owner_name=owner.full_name if owner else "",
            branch_id=shipment.branch_id,
            customer_id=shipment.order.customer_id,
            order_id=shipment.order_id,
        )


declare(
    [
        Dependency(
            on="customers.customer",
            decision=ADDRESS_REVIEW,
            label=gettext_lazy("The address on the parcel"),
            why=gettext_lazy("The parcel carries the name and address from before."),
            before_next_stage=gettext_lazy("The parcel with the new address, or the earlier one let stand"),
            owner_role=Role.RECEPTIONIST,
            find=_parcels,
            blocks="shipping",
            fields=_ON_PARCELS,
        )
    ]
)
