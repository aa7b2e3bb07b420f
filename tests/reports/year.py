"""A small year with the edges in it, in three time zones: what the figures of `test_proof` are computed from."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from branches.models import Branch
from branches.roles import Role
from customers.models import Customer
from demo.copies import Copier, count_up
from demo.past import Past, Template
from inventory.models import Movement, StockEntry, StockItem
from notifications.models import Message
from orders.models import Order, QuotationLine
from records.models import Event
from reports.services import following
from shipping.models import Carrier, Shipment
from tests import factories
from tests.labjobs import makers as bench_makers
from visits.models import Appointment, Visit

ZONES = ("Africa/Johannesburg", "Pacific/Auckland", "America/New_York")


def build() -> list[Branch]:
    """Branches in three zones, about 120 orders with everything that can go wrong, and the world around them; then read."""
    bench = bench_makers.bench(trays=4)
    second = bench_makers.outside_lab()
    templates = [Template.of(bench_makers.collected(bench)), Template.of(bench_makers.passed(bench))]
    branches = [factories.branch(f"Y{n}", time_zone=zone) for n, zone in enumerate(ZONES)]
    people = [factories.customer(branches[n % 3], birth_date=date(1950 + n, 2, 28)) for n in range(18)]
    pasts = _orders(Random(7), branches, people, second.pk)
    orders = Copier(templates, pasts, count_up(past.branch.code for past in pasts)).save()
    _merged(people)
    _around(branches, people, orders)
    read()
    return branches


def read(after: int = 0) -> int:
    """What the follower does, for events of a transaction that has not ended. Returns the last event's id."""
    rows = Event.objects.filter(pk__gt=after).order_by("pk")
    told = [
        following.Told(*row)
        for row in rows.values_list("pk", "kind", "subject_type", "subject_id", "order_id", "customer_id")
    ]
    for start in range(0, len(told), 97):
        following.take(told[start : start + 97])
    following.pass_of_time()
    return told[-1].id if told else after


def last_event() -> int:
    """The id of the newest event."""
    return Event.objects.latest("pk").pk


def _orders(chance: Random, branches: list[Branch], people: list[Customer], lab_id: int) -> list[Past]:
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    pasts = []
    for n in range(96):
        seller = factories.user(Role.DISPENSING_OPTICIAN, branches[n % 3]).pk if n < 6 else pasts[n % 6].seller_id
        # Around midnight of one zone or another, so that every zone has orders on the edge of two days.
        at = now - timedelta(days=20 + n * 3) + timedelta(hours=chance.randrange(24), minutes=chance.randrange(60))
        past = Past(
            n % 2, branches[n % 3], people[chance.randrange(len(people))], seller, at, lab_id if n % 4 == 0 else 0,
            chance.randint(20, 190), wait_hours=chance.choice((1, 30, 335, 336, 400)), slow=chance.choice(("coating", "edging")),
            looks=chance.randrange(5), dearer=Decimal(chance.randint(80, 120)) / 100,
            ratings=(chance.randint(1, 5), 0, chance.randint(1, 5)) if n % 3 == 0 else None,
        )  # fmt: skip
        pasts.append(replace(past, **_edge(n)))
    return pasts


def _edge(n: int) -> dict[str, Any]:
    """Remakes of remakes, part refunds, cancelled and declined orders, failed checks, discounts, pairs never fetched."""
    return {
        0: {"remakes": ("L02", "S02")},
        1: {"remakes": ("S02",), "credit": Decimal("333.33")},
        2: {"cancelled": True},
        3: {"declined": "Too expensive"},
        4: {"failed_check": "L07"},
        5: {"discount": Decimal("12.5"), "reason": "loyalty"},
        6: {"wait_hours": None},
        7: {"discount": Decimal(33), "reason": "delay", "credit": Decimal("0.01")},
    }.get(n % 12, {})


def _merged(people: list[Customer]) -> None:
    """A chain: the first became the second, which became the third; and a pair."""
    for one, into in ((0, 1), (1, 2), (5, 6)):
        Customer.objects.filter(pk=people[one].pk).update(merged_into=people[into])
        tell("customer.merged", "customers.customer", people[one].pk, customer_id=people[one].pk)


