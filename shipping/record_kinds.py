"""What a shipment tells about itself on the shared pages."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Can
from branches.scope import Scope
from records.registry import RecordKind, register
from shipping import states, wording
from shipping.models import Shipment, ShipmentState


def url(shipment: Shipment) -> str:
    return reverse("shipping:shipment", args=[shipment.number])


def title(shipment: Shipment) -> str:
    return _("Shipment %(number)s") % {"number": shipment.number}


def visible(shipment: Shipment, scope: Scope) -> bool:
    """Where it leaves, where it arrives, and where its order is sold."""
    return scope.covers(
        shipment.branch_id, shipment.to_branch_id, shipment.order.branch_id, shipment.order.collect_branch_id
    )


def approval(shipment: Shipment) -> tuple[str, str]:
    """Whether every checkpoint was passed, and by whom."""
    if shipment.address_unverified:
        return _("checkpoints passed, address kept as typed"), "warning"
    by = shipment.packed_by.full_name if shipment.packed_by else ""
    return (_("checkpoints passed by %(who)s") % {"who": by} if by else _("checkpoints passed")), "success"


def closes_when(shipment: Shipment) -> str:
    if shipment.ended_reason:
        return _("closed: %(why)s") % {"why": shipment.ended_reason}
    if shipment.state not in states.OPEN:
        return _("closed: %(state)s") % {"state": str(wording.badge(shipment).word).lower()}
    return (
        _("the carrier confirms the delivery")
        if shipment.state != ShipmentState.PACKED
        else _("handed over and delivered")
    )


register(
    RecordKind(
        model=Shipment,
        label=gettext_lazy("Shipment"),
        can_view=Can.VIEW_ORDERS,
        url=url,
        title=title,
        visible=visible,
        links=lambda shipment: (shipment.order.customer_id, shipment.order_id),
        approval=approval,
        closes_when=closes_when,
        branch_id=lambda shipment: shipment.branch_id,
    )
)
