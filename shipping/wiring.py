"""Where shipping joins in with what lies below it: the order's page and list, navigation, search, scanner, settings."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from branches import palette
from branches.access import allowed
from branches.middleware import StaffRequest
from branches.roles import Can
from core import navigation
from orders import bulk_actions, followers, next_actions, panels, stages
from orders.selectors import list_rows
from orders.selectors import listing as orders
from shipping import wording
from shipping.selectors import finding, listing, page
from shipping.services import packing

_SETTINGS = (
    navigation.Item(
        "carriers", _("Carriers"), "truck", "shipping:carriers", 45, "settings", Can.MANAGE_SETTINGS,
        hint=_("Who takes parcels: services, tracking pages, days of silence"),
    ),
    navigation.Item(
        "carrier_doors", _("Carrier events"), "truck", "shipping:doors", 46, "settings", Can.MANAGE_SETTINGS,
        hint=_("Doors for the webhooks of tracking services, their secrets, and words to map"),
    ),
)  # fmt: skip


def connect() -> None:
    """At start-up."""
    panels.register(panels.Panel("shipping", _("Shipping"), panels.MAIN, 35, "shipping/_order_panel.html", page.panel))
    next_actions.register("shipping", page.RANK, page.next_action)
    stages.register(page.stage)
    list_rows.register_tracking(listing.tracking_of)
    list_rows.register_status(listing.status_words)
    orders.register_view(orders.ListView("stalled", _("Stalled"), listing.stalled, 60, "danger"))
    bulk_actions.register(bulk_actions.BulkAction("ship", _("Ship"), "truck", "shipping:ready", 50, Can.SHIP_ORDERS))
    followers.register(followers.DELIVERY, packing.refuse_while_packed)
    navigation.register(
        navigation.Item("shipping", _("Shipping"), "truck", "shipping:list", order=45, can=Can.VIEW_ORDERS)
    )
    palette.register(palette.Searcher("shipments", _("Shipments"), 35, _search, can=Can.VIEW_ORDERS))
    palette.register_scanner(_scanned, first=True)  # before the counter, which would hand it over
    for item in _SETTINGS:
        navigation.register(item)


def _search(request: StaffRequest, text: str) -> Sequence[palette.Hit]:
    """By tracking or shipment number."""
    shipment = finding.scanned(request.scope, text) if len(text) >= 6 else None
    if shipment is None:
        return []
    meta = f"{shipment.order.customer.full_name}, {wording.badge(shipment).word}"
    return [palette.Hit(shipment.number, reverse("shipping:shipment", args=[shipment.number]), meta, "truck")]


def _scanned(request: StaffRequest, code: str) -> str | None:
    """A label opens its parcel, the tray or slip of an order that waits to be sent its packing; the rest is the counter's."""
    shipment = finding.scanned(request.scope, code)
    if shipment:
        return reverse("shipping:shipment", args=[shipment.number])
    order = finding.to_send(request.scope, code)
    if order is None or not allowed(request.actor, Can.SHIP_ORDERS, order.collect_branch_id):
        return None
    return f"{reverse('shipping:pack', args=[order.number])}?{urlencode({'code': code})}"
