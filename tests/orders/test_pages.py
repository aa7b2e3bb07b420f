"""The pages of selling through HTTP: what they show, refuse, and never do twice."""

import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.models import User
from branches.roles import Role
from catalogue.services import pricelists
from catalogue.services.pricelists import Amounts, ListData
from core.actor import Actor
from orders.models import LedgerEntry, Order, OrderState, Quotation
from orders.services import drawers, payments
from orders.services import orders as order_verbs
from orders.services.payments import PaymentData
from tests import factories
from tests.orders import makers
from tests.orders.makers import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return makers.shop("RSB", name="Rosebank")


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


@pytest.fixture
def desk(shop: Shop) -> Client:
    return signed_in(shop.optician)


def url(name: str, order: Order | Quotation | str, *more: Any) -> str:
    number = order if isinstance(order, str) else getattr(order, "order", order).number
    return reverse(f"orders:{name}", args=[number, *more])


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_order_page_of_a_draft_leads_to_the_quotation(desk: Client, shop: Shop) -> None:
    order = makers.order(shop)
    answer = desk.get(url("page", order))
    assert answer.status_code == 200
    assert "Make the quotation" in text(answer)
    assert answer.content.decode().count('data-kind="primary"') == 1


def test_a_changed_list_price_shows_on_the_order_and_asks_to_quote_again(desk: Client, shop: Shop) -> None:
    quotation = makers.quoted(shop)
    keeper = factories.staff(Role.FRAME_CONTROLLER, shop.branch)
    made = pricelists.begin(keeper, ListData("New", timezone.localdate()))
    pricelists.fill(made, [Amounts(quotation.order.frame_choice.frame, Decimal("2600.00"))])
    assert "List prices have changed" not in text(desk.get(url("page", quotation)))
    pricelists.publish(keeper, made.pk)
    shown = desk.get(url("page", quotation))
    assert "List prices have changed since version 1" in text(shown)
    assert url("quote", quotation) in shown.content.decode()
    assert "List prices have changed since version 1" in text(desk.get(url("quote", quotation)))


def test_a_quotation_is_made_from_the_form_with_its_discount(desk: Client, shop: Shop) -> None:
    order = makers.order(shop)
    page = desk.get(url("quote", order))
    assert page.status_code == 200 and "10 080.00" in page.content.decode().replace("\u00a0", " ")
    posted = {"discount:frame": "10", "reason:frame": "loyalty", "_version": order.version, "_key": str(uuid.uuid4())}
    answer = desk.post(url("quote", order), posted)
    assert answer.status_code == 303
    made = Quotation.objects.get()
    assert made.total == Decimal("9835.00")
    shown = text(desk.get(url("page", order)))
    assert "loyalty 10 %" in shown and "Send approval link" in shown
    again = desk.get(url("quote", order))
    assert "Make version 2" in text(again) and "R 9 835.00" in text(again).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"discount:frame": "lots"}, "Enter a number"),
        ({"discount:frame": "101", "reason:frame": "loyalty"}, "less than or equal to 100"),
        ({"discount:frame": "10"}, "needs a reason"),
        ({"discount:frame": "20", "reason:frame": "loyalty"}, "has to agree"),
        ({"deposit": "abc"}, "Enter an amount"),
        ({"deposit": "99999"}, "between nothing and the total"),
        ({"promised_on": "2020-01-01"}, "lies in the past"),
        ({"promised_on": "soon"}, "valid date"),
    ],
)
def test_bad_input_of_the_quotation_saves_nothing_and_keeps_the_text(
    desk: Client, shop: Shop, posted: dict[str, str], said: str
) -> None:
    order = makers.order(shop)
    answer = desk.post(url("quote", order), posted)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert said.lower() in text(answer).lower() and "<title>Error:" in body.replace("\n", "")
    assert all(f'value="{value}"' in body or f'value="{value}" selected' in body for value in posted.values())
    assert not Quotation.objects.exists()


def test_working_out_shows_the_sum_and_saves_nothing(desk: Client, shop: Shop) -> None:
    order = makers.order(shop)
    answer = desk.post(url("quote", order), {"discount:frame": "10", "reason:frame": "loyalty", "work_out": "1"})
    assert answer.status_code == 200
    assert "9 835.00" in text(answer).replace("\u00a0", " ")
    assert not Quotation.objects.exists()


def test_a_second_person_agrees_with_their_password(desk: Client, shop: Shop) -> None:
    order = makers.order(shop)
    manager = User.objects.get(pk=shop.manager.user_id)
    posted = {"discount:frame": "20", "reason:frame": "loyalty", "second_email": manager.email}
    refused = desk.post(url("quote", order), {**posted, "second_password": "guess"})
    assert refused.status_code == 422 and "is not right" in text(refused)
    answer = desk.post(url("quote", order), {**posted, "second_password": "a-long-password-1"})
    assert answer.status_code == 303
    assert Quotation.objects.get().lines.get(key="frame").discount_approved_by_id == manager.pk