def _around(branches: list[Branch], people: list[Customer], orders: list[Order]) -> None:
    now = timezone.now()
    for n, who in enumerate(people):
        due = tell(
            "customer.recall_due", "customers.customer", who.pk, now - timedelta(days=70 + 9 * n), customer_id=who.pk
        )
        if n % 3 == 0:
            _appointment(branches[n % 3], people[0 if n == 6 else n], due.at + timedelta(days=59 + n % 2), n)
        if n % 4 == 0:
            visit = Visit.objects.create(
                branch=branches[n % 3], customer=who, arrived_at=due.at + timedelta(days=3), state="done"
            )
            tell("visit.ended", "visits.visit", visit.pk, customer_id=who.pk)
            tell("customer.called", "customers.customer", who.pk, due.at + timedelta(days=1), customer_id=who.pk)
        _message(branches[n % 3], who, due, n)
    for n, order in enumerate(orders[:30]):
        _message(order.branch, order.customer, None, n, order)
    _parcels(orders)
    QuotationLine.objects.filter(kind="lens", quotation__order__in=orders[5:20]).update(discount_reason="second pair")
    _shelf(branches)


def _parcels(orders: list[Order]) -> None:
    """Sent by one carrier or another; sent twice; called off; sent to a shop, which is no delivery. Promised anew with a reason."""
    carriers = [Carrier.objects.create(code=f"year-{n}", name=f"Carrier {n}") for n in range(2)]
    for n, order in enumerate(orders[:40]):
        for nth in range(1 + (n % 10 == 0)):
            Shipment.objects.create(
                number=f"{order.number}-P{nth}", order=order, branch=order.branch, carrier=carriers[(n + nth) % 2],
                to_branch=order.branch if n % 7 == 0 else None, state="cancelled" if n % 9 == 0 and nth else "packed",
            )  # fmt: skip
        kind, reason = ("order.repromised", "L02") if n % 4 == 0 else ("shipment.packed", "")
        tell(kind, "orders.order", order.pk, order_id=order.pk, customer_id=order.customer_id, reason_code=reason)


def _appointment(at: Branch, who: Customer, booked: datetime, n: int) -> None:
    clinician = factories.user(Role.OPTOMETRIST, at)
    begins = booked + timedelta(days=5)
    state = ("done", "no_show", "cancelled", "arrived")[n // 3 % 4]
    made = Appointment.objects.create(
        branch=at, customer=who, clinician=clinician, kind="eye_test", state=state, recorded_at=booked,
        period=DateTimeTZRange(begins, begins + timedelta(minutes=30)),
    )  # fmt: skip
    tell("appointment.booked", "visits.appointment", made.pk, customer_id=who.pk)


def _message(at: Branch, who: Customer, about: Event | None, n: int, order: Order | None = None) -> None:
    state = ("sent", "delivered", "dead", "queued", "failed")[n % 5]
    made = Message.objects.create(
        dedupe_key=f"year-{who.pk}-{n}-{order and order.pk}", event=about, template_key="order_ready" if order else "recall",
        channel="sms" if n % 2 else "email", customer=who, order=order, branch=at, recipient="x", body="x", state=state,
        seq=n + 50, created_at=timezone.now() - timedelta(days=n), why="no number" if state == "dead" else "",
    )  # fmt: skip
    tell("message.sent", "notifications.message", made.pk, customer_id=who.pk, order_id=order.pk if order else None)


def _shelf(branches: list[Branch]) -> None:
    """Received at the edge of 180 days before a month's end, sold, returned, counted and moved."""
    now = timezone.now()
    end = datetime(now.year, now.month, 1, tzinfo=UTC) - timedelta(hours=3)
    for n, branch in enumerate(branches):
        for frame in (factories.frame(cost=Decimal("812.37")), factories.frame("88", brand="Vaal", cost=Decimal(455))):
            item = StockItem.objects.create(branch=branch, frame=frame)
            for movement, quantity, days, cost in (
                (Movement.RECEIVED, 5, 300, None),
                (Movement.RECEIVED, 4, 179 + n, "800.00"),
                (Movement.SOLD, -2, 100, None),
                (Movement.RETURNED, 1, 61, None),
                (Movement.TRANSFER_OUT, -1, 45, None),
                (Movement.COUNTED, -1, 31, None),
                (Movement.SOLD, -1, 0, "799.99"),
            ):
                at, paid = end - timedelta(days=days), Decimal(cost) if cost else None
                StockEntry.objects.create(item=item, movement=movement, quantity=quantity, at=at, unit_cost=paid)
            StockItem.objects.filter(pk=item.pk).update(on_hand=5)
            tell("stock.sold", "inventory.stockitem", item.pk)


def tell(kind: str, subject: str, pk: int, at: datetime | None = None, **more: Any) -> Event:
    """An event as the services record it."""
    return Event.objects.create(
        kind=kind, subject_type=subject, subject_id=pk, actor_name="x", source="system", at=at or timezone.now(), **more
    )
