"""How each statement is broken: what somebody with the database in their hands could do beneath every guard.

SQL is used where rows are there, plain inserts (no verb, no signal, no history) where a lie has to be told with new ones.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils import timezone

from branches.models import Branch
from cases.models import Case
from core.models import IdempotencyKey
from core.models import Job as Work
from customers.models import Customer
from labjobs.models import Job
from orders.models import LedgerEntry, Order
from records.models import Event
from tests.labjobs import makers
from tests.rows import lay_down, span

_TABLES = (
    "orders_",
    "labjobs_",
    "cases_",
    "records_",
    "inventory_",
    "shipping_",
    "aftersales_",
    "visits_",
    "notifications_",
)


@dataclass
class Shop:
    """What a lie is told about: another branch and customer, the pair that was handed over and remade, its order and payment."""

    at: makers.Bench
    other: Branch
    stranger: Customer

    @property
    def handed_over(self) -> Job:
        return Job.objects.filter(state="remade").earliest("pk")

    @property
    def order(self) -> Order:
        return self.handed_over.order

    @property
    def payment(self) -> LedgerEntry:
        return LedgerEntry.objects.filter(order=self.order, kind="payment").earliest("pk")

    def put(self, label: str, **values: Any) -> Any:
        return lay_down(apps.get_model(label), **values)


def unguarded() -> None:
    """As the owner of the database could: triggers off, checks and exclusions away. Undone with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('c', 'x') "
            "AND connamespace = 'public'::regnamespace"
        )
        for table, name in cursor.fetchall():
            if table.startswith(_TABLES):
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def sql(statement: str) -> Callable[[Shop], None]:
    def lie(shop: Shop) -> None:
        words = {"other": shop.other.pk, "customer": shop.stranger.pk, "order": shop.order.pk}
        with connection.cursor() as cursor:
            cursor.execute(statement % words if "%(" in statement else statement)
            assert cursor.rowcount > 0, "nothing was there to be changed"

    return lie


def _and_the_sums(lie: Callable[[Shop], None]) -> Callable[[Shop], None]:
    """A lie in the ledger that thinks of the balances kept beside it."""

    def thorough(shop: Shop) -> None:
        lie(shop)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM orders_orderbalance")
            cursor.execute(
                "INSERT INTO orders_orderbalance (order_id, charged, paid) SELECT order_id,"
                " coalesce(sum(amount) FILTER (WHERE kind NOT IN ('payment', 'refund')), 0),"
                " coalesce(-sum(amount) FILTER (WHERE kind IN ('payment', 'refund')), 0)"
                " FROM orders_ledgerentry GROUP BY order_id"
            )

    return thorough


def _refunded_twice(shop: Shop) -> None:
    asked = shop.put("orders.PaymentRequest", order=shop.order, branch=shop.at.shop.branch, amount=Decimal(10))
    for amount in (6, 5):
        shop.put("orders.GatewayRefund", request=asked, amount=Decimal(amount))


def _paid_claim(shop: Shop) -> None:
    shop.put("orders.Claim", order=shop.order, amount=Decimal(5), paid=Decimal(5), entry=shop.payment)


def _transfer(shop: Shop) -> None:
    moved = shop.put("inventory.Transfer", from_branch=shop.at.shop.branch, to_branch=shop.other, state="received")
    shop.put("inventory.TransferLine", transfer=moved, sent=2, received=None)


def _review(shop: Shop) -> None:
    shop.put("records.Review", subject_type="orders.order", subject_id=1, state="overridden", resolution_reason="")


def _unticked(shop: Shop) -> None:
    case = Case.objects.earliest("pk")
    owner = shop.at.shop.manager.user_id
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=timezone.now(), closed_by_id=owner, owner_id=owner)
    kind, subject = "case.ticked", ("cases.case", case.pk)
    Event.objects.create(
        kind=kind, subject_type=subject[0], subject_id=subject[1], new={"item": "rung"}, source="counter"
    )


def _told_twice(shop: Shop) -> None:
    event = Event.objects.earliest("pk")
    for key in "ab":
        shop.put(
            "notifications.Message", dedupe_key=key, event_id=event.pk, template_key="ready", channel="sms",
            recipient="+27820000000", customer=shop.order.customer, branch=shop.at.shop.branch,
        )  # fmt: skip


def _twice_at_once(shop: Shop) -> None:
    for minutes in (0, 15):
        shop.put("visits.Appointment", clinician_id=shop.at.shop.optician.user_id, period=span(minutes))


def _return(**values: Any) -> Callable[[Shop], None]:
    def lie(shop: Shop) -> None:
        known = {"order": shop.order, "branch": shop.at.shop.branch, "number": "RET-90001"}
        stranger = Order.objects.exclude(customer=shop.order.customer).earliest("pk")
        given = {name: stranger if value == "stranger" else value for name, value in values.items()}
        made = shop.put("aftersales.Return", **(known | given))
        if "inspected_at" in values:
            frame = shop.at.shop.branch.stock.earliest("pk").frame
            shop.put("aftersales.ReturnItem", parent=made, goods="frame", frame=frame, stock_entry=None)

    return lie