def test_the_second_persons_door_closes_after_five_wrong_tries(desk: Client, shop: Shop) -> None:
    order = makers.order(shop)
    manager = User.objects.get(pk=shop.manager.user_id)
    posted = {"discount:frame": "20", "reason:frame": "loyalty", "second_email": manager.email}
    for _n in range(5):
        desk.post(url("quote", order), {**posted, "second_password": "guess"})
    answer = desk.post(url("quote", order), {**posted, "second_password": "a-long-password-1"})
    assert "too many wrong tries" in text(answer).lower()
    assert not Quotation.objects.exists()


def test_the_tablet_shows_the_quotation_and_nothing_else(desk: Client, shop: Shop) -> None:
    quotation = makers.quoted(shop)
    home = url("tablet", quotation)
    assert desk.get(home).status_code == 303, "without handing over there is no tablet page"
    handed = desk.post(url("kiosk", quotation), {"_key": str(uuid.uuid4())})
    assert (handed.status_code, handed["Location"]) == (303, home)
    shown = desk.get(home)
    assert shown.status_code == 200 and "Thandi, is this right?" in text(shown)
    assert "065" not in text(shown) and "margin" not in text(shown)
    for elsewhere in (reverse("orders:list"), url("page", quotation), reverse("customers:list"), "/"):
        assert desk.get(elsewhere)["Location"] == home
    assert desk.get("/api/v1/orders/").status_code == 423


def test_typing_the_name_and_ticking_approves_once(desk: Client, shop: Shop) -> None:
    quotation = makers.quoted(shop)
    desk.post(url("kiosk", quotation), {"_key": str(uuid.uuid4())})
    posted = {"name": "Thandi Mokoena", "agree": "on", "seen_hash": quotation.content_hash, "_key": str(uuid.uuid4())}
    for _n in range(2):
        assert desk.post(url("tablet", quotation), posted).status_code == 303
    assert Order.objects.get().state == OrderState.CONFIRMED
    assert LedgerEntry.objects.count() == 1
    assert "Thank you, Thandi" in text(desk.get(url("tablet", quotation)))


def test_a_tablet_that_shows_old_values_is_refused_with_the_difference(desk: Client, shop: Shop) -> None:
    quotation = makers.quoted(shop)
    desk.post(url("kiosk", quotation), {"_key": str(uuid.uuid4())})
    assert quotation.order.prescription is not None
    makers.correct(quotation.order.prescription)
    answer = desk.post(url("tablet", quotation), {"name": "Thandi", "agree": "on", "seen_hash": quotation.content_hash})
    assert answer.status_code == 422 and "Something changed" in text(answer)
    assert Order.objects.get().state == OrderState.QUOTED


@pytest.mark.parametrize(
    "posted", [{}, {"name": "Thandi"}, {"agree": "on"}, {"signature": "data:image/png;base64,AAAA"}, {"signature": "x"}]
)
def test_an_answer_without_name_tick_or_signature_is_refused(desk: Client, shop: Shop, posted: dict[str, str]) -> None:
    quotation = makers.quoted(shop)
    desk.post(url("kiosk", quotation), {"_key": str(uuid.uuid4())})
    answer = desk.post(url("tablet", quotation), {**posted, "seen_hash": quotation.content_hash})
    assert answer.status_code == 422
    assert Order.objects.get().state == OrderState.QUOTED


def test_giving_the_tablet_back_locks_the_session(desk: Client, shop: Shop) -> None:
    quotation = makers.quoted(shop)
    desk.post(url("kiosk", quotation), {"_key": str(uuid.uuid4())})
    back = desk.post(url("tablet_back", quotation))
    assert back["Location"].startswith("/locked/")
    assert desk.get(url("page", quotation))["Location"].startswith("/locked/")


def test_a_card_payment_posted_twice_is_one_with_the_same_receipt(shop: Shop) -> None:
    till = signed_in(shop.receptionist)
    order = makers.confirmed(shop)
    page = till.get(url("pay", order))
    assert 'value="5040.00"' in page.content.decode()
    posted = {"amount": "5 040,00", "method": "card", "reference": "slip 6021", "_key": str(uuid.uuid4())}
    answers = [till.post(url("pay", order), posted) for _n in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer["Location"] for answer in answers}) == 1
    entry = LedgerEntry.objects.get(kind="payment")
    assert answers[0]["Location"] == reverse("orders:receipt", args=[entry.number])
    shown = text(till.get(answers[0]["Location"])).replace("\u00a0", " ")
    assert "R 5 040.00" in shown and entry.number in shown


def test_cash_shows_its_change(shop: Shop) -> None:
    till = signed_in(shop.receptionist)
    order = makers.confirmed(shop)
    refused = till.post(url("pay", order), {"amount": "100", "method": "cash", "tendered": "200"})
    assert refused.status_code == 422 and "is not open" in text(refused)
    drawers.start(shop.receptionist, shop.branch.pk, Decimal(500))
    answer = till.post(url("pay", order), {"amount": "100", "method": "cash", "tendered": "200"}, follow=True)
    assert "Change" in text(answer) and "R 100.00" in text(answer).replace("\u00a0", " ")


