from shipping.models.carrier import Carrier, CarrierEndpoint, CarrierNotice, CarrierWord
from shipping.models.shipment import (
    CheckpointSource,
    Shipment,
    ShipmentLine,
    ShipmentState,
    Tracker,
    TrackingCheckpoint,
)

__all__ = [
    "Carrier",
    "CarrierEndpoint",
    "CarrierNotice",
    "CarrierWord",
    "CheckpointSource",
    "Shipment",
    "ShipmentLine",
    "ShipmentState",
    "Tracker",
    "TrackingCheckpoint",
]
