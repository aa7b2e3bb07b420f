"""The pages of returns through HTTP: how few presses each step takes, and what is never done twice."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aftersales.models import Return, ReturnPolicy
from aftersales.services import returns
from branches.roles import Role
from customers.models import Customer
from orders.models import LedgerEntry
from orders.services import links
from records.models import Event
from tests import factories
from tests.aftersales import makers
from tests.orders import makers as selling
from tests.orders.makers import Shop
from tests.orders.test_pages import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return selling.shop("RSB", name="Rosebank")


@pytest.fixture
def manager(shop: Shop) -> Client:
    return signed_in(shop.manager)


def at(name: str, found: Return) -> str:
    return reverse(f"aftersales:{name}", args=[found.number])


def test_within_the_policy_one_press_on_the_page_approves(shop: Shop, manager: Client) -> None:
    found = makers.asked(makers.handed_over(shop))
    page = manager.get(at("page", found)).content.decode()
    assert f'action="{at("approve", found)}"' in page and 'data-key="y"' in page
    assert page.count('data-kind="primary"') == 1
    posted = {"_key": str(uuid.uuid4())}
    assert manager.post(at("approve", found), posted).status_code == 303
    assert manager.post(at("approve", found), posted).status_code == 303
    assert Event.objects.filter(kind="return.approved").count() == 1


def test_outside_the_policy_the_page_asks_for_the_reason_and_keeps_what_was_typed(shop: Shop, manager: Client) -> None:
    found = makers.asked(makers.handed_over(shop, days_ago=90))
    page = text(manager.get(at("page", found)))
    assert "Outside the policy" in page and "The time for this, 14 days, ended" in page
    refused = manager.post(at("approve", found), {"reason": ""})
    assert refused.status_code == 422 and "Approve outside the policy" in text(refused)
    assert Return.objects.get(pk=found.pk).state == "requested"


def test_a_scan_of_the_slip_receives_and_opens_the_return(shop: Shop) -> None:
    found = makers.asked(makers.handed_over(shop))
    returns.approve(shop.manager, found.pk)
    desk = signed_in(shop.receptionist)
    answer = desk.post(reverse("aftersales:scan"), {"code": f"~{found.number.lower()}"})
    assert (answer.status_code, answer["Location"]) == (303, at("page", found))
    assert Return.objects.get(pk=found.pk).state == "received"
    wrong = desk.post(reverse("aftersales:scan"), {"code": "RET-99999"})
    assert wrong.status_code == 404


def test_the_order_shows_its_return_and_staff_ask_there(shop: Shop) -> None:
    order = makers.handed_over(shop)
    desk = signed_in(shop.receptionist)
    ask = reverse("aftersales:ask", args=[order.number])
    assert f'href="{ask}"' in desk.get(reverse("orders:page", args=[order.number])).content.decode()
    page = text(desk.get(ask))
    assert (
        "Within 14 days if you change your mind, within 180 days if something is wrong." in page
        and "Made for you alone" in page
    )
    posted = {"keys": ["frame"], "reason": "not_satisfied", "remedy": "refund", "_key": str(uuid.uuid4())}
    assert desk.post(ask, posted).status_code == 303
    assert desk.post(ask, posted).status_code == 303
    found = Return.objects.get()
    assert found.requested_by_id == shop.receptionist.user_id
    assert found.number in text(desk.get(reverse("orders:page", args=[order.number])))
    assert found.number in text(desk.get(reverse("aftersales:list")))
    listed = desk.get(f"{reverse('orders:list')}?view=returns")
    assert [row.number for row in listed.context["rows"]] == [order.number]


def test_the_refund_form_posts_once_and_needs_a_second_person_above_the_limit(shop: Shop, manager: Client) -> None:
    found = makers.inspected(shop, makers.handed_over(shop))
    page = manager.get(at("refund", found))
    assert 'value="2450.00"' in page.content.decode()
    posted = {"amount": "2450.00", "method": "card", "reference": "slip 9", "_key": str(uuid.uuid4())}
    refused = manager.post(at("refund", found), posted)
    assert refused.status_code == 422 and "a second person who may refund has to agree" in text(refused)
    assert not LedgerEntry.objects.filter(kind="refund").exists()
    other = factories.user(Role.BRANCH_MANAGER, shop.branch)
    posted |= {"second_email": other.email, "second_password": "a-long-password-1", "_key": str(uuid.uuid4())}
    assert manager.post(at("refund", found), posted).status_code == 303
    assert manager.post(at("refund", found), posted).status_code == 303
    assert LedgerEntry.objects.filter(kind="refund").count() == 1
    assert "Close the return" in text(manager.get(at("page", found)))


def test_the_list_costs_the_same_for_one_row_and_for_more(shop: Shop, manager: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert manager.get(reverse("aftersales:list")).status_code == 200
        return len(caught)

    makers.asked(makers.handed_over(shop))
    queries()
    few = queries()
    for _n in range(4):
        makers.asked(makers.handed_over(shop))
    assert queries() == few
    assert few <= 22


def test_a_manager_edits_the_policy_and_its_words_follow(shop: Shop, manager: Client) -> None:
    address = reverse("aftersales:policy", args=["frames"])
    posted = {
        "goods": "frame", "brand": "", "days": "30", "faulty_days": "365", "may_refund": "on", "may_exchange": "on",
        "conditions": "Unworn.", "is_active": "on", "_version": "1",
    }  # fmt: skip
    assert manager.post(address, posted).status_code == 303
    policy = ReturnPolicy.objects.get(code="frames")
    assert (policy.days, policy.faulty_days, policy.version) == (30, 365, 2)
    said = text(manager.get(reverse("aftersales:policies")))
    assert "Within 30 days if you change your mind, within 365 days if something is wrong. Unworn." in said
    assert Event.objects.get(kind="return_policy.changed").old["days"] == "14"
    stale = manager.post(address, {**posted, "days": "21"})
    assert stale.status_code == 409 and "30" in text(stale) and "21" in text(stale)
    assert ReturnPolicy.objects.get(code="frames").days == 30
    twice = manager.post(reverse("aftersales:policy_new"), {**posted, "code": "frames-2"})
    assert twice.status_code == 422 and "there is a rule for this already" in text(twice).lower()


def test_customers_read_the_policy_in_their_language_where_somebody_wrote_it(shop: Shop, manager: Client) -> None:
    address = reverse("aftersales:policy", args=["frames"])
    assert "Non portée, avec son étui." in text(manager.get(address)), "shipped in every language"
    posted = {
        "goods": "frame", "brand": "", "days": "30", "faulty_days": "365", "may_refund": "on", "may_exchange": "on",
        "conditions": "Unworn.", "conditions_fr": "Non portée.", "conditions_pt": "", "conditions_ar": "غير مستعملة.",
        "is_active": "on", "_version": "1",
    }  # fmt: skip
    assert manager.post(address, posted).status_code == 303
    order = makers.handed_over(shop)
    for language, words in (("fr", "Non portée."), ("pt", "Unworn."), ("ar", "غير مستعملة."), ("en", "Unworn.")):
        Customer.objects.filter(pk=order.customer_id).update(language=language)
        phone = Client()
        phone.get("/" + links.link_for(order, "sms").partition("//")[2].partition("/")[2])
        assert words in text(phone.get(f"/t/order/{order.public_code}/return/")), language
    assert Event.objects.get(kind="return_policy.changed").new["conditions_fr"] == "Non portée."
    stale = manager.post(address, {**posted, "conditions_fr": "Neuve."})
    assert stale.status_code == 409 and "Neuve." in text(stale) and "Non portée." in text(stale)
