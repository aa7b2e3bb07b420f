"""Notices of a gateway: verified, stored once, applied once, in any order; money back goes the same way."""

import json
import threading
import time
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from cases.models import Case
from core import actor as actors
from core import job_runs
from core.errors import DomainError, NotAllowed
from orders.gateways import base, stand_in
from orders.models import GatewayNotice, GatewayRefund, LedgerEntry, Order, PaymentRequest
from orders.services import gateway_notices, online, paying_back, payments
from orders.services.online import Ways
from orders.services.payments import PaymentData, RefundData
from records import invariants
from tests.orders import makers

pytestmark = pytest.mark.django_db


def asked(order: Order, amount: str = "10080.00") -> PaymentRequest:
    request = online.ask(actors.customer("Thandi Mokoena", order.branch_id), order.pk, Decimal(amount))
    online.open_page(request, Ways("https://practice.example/done", "https://practice.example/left"))
    request.refresh_from_db()
    return request


def body_of(asked_for: PaymentRequest, kind: str = "paid", **fields: Any) -> bytes:
    told = {
        "id": f"evt_{asked_for.pk}_{kind}", "type": kind, "request": str(asked_for.public_id), "session": asked_for.session_ref,
        "payment": f"pay_{asked_for.pk}", "amount": f"{asked_for.amount:.2f}", "currency": asked_for.currency, "reason": "",
    }  # fmt: skip
    return json.dumps(told | fields).encode()


def tell(body: bytes, at: int | None = None) -> int:
    headers = {stand_in.HEADER: stand_in.sign(body, at or int(time.time()))}
    return gateway_notices.receive("stand-in", headers, body)


def paid_online(order: Order, amount: str = "10080.00") -> PaymentRequest:
    request = asked(order, amount)
    assert tell(body_of(request)) == 200
    job_runs.run_waiting()
    request.refresh_from_db()
    assert request.state == "paid"
    return request


def money_in(order: Order) -> list[Decimal]:
    return list(order.ledger.exclude(kind="charge").order_by("pk").values_list("amount", flat=True))


def test_a_notice_told_three_times_and_replayed_is_one_payment() -> None:
    order = makers.confirmed(makers.shop())
    request = asked(order)
    for _time in range(3):
        assert tell(body_of(request)) == 200
    assert GatewayNotice.objects.count() == 1
    job_runs.run_waiting()
    assert tell(body_of(request, id="evt_again")) == 200
    job_runs.run_waiting()
    assert money_in(order) == [Decimal("-10080.00")]
    assert list(GatewayNotice.objects.order_by("pk").values_list("result", flat=True)) == ["paid", "paid before"]


@pytest.mark.parametrize(
    "order_of_notices", [("declined", "paid"), ("paid", "declined"), ("expired", "paid"), ("paid", "expired", "paid")]
)
def test_notices_in_any_order_end_the_same(order_of_notices: tuple[str, ...]) -> None:
    order = makers.confirmed(makers.shop())
    request = asked(order)
    for n, kind in enumerate(order_of_notices):
        tell(body_of(request, kind, id=f"evt_{n}_{kind}"))
    job_runs.run_waiting()
    request.refresh_from_db()
    assert (request.state, money_in(order)) == ("paid", [Decimal("-10080.00")])


def test_forged_stale_future_and_altered_notices_are_refused_and_leave_no_row(client: Client) -> None:
    order = makers.confirmed(makers.shop())
    body = body_of(asked(order))
    now = int(time.time())
    good = stand_in.sign(body, now)
    bad = {
        "none": (body, ""),
        "short": (body, "t=1,v1=abc"),
        "wrong": (body, stand_in.sign(b"other", now)),
        "altered": (body.replace(b"10080.00", b"10080.01"), good),
        "written anew": (json.dumps(json.loads(body), indent=1).encode(), good),
        "old": (body, stand_in.sign(body, now - 301)),
        "future": (body, stand_in.sign(body, now + 400)),
    }
    for name, (raw, header) in bad.items():
        answer = client.post(
            "/hooks/pay/stand-in/", raw, content_type="application/json", headers={"Stand-In-Signature": header}
        )
        assert answer.status_code == 401, name
    for raw, expected in ((b"{}", 400), (b"x" * (256 * 1024 + 1), 413)):
        answer = client.post(
            "/hooks/pay/stand-in/", raw, content_type="application/json",
            headers={"Stand-In-Signature": stand_in.sign(raw, now)},
        )  # fmt: skip
        assert answer.status_code == expected
    assert client.post("/hooks/pay/nobody/", b"{}", content_type="application/json").status_code == 404
    assert client.get("/hooks/pay/stand-in/").status_code == 405
    assert GatewayNotice.objects.count() == 0 and money_in(order) == []
    # The control: the very same bytes with their signature are taken.
    answer = client.post(
        "/hooks/pay/stand-in/", body, content_type="application/json", headers={"Stand-In-Signature": good}
    )
    assert (answer.status_code, GatewayNotice.objects.count()) == (200, 1)


@pytest.mark.parametrize("wrong", [{"amount": "10079.99"}, {"currency": "USD"}, {"amount": "1008000"}])
def test_another_amount_or_currency_is_not_posted_and_opens_a_case(wrong: dict[str, str]) -> None:
    order = makers.confirmed(makers.shop())
    request = asked(order)
    tell(body_of(request, **wrong))
    job_runs.run_waiting()
    request.refresh_from_db()
    assert (request.state, money_in(order)) == ("mismatch", [])
    case = Case.objects.get(kind="payment_problem")
    assert case.order_id == order.pk and "Nothing was posted" in case.description


