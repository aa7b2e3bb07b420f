"""Parcels at every stage: waiting, packed, on the way, out for delivery, delivered, failed at the door; a carrier's door."""

from collections import Counter
from datetime import datetime, timedelta

from core.actor import Source, system
from customers.models import Customer
from demo import clock
from demo import labjobs as laboratory
from demo import orders as selling
from demo.acting import acting
from labjobs.models import Job, Lab
from orders.models import Delivery, Order, PaymentMethod
from orders.services import payments
from orders.services.payments import PaymentData
from shipping import zones
from shipping.models import CheckpointSource, Shipment
from shipping.services import endpoints, following, packing
from shipping.services.following import Heard
from shipping.services.packing import PackData
from shipping.tracking import readers
from shipping.tracking.vocabulary import ADAPTERS

Said = tuple[tuple[int, tuple[str, str, str, str]], ...]
_PACKERS = {"RSB": "zanele", "DUR": "themba", "UMH": "themba"}
# Where customers of these shops live, by rules of the country.
_ADDRESSES = {
    "RSB": ("14 Bolton Road", "Johannesburg", "2196"),
    "DUR": ("88 Florida Road", "Durban", "4001"),
    "UMH": ("3 Lagoon Drive", "Umhlanga", "4319"),
}
_CREATED = ("pre_transit", "label_created", "Shipment information received", "Johannesburg")
_PICKED = ("in_transit", "received_at_origin_facility", "Picked up", "Johannesburg")
_HUB = ("in_transit", "arrived_at_facility", "Arrived at hub", "Midrand")
_LEFT = ("in_transit", "departed_facility", "Left the hub", "Midrand")
_OUT = ("out_for_delivery", "out_for_delivery", "On vehicle for delivery", "Durban")
_DONE = ("delivered", "arrived_at_destination", "Delivered, signed at the door", "Durban")
_MISSED = ("in_transit", "delivery_exception", "Nobody at home, card left", "Durban")
_LATE = ("in_transit", "weather_delay", "Roads flooded", "Harrismith")
# How each parcel goes: what the carrier has said so far, hours ago; None stays in the shop unpacked.
_WAYS: tuple[tuple[str, Said | None], ...] = (
    ("1Z999AA10123456784", ((70, _CREATED), (64, _PICKED), (50, _HUB), (27, _OUT), (21, _DONE))),
    ("1Z5R89390357567127", ((40, _CREATED), (36, _PICKED), (20, _HUB), (3, _OUT))),
    ("1Z879E930346834440", ((60, _CREATED), (54, _PICKED), (30, _HUB), (8, _OUT), (2, _MISSED))),
    ("1Z410E7W0392751591", ((30, _CREATED), (26, _PICKED), (9, _LEFT))),
    ("1Z8V92A70367203024", ((44, _CREATED), (40, _PICKED), (6, _LATE))),
    ("", ()),
    ("", None),
    ("", None),
)


def build(now: datetime) -> None:
    """The laboratory makes a few pairs more, for customers who want them sent."""
    own = Lab.objects.get(code="MID")
    for place, (customer, (number, said)) in enumerate(zip(_without_orders(), _WAYS, strict=False)):
        code = ("RSB", "UMH", "DUR")[place % 3]
        name = (customer.given_names, customer.family_name)
        with clock.at(now - timedelta(days=8, minutes=40 * place)):
            selling.make(selling.Wish(name, code, selling.SINGLE, selling.deposit, with_exam=False))
        _send(Order.objects.filter(customer=customer).latest("pk"), own, number, said, now)
    endpoints.add(acting("grace", "RSB"), "easypost", "EasyPost of the couriers", "sample-secret-of-the-practice")


def _without_orders() -> list[Customer]:
    """The last customers without an order, none of whom has a namesake: orders are made by name."""
    waiting = Customer.objects.filter(orders=None, merged_into=None, birth_date__isnull=False).order_by("-pk")
    names = Counter(Customer.objects.values_list("given_names", "family_name"))
    return [one for one in waiting if names[(one.given_names, one.family_name)] == 1][: len(_WAYS)]


def _send(order: Order, own: Lab, number: str, said: Said | None, now: datetime) -> None:
    with clock.at(now - timedelta(days=7)):
        _wants_it_sent(order)
    job = laboratory.make_ready(order, own, now - timedelta(days=7), now - timedelta(days=3))
    with clock.at(now - timedelta(hours=said[0][0] if said else 5)):
        _pack(order, job, number, said)
    if said:
        _hear(Shipment.objects.filter(order=order).latest("pk"), said, now)


def _pack(order: Order, job: Job, number: str, said: Said | None) -> None:
    """Paid, packed, and handed over when the carrier first had it; None stays in the shop unpacked."""
    actor = acting(_PACKERS[order.branch.code], order.branch.code)
    balance = payments.balance(order.pk)
    if balance > 0:
        payments.take(actor, PaymentData(order.pk, balance, PaymentMethod.CARD, "ending 7730"))
    if said is None:
        return
    code = job.tray.code if job.tray else job.number
    carrier = "ups" if number else "courier"
    packing.pack(actor, PackData(order.pk, carrier, "", "", number, codes=(code,), hand_over=bool(said)))


def _wants_it_sent(order: Order) -> None:
    """As the customer said at the counter: sent, to this address."""
    customer = order.customer
    customer.line1, customer.city, customer.postal_code = _ADDRESSES[order.branch.code]
    customer.region, customer.country = "", "ZA"
    customer.save()
    order.refresh_from_db()
    order.delivery = Delivery.SHIP
    order.save()


def _hear(shipment: Shipment, said: Said, now: datetime) -> None:
    """The carrier's history as its tracking service posts it."""
    details = [
        {
            "datetime": (now - timedelta(hours=ago)).isoformat(), "status": status, "status_detail": detail, "message": message,
            "tracking_location": {"city": place, "country": "ZA"},
        }
        for ago, (status, detail, message, place) in said
    ]  # fmt: skip
    payload = {"tracking_code": shipment.tracking_number, "status": said[-1][1][0], "tracking_details": details}
    found = readers.read(ADAPTERS["easypost"], payload, zones.of_branches(shipment.branch))[0]
    actor = system("EasyPost", branch_id=shipment.branch_id, source=Source.WEBHOOK)
    following.hear(actor, shipment.pk, Heard(found.checkpoints, CheckpointSource.WEBHOOK, "easypost", found.unknown))