@pytest.mark.parametrize(
    "posted",
    [
        {"amount": "", "method": "card"},
        {"amount": "-5", "method": "card", "reference": "1"},
        {"amount": "1e3", "method": "card", "reference": "1"},
        {"amount": "NaN", "method": "card", "reference": "1"},
        {"amount": "5.001", "method": "card", "reference": "1"},
        {"amount": "99999999999", "method": "card", "reference": "1"},
        {"amount": "5", "method": "beads", "reference": "1"},
        {"amount": "5", "method": "transfer", "reference": ""},
        {"amount": "10080.01", "method": "card", "reference": "1"},
    ],
)
def test_a_bad_payment_posts_nothing(shop: Shop, posted: dict[str, str]) -> None:
    till = signed_in(shop.receptionist)
    order = makers.confirmed(shop)
    answer = till.post(url("pay", order), posted)
    assert answer.status_code == 422
    assert not LedgerEntry.objects.filter(kind="payment").exists()


def test_every_page_of_an_order_is_shown_refused_or_hidden_by_role_and_branch(shop: Shop) -> None:
    elsewhere = makers.shop("DUR", name="Durban")
    order = makers.confirmed(shop)
    entry = payments.take(shop.receptionist, PaymentData(order.pk, Decimal(10), "card", "1"))
    names = ["page", "quote", "send", "date_", "cancel", "assign", "note", "pay", "refund", "adjust", "invoice"]
    addresses = [url(name.replace("date_", "repromise"), order) for name in names]
    addresses += [reverse("orders:receipt", args=[entry.number]), reverse("orders:receipt_print", args=[entry.number])]
    addresses += [url("quotation", order, 1), url("paper", order, "invoice")]
    stranger, manager = signed_in(elsewhere.manager), signed_in(shop.manager)
    for address in addresses:
        assert Client().get(address).status_code == 302, address
        assert stranger.get(address).status_code == 404, address
        assert manager.get(address).status_code == 200, address
    technician = signed_in(makers.factories.staff("lab_technician", shop.branch))
    for name in ("quote", "pay", "refund", "adjust", "send"):
        assert technician.get(url(name, order)).status_code == 403, name
    for name in ("confirm", "close", "kiosk"):
        assert stranger.post(url(name, order)).status_code == 404, name


def test_the_page_of_an_order_costs_the_same_however_long_its_history(desk: Client, shop: Shop) -> None:
    order = makers.confirmed(shop)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(url("page", order)).status_code == 200
        return len(caught)

    queries()
    first = queries()
    for n in range(12):
        payments.take(shop.receptionist, PaymentData(order.pk, Decimal(1), "card", str(n)))
    assert queries() == first
    assert first <= 45


def test_the_list_answers_each_saved_view_and_search(desk: Client, shop: Shop) -> None:
    late = makers.confirmed(shop)
    makers.make_late(late)
    draft = makers.order(shop, customer=makers.customer(shop.branch, given_names="Refilwe", family_name="Khoza"))
    waiting = makers.quoted(shop).order

    def numbers(query: str) -> set[str]:
        answer = desk.get(f"{reverse('orders:list')}?{query}")
        assert answer.status_code == 200
        return set(re.findall(r"RSB-\d{5}(?=</a>)", answer.content.decode()))

    assert numbers("") == {late.number, draft.number, waiting.number}
    assert numbers("view=late") == {late.number}
    assert numbers("view=approval") == {waiting.number}
    assert numbers("view=payment") == {late.number}
    payments.take(shop.receptionist, PaymentData(late.pk, payments.deposit_missing(late), "card", "1"))
    assert numbers("view=payment") == set()
    order_verbs.start_production(shop.optician, late.pk)
    order_verbs.mark_ready(shop.optician, late.pk)
    assert numbers("view=payment") == numbers("view=ready") == {late.number}
    order_verbs.send_back(shop.optician, late.pk, "nose pads")
    assert numbers("view=ready") == set()
    assert numbers("q=khoza ref") == {draft.number}
    assert numbers(f"q={int(late.number[4:])}") == {late.number}
    assert numbers("q=nobody") == set()
    assert numbers(f"branch={shop.branch.pk}&sort=-order") == {late.number, draft.number, waiting.number}
    cleared = text(desk.get(f"{reverse('orders:list')}?view=magic&branch=x&sort=size&after=zzz"))
    assert "Not possible, so left out: view, order of rows, branch" in cleared


def test_the_list_costs_the_same_for_three_rows_and_for_thirty(desk: Client, shop: Shop) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(reverse("orders:list")).status_code == 200
        return len(caught)

    for _n in range(3):
        makers.confirmed(shop)
    queries()
    few = queries()
    for _n in range(12):
        makers.confirmed(shop)
    assert queries() == few
    assert few <= 24
