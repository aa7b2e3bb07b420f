"""Every comparison of the reconciliation is broken once behind the services' back, and found with both sides."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from core.actor import system
from customers.models import Customer
from inventory.models import Reservation, Transfer
from labjobs.models import Job
from notifications.models import Message
from orders.models import (
    BankLine,
    BankStatement,
    Claim,
    DrawerSession,
    GatewayNotice,
    LedgerEntry,
    Order,
    PaymentRequest,
)
from reports.reconciling import running
from reports.reconciling.checks import BY_CODE
from reports.reconciling.saying import in_words
from shipping.models import Carrier, Shipment
from tests import factories
from tests.labjobs import makers as lab
from tests.reports.exports.test_reconciling import fill_ledgers, tamper
from tests.rows import lay_down

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=30)


@pytest.fixture
def job() -> Job:
    return lab.released(lab.bench())


def laid(model: Any, **values: Any) -> Any:
    """A row whose parents are looked up by nobody."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        row = lay_down(model, **values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    return row


def order_is(job: Job, state: str, **more: Any) -> None:
    Order.objects.filter(pk=job.order_id).update(state=state, **more)


def job_is(job: Job, state: str, **more: Any) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, **more)


def paid(job: Job, method: str = "transfer", at: Any = None) -> LedgerEntry:
    order = job.order
    return laid(
        LedgerEntry, order=order, branch=order.branch, kind="payment", method=method, amount=Decimal("-10.00"),
        number=f"{order.branch.code}-R99-000001", at=at or timezone.now(), source="counter",
    )  # fmt: skip


def statement(job: Job) -> BankStatement:
    return laid(BankStatement, branch=job.branch, number="B-1", account="ZA1", file_name="a.csv", sha256="x")


def line(batch: BankStatement, number: int, **values: Any) -> BankLine:
    return laid(BankLine, batch=batch, account="ZA1", row_number=number, fingerprint=str(number), cells=[], **values)


def parcel(job: Job, **values: Any) -> Shipment:
    carrier = Carrier.objects.create(code="c", name="C")
    return laid(Shipment, number="P-1", order=job.order, branch=job.branch, carrier=carrier, address={}, **values)


def asked(job: Job, **values: Any) -> PaymentRequest:
    defaults = {"order": job.order, "branch": job.branch, "gateway": "g", "amount": Decimal("10.00"), "currency": "ZAR"}
    return laid(PaymentRequest, **{**defaults, **values})


def held(job: Job) -> Reservation:
    return Reservation.objects.get(reference=f"orders.framechoice:{job.order.frame_choice.pk}")


def charged(job: Job) -> None:
    tamper("UPDATE orders_ledgerentry SET amount = amount + 1 WHERE order_id = %s AND kind = 'charge'", job.order_id)


def handed_over_owing(job: Job) -> None:
    order_is(job, "collected", payment_due_on=None, collected_at=timezone.now())


def cancelled_owing(job: Job) -> None:
    order_is(job, "cancelled", cancelled_at=timezone.now())


def gateway_entry(job: Job) -> None:
    asked(job, state="mismatch")


def gateway_notice(job: Job) -> None:
    laid(GatewayNotice, gateway="g", event_id="e", raw=b"", request=asked(job), received_at=LONG_AGO)


def drawer(job: Job) -> None:
    laid(
        DrawerSession, branch=job.branch, opened_at=LONG_AGO, closed_at=timezone.now(), opening_float=Decimal("100.00"),
        expected=Decimal("90.00"), counted=Decimal("90.00"),
    )  # fmt: skip


def balance_kept(job: Job) -> None:
    tamper("UPDATE orders_orderbalance SET charged = charged + 5 WHERE order_id = %s", job.order_id)


def numbers(job: Job) -> None:
    entry = paid(job)
    tamper("UPDATE orders_ledgerentry SET number = replace(number, '000001', '000003') WHERE id = %s", entry.pk)


def claim_entry(job: Job) -> None:
    entry = paid(job, "insurer")
    laid(
        Claim,
        order=job.order,
        insurer="Medical",
        state="paid",
        paid=Decimal("12.00"),
        amount=Decimal("12.00"),
        entry=entry,
    )


def bank_line(job: Job) -> None:
    line(statement(job), 1, entry=paid(job), amount=Decimal("11.00"), state="confirmed", booked_on=date.today())  # noqa: DTZ011


