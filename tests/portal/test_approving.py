"""The link on the phone: a token becomes a cookie, the answer is bound to what was shown, nothing clinical is said."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from orders.models import LedgerEntry, OrderLink, OrderState, Quotation, QuotationState
from orders.services import decisions, links, quotations
from orders.services.quotations import QuoteRequest
from records.models import Approval, Event
from tests.orders import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def quotation() -> Quotation:
    shop = makers.shop("RSB", name="Rosebank", phone="011 555 0142")
    made = makers.quoted(shop)
    return quotations.mark_sent(shop.optician, made.order_id, "sms")


def token(quotation: Quotation, channel: str = "sms") -> str:
    return links.link_for(quotation.order, channel).rsplit("/", 1)[1]


def phone(quotation: Quotation) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.get(f"/t/{token(quotation)}")
    return client


def place(quotation: Quotation, name: str = "approve") -> str:
    return reverse(f"portal:{name}", args=[quotation.order.public_code])


def hidden_of(client: Client, address: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', client.get(address).content.decode()))


def posted(client: Client, quotation: Quotation, **fields: str) -> Any:
    """Send the form as the page gave it, with the customer's entries."""
    hidden = hidden_of(client, place(quotation))
    entries = {"name": "Thandi Mokoena", "agree": "on"} | fields
    return client.post(place(quotation), hidden | {"_key": str(uuid.uuid4())} | entries, headers={"Origin": "null"})


def test_the_token_becomes_a_cookie_of_this_orders_pages_and_leaves_the_address(quotation: Quotation) -> None:
    client = Client()
    secret = token(quotation)
    answer = client.get(f"/t/{secret}")
    assert answer.status_code == 302 and answer["Location"] == place(quotation)
    assert secret not in answer["Location"]
    (cookie,) = answer.cookies.values()
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (place(quotation, "order"), True, "Lax")
    assert secret not in cookie.value


def test_every_public_answer_forbids_referrer_cache_and_index(quotation: Quotation) -> None:
    client = phone(quotation)
    for address in (f"/t/{token(quotation)}", "/t/unknown", place(quotation), place(quotation, "order")):
        answer = client.get(address)
        assert answer["Referrer-Policy"] == "no-referrer", address
        assert "no-store" in answer["Cache-Control"] and "noindex" in answer["X-Robots-Tag"]


def test_unknown_revoked_and_foreign_links_get_the_same_page(quotation: Quotation) -> None:
    opened = phone(quotation)
    secret = token(quotation)
    unknown = Client().get("/t/" + "A" * 22)
    OrderLink.objects.update(revoked_at=makers.timezone.now())
    revoked = Client().get(f"/t/{secret}")
    still_open = opened.get(place(quotation))
    without = Client().get(place(quotation))
    assert {answer.status_code for answer in (unknown, revoked, still_open, without)} == {404}
    assert unknown.content == revoked.content == still_open.content == without.content


def test_a_link_opens_its_own_order_only(quotation: Quotation) -> None:
    other = makers.quoted(makers.shop("DUR"))
    assert phone(quotation).get(place(other)).status_code == 404


def test_the_page_shows_price_and_date_but_nothing_clinical(quotation: Quotation) -> None:
    body = phone(quotation).get(place(quotation)).content.decode().replace("\u00a0", " ")
    assert "R 10 080.00" in body and "Thandi M." in body
    read = re.sub(r'value="[\w-]{40,}"', "", body)  # a hash may hold any three digits
    for secret in ("065", "2.25", "Mokoena", "1974", "4417", "corridor"):
        assert secret not in read, secret


def test_agreeing_confirms_once_however_often_it_is_tapped(quotation: Quotation) -> None:
    client = phone(quotation)
    entries = hidden_of(client, place(quotation)) | {"name": "Thandi Mokoena", "agree": "on"}
    for key in (entries["_key"], entries["_key"], str(uuid.uuid4())):
        assert client.post(place(quotation), entries | {"_key": key}).status_code == 303
    quotation.refresh_from_db()
    assert (quotation.state, quotation.order.state) == (QuotationState.APPROVED, OrderState.CONFIRMED)
    approval = Approval.objects.get()
    assert (approval.method, approval.decided_by_name) == ("link", "Thandi Mokoena")
    assert LedgerEntry.objects.count() == 1
    assert "Thank you, Thandi" in client.get(place(quotation)).content.decode()
    assert Event.objects.filter(kind="quotation.opened").count() == 1


@pytest.mark.parametrize("fields", [{"name": ""}, {"agree": ""}, {"name": " "}, {"seen_hash": "0" * 64}])
def test_an_incomplete_or_stale_answer_changes_nothing(quotation: Quotation, fields: dict[str, str]) -> None:
    answer = posted(phone(quotation), quotation, **fields)
    assert answer.status_code == 422
    quotation.refresh_from_db()
    assert quotation.state == QuotationState.SENT and not Approval.objects.exists()


def test_a_form_without_this_links_token_is_refused(quotation: Quotation) -> None:
    client = phone(quotation)
    entries = {"name": "Mallory", "agree": "on", "seen_hash": quotation.content_hash}
    assert client.post(place(quotation), entries).status_code == 404
    answer = posted(client, quotation, form_token="x" * 43)
    assert answer.status_code == 404
    assert not Approval.objects.exists()


def test_two_tabs_the_older_cannot_approve_what_was_replaced(quotation: Quotation) -> None:
    client = phone(quotation)
    hidden = hidden_of(client, place(quotation))
    shop_actor = makers.factories.staff("dispensing_optician", quotation.order.branch)
    later = quotations.make(shop_actor, quotation.order_id, QuoteRequest())
    answer = client.post(place(quotation), hidden | {"name": "Thandi", "agree": "on"})
    assert answer.status_code == 422 and "older than the quotation" in answer.content.decode()
    later.refresh_from_db()
    assert later.state == QuotationState.DRAFT


def test_a_corrected_order_says_what_changed_without_the_values(quotation: Quotation) -> None:
    shop_actor = makers.factories.staff("dispensing_optician", quotation.order.branch)
    decisions.approve(shop_actor, quotation.pk, makers.answer(quotation))
    quotation.order.refresh_from_db()
    assert quotation.order.prescription is not None
    makers.correct(quotation.order.prescription)
    quotations.make(shop_actor, quotation.order_id, QuoteRequest())
    quotations.mark_sent(shop_actor, quotation.order_id, "sms")
    body = phone(quotation).get(place(quotation)).content.decode()
    assert "Agree to the corrected order" in body and "corrected" in body and "unchanged" in body
    assert "090" not in body and "065" not in body


def test_declining_gives_the_reason_to_the_shop(quotation: Quotation) -> None:
    client = phone(quotation)
    hidden = hidden_of(client, place(quotation, "decline"))
    refused = client.post(place(quotation, "decline"), hidden | {"reason": " "})
    assert refused.status_code == 422
    assert client.post(place(quotation, "decline"), hidden | {"reason": "a cheaper lens, please"}).status_code == 303
    quotation.refresh_from_db()
    assert (quotation.state, quotation.declined_reason) == (QuotationState.DECLINED, "a cheaper lens, please")
