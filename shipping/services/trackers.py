"""Ask the connected tracking services to follow a parcel's number: a job in the business transaction, tried until it is taken."""

import hashlib

from django.db import transaction
from django.utils import timezone

from core import jobs
from core.actor import system
from shipping import secret_box, states
from shipping.models import CarrierEndpoint, Shipment, Tracker
from shipping.services import common
from shipping.services.common import Said
from shipping.tracking import registering

JOB = "shipping.tracker"
_ACTOR = system("Tracking service")


def ask(shipment: Shipment) -> int:
    """For verbs that hold the lock: a job for every open door with a key; how many. The same number is asked for once."""
    if not shipment.tracking_number or shipment.to_branch_id is not None or shipment.state not in states.UNDER_WAY:
        return 0
    doors = [
        door
        for door in CarrierEndpoint.objects.filter(is_active=True).exclude(api_key="")
        if registering.takes_numbers(door.adapter)
    ]
    for door in doors:
        number = hashlib.sha256(shipment.tracking_number.encode()).hexdigest()[:16]
        payload = {"shipment": shipment.pk, "door": door.pk}
        jobs.enqueue(JOB, f"{JOB}:{shipment.pk}:{door.pk}:{number}", payload)
    return len(doors)


def register(shipment_id: int, door_id: int) -> str:
    """For the worker: ask, then keep the answer; a word on what became of it. Raises `jobs.GiveUp` and `registering.Later`.

    The network call lies between two transactions. A worker that dies in between asks again; every service takes that.
    """
    shipment = Shipment.objects.select_related("carrier", "order").get(pk=shipment_id)
    door = CarrierEndpoint.objects.get(pk=door_id)
    number = shipment.tracking_number
    if not number or shipment.state not in states.UNDER_WAY or not door.is_active:
        return "no longer wanted"
    if Tracker.objects.filter(shipment=shipment, endpoint=door, number=number).exists():
        return "asked before"
    key = secret_box.reveal(door.api_key)
    if not key:
        raise jobs.GiveUp("no key that can be read")
    try:
        ref = registering.send(registering.ask_of(door.adapter, key, shipment.carrier.code, number))
    except registering.Refused as error:
        raise jobs.GiveUp(str(error)) from error
    _keep(shipment, door, number, ref)
    return "followed"


@transaction.atomic
def _keep(shipment: Shipment, door: CarrierEndpoint, number: str, ref: str) -> None:
    _row, made = Tracker.objects.get_or_create(
        shipment=shipment, endpoint=door, number=number, defaults={"ref": ref, "registered_at": timezone.now()}
    )
    if made:
        common.tell("shipment.followed", _ACTOR, shipment, Said(data={"service_of": door.name}))