def test_money_that_comes_after_the_counter_was_faster_becomes_credit_and_a_case() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    request = asked(order)
    payments.take(shop.receptionist, PaymentData(order.pk, Decimal("10080.00"), "card", "slip 1"))
    tell(body_of(request))
    job_runs.run_waiting()
    assert payments.balance(order.pk) == Decimal("-10080.00")
    assert Case.objects.filter(kind="payment_problem", order_id=order.pk).count() == 1


def test_a_notice_about_nothing_of_ours_is_kept_and_changes_nothing() -> None:
    order = makers.confirmed(makers.shop())
    request = asked(order)
    tell(body_of(request, request=str(uuid.uuid4()), session="cs_other", payment="pay_other"))
    job_runs.run_waiting()
    assert GatewayNotice.objects.get().result == "not about a request of ours"
    assert money_in(order) == []


def test_the_database_lets_no_request_be_paid_without_or_with_two_entries() -> None:
    order = makers.confirmed(makers.shop())
    request = paid_online(order)
    second = PaymentRequest.objects.create(
        order=order, branch=order.branch, gateway="stand-in", amount=1, currency="ZAR",
        expires_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    for change in ({"state": "paid"}, {"state": "paid", "paid_at": timezone.now(), "entry": request.entry}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentRequest.objects.filter(pk=second.pk).update(**change)


def test_a_refund_waits_for_the_gateway_and_is_posted_once() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    paid_online(order)
    key = uuid.uuid4()
    data = RefundData(order.pk, Decimal("400.00"), "online", "scratched", key=key)
    with pytest.raises(NotAllowed):
        paying_back.ask(shop.receptionist, data)
    first = paying_back.ask(shop.manager, data)
    assert paying_back.ask(shop.manager, data).pk == first.pk
    assert payments.balance(order.pk) == 0, "nothing is posted before the gateway has said yes"
    with pytest.raises(DomainError) as refused:
        payments.refund(shop.manager, RefundData(order.pk, Decimal("9680.01"), "card", "too much", "r1"))
    assert "amount" in refused.value.fields
    job_runs.run_waiting()
    assert paying_back.pay_back(first.pk) == "done"
    assert money_in(order) == [Decimal("-10080.00"), Decimal("400.00")]
    entry = LedgerEntry.objects.get(kind="refund")
    assert (entry.method, entry.by_id, entry.reason) == ("online", shop.manager.user_id, "scratched")


def test_a_refused_refund_posts_nothing_frees_the_amount_and_opens_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    paid_online(order)
    refund = paying_back.ask(shop.manager, RefundData(order.pk, Decimal("500.00"), "online", "scratched"))

    def no(*_args: Any) -> str:
        raise base.Refused("insufficient balance")

    monkeypatch.setattr(stand_in.StandIn, "refund", no)
    job_runs.run_waiting()
    refund.refresh_from_db()
    assert (refund.state, refund.why) == ("failed", "insufficient balance")
    assert money_in(order) == [Decimal("-10080.00")]
    assert payments.refundable(order) == Decimal("10080.00")
    assert "insufficient balance" in Case.objects.get(kind="payment_problem").description


def test_no_more_goes_back_online_than_one_payment_holds_and_two_agree_above_the_limit() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    paid_online(order, "300.00")
    payments.take(shop.receptionist, PaymentData(order.pk, Decimal("2000.00"), "card", "slip"))
    with pytest.raises(DomainError) as refused:
        paying_back.ask(shop.manager, RefundData(order.pk, Decimal("300.01"), "online", "x"))
    assert "amount" in refused.value.fields
    paying_back.ask(shop.manager, RefundData(order.pk, Decimal("200.00"), "online", "x"))
    with pytest.raises(DomainError):
        paying_back.ask(shop.manager, RefundData(order.pk, Decimal("100.01"), "online", "x"))
    big = makers.confirmed(shop)
    paid_online(big)
    with pytest.raises(DomainError) as refused:
        paying_back.ask(shop.manager, RefundData(big.pk, Decimal("1000.01"), "online", "x"))
    assert "second_email" in refused.value.fields
    assert GatewayRefund.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_deliveries_of_one_notice_are_one_payment() -> None:
    order = makers.confirmed(makers.shop())
    request = asked(order)
    bodies = [body_of(request), body_of(request, id="evt_other"), body_of(request)]
    start = threading.Barrier(len(bodies))

    def deliver(body: bytes) -> None:
        start.wait()
        try:
            tell(body)
            for row in GatewayNotice.objects.values_list("pk", flat=True):
                gateway_notices.apply(row)
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert GatewayNotice.objects.count() == 2
    assert money_in(order) == [Decimal("-10080.00")]


def test_money_without_its_request_claim_or_other_half_breaks_a_statement_about_the_data() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    refund = (
        paying_back.ask(shop.manager, RefundData(order.pk, Decimal(1), "online", "x")) if paid_online(order) else None
    )
    assert not {one.invariant.code for one in invariants.violations()} & {"I1b", "I1c", "I2d", "I2e"}
    assert refund is not None
    GatewayRefund.objects.filter(pk=refund.pk).update(amount=Decimal("10080.01"))
    for method, number in (("online", "X-R26-900001"), ("credit", "X-R26-900002")):
        LedgerEntry.objects.create(
            order=order, branch=shop.branch, kind="payment", number=number, amount=Decimal(-5), method=method,
            reference="RSB-00000", source="api",
        )  # fmt: skip
    assert {one.invariant.code for one in invariants.violations()} >= {"I1b", "I1c", "I2d"}
