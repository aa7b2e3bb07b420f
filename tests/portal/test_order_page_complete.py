"""What the order page tells of beyond the steps: parcels, the shop to collect at, how data is used; and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import formats
from core.actor import customer as by_link
from core.errors import DomainError
from orders.models import Delivery, Order, OrderState, Quotation
from orders.services import links
from orders.services import orders as order_verbs
from portal import services
from portal.helping import slots
from records.models import Event
from shipping.models import Carrier, Shipment
from tests import factories
from tests.aftersales import makers as after
from tests.orders import makers
from tests.orders.makers import Shop
from tests.orders.test_pages import text
from tests.portal.test_helping import phone as phone
from tests.portal.test_helping import place, send, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return makers.shop("RSB", name="Rosebank")


@pytest.fixture
def order(shop: Shop) -> Order:
    return makers.confirmed(shop)


def parcel(order: Order, **fields: object) -> Shipment:
    carrier, _made = Carrier.objects.get_or_create(
        code="bluecrane", defaults={"name": "BlueCrane", "link_template": "https://track.example/{}"}
    )
    values: dict[str, object] = {
        "number": f"S-{Shipment.objects.count() + 1}",
        "tracking_number": "88 41/2207",
        "state": "in_transit",
        "place": "Durban hub",
        "handed_over_at": timezone.now(),
        "expected_on": timezone.localdate() + timedelta(days=2),
    }
    return Shipment.objects.create(order=order, branch=order.branch, carrier=carrier, **(values | fields))


def shipped(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(
        state=OrderState.SHIPPED, delivery=Delivery.SHIP, shipped_at=timezone.now(), ready_at=timezone.now()
    )


def test_a_parcel_shows_who_has_it_where_it_was_and_the_carriers_page(order: Order, phone: Client) -> None:
    shipped(order)
    parcel(order)
    page = phone.get(place(order))
    said = text(page)
    assert "BlueCrane : On its way, Durban hub" in said or "BlueCrane: On its way, Durban hub" in said
    assert 'href="https://track.example/88%2041%2F2207"' in page.content.decode()
    assert "Sent to you" in said and "Delivered" in said


def test_a_carriers_address_that_is_not_https_is_no_link(order: Order, phone: Client) -> None:
    shipped(order)
    parcel(order)
    Carrier.objects.update(link_template="javascript:alert({})")
    page = phone.get(place(order)).content.decode()
    assert "javascript:" not in page and "88 41/2207" in page


def test_a_parcel_in_trouble_says_that_somebody_looks_after_it(order: Order, phone: Client) -> None:
    shipped(order)
    parcel(order, state="attempt_failed")
    assert "The carrier tried to deliver the parcel and could not. We are looking after it and write to you." in text(
        phone.get(place(order))
    )


def test_another_shop_can_be_chosen_while_it_is_made(order: Order, phone: Client) -> None:
    other = factories.branch("DUR", name="Durban North")
    assert "Collect at another shop" in text(phone.get(place(order)))
    for _again in range(2):
        assert send(phone, place(order, "collect/shop/"), shop=other.pk).status_code == 303
    order.refresh_from_db()
    assert order.collect_branch_id == other.pk
    event = Event.objects.get(kind="order.collect_branch_changed")
    assert (event.old, event.new) == ({"shop": "Rosebank"}, {"shop": "Durban North"})
    assert "At Durban North." in text(phone.get(place(order)))


def test_a_shop_that_is_none_of_ours_is_refused(order: Order, phone: Client) -> None:
    closed = factories.branch("OLD", is_active=False)
    assert send(phone, place(order, "collect/shop/"), shop=closed.pk).status_code == 422
    Order.objects.filter(pk=order.pk).update(state=OrderState.READY, ready_at=timezone.now())
    other = factories.branch("DUR")
    token = token_of(phone, place(order, "collect/shop/"))
    late = phone.post(place(order, "collect/shop/"), {"form_token": token, "shop": other.pk})
    assert late.status_code == 422 and "can no longer be changed here" in text(late).lower()
    order.refresh_from_db()
    assert order.collect_branch_id == order.branch_id


def test_how_data_is_used_is_one_tap_away(order: Order, phone: Client) -> None:
    assert place(order, "privacy/") in phone.get(place(order)).content.decode()
    assert "Messages never hold values of your eyes." in text(phone.get(place(order, "privacy/")))


def test_the_page_costs_eight_queries_whatever_the_order_has_been_through(
    shop: Shop, phone: Client, order: Order
) -> None:
    def queries(one: Order, client: Client) -> int:
        client.get(place(one))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(place(one)).status_code == 200
        return len(caught)

    assert order.promised_on is not None
    order_verbs.repromise(shop.optician, order.pk, order.promised_on + timedelta(days=9), "supplier", "Late lens")
    shipped(order)
    for _n in range(3):
        parcel(order)
    assert queries(order, phone) <= 8
    done = after.handed_over(shop)
    after.asked(done)
    client = Client()
    client.get("/" + links.link_for(done, "sms").partition("//")[2].partition("/")[2])
    assert queries(done, client) <= 8


@pytest.mark.parametrize(
    ("language", "headline", "section"),
    [
        ("fr", "Votre commande est confirmée et en préparation.", "Où en sont vos lunettes"),
        ("pt", "A sua encomenda está confirmada e em preparação.", "Onde estão os seus óculos"),
        ("ar", "تم تأكيد طلبك ويجري تحضيره.", "أين نظارتك الآن"),
    ],
)
def test_the_page_speaks_the_customers_language(
    order: Order, phone: Client, language: str, headline: str, section: str
) -> None:
    order.customer.language = language
    order.customer.save()
    page = phone.get(place(order)).content.decode()
    assert headline in page and section in page
    assert f'lang="{language}"' in page and ('dir="rtl"' in page) is (language == "ar")


def test_who_gets_a_parcel_is_not_asked_when_to_collect(order: Order, phone: Client) -> None:
    at_shop = {"state": OrderState.READY, "ready_at": timezone.now()}
    Order.objects.filter(pk=order.pk).update(**at_shop)
    assert "Choose when to collect" in text(phone.get(place(order)))
    token = token_of(phone, place(order, "collect/"))
    Order.objects.filter(pk=order.pk).update(delivery=Delivery.SHIP)
    assert phone.get(place(order, "collect/")).status_code == 303
    page = text(phone.get(place(order)))
    assert "Choose when to collect" not in page and "Come in when it suits you" not in page
    assert "We pack them and send them to you. The tracking number comes by message." in page
    assert "Ready to send" in page
    when = slots(order.collect_branch, timezone.localdate())[0][0]
    assert phone.post(place(order, "collect/"), {"form_token": token, "when": when}).status_code == 303
    with pytest.raises(DomainError):
        services.plan_collection(by_link("Thandi"), order.pk, when)
    assert not Event.objects.filter(kind="order.collection_planned").exists()


def test_what_is_out_for_delivery_comes_today_whatever_was_expected(order: Order, phone: Client) -> None:
    shipped(order)
    box = parcel(order, state="out_for_delivery", state_at=timezone.now())
    page = text(phone.get(place(order)))
    today = formats.day(timezone.localdate(), today=timezone.localdate())
    later = formats.day(box.expected_on, today=timezone.localdate())
    assert f"Expected {today}" in page and "Comes today" in page and later not in page
    Shipment.objects.update(state_at=timezone.now() - timedelta(days=1))
    page = text(phone.get(place(order)))
    assert "Comes today" not in page and "Out for delivery since" in page and f"Expected {later}" in page


def test_a_quotation_that_was_not_sent_yet_is_neither_shown_nor_waited_for(order: Order, phone: Client) -> None:
    quotation = order.quotations.get()
    Order.objects.filter(pk=order.pk).update(state=OrderState.QUOTED)
    Quotation.objects.filter(pk=quotation.pk).update(state="draft", sent_at=None)
    page = text(phone.get(place(order)))
    assert "We are preparing your quotation." in page and "waiting for your answer" not in page
    assert "Total, tax included" not in page and "See it and agree" not in page
    Quotation.objects.filter(pk=quotation.pk).update(state="sent", sent_at=timezone.now())
    page = text(phone.get(place(order)))
    assert "Your quotation is waiting for your answer." in page and "Total, tax included" in page
