"""How the events of parcels read in a story."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from records.models import Event
from records.phrases import CHANGES, ORDERS, Phrase, register, register_labels
from shipping import wording
from shipping.models import ShipmentState


def _why(event: Event) -> Mapping[str, Any]:
    state = str(event.data.get("state", ""))
    label = dict(ShipmentState.choices).get(state, state)
    return {"why": wording.problem(state, event.reason_code) or label, "state": label}


register_labels(
    {
        "tracking": _("tracking number"),
        "carrier": _("carrier"),
        "expected": _("expected delivery"),
        "collect_at": _("collected at"),
    }
)
register(
    {
        "shipment.packed": Phrase(_("Packed for %(carrier)s"), ORDERS, "box"),
        "shipment.shipped": Phrase(_("Handed to %(carrier)s, number %(tracking)s"), ORDERS, "truck"),
        "shipment.sent_to_branch": Phrase(_("On its way to %(to)s with %(carrier)s"), ORDERS, "truck"),
        "shipment.in_transit": Phrase(_("%(carrier)s: in transit, %(place)s"), ORDERS, "truck"),
        "shipment.out_for_delivery": Phrase(_("%(carrier)s: out for delivery"), ORDERS, "truck"),
        "shipment.delivered": Phrase(_("%(carrier)s: delivered"), ORDERS, "pass", "success"),
        "shipment.problem": Phrase(_("%(carrier)s: %(why)s"), ORDERS, "alert", "danger", values=_why),
        "shipment.moved": Phrase(_("%(carrier)s: %(state)s"), ORDERS, "truck", values=_why),
        "shipment.changed": Phrase(_("Shipment changed"), ORDERS, "pen", shows_changes=True),
        "shipment.readdressed": Phrase(_("Parcel goes to another address"), ORDERS, "pen", "warning"),
        "shipment.followed": Phrase(_("%(service_of)s follows the parcel"), ORDERS, "truck", hidden=True),
        "shipment.cancelled": Phrase(_("Parcel unpacked"), ORDERS, "cross", "warning"),
        "shipment.expedited": Phrase(_("Sent on by express at our cost"), ORDERS, "truck", "warning"),
        "shipment.given_up": Phrase(_("Parcel given up"), ORDERS, "cross", "danger"),
        "order.shipped": Phrase(_("Everything has been shipped"), ORDERS, "truck", hidden=True),
        "order.taken_back": Phrase(_("Waits in the shop again"), ORDERS, "return", "warning"),
        "order.collect_branch_changed": Phrase(_("Collected at %(collect_at)s"), ORDERS, "box"),
        "carrier.changed": Phrase(_("Carrier %(carrier)s changed"), CHANGES, "truck", shows_changes=True),
        "carrier.endpoint_changed": Phrase(_("Door for carrier events %(endpoint)s: %(what)s"), CHANGES, "truck"),
        "carrier.word_mapped": Phrase(_("Carrier's word “%(word)s” means %(means)s"), CHANGES, "truck"),
    }
)