def transfer_unseen(job: Job) -> None:
    paid(job, at=LONG_AGO)
    batch = statement(job)
    for n, days in enumerate((40, 5), start=1):
        line(batch, n, is_kept=True, booked_on=timezone.localdate() - timedelta(days=days), amount=Decimal("1.00"))


def on_hand(job: Job) -> None:
    tamper("UPDATE inventory_stockitem SET on_hand = on_hand + 1 WHERE id = %s", held(job).item_id)


def reserved(job: Job) -> None:
    tamper("UPDATE inventory_stockitem SET reserved = 0 WHERE id = %s", held(job).item_id)


def held_for_nobody(job: Job) -> None:
    Reservation.objects.filter(pk=held(job).pk).update(state="held", ended_at=None)
    order_is(job, "closed", collected_at=timezone.now())


def sold_not_taken(job: Job) -> None:
    Reservation.objects.filter(pk=held(job).pk).update(state="released", ended_at=timezone.now())
    order_is(job, "collected", collected_at=timezone.now())


def transfer_lost(job: Job) -> None:
    laid(Transfer, number="T-1", from_branch=factories.branch(), to_branch=job.branch, state="sent", sent_at=LONG_AGO)


def no_job(job: Job) -> None:
    job_is(job, "cancelled", ended_at=timezone.now())


def job_of_nothing(job: Job) -> None:
    order_is(job, "closed", collected_at=timezone.now())


def ready_not_said(job: Job) -> None:
    job_is(job, "ready", ready_at=LONG_AGO, passed_at=LONG_AGO)


def delivered_not_closed(job: Job) -> None:
    order_is(job, "shipped", shipped_at=LONG_AGO)
    parcel(job, state="delivered", packed_at=LONG_AGO, handed_over_at=LONG_AGO, delivered_at=LONG_AGO)


def shipped_without_parcel(job: Job) -> None:
    order_is(job, "shipped", shipped_at=timezone.now())


def silent_parcel(job: Job) -> None:
    parcel(job, state="in_transit", packed_at=LONG_AGO, handed_over_at=LONG_AGO)


def not_told_ready(job: Job) -> None:
    order_is(job, "ready", ready_at=timezone.now() - timedelta(hours=2))
    Message.objects.filter(order_id=job.order_id).delete()


def message(job: Job, **values: Any) -> None:
    Message.objects.create(
        dedupe_key="b", template_key="ready", channel="sms", branch=job.branch, recipient="+27", body="b", **values
    )


def stuck_message(job: Job) -> None:
    message(job, not_before=LONG_AGO)


def given_up_unhandled(job: Job) -> None:
    message(job, state="dead", created_at=LONG_AGO)


def merged_with_work(job: Job) -> None:
    kept = factories.customer(job.branch)
    Customer.objects.filter(pk=job.order.customer_id).update(merged_into=kept)


BREAKS: tuple[Callable[[Job], None], ...] = (
    charged, handed_over_owing, cancelled_owing, gateway_entry, gateway_notice, drawer, balance_kept, numbers, claim_entry,
    bank_line, transfer_unseen, on_hand, reserved, held_for_nobody, sold_not_taken, transfer_lost, no_job, job_of_nothing,
    ready_not_said, delivered_not_closed, shipped_without_parcel, silent_parcel, not_told_ready, stuck_message,
    given_up_unhandled, merged_with_work,
)  # fmt: skip


def test_every_comparison_is_broken_here() -> None:
    assert {one.__name__ for one in BREAKS} == set(BY_CODE)


@pytest.mark.parametrize("break_it", BREAKS, ids=lambda one: one.__name__)
def test_what_was_broken_is_found_and_both_sides_are_told(break_it: Callable[[Job], None], job: Job) -> None:
    code = break_it.__name__
    fill_ledgers()
    assert not running.run(system()).differences.filter(check_code=code).exists()
    break_it(job)
    found = running.run(system()).differences.get(check_code=code)
    assert found.branch_id == job.branch_id
    assert found.label and found.expected != found.found
    assert in_words(found.expected) and in_words(found.found)


def test_both_sides_are_said_in_the_readers_language() -> None:
    assert in_words("silent since 2026-11-12") == "silent since 2026-11-12"
    assert in_words("queued since 2026-11-12 08:00") == "waiting since 2026-11-12 08:00"
    assert in_words("under C-00001") == "under C-00001"
    assert in_words("12.50") == "12.50"
