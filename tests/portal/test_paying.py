"""A customer pays from the order's link: nothing counts before the gateway's notice, a decline harms nothing."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from cases.models import Case
from core import job_runs
from orders.models import LedgerEntry, Order, PaymentRequest
from orders.services import declined, gateway_notices, payments
from orders.services.payments import PaymentData
from records.models import Event
from tests.orders import makers
from tests.portal.test_order_page import opened

pytestmark = pytest.mark.django_db


def fields(answer: HttpResponse) -> dict[str, str]:
    """The hidden fields of the page's form."""
    text = answer.content.decode()
    found = dict(re.findall(r'name="(_key|_version|form_token)" value="([^"]+)"', text))
    return found | {name: value for value, name in re.findall(r'value="([^"]+)" name="(_key|form_token)"', text)}


def at_the_gateway(client: Client, order: Order, what: str = "all", amount: str = "") -> str:
    """The address of the stand-in's page, reached like a browser reaches it."""
    where = opened(client, order)
    form = client.get(f"{where}pay/")
    answer = client.post(f"{where}pay/", {**fields(form), "what": what, "amount": amount})
    assert answer.status_code == 303, answer.content.decode()
    onward = client.get(answer.headers["Location"])
    assert onward.status_code == 303
    return str(onward.headers["Location"])


def test_the_balance_is_paid_and_posted_once_by_the_notice(client: Client) -> None:
    order = makers.confirmed(makers.shop("RSB"))
    page = at_the_gateway(client, order)
    assert "No money moves here" in client.get(page).content.decode()
    assert payments.balance(order.pk) == Decimal("10080.00")
    back = client.post(page, {"do": "pay"}).headers["Location"]
    waiting = client.get(back)
    assert "One moment" in waiting.content.decode() and waiting.headers["Refresh"] == "4"
    PaymentRequest.objects.update(created_at=timezone.now() - timedelta(minutes=31))
    late = client.get(back)
    assert "Refresh" not in late.headers and "do not pay again" in late.content.decode()
    assert payments.balance(order.pk) == Decimal("10080.00"), "the browser's return is no proof"
    client.post(page, {"do": "pay"})
    assert job_runs.run_waiting() >= 1
    entry = LedgerEntry.objects.get(kind="payment")
    assert (entry.amount, entry.method, entry.source) == (Decimal("-10080.00"), "online", "webhook")
    request = PaymentRequest.objects.get()
    assert (request.state, request.entry_id) == ("paid", entry.pk)
    done = client.get(back)
    assert "Refresh" not in done.headers
    text = done.content.decode()
    assert "Thank you" in text and entry.number in text and "Everything is paid" in text
    assert "Pay the balance now" not in client.get(f"/t/order/{order.public_code}/").content.decode()


def test_the_deposit_or_a_part_can_be_paid(client: Client) -> None:
    order = makers.confirmed(makers.shop())
    client.post(at_the_gateway(client, order, "deposit"), {"do": "pay"})
    job_runs.run_waiting()
    assert payments.balance(order.pk) == Decimal("5040.00")
    client.post(at_the_gateway(client, order, "part", "40,50"), {"do": "pay"})
    job_runs.run_waiting()
    assert payments.balance(order.pk) == Decimal("4999.50")


def test_a_declined_card_leaves_the_order_intact_and_says_what_to_do(client: Client) -> None:
    order = makers.confirmed(makers.shop())
    page = at_the_gateway(client, order)
    back = client.post(page, {"do": "decline"}).headers["Location"]
    job_runs.run_waiting()
    text = client.get(back).content.decode()
    assert "Nothing was taken, and your order stays as it is" in text
    assert "The card has not enough funds" in text and "Try again, or with another card." in text
    assert "By transfer, with the reference" in text and order.number in text
    order.refresh_from_db()
    assert (order.state, payments.balance(order.pk)) == ("confirmed", Decimal("10080.00"))
    assert Event.objects.get(kind="payment.declined").reason == "The card has not enough funds."
    client.post(at_the_gateway(client, order), {"do": "pay"})
    job_runs.run_waiting()
    assert payments.balance(order.pk) == 0


def test_leaving_the_page_takes_nothing(client: Client) -> None:
    order = makers.confirmed(makers.shop())
    back = client.post(at_the_gateway(client, order), {"do": "leave"}).headers["Location"]
    text = client.get(back).content.decode()
    assert "You left the payment page before paying" in text and "Pay now" in text
    assert not LedgerEntry.objects.filter(kind="payment").exists()


