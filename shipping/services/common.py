"""What every verb on a shipment starts and ends with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from core.actor import Actor
from core.errors import NotVisible, StaleRecord
from orders.models import Order
from orders.services import common as orders
from records import events
from records.models import Event
from shipping import links
from shipping.models import Shipment


def open_for(actor: Actor, permission: str, shipment_id: int, version: int | None = None) -> tuple[Order, Shipment]:
    """The order first, then the shipment, both locked; the right counts where it leaves and where it arrives."""
    order, shipment = lock(shipment_id)
    places = [place for place in dict.fromkeys((shipment.branch_id, shipment.to_branch_id, order.branch_id)) if place]
    mine = [place for place in places if actor.is_system or actor.roles_in(place)]
    if not mine:
        raise NotVisible(_("Not found."), code="not_visible")
    if not any(access.allowed(actor, permission, place) for place in mine):
        access.require(actor, permission, mine[0])
    if version is not None and version != shipment.version:
        raise StaleRecord(
            _("Somebody else changed this shipment since you opened it. Look at it again, then repeat your change."),
            current_version=shipment.version,
        )
    return order, shipment


def lock(shipment_id: int) -> tuple[Order, Shipment]:
    """Raises NotVisible when there is none."""
    order_id = Shipment.objects.filter(pk=shipment_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise NotVisible(_("Not found."), code="not_visible")
    order = orders.lock(order_id)
    found = Shipment.objects.select_for_update(of=("self",)).select_related("carrier", "branch", "to_branch")
    shipment = found.get(pk=shipment_id)
    shipment.order = order
    return order, shipment


def save(shipment: Shipment) -> None:
    """Every change is a new version, with its history row."""
    shipment.version += 1
    shipment.save()


@dataclass(frozen=True)
class Said:
    """What an event of a shipment says beside whom it concerns."""

    reason: str = ""
    reason_code: str = ""
    old: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    occurred_at: datetime | None = None


def tell(kind: str, actor: Actor, shipment: Shipment, said: Said | None = None) -> Event:
    """An event of a parcel carries everything that a message about it may say."""
    said = said or Said()
    order = shipment.order
    return events.record(
        kind,
        actor,
        events.Fact(
            shipment,
            shipment.branch_id,
            order.customer_id,
            order.pk,
            reason=said.reason,
            reason_code=said.reason_code,
            old=said.old,
            new=said.new,
            data={**facts(shipment), **said.data},
            occurred_at=said.occurred_at,
        ),
    )


def facts(shipment: Shipment) -> dict[str, Any]:
    """What may be told of a parcel: carrier, number, link, method, place, days. No address, no clinical word."""
    return {
        "shipment": shipment.number,
        "carrier": shipment.carrier.name,
        "tracking": shipment.tracking_number,
        "tracking_link": links.of(shipment),
        "service": shipment.service,
        "service_note": shipment.method_note,
        "place": shipment.place,
        "seen_at": shipment.last_word_at.isoformat() if shipment.last_word_at else "",
        "expected_on": shipment.expected_on.isoformat() if shipment.expected_on else "",
        "delivered_at": shipment.delivered_at.isoformat() if shipment.delivered_at else "",
        "signed_by": shipment.signed_by,
        "state": shipment.state,
    }


def now() -> datetime:
    return timezone.now()
