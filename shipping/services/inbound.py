"""What tracking services post: a verified body stored once on its raw bytes, applied afterwards as a job."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import jobs
from core.actor import Source, system
from shipping import zones
from shipping.models import CarrierEndpoint, CarrierNotice, CheckpointSource, Shipment, ShipmentState
from shipping.selectors import vocabulary
from shipping.services import following
from shipping.services.following import Heard
from shipping.tracking import numbers, readers
from shipping.tracking.readers import Tracking
from shipping.tracking.vocabulary import ADAPTERS

JOB = "shipping.notice"
# Carriers use a number again after some months.
RECENT = timedelta(days=180)
_ID = {"easypost": ("id",), "aftership": ("event_id",), "shippo": (), "generic": ("event_id", "id")}


def event_id(adapter: str, payload: Any, raw: bytes) -> str:
    """The service's own name for the event; without one the digest of the body."""
    names = _ID[adapter] if isinstance(payload, dict) else ()
    found = next((payload[name] for name in names if isinstance(payload.get(name), str | int) and payload[name]), None)
    return str(found)[:160] if found is not None else f"sha256:{hashlib.sha256(raw).hexdigest()}"


def keep(endpoint: CarrierEndpoint, name: str, raw: bytes) -> bool:
    """Store a verified body and ask for its application. False when it was here before."""
    try:
        with transaction.atomic():
            row = CarrierNotice.objects.create(endpoint=endpoint, event_id=name, raw=raw)
            jobs.enqueue(JOB, f"{JOB}:{row.pk}", {"notice": row.pk})
    except IntegrityError:
        return False
    return True


@transaction.atomic
def apply(notice_id: int) -> str:
    """Read a stored body and follow it; applied once. Never raises for what stands in it."""
    notice = CarrierNotice.objects.select_for_update(of=("self",)).select_related("endpoint").get(pk=notice_id)
    if notice.applied_at is not None:
        return notice.result
    notice.result = _apply(notice)[:200]
    notice.applied_at = timezone.now()
    notice.save(update_fields=["applied_at", "result"])
    return notice.result


def _apply(notice: CarrierNotice) -> str:
    adapter = notice.endpoint.adapter
    try:
        payload = readers.parse(bytes(notice.raw))
        trackings = readers.read(ADAPTERS[adapter], payload, zones.of_branches(), vocabulary.taught(adapter))
    except readers.Unreadable as error:
        return str(error)
    found = dict.fromkeys(shipment.pk for one in trackings for shipment in shipments_of(one.number))
    if not found:
        return "no parcel has this number"
    new = sum(hear_payload(pk, adapter, payload) for pk in sorted(found))
    return f"{new} new checkpoints"


def shipments_of(number: str) -> list[Shipment]:
    """Parcels that carry this number now; a number alone never leads to a customer of long ago."""
    try:
        plain = numbers.normalise(number)
    except numbers.BadNumber:
        return []
    since = timezone.now() - RECENT
    found = Shipment.objects.filter(tracking_number=plain, packed_at__gte=since).exclude(state=ShipmentState.CANCELLED)
    return list(found.select_related("branch").order_by("order_id", "pk"))


def hear_payload(
    shipment_id: int, adapter: str, payload: Any, source: CheckpointSource = CheckpointSource.WEBHOOK
) -> int:
    """Apply a payload to one parcel, its times without zone read where the parcel left."""
    shipment = Shipment.objects.select_related("branch").get(pk=shipment_id)
    taught = vocabulary.taught(adapter)
    trackings = readers.read(ADAPTERS[adapter], payload, zones.of_branches(shipment.branch), taught)
    mine = list(_of(shipment, trackings))
    actor = system(ADAPTERS[adapter].label, branch_id=shipment.branch_id, source=Source.WEBHOOK)
    expected = [one.expected_on for one in mine if one.expected_on]
    heard = Heard(
        [point for one in mine for point in one.checkpoints],
        source,
        adapter,
        [word for one in mine for word in one.unknown],
        expected[-1] if expected else None,
        next((one.signed_by for one in mine if one.signed_by), ""),
    )
    return following.hear(actor, shipment.pk, heard)


def _of(shipment: Shipment, trackings: list[Tracking]) -> Iterator[Tracking]:
    for one in trackings:
        if "".join(char for char in one.number.upper() if char.isalnum()) == shipment.tracking_number:
            yield one