def _work(**values: Any) -> Callable[[Shop], None]:
    def lie(shop: Shop) -> None:
        late = timezone.now() - timedelta(minutes=11)
        Work.objects.create(kind="paper", key="a", not_before=late, branch_id=shop.at.shop.branch.pk, **values)

    return lie


def _form_without_answer(shop: Shop) -> None:
    IdempotencyKey.objects.create(actor_key="user:1", key=uuid.uuid4(), request_hash="0" * 64, outcome=None)


BREAKS: dict[str, Callable[[Shop], None]] = {
    "I1": sql("UPDATE orders_ledgerentry e SET reverses_id = (SELECT min(id) FROM orders_ledgerentry x WHERE x.order_id <> e.order_id)"
              " WHERE id = (SELECT max(id) FROM orders_ledgerentry)"),
    "I1b": sql("UPDATE orders_ledgerentry SET method = 'online' WHERE kind = 'payment'"),
    "I1c": _refunded_twice,
    "I2": sql("UPDATE orders_quotation SET total = total + 1 WHERE state = 'approved'"),
    "I2b": _and_the_sums(sql("UPDATE orders_ledgerentry SET kind = 'refund', amount = abs(amount) WHERE kind = 'payment'")),
    "I2c": _and_the_sums(sql("DELETE FROM orders_ledgerentry WHERE id = (SELECT min(id) FROM orders_ledgerentry WHERE kind = 'payment')")),
    "I2d": sql("UPDATE orders_ledgerentry SET method = 'credit', reference = 'X' WHERE id = (SELECT max(id) FROM orders_ledgerentry)"),
    "I2e": _paid_claim,
    "I2f": sql("UPDATE orders_orderbalance SET paid = paid + 1"),
    "I3a": sql("UPDATE inventory_stockitem SET on_hand = on_hand + 1"),
    "I3b": sql("UPDATE inventory_reservation SET state = 'released', ended_at = now() WHERE state = 'held'"),
    "I4": _transfer,
    "I5a": sql("UPDATE records_approval SET out_of_date_at = now() WHERE order_id = %(order)s"),
    "I6": _review,
    "I6b": sql("UPDATE records_event SET old = '{\"right far PD\": \"31\"}', reason = '', kind = 'order.measured'"
               " WHERE kind = 'labjob.released'"),
    "I7": sql("UPDATE records_approval SET approved = false"),
    "I8": sql("UPDATE labjobs_job SET state = 'collected', ended_at = now() WHERE state = 'released' AND remake_of_id IS NULL"),
    "I8b": sql("UPDATE records_event SET data = '{\"balance\": \"5.00\"}' WHERE kind = 'order.collected'"),
    "I9": sql("UPDATE labjobs_job SET payer = '' WHERE remake_of_id IS NOT NULL"),
    "I10": sql("UPDATE cases_case SET state = 'closed', owner_id = NULL, closed_at = now()"),
    "I10b": sql("UPDATE cases_case SET requested_by_id = owner_id, decided_by_id = owner_id"),
    "I10c": sql("UPDATE cases_case SET owner_id = NULL, recorded_at = now() - interval '2 hours'"),
    "I10d": _unticked,
    "I11": _told_twice,
    "I12": _work(),
    "I13": _work(state="dead"),
    "I14": _twice_at_once,
    "I15": sql("UPDATE orders_ledgerentry SET branch_id = %(other)s WHERE kind = 'payment'"),
    "I15b": sql("UPDATE labjobs_job SET branch_id = %(other)s"),
    "I15c": sql("UPDATE prescriptions_prescription SET customer_id = %(customer)s"),
    "I17": sql("UPDATE records_evidence SET sha256 = 'x' WHERE file <> ''"),
    "I18": _form_without_answer,
    "I18 money": sql("UPDATE orders_ledgerentry SET idempotency_key = gen_random_uuid(), source = 'counter' WHERE kind = 'payment'"),
    "I19": sql("UPDATE orders_order SET first_promised_on = NULL"),
    "I20": sql("UPDATE labjobs_qualitycheck SET overridden_at = now(), overridden_by_id = checked_by_id"),
    "I30": sql("UPDATE shipping_shipmentline SET quantity = quantity + 5"),
    "I31": sql("UPDATE shipping_shipment SET gates = '[]'"),
    "I32": sql("UPDATE shipping_shipment SET handed_over_at = NULL"),
    "I33": sql("UPDATE shipping_shipment SET told = '[\"in_transit\", \"in_transit\"]'"),
    "R1": _return(settled_at=timezone.now()),
    "R2": _return(replacement="stranger"),
    "R3": _return(inspected_at=timezone.now()),
    "R4": _return(outside_policy=True, decision_reason=""),
}  # fmt: skip
