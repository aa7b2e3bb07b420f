"""A shop with a finished order that may be sent, and parcels anywhere on their way."""

from dataclasses import replace
from typing import Any

from labjobs.models import Job
from orders.models import Delivery, Order
from shipping.models import CarrierEndpoint, CheckpointSource, Shipment
from shipping.services import endpoints, following, packing
from shipping.services.carriers import ship as ship_carriers
from shipping.services.following import Heard
from shipping.services.packing import PackData
from shipping.tracking import readers
from shipping.tracking.vocabulary import ADAPTERS
from tests.labjobs import makers as lab
from tests.labjobs.makers import Bench
from tests.shipping.files import easypost

NUMBER = "1Z999AA10123456784"
ADDRESS = {
    "line1": "12 Bree Street",
    "city": "Cape Town",
    "region": "Western Cape",
    "postal_code": "8001",
    "country": "ZA",
}


def sendable(at: Bench, *, pay: bool = True, **fields: Any) -> Job:
    """Made, checked, ready and paid; the customer wants it sent and has an address."""
    ship_carriers()
    job = lab.ready(at, **fields)
    order = Order.objects.select_related("customer").get(pk=job.order_id)
    order.delivery = Delivery.SHIP
    order.save()
    for name, value in ADDRESS.items():
        setattr(order.customer, name, value)
    order.customer.save()
    if pay:
        lab.pay_rest(at, order)
    job.refresh_from_db()
    job.order.refresh_from_db()
    return job


def packing_of(job: Job, **fields: Any) -> PackData:
    defaults: dict[str, Any] = {
        "carrier": "ups",
        "tracking_number": NUMBER,
        "codes": (job.tray.code if job.tray else job.number,),
    }
    return PackData(job.order_id, **(defaults | fields))


def packed(at: Bench, **fields: Any) -> Shipment:
    job = sendable(at)
    return packing.pack(at.shop.receptionist, packing_of(job, **fields))


def sent(at: Bench, **fields: Any) -> Shipment:
    return packed(at, hand_over=True, **fields)


def fresh(shipment: Shipment) -> Shipment:
    return Shipment.objects.select_related("order").get(pk=shipment.pk)


def heard(shipment: Shipment, *steps: tuple[str, str, str, str], **more: Any) -> int:
    """The carrier's history as EasyPost sends it."""
    from shipping import zones

    payload = easypost(shipment.tracking_number, *steps, **more)
    found = readers.read(ADAPTERS["easypost"], payload, zones.of_branches(shipment.branch))[0]
    from core.actor import Source, system

    actor = system("EasyPost", source=Source.WEBHOOK, branch_id=shipment.branch_id)
    said = Heard(
        found.checkpoints, CheckpointSource.WEBHOOK, "easypost", found.unknown, found.expected_on, found.signed_by
    )
    return following.hear(actor, shipment.pk, said)


def door(at: Bench, adapter: str = "easypost", secret: str = "", **fields: Any) -> tuple[CarrierEndpoint, str]:
    return endpoints.add(at.manager, adapter, "", secret, **fields)


def changed(data: PackData, **fields: Any) -> PackData:
    return replace(data, **fields)
