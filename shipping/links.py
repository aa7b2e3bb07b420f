"""The carrier's own tracking page of a parcel."""

from urllib.parse import quote

from shipping.models import Carrier, Shipment


def of(shipment: Shipment) -> str:
    """Empty without number or template."""
    return build(shipment.carrier, shipment.tracking_number)


def build(carrier: Carrier, number: str) -> str:
    if not number or "{}" not in carrier.link_template:
        return ""
    return carrier.link_template.replace("{}", quote(number, safe=""))