@pytest.mark.parametrize("amount", ["0", "-5", "10080.01", "", "lots"])
def test_an_amount_that_cannot_be_paid_is_refused_and_kept(client: Client, amount: str) -> None:
    order = makers.confirmed(makers.shop())
    where = opened(client, order)
    form = client.get(f"{where}pay/")
    answer = client.post(f"{where}pay/", {**fields(form), "what": "part", "amount": amount})
    assert answer.status_code == 422
    assert f'value="{amount}"' in answer.content.decode() or amount == ""
    assert not PaymentRequest.objects.exists()


def test_the_back_button_and_a_second_form_ask_for_one_payment(client: Client) -> None:
    order = makers.confirmed(makers.shop())
    first, second = at_the_gateway(client, order), at_the_gateway(client, order)
    assert PaymentRequest.objects.count() == 1
    client.post(first, {"do": "pay"})
    client.post(second, {"do": "pay"})
    job_runs.run_waiting()
    assert LedgerEntry.objects.filter(kind="payment").count() == 1


def test_a_page_for_another_amount_closes_the_first(client: Client) -> None:
    order = makers.confirmed(makers.shop())
    first = at_the_gateway(client, order, "deposit")
    at_the_gateway(client, order, "all")
    assert "This payment has ended" in client.get(first).content.decode()
    client.post(first, {"do": "pay"})
    job_runs.run_waiting()
    assert not LedgerEntry.objects.filter(kind="payment").exists()


def test_nothing_is_offered_without_a_gateway_or_a_balance(client: Client, settings: object) -> None:
    order = makers.confirmed(makers.shop())
    where = opened(client, order)
    settings.PAYMENT_GATEWAY = ""  # type: ignore[attr-defined]
    assert "Pay the balance now" not in client.get(where).content.decode()
    assert client.get(f"{where}pay/").status_code == 303


def test_another_orders_request_is_not_shown_and_a_forged_stand_in_page_is_lost(client: Client) -> None:
    shop = makers.shop()
    mine, other = makers.confirmed(shop), makers.confirmed(shop)
    at_the_gateway(client, other)
    where = opened(client, mine)
    stranger = PaymentRequest.objects.get()
    assert client.get(f"{where}pay/{stranger.public_id}/").status_code == 303
    assert client.get(f"{where}pay/{stranger.public_id}/page/").status_code == 303
    assert client.get("/pay/stand-in/forged/").status_code == 404


def test_the_pages_of_paying_say_nothing_clinical_and_stay_small(client: Client) -> None:
    order = makers.confirmed(makers.shop())
    where = opened(client, order)
    for answer in (client.get(f"{where}pay/"), client.get(at_the_gateway(client, order))):
        text = re.sub(r"[\w-]{24,}", "", answer.content.decode())  # a key may hold any three digits
        for secret in ("Mokoena", "5554417", "\u22122.25", "065", "1974", "progressive"):
            assert secret not in text
        assert len(answer.content) < 12_000 and "<script" not in text


def test_a_declined_payment_that_nobody_makes_good_comes_to_a_person_once(client: Client) -> None:
    order = makers.confirmed(makers.shop())
    client.post(at_the_gateway(client, order), {"do": "decline"})
    job_runs.run_waiting()
    now = timezone.now()
    assert declined.open_unpaid(now + timedelta(hours=23)) == 0
    assert [declined.open_unpaid(now + timedelta(hours=25)) for _again in range(2)] == [1, 0]
    case = Case.objects.get(kind="payment_problem")
    assert (case.order_id, case.owner_role, case.state) == (order.pk, "branch_manager", "open")
    assert "10 080.00 was declined" in case.description.replace("\u00a0", " ")
    assert "The card has not enough funds." in case.description
    Case.objects.update(state="closed", closed_at=now)
    assert declined.open_unpaid(now + timedelta(hours=30)) == 0


def test_a_decline_while_an_earlier_problem_is_open_is_noted_on_its_case_once(client: Client) -> None:
    order = makers.confirmed(makers.shop())
    gateway_notices.problem(order, "The bank disputes a payment.")
    client.post(at_the_gateway(client, order), {"do": "decline"})
    job_runs.run_waiting()
    later = timezone.now() + timedelta(hours=25)
    assert [declined.open_unpaid(later) for _again in range(3)] == [1, 0, 0]
    case = Case.objects.get(kind="payment_problem")
    [note] = case.notes.all()
    assert case.description == "The bank disputes a payment." and "The card has not enough funds." in note.text


def test_a_declined_payment_that_was_made_good_brings_no_case(client: Client) -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    client.post(at_the_gateway(client, order), {"do": "decline"})
    job_runs.run_waiting()
    payments.take(shop.receptionist, PaymentData(order.pk, Decimal("5000.00"), "card", "slip 7"))
    assert declined.open_unpaid(timezone.now() + timedelta(hours=48)) == 0
    assert not Case.objects.filter(kind="payment_problem").exists()
